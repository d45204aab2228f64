//! Streams that are closed or full, and tokens that are none.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::case::Case;

pub(super) fn cases() -> Vec<Case> {
    [outputs(), inputs()].into_iter().flatten().collect()
}

/// stdout is a pipe that nobody reads.
const CLOSED_PIPE: &str = "mkfifo p && exec 3<>p 4>p 3<&- && exec \"$@\" >&4";

fn outputs() -> Vec<Case> {
    let closed = |name, line: &str| {
        Case::new(name, line)
            .shell(CLOSED_PIPE)
            .gets(1, &["stdout is closed", "nobody reads"])
    };
    let mut cases = vec![
        closed("token into a closed pipe", "token work"),
        closed("list into a closed pipe", "list"),
        closed("inspect into a closed pipe", "inspect work"),
        closed("help into a closed pipe", "--help"),
        closed("completions into a closed pipe", "completions bash"),
        // Whatever opens no stdout gets the null device there from the language's own runtime.
        Case::new("token with stdout closed", "token work").shell("exec \"$@\" >&-"),
        Case::new("token with every stream closed", "token work").shell("exec \"$@\" <&- >&- 2>&-"),
        Case::new("failure with stderr closed", "token nope")
            .shell("\"$@\" 2>&-; s=$?; echo 'keyfob:   hint: silent' >&2; exit $s")
            .gets(2, &["silent"]),
    ];
    if cfg!(target_os = "linux") {
        for line in ["token work", "list", "inspect work", "config"] {
            let name = match line {
                "token work" => "token onto a full disk",
                "list" => "list onto a full disk",
                "config" => "config onto a full disk",
                _ => "inspect onto a full disk",
            };
            let full = Case::new(name, line).shell("exec \"$@\" >/dev/full");
            cases.push(full.gets(1, &["no space left", "free some space"]));
        }
    }
    cases
}

fn inputs() -> Vec<Case> {
    let inspect = |name, stdin: &[u8]| Case::new(name, "inspect -").stdin(stdin);
    let file = |name, file: &str| Case::new(name, &format!("inspect --file {file}"));
    let segment = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let claims = segment("{\"name\":\"a\\u001b[2Jb\",\"iss\":\"https://x\\u001b]0;y\\u0007\"}");
    let escapes = format!("{}.{claims}.AAAA", segment("{\"alg\":\"RS256\"}"));
    let header = segment("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}");
    let jwe = format!("{header}.AAAA.AAAA.AAAA.AAAA");
    vec![
        inspect("no token on stdin", b"").gets(2, &["nothing was given", "pipe a token in"]),
        inspect("white space on stdin", b" \n\n").gets(2, &["nothing was given"]),
        inspect("binary on stdin", &[0, 255, 27, 91, 50, 74].repeat(500))
            .gets(2, &["is no token", "visible ASCII", "give the token alone"]),
        inspect("megabyte on stdin", &vec![b'a'; 1 << 20])
            .gets(2, &["is no token", "more than 128 KiB"]),
        inspect("sentence on stdin", b"my token is abc").gets(2, &["one word"]),
        Case::new("stdin closed", "inspect -")
            .shell("exec \"$@\" <&-")
            .gets(2, &["nothing was given"]),
        file("token file missing", "nope").gets(2, &["`nope` does not exist", "`--file`"]),
        file("token file that is a folder", "/").gets(2, &["`/` is a folder", "`--file`"]),
        file("token file that is a device", "/dev/zero").gets(2, &["is a device", "`--file`"]),
        // No error: what can be said of them is the answer.
        inspect("escapes in claims", escapes.as_bytes()).gets(0, &[]),
        inspect("five parts", jwe.as_bytes()).gets(0, &[]),
        Case::new("unsigned token to verify", "inspect - --verify")
            .stdin(&escapes)
            .shell("\"$@\" >out; s=$?; grep -q . out && ! grep -q $(printf '\\033') out && exit $s")
            .gets(9, &["no profile has its issuer", "\\u{1b}"]),
        Case::new("question with nobody to ask", "config add")
            .shell("exec \"$@\" <&-")
            .gets(2, &["--issuer", "keyfob config add work"]),
    ]
}
