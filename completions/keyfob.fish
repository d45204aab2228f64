# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_keyfob_global_optspecs
    string join \n v/verbose config= h/help V/version
end

function __fish_keyfob_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_keyfob_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_keyfob_using_subcommand
    set -l cmd (__fish_keyfob_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c keyfob -n "__fish_keyfob_needs_command" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_needs_command" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_needs_command" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_needs_command" -s V -l version -d 'Print version'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "login" -d 'Sign in'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "token" -d 'Print a token that still works'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "exec" -d 'Run a command with tokens'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "credential" -d 'Answer other programs in their own protocols'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "inspect" -d 'Show a token\'s claims and what they mean'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "explain" -d 'Say what an error means, who can fix it and how'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "verify" -d 'Verify a token as an API would, check by check'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "list" -d 'List who is signed in and what is held'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "logout" -d 'Sign out, and revoke what can be revoked'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "agent" -d 'Keep sessions in memory, for machines without a keyring'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "setup" -d 'Set other programs up to work with keyfob'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "config" -d 'Show the settings, where each comes from, and change them'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "doctor" -d 'Find out what stands in the way, and what to do about it'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "issuer" -d 'Run a practice provider on this machine'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "demo" -d 'Show the whole job on a practice provider'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l timeout -d 'How long the sign-in may take, as in `10m`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l account -d 'Go on with this account, or sign it in' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l login-hint -d 'Tell the provider who is about to sign in' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l prompt -d 'What the provider is to ask, as in `select_account`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l domain-hint -d 'Whose accounts are meant at Entra: a domain, `consumers`, …' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l issuer -d 'Issuer URL' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l client-id -d 'Client id registered at the issuer' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l store -d 'Where refresh tokens rest: keyring, sealed, agent or memory' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l ca-file -d 'PEM file of certificates to trust as well' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l device -d 'Sign in on another device, with a code'
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l no-browser -d 'Do not open a browser: print the address to open'
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -l take-over -d 'End the sign-in that is in progress, and begin anew'
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand login" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l format -d 'How to print it' -r -f -a "raw\t''
json\t''
header\t''
bearer\t''
curl\t''
wget\t''
env\t''"
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l min-ttl -d 'Renew the token if it lives shorter than this, as in `10m`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l scope -d 'Ask for these scopes instead of the target\'s' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l resource -d 'Ask for a token for this resource (RFC 8707)' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l audience -d 'Ask for a token for this audience' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l claims-challenge -d 'Meet an API\'s `WWW-Authenticate` challenge; `-` reads it from stdin' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l issuer -d 'Issuer URL' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l client-id -d 'Client id registered at the issuer' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l store -d 'Where refresh tokens rest: keyring, sealed, agent or memory' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l ca-file -d 'PEM file of certificates to trust as well' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l id-token -d 'Print the ID token instead of an access token'
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l renew -d 'Renew the token whatever is left of it'
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand token" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l env -d 'Put a target\'s access token into this variable' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l fd -d 'Let the command read the access token from this descriptor' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l min-ttl -d 'Renew a token if it lives shorter than this, as in `10m`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l aws -d 'AWS: an endpoint that gives out the keys of the target\'s role'
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l azure -d 'Azure: an endpoint like a managed identity\'s, and `az` and `azd`'
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l terraform -d 'Terraform\'s Azure providers: an endpoint that gives out assertions'
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l gcp -d 'Google Cloud: application default credentials'
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l kube -d 'Kubernetes: the current cluster, with the token in a file'
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l postgres -d '`psql` and its kin: the token as the password, in a variable'
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand exec" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -f -a "kubernetes" -d 'kubectl, and all that reads a kubeconfig'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -f -a "aws" -d 'The AWS CLI and SDKs, by their credential_process'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -f -a "gcp" -d 'Google Cloud\'s libraries and gcloud'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -f -a "azure-cli" -d 'Azure\'s SDKs, Terraform and kubelogin, in place of az'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -f -a "azd" -d 'Azure\'s SDKs, in place of azd'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -f -a "git" -d 'git, over HTTPS'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -f -a "docker" -d 'docker, and all that use its credential helpers'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -f -a "cargo" -d 'cargo, for private registries'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -f -a "pip" -d 'pip, uv, and all that run `keyring`'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and not __fish_seen_subcommand_from kubernetes aws gcp azure-cli azd git docker cargo pip mcp" -f -a "mcp" -d 'tools and coding agents that run a header helper'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from kubernetes" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from kubernetes" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from kubernetes" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from kubernetes" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from aws" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from aws" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from aws" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from aws" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from gcp" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from gcp" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from gcp" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from gcp" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from azure-cli" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from azure-cli" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from azure-cli" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from azure-cli" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from azd" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from azd" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from azd" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from azd" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from git" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from git" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from git" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from git" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from docker" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from docker" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from docker" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from docker" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from cargo" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from cargo" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from cargo" -l cargo-plugin -d 'Added by the program itself'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from cargo" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from cargo" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from pip" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from pip" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from pip" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from pip" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from mcp" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from mcp" -l login -d 'Sign in first if nobody is signed in'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from mcp" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand credential; and __fish_seen_subcommand_from mcp" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l file -d 'Read a token from this file' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l issuer -d 'Issuer URL' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l client-id -d 'Client id registered at the issuer' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l store -d 'Where refresh tokens rest: keyring, sealed, agent or memory' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l ca-file -d 'PEM file of certificates to trust as well' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l id-token -d 'Show the ID token instead of the access token'
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l userinfo -d 'Ask the provider about the account instead of reading a token'
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l groups -d 'Show groups and app roles; asks Microsoft Graph for too many groups'
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l names -d 'With `--groups`: ask Microsoft Graph for the groups\' names, too'
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l json -d 'Print JSON'
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -l verify -d 'Exit with status 9 unless the token verifies'
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand inspect" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand explain" -l last -d 'Explain the last refusal, of any profile or of this one' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand explain" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand explain" -l list -d 'List every code that is known'
complete -c keyfob -n "__fish_keyfob_using_subcommand explain" -l json -d 'Print JSON'
complete -c keyfob -n "__fish_keyfob_using_subcommand explain" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand explain" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l file -d 'Read a token from this file' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l profile -d 'Take this profile\'s issuer and client for a token from elsewhere' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l type -d 'Which kind of token it must be' -r -f -a "access\t''
id\t''
auto\t''"
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l audience -d 'Who it must be for; several are accepted as alternatives' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l scope -d 'A scope that it must have; all of several' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l role -d 'A role that it must have; all of several' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l client -d 'Who may have asked for it (`azp`, `appid`); several are alternatives' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l tenant -d 'Which tenant it must come from (`tid`); several are alternatives' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l acr -d 'How strong the sign-in must have been (`acr`); several are alternatives' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l acrs -d 'An authentication context that it must have (`acrs`); all of several' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l leeway -d 'How far clocks may differ, as in `30s`; at most 5m' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l jwks -d 'Take the provider\'s keys from this file' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l issuer -d 'Issuer URL' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l client-id -d 'Client id registered at the issuer' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l store -d 'Where refresh tokens rest: keyring, sealed, agent or memory' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l ca-file -d 'PEM file of certificates to trust as well' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l id-token -d 'Verify the profile\'s ID token instead of its access token'
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l at-jwt -d 'Require the media type `at+jwt` of an access token (RFC 9068)'
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l offline -d 'Make no request at all'
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l json -d 'Print JSON'
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -l ndjson -d 'Read one token per line from stdin, and print one JSON verdict per line'
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand verify" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand list" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand list" -l json -d 'Print JSON'
complete -c keyfob -n "__fish_keyfob_using_subcommand list" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand list" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand logout" -l issuer -d 'Issuer URL' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand logout" -l client-id -d 'Client id registered at the issuer' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand logout" -l store -d 'Where refresh tokens rest: keyring, sealed, agent or memory' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand logout" -l ca-file -d 'PEM file of certificates to trust as well' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand logout" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand logout" -l all -d 'Sign out of every profile'
complete -c keyfob -n "__fish_keyfob_using_subcommand logout" -l everywhere -d 'End the session in the browser at the provider, too'
complete -c keyfob -n "__fish_keyfob_using_subcommand logout" -l local -d 'Forget the session here, and do not ask the provider for anything'
complete -c keyfob -n "__fish_keyfob_using_subcommand logout" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand logout" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -l idle -d 'End when nobody has asked for a token for this long' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -l life -d 'End after this long in any case' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -l socket -d 'Listen at this path instead of the usual one' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -l confirm -d 'Ask a person before each token that is given'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -f -a "status" -d 'Show how the agent is and what it keeps'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -f -a "lock" -d 'Hold everything in the agent under a passphrase'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -f -a "forward" -d 'Lend named targets to another host, and print the ssh line'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -f -a "unforward" -d 'Close what was opened by `keyfob agent forward`'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -f -a "unlock" -d 'Let the agent go on, with the passphrase that locked it'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -f -a "stop" -d 'End the agent; what it keeps ends with it'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and not __fish_seen_subcommand_from status lock forward unforward unlock stop help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from status" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from status" -l json -d 'Print JSON'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from lock" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from lock" -l stdin -d 'Read the passphrase from stdin instead of asking for it'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from lock" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from lock" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from forward" -l host -d 'The host, as ssh is told: an alias, a name, or user@name' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from forward" -l target -d 'A profile or target whose access tokens are given; can be repeated' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from forward" -l for -d 'End after this long' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from forward" -l remote-socket -d 'Listen at this path on the host instead of one in its /tmp' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from forward" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from forward" -l confirm -d 'Ask a person, where the agent runs, before each token'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from forward" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from forward" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from unforward" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from unforward" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from unforward" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from unlock" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from unlock" -l stdin -d 'Read the passphrase from stdin instead of asking for it'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from unlock" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from stop" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how the agent is and what it keeps'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "lock" -d 'Hold everything in the agent under a passphrase'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "forward" -d 'Lend named targets to another host, and print the ssh line'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "unforward" -d 'Close what was opened by `keyfob agent forward`'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "unlock" -d 'Let the agent go on, with the passphrase that locked it'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "stop" -d 'End the agent; what it keeps ends with it'
complete -c keyfob -n "__fish_keyfob_using_subcommand agent; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -f -a "agent" -d 'Start the agent with every login'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -f -a "aws" -d 'Let the AWS CLI and SDKs take roles by keyfob'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -f -a "azure" -d 'Let Azure SDKs that run `az` and `azd` run keyfob'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -f -a "cargo" -d 'Let cargo ask keyfob for its registries\' tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -f -a "docker" -d 'Let docker ask keyfob for its registries\' tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -f -a "gcp" -d 'Let Google\'s tools and libraries ask keyfob'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -f -a "git" -d 'Let git ask keyfob for its servers\' tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -f -a "kubectl" -d 'Let kubectl ask keyfob for its clusters\' tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -f -a "mcp" -d 'Print what tools with a header helper are told'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and not __fish_seen_subcommand_from agent aws azure cargo docker gcp git kubectl mcp pip" -f -a "pip" -d 'Let pip and uv ask keyfob for their indexes\' tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from agent" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from agent" -l write -d 'Write it'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from agent" -l remove -d 'Remove what --write has written'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from agent" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from agent" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from aws" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from aws" -l write -d 'Write it'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from aws" -l remove -d 'Remove what --write has written'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from aws" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from aws" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from azure" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from azure" -l write -d 'Write it'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from azure" -l remove -d 'Remove what --write has written'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from azure" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from azure" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from cargo" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from cargo" -l write -d 'Write it'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from cargo" -l remove -d 'Remove what --write has written'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from cargo" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from cargo" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from docker" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from docker" -l write -d 'Write it'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from docker" -l remove -d 'Remove what --write has written'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from docker" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from docker" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from gcp" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from gcp" -l write -d 'Write it'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from gcp" -l remove -d 'Remove what --write has written'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from gcp" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from gcp" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from git" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from git" -l write -d 'Write it'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from git" -l remove -d 'Remove what --write has written'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from git" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from git" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from kubectl" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from kubectl" -l write -d 'Write it'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from kubectl" -l remove -d 'Remove what --write has written'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from kubectl" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from kubectl" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from mcp" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from mcp" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from mcp" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from pip" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from pip" -l write -d 'Write it'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from pip" -l remove -d 'Remove what --write has written'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from pip" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand setup; and __fish_seen_subcommand_from pip" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -l json -d 'Print JSON'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -a "show" -d 'Show each value in force and where it came from'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -a "add" -d 'Add a profile, from flags or by asking'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -a "set" -d 'Set one value'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -a "unset" -d 'Take one value away'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -a "remove" -d 'Remove a profile'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -a "secret" -d 'Keep a client\'s secret in the store, or forget it'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -a "path" -d 'Print where the file is'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove secret path edit" -a "edit" -d 'Open the file in your editor and check the result'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Print JSON'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l issuer -d 'Give the issuer URL, exactly as the provider writes it' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l provider -d 'Name the provider instead of an issuer: `entra`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l tenant -d 'Give the tenant, as in `--entra`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l client-id -d 'Give the id of the registered client' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l entra -d 'Tenant: GUID, domain or address; alone, print which app to register' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l cloud -d 'Name the cloud, as in `us-government`, or give its address' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l tenants -d 'Let these tenants alone sign in at `organizations` or `common`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l format -d 'Choose how the registration is printed' -r -f -a "text\t'Steps to follow in the portal'
az\t'A shell script for the Azure CLI'
graph\t'The body of a request to Microsoft Graph'"
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l client-secret-env -d 'Read the client\'s secret from this variable' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l client-secret-file -d 'Read the client\'s secret from this file' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l client-secret-keyring -d 'Read the client\'s secret from the keyring, by this name' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l client-authentication -d 'Choose how the secret is sent: `basic` or `post`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l scope -d 'List the scopes, with spaces between them' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l audience -d 'Name the audience, for providers that want one' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l resource -d 'Name the resource, an absolute URI (RFC 8707)' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l flow -d 'Choose how to sign in: `browser` or `device`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l response-mode -d 'Choose how the answer comes: `auto`, `form_post` or `query`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l redirect-host -d 'Choose the redirect host: `127.0.0.1`, `localhost` or `[::1]`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l redirect-port -d 'Fix the redirect port, if the client is registered with one' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l redirect-path -d 'Set the redirect path, if the client is registered with one' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l browser -d 'Give the command that opens a URL' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l timeout -d 'Set how long a sign-in may take, such as `5m`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l store -d 'Choose where sessions rest: `keyring`, `sealed` or `memory`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l ca-file -d 'Trust the certificates in this PEM file too' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l target -d 'Add a target with its own scopes (may be repeated)' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l authorize -d 'Add a parameter to the authorization request (may be repeated)' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l device-code -d 'Register for sign-in with a device code too'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l borrowed-client-id -d 'Use a client id of Microsoft\'s own tools all the same'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l interactive -d 'Let `keyfob token` open a browser on a terminal'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l replace -d 'Take the place of a profile of that name'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from set" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from unset" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from unset" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from remove" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from secret" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from secret" -l forget -d 'Forget the secret of this name'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from secret" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from secret" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from edit" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -l timeout -d 'How long to wait for whatever does not answer' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -l report -d 'Write a report for a ticket, with everything private masked' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -l issuer -d 'Issuer URL' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -l client-id -d 'Client id registered at the issuer' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -l store -d 'Where refresh tokens rest: keyring, sealed, agent or memory' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -l ca-file -d 'PEM file of certificates to trust as well' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -l all -d 'Look at every profile'
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -l json -d 'Print JSON'
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l port -d 'Port to listen on; 0 takes a free one' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l host -d 'Loopback address to listen on: `127.0.0.1`, `::1` or `localhost`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l path -d 'Path of the issuer, as in `/tenant/one`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l fault -d 'Misbehave: the name of a fault, `NAME:2` for the first two times only' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l as -d 'Play another provider: `entra` is Microsoft Entra ID' -r -f -a "entra\t''"
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l scenario -d 'As Entra: play a scenario, or an error as in `aadsts=50076@refresh`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l sign-in-as -d 'Sign this person in at once, without a page' -r -f -a "amara\t''
jonas\t''
mei-lin\t''
sofia\t''
tomasz\t''
priya\t''
oskar\t''
lena\t''"
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l scope -d 'Scope to know besides the built-in ones' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l algorithm -d 'Sign ID tokens with RS256 or ES256' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l access-life -d 'Life of access tokens; 10 minutes, as Entra 60 to 90' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l id-life -d 'Life of ID tokens' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l refresh-life -d 'Life of refresh tokens' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l rotation -d 'What a refresh does to the refresh token: rotate, forgive or keep' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l pushed -d 'Pushed requests: offered, required or off' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l skew -d 'Seconds that the provider\'s clock is ahead; negative is behind' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l latency -d 'Hold every answer back for so long' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l list-faults -d 'List the faults there are'
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l list-scenarios -d 'List the scenarios and errors of Entra'
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -l any-client -d 'Take any client id, not only the built-in ones'
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand issuer" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand demo" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand demo" -l no-browser -d 'Do not open a browser: follow the pages without one'
complete -c keyfob -n "__fish_keyfob_using_subcommand demo" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand demo" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand completions" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand completions" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand completions" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "login" -d 'Sign in'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "token" -d 'Print a token that still works'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "exec" -d 'Run a command with tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "credential" -d 'Answer other programs in their own protocols'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "inspect" -d 'Show a token\'s claims and what they mean'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "explain" -d 'Say what an error means, who can fix it and how'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "verify" -d 'Verify a token as an API would, check by check'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "list" -d 'List who is signed in and what is held'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "logout" -d 'Sign out, and revoke what can be revoked'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "agent" -d 'Keep sessions in memory, for machines without a keyring'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "setup" -d 'Set other programs up to work with keyfob'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "config" -d 'Show the settings, where each comes from, and change them'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "doctor" -d 'Find out what stands in the way, and what to do about it'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "issuer" -d 'Run a practice provider on this machine'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "demo" -d 'Show the whole job on a practice provider'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from login token exec credential inspect explain verify list logout agent setup config doctor issuer demo completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "kubernetes" -d 'kubectl, and all that reads a kubeconfig'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "aws" -d 'The AWS CLI and SDKs, by their credential_process'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "gcp" -d 'Google Cloud\'s libraries and gcloud'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "azure-cli" -d 'Azure\'s SDKs, Terraform and kubelogin, in place of az'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "azd" -d 'Azure\'s SDKs, in place of azd'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "git" -d 'git, over HTTPS'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "docker" -d 'docker, and all that use its credential helpers'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "cargo" -d 'cargo, for private registries'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "pip" -d 'pip, uv, and all that run `keyring`'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from credential" -f -a "mcp" -d 'tools and coding agents that run a header helper'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "status" -d 'Show how the agent is and what it keeps'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "lock" -d 'Hold everything in the agent under a passphrase'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "forward" -d 'Lend named targets to another host, and print the ssh line'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "unforward" -d 'Close what was opened by `keyfob agent forward`'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "unlock" -d 'Let the agent go on, with the passphrase that locked it'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from agent" -f -a "stop" -d 'End the agent; what it keeps ends with it'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from setup" -f -a "agent" -d 'Start the agent with every login'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from setup" -f -a "aws" -d 'Let the AWS CLI and SDKs take roles by keyfob'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from setup" -f -a "azure" -d 'Let Azure SDKs that run `az` and `azd` run keyfob'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from setup" -f -a "cargo" -d 'Let cargo ask keyfob for its registries\' tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from setup" -f -a "docker" -d 'Let docker ask keyfob for its registries\' tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from setup" -f -a "gcp" -d 'Let Google\'s tools and libraries ask keyfob'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from setup" -f -a "git" -d 'Let git ask keyfob for its servers\' tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from setup" -f -a "kubectl" -d 'Let kubectl ask keyfob for its clusters\' tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from setup" -f -a "mcp" -d 'Print what tools with a header helper are told'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from setup" -f -a "pip" -d 'Let pip and uv ask keyfob for their indexes\' tokens'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Show each value in force and where it came from'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "add" -d 'Add a profile, from flags or by asking'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "set" -d 'Set one value'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "unset" -d 'Take one value away'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "remove" -d 'Remove a profile'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "secret" -d 'Keep a client\'s secret in the store, or forget it'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Print where the file is'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "edit" -d 'Open the file in your editor and check the result'
