
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
            cand config 'Show the settings, where each comes from, and change them'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
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
            cand --tenant 'Give the GUID of the Entra tenant'
            cand --cloud 'Name the Entra cloud: `public`, `us-government` or `china`'
            cand --client-id 'Give the id of the registered client'
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
            cand --interactive 'Let `keyfob token` open a browser on a terminal'
            cand --replace 'Take the place of a profile of that name'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
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
        &'keyfob;completions'= {
            cand --config 'Read this file instead of the user''s config.toml'
            cand -v 'Say on stderr what is being done'
            cand --verbose 'Say on stderr what is being done'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyfob;help'= {
            cand config 'Show the settings, where each comes from, and change them'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'keyfob;help;config'= {
            cand show 'Show each value in force and where it came from'
            cand add 'Add a profile, from flags or by asking'
            cand set 'Set one value'
            cand unset 'Take one value away'
            cand remove 'Remove a profile'
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
        &'keyfob;help;config;path'= {
        }
        &'keyfob;help;config;edit'= {
        }
        &'keyfob;help;completions'= {
        }
        &'keyfob;help;help'= {
        }
    ]
    $completions[$command]
}
