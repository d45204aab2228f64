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
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "config" -d 'Show the settings, where each comes from, and change them'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c keyfob -n "__fish_keyfob_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -l json -d 'Print JSON'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -a "show" -d 'Show each value in force and where it came from'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -a "add" -d 'Add a profile, from flags or by asking'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -a "set" -d 'Set one value'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -a "unset" -d 'Take one value away'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -a "remove" -d 'Remove a profile'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -a "path" -d 'Print where the file is'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and not __fish_seen_subcommand_from show add set unset remove path edit" -a "edit" -d 'Open the file in your editor and check the result'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Print JSON'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l issuer -d 'Give the issuer URL, exactly as the provider writes it' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l provider -d 'Name the provider instead of an issuer: `entra`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l tenant -d 'Give the GUID of the Entra tenant' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l cloud -d 'Name the Entra cloud: `public`, `us-government` or `china`' -r
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l client-id -d 'Give the id of the registered client' -r
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
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l interactive -d 'Let `keyfob token` open a browser on a terminal'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -l replace -d 'Take the place of a profile of that name'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from set" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from unset" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from unset" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from remove" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from edit" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand config; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand completions" -l config -d 'Read this file instead of the user\'s config.toml' -r -F
complete -c keyfob -n "__fish_keyfob_using_subcommand completions" -s v -l verbose -d 'Say on stderr what is being done'
complete -c keyfob -n "__fish_keyfob_using_subcommand completions" -s h -l help -d 'Print help'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from config completions help" -f -a "config" -d 'Show the settings, where each comes from, and change them'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from config completions help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and not __fish_seen_subcommand_from config completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Show each value in force and where it came from'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "add" -d 'Add a profile, from flags or by asking'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "set" -d 'Set one value'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "unset" -d 'Take one value away'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "remove" -d 'Remove a profile'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Print where the file is'
complete -c keyfob -n "__fish_keyfob_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "edit" -d 'Open the file in your editor and check the result'
