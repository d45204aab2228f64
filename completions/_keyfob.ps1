
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'keyfob' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'keyfob'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'keyfob' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Print a token that still works')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run a command with tokens')
            [CompletionResult]::new('credential', 'credential', [CompletionResultType]::ParameterValue, 'Answer other programs in their own protocols')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show a token''s claims and what they mean')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what an error means, who can fix it and how')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify a token as an API would, check by check')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List who is signed in and what is held')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Sign out, and revoke what can be revoked')
            [CompletionResult]::new('agent', 'agent', [CompletionResultType]::ParameterValue, 'Keep sessions in memory, for machines without a keyring')
            [CompletionResult]::new('setup', 'setup', [CompletionResultType]::ParameterValue, 'Set other programs up to work with keyfob')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the settings, where each comes from, and change them')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Find out what stands in the way, and what to do about it')
            [CompletionResult]::new('issuer', 'issuer', [CompletionResultType]::ParameterValue, 'Run a practice provider on this machine')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Show the whole job on a practice provider')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'keyfob;login' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long the sign-in may take, as in `10m`')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Go on with this account, or sign it in')
            [CompletionResult]::new('--login-hint', '--login-hint', [CompletionResultType]::ParameterName, 'Tell the provider who is about to sign in')
            [CompletionResult]::new('--prompt', '--prompt', [CompletionResultType]::ParameterName, 'What the provider is to ask, as in `select_account`')
            [CompletionResult]::new('--domain-hint', '--domain-hint', [CompletionResultType]::ParameterName, 'Whose accounts are meant at Entra: a domain, `consumers`, …')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Issuer URL')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'Client id registered at the issuer')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Where refresh tokens rest: keyring, sealed, agent or memory')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'PEM file of certificates to trust as well')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'Sign in on another device, with a code')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Do not open a browser: print the address to open')
            [CompletionResult]::new('--take-over', '--take-over', [CompletionResultType]::ParameterName, 'End the sign-in that is in progress, and begin anew')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;token' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew the token if it lives shorter than this, as in `10m`')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'Ask for these scopes instead of the target''s')
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'Ask for a token for this resource (RFC 8707)')
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'Ask for a token for this audience')
            [CompletionResult]::new('--claims-challenge', '--claims-challenge', [CompletionResultType]::ParameterName, 'Meet an API''s `WWW-Authenticate` challenge; `-` reads it from stdin')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Issuer URL')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'Client id registered at the issuer')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Where refresh tokens rest: keyring, sealed, agent or memory')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'PEM file of certificates to trust as well')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--id-token', '--id-token', [CompletionResultType]::ParameterName, 'Print the ID token instead of an access token')
            [CompletionResult]::new('--renew', '--renew', [CompletionResultType]::ParameterName, 'Renew the token whatever is left of it')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;exec' {
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Put a target''s access token into this variable')
            [CompletionResult]::new('--fd', '--fd', [CompletionResultType]::ParameterName, 'Let the command read the access token from this descriptor')
            [CompletionResult]::new('--min-ttl', '--min-ttl', [CompletionResultType]::ParameterName, 'Renew a token if it lives shorter than this, as in `10m`')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--aws', '--aws', [CompletionResultType]::ParameterName, 'AWS: an endpoint that gives out the keys of the target''s role')
            [CompletionResult]::new('--azure', '--azure', [CompletionResultType]::ParameterName, 'Azure: an endpoint like a managed identity''s, and `az` and `azd`')
            [CompletionResult]::new('--terraform', '--terraform', [CompletionResultType]::ParameterName, 'Terraform''s Azure providers: an endpoint that gives out assertions')
            [CompletionResult]::new('--gcp', '--gcp', [CompletionResultType]::ParameterName, 'Google Cloud: application default credentials')
            [CompletionResult]::new('--kube', '--kube', [CompletionResultType]::ParameterName, 'Kubernetes: the current cluster, with the token in a file')
            [CompletionResult]::new('--postgres', '--postgres', [CompletionResultType]::ParameterName, '`psql` and its kin: the token as the password, in a variable')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;credential' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('kubernetes', 'kubernetes', [CompletionResultType]::ParameterValue, 'kubectl, and all that reads a kubeconfig')
            [CompletionResult]::new('aws', 'aws', [CompletionResultType]::ParameterValue, 'The AWS CLI and SDKs, by their credential_process')
            [CompletionResult]::new('gcp', 'gcp', [CompletionResultType]::ParameterValue, 'Google Cloud''s libraries and gcloud')
            [CompletionResult]::new('azure-cli', 'azure-cli', [CompletionResultType]::ParameterValue, 'Azure''s SDKs, Terraform and kubelogin, in place of az')
            [CompletionResult]::new('azd', 'azd', [CompletionResultType]::ParameterValue, 'Azure''s SDKs, in place of azd')
            [CompletionResult]::new('git', 'git', [CompletionResultType]::ParameterValue, 'git, over HTTPS')
            [CompletionResult]::new('docker', 'docker', [CompletionResultType]::ParameterValue, 'docker, and all that use its credential helpers')
            [CompletionResult]::new('cargo', 'cargo', [CompletionResultType]::ParameterValue, 'cargo, for private registries')
            [CompletionResult]::new('pip', 'pip', [CompletionResultType]::ParameterValue, 'pip, uv, and all that run `keyring`')
            [CompletionResult]::new('mcp', 'mcp', [CompletionResultType]::ParameterValue, 'tools and coding agents that run a header helper')
            break
        }
        'keyfob;credential;kubernetes' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;credential;aws' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;credential;gcp' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;credential;azure-cli' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;credential;azd' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;credential;git' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;credential;docker' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;credential;cargo' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('--cargo-plugin', '--cargo-plugin', [CompletionResultType]::ParameterName, 'Added by the program itself')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;credential;pip' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;credential;mcp' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--login', '--login', [CompletionResultType]::ParameterName, 'Sign in first if nobody is signed in')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;inspect' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read a token from this file')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Issuer URL')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'Client id registered at the issuer')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Where refresh tokens rest: keyring, sealed, agent or memory')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'PEM file of certificates to trust as well')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--id-token', '--id-token', [CompletionResultType]::ParameterName, 'Show the ID token instead of the access token')
            [CompletionResult]::new('--userinfo', '--userinfo', [CompletionResultType]::ParameterName, 'Ask the provider about the account instead of reading a token')
            [CompletionResult]::new('--groups', '--groups', [CompletionResultType]::ParameterName, 'Show groups and app roles; asks Microsoft Graph for too many groups')
            [CompletionResult]::new('--names', '--names', [CompletionResultType]::ParameterName, 'With `--groups`: ask Microsoft Graph for the groups'' names, too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Exit with status 9 unless the token verifies')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;explain' {
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Explain the last refusal, of any profile or of this one')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List every code that is known')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;verify' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Read a token from this file')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Take this profile''s issuer and client for a token from elsewhere')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'Which kind of token it must be')
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'Who it must be for; several are accepted as alternatives')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'A scope that it must have; all of several')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'A role that it must have; all of several')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'Who may have asked for it (`azp`, `appid`); several are alternatives')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'Which tenant it must come from (`tid`); several are alternatives')
            [CompletionResult]::new('--acr', '--acr', [CompletionResultType]::ParameterName, 'How strong the sign-in must have been (`acr`); several are alternatives')
            [CompletionResult]::new('--acrs', '--acrs', [CompletionResultType]::ParameterName, 'An authentication context that it must have (`acrs`); all of several')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'How far clocks may differ, as in `30s`; at most 5m')
            [CompletionResult]::new('--jwks', '--jwks', [CompletionResultType]::ParameterName, 'Take the provider''s keys from this file')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Issuer URL')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'Client id registered at the issuer')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Where refresh tokens rest: keyring, sealed, agent or memory')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'PEM file of certificates to trust as well')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--id-token', '--id-token', [CompletionResultType]::ParameterName, 'Verify the profile''s ID token instead of its access token')
            [CompletionResult]::new('--at-jwt', '--at-jwt', [CompletionResultType]::ParameterName, 'Require the media type `at+jwt` of an access token (RFC 9068)')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Make no request at all')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('--ndjson', '--ndjson', [CompletionResultType]::ParameterName, 'Read one token per line from stdin, and print one JSON verdict per line')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;logout' {
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Issuer URL')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'Client id registered at the issuer')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Where refresh tokens rest: keyring, sealed, agent or memory')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'PEM file of certificates to trust as well')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Sign out of every profile')
            [CompletionResult]::new('--everywhere', '--everywhere', [CompletionResultType]::ParameterName, 'End the session in the browser at the provider, too')
            [CompletionResult]::new('--local', '--local', [CompletionResultType]::ParameterName, 'Forget the session here, and do not ask the provider for anything')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;agent' {
            [CompletionResult]::new('--idle', '--idle', [CompletionResultType]::ParameterName, 'End when nobody has asked for a token for this long')
            [CompletionResult]::new('--life', '--life', [CompletionResultType]::ParameterName, 'End after this long in any case')
            [CompletionResult]::new('--socket', '--socket', [CompletionResultType]::ParameterName, 'Listen at this path instead of the usual one')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Ask a person before each token that is given')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how the agent is and what it keeps')
            [CompletionResult]::new('lock', 'lock', [CompletionResultType]::ParameterValue, 'Hold everything in the agent under a passphrase')
            [CompletionResult]::new('forward', 'forward', [CompletionResultType]::ParameterValue, 'Lend named targets to another host, and print the ssh line')
            [CompletionResult]::new('unforward', 'unforward', [CompletionResultType]::ParameterValue, 'Close what was opened by `keyfob agent forward`')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Let the agent go on, with the passphrase that locked it')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'End the agent; what it keeps ends with it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'keyfob;agent;status' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;agent;lock' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--stdin', '--stdin', [CompletionResultType]::ParameterName, 'Read the passphrase from stdin instead of asking for it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;agent;forward' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'The host, as ssh is told: an alias, a name, or user@name')
            [CompletionResult]::new('--target', '--target', [CompletionResultType]::ParameterName, 'A profile or target whose access tokens are given; can be repeated')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'End after this long')
            [CompletionResult]::new('--remote-socket', '--remote-socket', [CompletionResultType]::ParameterName, 'Listen at this path on the host instead of one in its /tmp')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Ask a person, where the agent runs, before each token')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;agent;unforward' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;agent;unlock' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--stdin', '--stdin', [CompletionResultType]::ParameterName, 'Read the passphrase from stdin instead of asking for it')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;agent;stop' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;agent;help' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how the agent is and what it keeps')
            [CompletionResult]::new('lock', 'lock', [CompletionResultType]::ParameterValue, 'Hold everything in the agent under a passphrase')
            [CompletionResult]::new('forward', 'forward', [CompletionResultType]::ParameterValue, 'Lend named targets to another host, and print the ssh line')
            [CompletionResult]::new('unforward', 'unforward', [CompletionResultType]::ParameterValue, 'Close what was opened by `keyfob agent forward`')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Let the agent go on, with the passphrase that locked it')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'End the agent; what it keeps ends with it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'keyfob;agent;help;status' {
            break
        }
        'keyfob;agent;help;lock' {
            break
        }
        'keyfob;agent;help;forward' {
            break
        }
        'keyfob;agent;help;unforward' {
            break
        }
        'keyfob;agent;help;unlock' {
            break
        }
        'keyfob;agent;help;stop' {
            break
        }
        'keyfob;agent;help;help' {
            break
        }
        'keyfob;setup' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('agent', 'agent', [CompletionResultType]::ParameterValue, 'Start the agent with every login')
            [CompletionResult]::new('aws', 'aws', [CompletionResultType]::ParameterValue, 'Let the AWS CLI and SDKs take roles by keyfob')
            [CompletionResult]::new('azure', 'azure', [CompletionResultType]::ParameterValue, 'Let Azure SDKs that run `az` and `azd` run keyfob')
            [CompletionResult]::new('cargo', 'cargo', [CompletionResultType]::ParameterValue, 'Let cargo ask keyfob for its registries'' tokens')
            [CompletionResult]::new('docker', 'docker', [CompletionResultType]::ParameterValue, 'Let docker ask keyfob for its registries'' tokens')
            [CompletionResult]::new('gcp', 'gcp', [CompletionResultType]::ParameterValue, 'Let Google''s tools and libraries ask keyfob')
            [CompletionResult]::new('git', 'git', [CompletionResultType]::ParameterValue, 'Let git ask keyfob for its servers'' tokens')
            [CompletionResult]::new('kubectl', 'kubectl', [CompletionResultType]::ParameterValue, 'Let kubectl ask keyfob for its clusters'' tokens')
            [CompletionResult]::new('mcp', 'mcp', [CompletionResultType]::ParameterValue, 'Print what tools with a header helper are told')
            [CompletionResult]::new('pip', 'pip', [CompletionResultType]::ParameterValue, 'Let pip and uv ask keyfob for their indexes'' tokens')
            break
        }
        'keyfob;setup;agent' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write it')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove what --write has written')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;setup;aws' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write it')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove what --write has written')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;setup;azure' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write it')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove what --write has written')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;setup;cargo' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write it')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove what --write has written')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;setup;docker' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write it')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove what --write has written')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;setup;gcp' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write it')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove what --write has written')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;setup;git' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write it')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove what --write has written')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;setup;kubectl' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write it')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove what --write has written')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;setup;mcp' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;setup;pip' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write it')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove what --write has written')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;config' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show each value in force and where it came from')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a profile, from flags or by asking')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set one value')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Take one value away')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a profile')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Keep a client''s secret in the store, or forget it')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the file is')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Open the file in your editor and check the result')
            break
        }
        'keyfob;config;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;config;add' {
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Give the issuer URL, exactly as the provider writes it')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Name the provider instead of an issuer: `entra`')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'Give the tenant, as in `--entra`')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'Give the id of the registered client')
            [CompletionResult]::new('--entra', '--entra', [CompletionResultType]::ParameterName, 'Tenant: GUID, domain or address; alone, print which app to register')
            [CompletionResult]::new('--cloud', '--cloud', [CompletionResultType]::ParameterName, 'Name the cloud, as in `us-government`, or give its address')
            [CompletionResult]::new('--tenants', '--tenants', [CompletionResultType]::ParameterName, 'Let these tenants alone sign in at `organizations` or `common`')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Choose how the registration is printed')
            [CompletionResult]::new('--client-secret-env', '--client-secret-env', [CompletionResultType]::ParameterName, 'Read the client''s secret from this variable')
            [CompletionResult]::new('--client-secret-file', '--client-secret-file', [CompletionResultType]::ParameterName, 'Read the client''s secret from this file')
            [CompletionResult]::new('--client-secret-keyring', '--client-secret-keyring', [CompletionResultType]::ParameterName, 'Read the client''s secret from the keyring, by this name')
            [CompletionResult]::new('--client-authentication', '--client-authentication', [CompletionResultType]::ParameterName, 'Choose how the secret is sent: `basic` or `post`')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'List the scopes, with spaces between them')
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'Name the audience, for providers that want one')
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'Name the resource, an absolute URI (RFC 8707)')
            [CompletionResult]::new('--flow', '--flow', [CompletionResultType]::ParameterName, 'Choose how to sign in: `browser` or `device`')
            [CompletionResult]::new('--response-mode', '--response-mode', [CompletionResultType]::ParameterName, 'Choose how the answer comes: `auto`, `form_post` or `query`')
            [CompletionResult]::new('--redirect-host', '--redirect-host', [CompletionResultType]::ParameterName, 'Choose the redirect host: `127.0.0.1`, `localhost` or `[::1]`')
            [CompletionResult]::new('--redirect-port', '--redirect-port', [CompletionResultType]::ParameterName, 'Fix the redirect port, if the client is registered with one')
            [CompletionResult]::new('--redirect-path', '--redirect-path', [CompletionResultType]::ParameterName, 'Set the redirect path, if the client is registered with one')
            [CompletionResult]::new('--browser', '--browser', [CompletionResultType]::ParameterName, 'Give the command that opens a URL')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Set how long a sign-in may take, such as `5m`')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Choose where sessions rest: `keyring`, `sealed` or `memory`')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust the certificates in this PEM file too')
            [CompletionResult]::new('--target', '--target', [CompletionResultType]::ParameterName, 'Add a target with its own scopes (may be repeated)')
            [CompletionResult]::new('--authorize', '--authorize', [CompletionResultType]::ParameterName, 'Add a parameter to the authorization request (may be repeated)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--device-code', '--device-code', [CompletionResultType]::ParameterName, 'Register for sign-in with a device code too')
            [CompletionResult]::new('--borrowed-client-id', '--borrowed-client-id', [CompletionResultType]::ParameterName, 'Use a client id of Microsoft''s own tools all the same')
            [CompletionResult]::new('--interactive', '--interactive', [CompletionResultType]::ParameterName, 'Let `keyfob token` open a browser on a terminal')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Take the place of a profile of that name')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyfob;config;set' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;config;unset' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;config;remove' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;config;secret' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--forget', '--forget', [CompletionResultType]::ParameterName, 'Forget the secret of this name')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;config;path' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;config;edit' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;doctor' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for whatever does not answer')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write a report for a ticket, with everything private masked')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Issuer URL')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'Client id registered at the issuer')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Where refresh tokens rest: keyring, sealed, agent or memory')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'PEM file of certificates to trust as well')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Look at every profile')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;issuer' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port to listen on; 0 takes a free one')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Loopback address to listen on: `127.0.0.1`, `::1` or `localhost`')
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'Path of the issuer, as in `/tenant/one`')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Misbehave: the name of a fault, `NAME:2` for the first two times only')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Play another provider: `entra` is Microsoft Entra ID')
            [CompletionResult]::new('--scenario', '--scenario', [CompletionResultType]::ParameterName, 'As Entra: play a scenario, or an error as in `aadsts=50076@refresh`')
            [CompletionResult]::new('--sign-in-as', '--sign-in-as', [CompletionResultType]::ParameterName, 'Sign this person in at once, without a page')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'Scope to know besides the built-in ones')
            [CompletionResult]::new('--algorithm', '--algorithm', [CompletionResultType]::ParameterName, 'Sign ID tokens with RS256 or ES256')
            [CompletionResult]::new('--access-life', '--access-life', [CompletionResultType]::ParameterName, 'Life of access tokens; 10 minutes, as Entra 60 to 90')
            [CompletionResult]::new('--id-life', '--id-life', [CompletionResultType]::ParameterName, 'Life of ID tokens')
            [CompletionResult]::new('--refresh-life', '--refresh-life', [CompletionResultType]::ParameterName, 'Life of refresh tokens')
            [CompletionResult]::new('--rotation', '--rotation', [CompletionResultType]::ParameterName, 'What a refresh does to the refresh token: rotate, forgive or keep')
            [CompletionResult]::new('--pushed', '--pushed', [CompletionResultType]::ParameterName, 'Pushed requests: offered, required or off')
            [CompletionResult]::new('--skew', '--skew', [CompletionResultType]::ParameterName, 'Seconds that the provider''s clock is ahead; negative is behind')
            [CompletionResult]::new('--latency', '--latency', [CompletionResultType]::ParameterName, 'Hold every answer back for so long')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--list-faults', '--list-faults', [CompletionResultType]::ParameterName, 'List the faults there are')
            [CompletionResult]::new('--list-scenarios', '--list-scenarios', [CompletionResultType]::ParameterName, 'List the scenarios and errors of Entra')
            [CompletionResult]::new('--any-client', '--any-client', [CompletionResultType]::ParameterName, 'Take any client id, not only the built-in ones')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;demo' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Do not open a browser: follow the pages without one')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this file instead of the user''s config.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on stderr what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyfob;help' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Print a token that still works')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'Run a command with tokens')
            [CompletionResult]::new('credential', 'credential', [CompletionResultType]::ParameterValue, 'Answer other programs in their own protocols')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show a token''s claims and what they mean')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Say what an error means, who can fix it and how')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify a token as an API would, check by check')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List who is signed in and what is held')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Sign out, and revoke what can be revoked')
            [CompletionResult]::new('agent', 'agent', [CompletionResultType]::ParameterValue, 'Keep sessions in memory, for machines without a keyring')
            [CompletionResult]::new('setup', 'setup', [CompletionResultType]::ParameterValue, 'Set other programs up to work with keyfob')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the settings, where each comes from, and change them')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Find out what stands in the way, and what to do about it')
            [CompletionResult]::new('issuer', 'issuer', [CompletionResultType]::ParameterValue, 'Run a practice provider on this machine')
            [CompletionResult]::new('demo', 'demo', [CompletionResultType]::ParameterValue, 'Show the whole job on a practice provider')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'keyfob;help;login' {
            break
        }
        'keyfob;help;token' {
            break
        }
        'keyfob;help;exec' {
            break
        }
        'keyfob;help;credential' {
            [CompletionResult]::new('kubernetes', 'kubernetes', [CompletionResultType]::ParameterValue, 'kubectl, and all that reads a kubeconfig')
            [CompletionResult]::new('aws', 'aws', [CompletionResultType]::ParameterValue, 'The AWS CLI and SDKs, by their credential_process')
            [CompletionResult]::new('gcp', 'gcp', [CompletionResultType]::ParameterValue, 'Google Cloud''s libraries and gcloud')
            [CompletionResult]::new('azure-cli', 'azure-cli', [CompletionResultType]::ParameterValue, 'Azure''s SDKs, Terraform and kubelogin, in place of az')
            [CompletionResult]::new('azd', 'azd', [CompletionResultType]::ParameterValue, 'Azure''s SDKs, in place of azd')
            [CompletionResult]::new('git', 'git', [CompletionResultType]::ParameterValue, 'git, over HTTPS')
            [CompletionResult]::new('docker', 'docker', [CompletionResultType]::ParameterValue, 'docker, and all that use its credential helpers')
            [CompletionResult]::new('cargo', 'cargo', [CompletionResultType]::ParameterValue, 'cargo, for private registries')
            [CompletionResult]::new('pip', 'pip', [CompletionResultType]::ParameterValue, 'pip, uv, and all that run `keyring`')
            [CompletionResult]::new('mcp', 'mcp', [CompletionResultType]::ParameterValue, 'tools and coding agents that run a header helper')
            break
        }
        'keyfob;help;credential;kubernetes' {
            break
        }
        'keyfob;help;credential;aws' {
            break
        }
        'keyfob;help;credential;gcp' {
            break
        }
        'keyfob;help;credential;azure-cli' {
            break
        }
        'keyfob;help;credential;azd' {
            break
        }
        'keyfob;help;credential;git' {
            break
        }
        'keyfob;help;credential;docker' {
            break
        }
        'keyfob;help;credential;cargo' {
            break
        }
        'keyfob;help;credential;pip' {
            break
        }
        'keyfob;help;credential;mcp' {
            break
        }
        'keyfob;help;inspect' {
            break
        }
        'keyfob;help;explain' {
            break
        }
        'keyfob;help;verify' {
            break
        }
        'keyfob;help;list' {
            break
        }
        'keyfob;help;logout' {
            break
        }
        'keyfob;help;agent' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how the agent is and what it keeps')
            [CompletionResult]::new('lock', 'lock', [CompletionResultType]::ParameterValue, 'Hold everything in the agent under a passphrase')
            [CompletionResult]::new('forward', 'forward', [CompletionResultType]::ParameterValue, 'Lend named targets to another host, and print the ssh line')
            [CompletionResult]::new('unforward', 'unforward', [CompletionResultType]::ParameterValue, 'Close what was opened by `keyfob agent forward`')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Let the agent go on, with the passphrase that locked it')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'End the agent; what it keeps ends with it')
            break
        }
        'keyfob;help;agent;status' {
            break
        }
        'keyfob;help;agent;lock' {
            break
        }
        'keyfob;help;agent;forward' {
            break
        }
        'keyfob;help;agent;unforward' {
            break
        }
        'keyfob;help;agent;unlock' {
            break
        }
        'keyfob;help;agent;stop' {
            break
        }
        'keyfob;help;setup' {
            [CompletionResult]::new('agent', 'agent', [CompletionResultType]::ParameterValue, 'Start the agent with every login')
            [CompletionResult]::new('aws', 'aws', [CompletionResultType]::ParameterValue, 'Let the AWS CLI and SDKs take roles by keyfob')
            [CompletionResult]::new('azure', 'azure', [CompletionResultType]::ParameterValue, 'Let Azure SDKs that run `az` and `azd` run keyfob')
            [CompletionResult]::new('cargo', 'cargo', [CompletionResultType]::ParameterValue, 'Let cargo ask keyfob for its registries'' tokens')
            [CompletionResult]::new('docker', 'docker', [CompletionResultType]::ParameterValue, 'Let docker ask keyfob for its registries'' tokens')
            [CompletionResult]::new('gcp', 'gcp', [CompletionResultType]::ParameterValue, 'Let Google''s tools and libraries ask keyfob')
            [CompletionResult]::new('git', 'git', [CompletionResultType]::ParameterValue, 'Let git ask keyfob for its servers'' tokens')
            [CompletionResult]::new('kubectl', 'kubectl', [CompletionResultType]::ParameterValue, 'Let kubectl ask keyfob for its clusters'' tokens')
            [CompletionResult]::new('mcp', 'mcp', [CompletionResultType]::ParameterValue, 'Print what tools with a header helper are told')
            [CompletionResult]::new('pip', 'pip', [CompletionResultType]::ParameterValue, 'Let pip and uv ask keyfob for their indexes'' tokens')
            break
        }
        'keyfob;help;setup;agent' {
            break
        }
        'keyfob;help;setup;aws' {
            break
        }
        'keyfob;help;setup;azure' {
            break
        }
        'keyfob;help;setup;cargo' {
            break
        }
        'keyfob;help;setup;docker' {
            break
        }
        'keyfob;help;setup;gcp' {
            break
        }
        'keyfob;help;setup;git' {
            break
        }
        'keyfob;help;setup;kubectl' {
            break
        }
        'keyfob;help;setup;mcp' {
            break
        }
        'keyfob;help;setup;pip' {
            break
        }
        'keyfob;help;config' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show each value in force and where it came from')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a profile, from flags or by asking')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set one value')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Take one value away')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a profile')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Keep a client''s secret in the store, or forget it')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the file is')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Open the file in your editor and check the result')
            break
        }
        'keyfob;help;config;show' {
            break
        }
        'keyfob;help;config;add' {
            break
        }
        'keyfob;help;config;set' {
            break
        }
        'keyfob;help;config;unset' {
            break
        }
        'keyfob;help;config;remove' {
            break
        }
        'keyfob;help;config;secret' {
            break
        }
        'keyfob;help;config;path' {
            break
        }
        'keyfob;help;config;edit' {
            break
        }
        'keyfob;help;doctor' {
            break
        }
        'keyfob;help;issuer' {
            break
        }
        'keyfob;help;demo' {
            break
        }
        'keyfob;help;completions' {
            break
        }
        'keyfob;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
