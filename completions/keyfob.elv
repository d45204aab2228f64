
use builtin;
use str;

set edit:completion:arg-completer[keyfob] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'keyfob'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'keyfob'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand login 'Sign in'
            cand token 'Print a token that still works'
            cand exec 'Run a command with tokens'
            cand credential 'Answer other programs in their own protocols'
            cand inspect 'Show a token''s claims and what they mean'
            cand explain 'Say what an error means, who can fix it and how'
            cand verify 'Verify a token as an API would, check by check'
            cand list 'List who is signed in and what is held'
            cand logout 'Sign out, and revoke what can be revoked'
            cand agent 'Keep sessions in memory, for machines without a keyring'
            cand setup 'Set other programs up to work with keyfob'
            cand config 'Show the settings, where each comes from, and change them'
            cand doctor 'Find out what stands in the way, and what to do about it'
            cand issuer 'Run a practice provider on this machine'
            cand demo 'Show the whole job on a practice provider'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'keyfob;login'= {
            cand --timeout 'How long the sign-in may take, as in `10m`'
            cand --account 'Go on with this account, or sign it in'
            cand --login-hint 'Tell the provider who is about to sign in'
            cand --prompt 'What the provider is to ask, as in `select_account`'
            cand --domain-hint 'Whose accounts are meant at Entra: a domain, `consumers`, …'
            cand --issuer 'Issuer URL'
            cand --client-id 'Client id registered at the issuer'
            cand --store 'Where refresh tokens rest: keyring, sealed, agent or memory'
            cand --ca-file 'PEM file of certificates to trust as well'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --device 'Sign in on another device, with a code'
            cand --no-browser 'Do not open a browser: print the address to open'
            cand --take-over 'End the sign-in that is in progress, and begin anew'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;token'= {
            cand --format 'How to print it'
            cand --min-ttl 'Renew the token if it lives shorter than this, as in `10m`'
            cand --scope 'Ask for these scopes instead of the target''s'
            cand --resource 'Ask for a token for this resource (RFC 8707)'
            cand --audience 'Ask for a token for this audience'
            cand --claims-challenge 'Meet an API''s `WWW-Authenticate` challenge; `-` reads it from stdin'
            cand --issuer 'Issuer URL'
            cand --client-id 'Client id registered at the issuer'
            cand --store 'Where refresh tokens rest: keyring, sealed, agent or memory'
            cand --ca-file 'PEM file of certificates to trust as well'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --id-token 'Print the ID token instead of an access token'
            cand --renew 'Renew the token whatever is left of it'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;exec'= {
            cand --env 'Put a target''s access token into this variable'
            cand --fd 'Let the command read the access token from this descriptor'
            cand --min-ttl 'Renew a token if it lives shorter than this, as in `10m`'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --aws 'AWS: an endpoint that gives out the keys of the target''s role'
            cand --azure 'Azure: an endpoint like a managed identity''s, and `az` and `azd`'
            cand --terraform 'Terraform''s Azure providers: an endpoint that gives out assertions'
            cand --gcp 'Google Cloud: application default credentials'
            cand --kube 'Kubernetes: the current cluster, with the token in a file'
            cand --postgres '`psql` and its kin: the token as the password, in a variable'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;credential'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
            cand kubernetes 'kubectl, and all that reads a kubeconfig'
            cand aws 'The AWS CLI and SDKs, by their credential_process'
            cand gcp 'Google Cloud''s libraries and gcloud'
            cand azure-cli 'Azure''s SDKs, Terraform and kubelogin, in place of az'
            cand azd 'Azure''s SDKs, in place of azd'
            cand git 'git, over HTTPS'
            cand docker 'docker, and all that use its credential helpers'
            cand cargo 'cargo, for private registries'
            cand pip 'pip, uv, and all that run `keyring`'
            cand mcp 'tools and coding agents that run a header helper'
        }
        &'keyfob;credential;kubernetes'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;credential;aws'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;credential;gcp'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;credential;azure-cli'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;credential;azd'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;credential;git'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;credential;docker'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;credential;cargo'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --login 'Sign in first if nobody is signed in'
            cand --cargo-plugin 'Added by the program itself'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;credential;pip'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;credential;mcp'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --login 'Sign in first if nobody is signed in'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;inspect'= {
            cand --file 'Read a token from this file'
            cand --issuer 'Issuer URL'
            cand --client-id 'Client id registered at the issuer'
            cand --store 'Where refresh tokens rest: keyring, sealed, agent or memory'
            cand --ca-file 'PEM file of certificates to trust as well'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --id-token 'Show the ID token instead of the access token'
            cand --userinfo 'Ask the provider about the account instead of reading a token'
            cand --groups 'Show groups and app roles; asks Microsoft Graph for too many groups'
            cand --names 'With `--groups`: ask Microsoft Graph for the groups'' names, too'
            cand --json 'Print JSON'
            cand --verify 'Exit with status 9 unless the token verifies'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;explain'= {
            cand --last 'Explain the last refusal, of any profile or of this one'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --list 'List every code that is known'
            cand --json 'Print JSON'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;verify'= {
            cand --file 'Read a token from this file'
            cand --profile 'Take this profile''s issuer and client for a token from elsewhere'
            cand --type 'Which kind of token it must be'
            cand --audience 'Who it must be for; several are accepted as alternatives'
            cand --scope 'A scope that it must have; all of several'
            cand --role 'A role that it must have; all of several'
            cand --client 'Who may have asked for it (`azp`, `appid`); several are alternatives'
            cand --tenant 'Which tenant it must come from (`tid`); several are alternatives'
            cand --acr 'How strong the sign-in must have been (`acr`); several are alternatives'
            cand --acrs 'An authentication context that it must have (`acrs`); all of several'
            cand --leeway 'How far clocks may differ, as in `30s`; at most 5m'
            cand --jwks 'Take the provider''s keys from this file'
            cand --issuer 'Issuer URL'
            cand --client-id 'Client id registered at the issuer'
            cand --store 'Where refresh tokens rest: keyring, sealed, agent or memory'
            cand --ca-file 'PEM file of certificates to trust as well'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --id-token 'Verify the profile''s ID token instead of its access token'
            cand --at-jwt 'Require the media type `at+jwt` of an access token (RFC 9068)'
            cand --offline 'Make no request at all'
            cand --json 'Print JSON'
            cand --ndjson 'Read one token per line from stdin, and print one JSON verdict per line'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;list'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --json 'Print JSON'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;logout'= {
            cand --issuer 'Issuer URL'
            cand --client-id 'Client id registered at the issuer'
            cand --store 'Where refresh tokens rest: keyring, sealed, agent or memory'
            cand --ca-file 'PEM file of certificates to trust as well'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --all 'Sign out of every profile'
            cand --everywhere 'End the session in the browser at the provider, too'
            cand --local 'Forget the session here, and do not ask the provider for anything'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;agent'= {
            cand --idle 'End when nobody has asked for a token for this long'
            cand --life 'End after this long in any case'
            cand --socket 'Listen at this path instead of the usual one'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --confirm 'Ask a person before each token that is given'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
            cand status 'Show how the agent is and what it keeps'
            cand lock 'Hold everything in the agent under a passphrase'
            cand forward 'Lend named targets to another host, and print the ssh line'
            cand unforward 'Close what was opened by `keyfob agent forward`'
            cand unlock 'Let the agent go on, with the passphrase that locked it'
            cand stop 'End the agent; what it keeps ends with it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'keyfob;agent;status'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --json 'Print JSON'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;agent;lock'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --stdin 'Read the passphrase from stdin instead of asking for it'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;agent;forward'= {
            cand --host 'The host, as ssh is told: an alias, a name, or user@name'
            cand --target 'A profile or target whose access tokens are given; can be repeated'
            cand --for 'End after this long'
            cand --remote-socket 'Listen at this path on the host instead of one in its /tmp'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --confirm 'Ask a person, where the agent runs, before each token'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;agent;unforward'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;agent;unlock'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --stdin 'Read the passphrase from stdin instead of asking for it'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;agent;stop'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;agent;help'= {
            cand status 'Show how the agent is and what it keeps'
            cand lock 'Hold everything in the agent under a passphrase'
            cand forward 'Lend named targets to another host, and print the ssh line'
            cand unforward 'Close what was opened by `keyfob agent forward`'
            cand unlock 'Let the agent go on, with the passphrase that locked it'
            cand stop 'End the agent; what it keeps ends with it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'keyfob;agent;help;status'= {
        }
        &'keyfob;agent;help;lock'= {
        }
        &'keyfob;agent;help;forward'= {
        }
        &'keyfob;agent;help;unforward'= {
        }
        &'keyfob;agent;help;unlock'= {
        }
        &'keyfob;agent;help;stop'= {
        }
        &'keyfob;agent;help;help'= {
        }
        &'keyfob;setup'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
            cand agent 'Start the agent with every login'
            cand aws 'Let the AWS CLI and SDKs take roles by keyfob'
            cand azure 'Let Azure SDKs that run `az` and `azd` run keyfob'
            cand cargo 'Let cargo ask keyfob for its registries'' tokens'
            cand docker 'Let docker ask keyfob for its registries'' tokens'
            cand gcp 'Let Google''s tools and libraries ask keyfob'
            cand git 'Let git ask keyfob for its servers'' tokens'
            cand kubectl 'Let kubectl ask keyfob for its clusters'' tokens'
            cand mcp 'Print what tools with a header helper are told'
            cand pip 'Let pip and uv ask keyfob for their indexes'' tokens'
        }
        &'keyfob;setup;agent'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --write 'Write it'
            cand --remove 'Remove what --write has written'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;setup;aws'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --write 'Write it'
            cand --remove 'Remove what --write has written'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;setup;azure'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --write 'Write it'
            cand --remove 'Remove what --write has written'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;setup;cargo'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --write 'Write it'
            cand --remove 'Remove what --write has written'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;setup;docker'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --write 'Write it'
            cand --remove 'Remove what --write has written'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;setup;gcp'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --write 'Write it'
            cand --remove 'Remove what --write has written'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;setup;git'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --write 'Write it'
            cand --remove 'Remove what --write has written'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;setup;kubectl'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --write 'Write it'
            cand --remove 'Remove what --write has written'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;setup;mcp'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;setup;pip'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --write 'Write it'
            cand --remove 'Remove what --write has written'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;config'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --json 'Print JSON'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
            cand show 'Show each value in force and where it came from'
            cand add 'Add a profile, from flags or by asking'
            cand set 'Set one value'
            cand unset 'Take one value away'
            cand remove 'Remove a profile'
            cand secret 'Keep a client''s secret in the store, or forget it'
            cand path 'Print where the file is'
            cand edit 'Open the file in your editor and check the result'
        }
        &'keyfob;config;show'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --json 'Print JSON'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;config;add'= {
            cand --issuer 'Give the issuer URL, exactly as the provider writes it'
            cand --provider 'Name the provider instead of an issuer: `entra`'
            cand --tenant 'Give the tenant, as in `--entra`'
            cand --client-id 'Give the id of the registered client'
            cand --entra 'Tenant: GUID, domain or address; alone, print which app to register'
            cand --cloud 'Name the cloud, as in `us-government`, or give its address'
            cand --tenants 'Let these tenants alone sign in at `organizations` or `common`'
            cand --format 'Choose how the registration is printed'
            cand --client-secret-env 'Read the client''s secret from this variable'
            cand --client-secret-file 'Read the client''s secret from this file'
            cand --client-secret-keyring 'Read the client''s secret from the keyring, by this name'
            cand --client-authentication 'Choose how the secret is sent: `basic` or `post`'
            cand --scope 'List the scopes, with spaces between them'
            cand --audience 'Name the audience, for providers that want one'
            cand --resource 'Name the resource, an absolute URI (RFC 8707)'
            cand --flow 'Choose how to sign in: `browser` or `device`'
            cand --response-mode 'Choose how the answer comes: `auto`, `form_post` or `query`'
            cand --redirect-host 'Choose the redirect host: `127.0.0.1`, `localhost` or `[::1]`'
            cand --redirect-port 'Fix the redirect port, if the client is registered with one'
            cand --redirect-path 'Set the redirect path, if the client is registered with one'
            cand --browser 'Give the command that opens a URL'
            cand --timeout 'Set how long a sign-in may take, such as `5m`'
            cand --store 'Choose where sessions rest: `keyring`, `sealed` or `memory`'
            cand --ca-file 'Trust the certificates in this PEM file too'
            cand --target 'Add a target with its own scopes (may be repeated)'
            cand --authorize 'Add a parameter to the authorization request (may be repeated)'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --device-code 'Register for sign-in with a device code too'
            cand --borrowed-client-id 'Use a client id of Microsoft''s own tools all the same'
            cand --interactive 'Let `keyfob token` open a browser on a terminal'
            cand --replace 'Take the place of a profile of that name'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyfob;config;set'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;config;unset'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;config;remove'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;config;secret'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --forget 'Forget the secret of this name'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;config;path'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;config;edit'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;doctor'= {
            cand --timeout 'How long to wait for whatever does not answer'
            cand --report 'Write a report for a ticket, with everything private masked'
            cand --issuer 'Issuer URL'
            cand --client-id 'Client id registered at the issuer'
            cand --store 'Where refresh tokens rest: keyring, sealed, agent or memory'
            cand --ca-file 'PEM file of certificates to trust as well'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --all 'Look at every profile'
            cand --json 'Print JSON'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;issuer'= {
            cand --port 'Port to listen on; 0 takes a free one'
            cand --host 'Loopback address to listen on: `127.0.0.1`, `::1` or `localhost`'
            cand --path 'Path of the issuer, as in `/tenant/one`'
            cand --fault 'Misbehave: the name of a fault, `NAME:2` for the first two times only'
            cand --as 'Play another provider: `entra` is Microsoft Entra ID'
            cand --scenario 'As Entra: play a scenario, or an error as in `aadsts=50076@refresh`'
            cand --sign-in-as 'Sign this person in at once, without a page'
            cand --scope 'Scope to know besides the built-in ones'
            cand --algorithm 'Sign ID tokens with RS256 or ES256'
            cand --access-life 'Life of access tokens; 10 minutes, as Entra 60 to 90'
            cand --id-life 'Life of ID tokens'
            cand --refresh-life 'Life of refresh tokens'
            cand --rotation 'What a refresh does to the refresh token: rotate, forgive or keep'
            cand --pushed 'Pushed requests: offered, required or off'
            cand --skew 'Seconds that the provider''s clock is ahead; negative is behind'
            cand --latency 'Hold every answer back for so long'
            cand --config 'Read this file instead of the user''s config.toml'
            cand --list-faults 'List the faults there are'
            cand --list-scenarios 'List the scenarios and errors of Entra'
            cand --any-client 'Take any client id, not only the built-in ones'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;demo'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand --no-browser 'Do not open a browser: follow the pages without one'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;completions'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;help'= {
            cand login 'Sign in'
            cand token 'Print a token that still works'
            cand exec 'Run a command with tokens'
            cand credential 'Answer other programs in their own protocols'
            cand inspect 'Show a token''s claims and what they mean'
            cand explain 'Say what an error means, who can fix it and how'
            cand verify 'Verify a token as an API would, check by check'
            cand list 'List who is signed in and what is held'
            cand logout 'Sign out, and revoke what can be revoked'
            cand agent 'Keep sessions in memory, for machines without a keyring'
            cand setup 'Set other programs up to work with keyfob'
            cand config 'Show the settings, where each comes from, and change them'
            cand doctor 'Find out what stands in the way, and what to do about it'
            cand issuer 'Run a practice provider on this machine'
            cand demo 'Show the whole job on a practice provider'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'keyfob;help;login'= {
        }
        &'keyfob;help;token'= {
        }
        &'keyfob;help;exec'= {
        }
        &'keyfob;help;credential'= {
            cand kubernetes 'kubectl, and all that reads a kubeconfig'
            cand aws 'The AWS CLI and SDKs, by their credential_process'
            cand gcp 'Google Cloud''s libraries and gcloud'
            cand azure-cli 'Azure''s SDKs, Terraform and kubelogin, in place of az'
            cand azd 'Azure''s SDKs, in place of azd'
            cand git 'git, over HTTPS'
            cand docker 'docker, and all that use its credential helpers'
            cand cargo 'cargo, for private registries'
            cand pip 'pip, uv, and all that run `keyring`'
            cand mcp 'tools and coding agents that run a header helper'
        }
        &'keyfob;help;credential;kubernetes'= {
        }
        &'keyfob;help;credential;aws'= {
        }
        &'keyfob;help;credential;gcp'= {
        }
        &'keyfob;help;credential;azure-cli'= {
        }
        &'keyfob;help;credential;azd'= {
        }
        &'keyfob;help;credential;git'= {
        }
        &'keyfob;help;credential;docker'= {
        }
        &'keyfob;help;credential;cargo'= {
        }
        &'keyfob;help;credential;pip'= {
        }
        &'keyfob;help;credential;mcp'= {
        }
        &'keyfob;help;inspect'= {
        }
        &'keyfob;help;explain'= {
        }
        &'keyfob;help;verify'= {
        }
        &'keyfob;help;list'= {
        }
        &'keyfob;help;logout'= {
        }
        &'keyfob;help;agent'= {
            cand status 'Show how the agent is and what it keeps'
            cand lock 'Hold everything in the agent under a passphrase'
            cand forward 'Lend named targets to another host, and print the ssh line'
            cand unforward 'Close what was opened by `keyfob agent forward`'
            cand unlock 'Let the agent go on, with the passphrase that locked it'
            cand stop 'End the agent; what it keeps ends with it'
        }
        &'keyfob;help;agent;status'= {
        }
        &'keyfob;help;agent;lock'= {
        }
        &'keyfob;help;agent;forward'= {
        }
        &'keyfob;help;agent;unforward'= {
        }
        &'keyfob;help;agent;unlock'= {
        }
        &'keyfob;help;agent;stop'= {
        }
        &'keyfob;help;setup'= {
            cand agent 'Start the agent with every login'
            cand aws 'Let the AWS CLI and SDKs take roles by keyfob'
            cand azure 'Let Azure SDKs that run `az` and `azd` run keyfob'
            cand cargo 'Let cargo ask keyfob for its registries'' tokens'
            cand docker 'Let docker ask keyfob for its registries'' tokens'
            cand gcp 'Let Google''s tools and libraries ask keyfob'
            cand git 'Let git ask keyfob for its servers'' tokens'
            cand kubectl 'Let kubectl ask keyfob for its clusters'' tokens'
            cand mcp 'Print what tools with a header helper are told'
            cand pip 'Let pip and uv ask keyfob for their indexes'' tokens'
        }
        &'keyfob;help;setup;agent'= {
        }
        &'keyfob;help;setup;aws'= {
        }
        &'keyfob;help;setup;azure'= {
        }
        &'keyfob;help;setup;cargo'= {
        }
        &'keyfob;help;setup;docker'= {
        }
        &'keyfob;help;setup;gcp'= {
        }
        &'keyfob;help;setup;git'= {
        }
        &'keyfob;help;setup;kubectl'= {
        }
        &'keyfob;help;setup;mcp'= {
        }
        &'keyfob;help;setup;pip'= {
        }
        &'keyfob;help;config'= {
            cand show 'Show each value in force and where it came from'
            cand add 'Add a profile, from flags or by asking'
            cand set 'Set one value'
            cand unset 'Take one value away'
            cand remove 'Remove a profile'
            cand secret 'Keep a client''s secret in the store, or forget it'
            cand path 'Print where the file is'
            cand edit 'Open the file in your editor and check the result'
        }
        &'keyfob;help;config;show'= {
        }
        &'keyfob;help;config;add'= {
        }
        &'keyfob;help;config;set'= {
        }
        &'keyfob;help;config;unset'= {
        }
        &'keyfob;help;config;remove'= {
        }
        &'keyfob;help;config;secret'= {
        }
        &'keyfob;help;config;path'= {
        }
        &'keyfob;help;config;edit'= {
        }
        &'keyfob;help;doctor'= {
        }
        &'keyfob;help;issuer'= {
        }
        &'keyfob;help;demo'= {
        }
        &'keyfob;help;completions'= {
        }
        &'keyfob;help;help'= {
        }
    ]
    $completions[$command]
}
