//! `keyfob credential mcp`, whole: one header for a listed server, and nothing on stdout otherwise.

use std::process::Stdio;

use crate::support::{Output, Running, World, provider};

const LISTS: &str = "[profile.work.target.tools]\nscopes = \"openid offline_access\"\n\
    mcp = \"https://mcp.example.com/mcp\"\n";

const SERVER: &str = "https://mcp.example.com/mcp";
const VARIABLE: &str = "CLAUDE_CODE_MCP_SERVER_URL";

fn helper(world: &World, words: &[&str], server: Option<&str>) -> Output {
    let mut command = world.command(&[&["credential", "mcp"], words].concat());
    command.envs(server.map(|server| (VARIABLE, server)));
    Running::start(&mut command).wait()
}

#[test]
fn a_listed_server_gets_one_header() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let token = world.run("token work/tools").ok().line();

    for (words, server) in [
        (&[SERVER][..], None),
        (&["work", SERVER], None),
        (&["work/tools", "https://mcp.example.com/mcp/sse"], None),
        (&[], Some(SERVER)),
        (&["work"], Some(SERVER)),
        (&["work", SERVER], Some(SERVER)),
        (&["https://mcp.example.com"], Some(SERVER)),
    ] {
        let output = helper(&world, words, server).ok().silent();
        assert_eq!(
            output.stdout,
            format!("{{\"Authorization\":\"Bearer {token}\"}}\n"),
            "{words:?}"
        );
    }
}

#[test]
fn any_other_server_gets_a_reason_and_no_header() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let (asked, long) = (
        provider.log().len(),
        format!("{SERVER}/{}", "x".repeat(70_000)),
    );

    for (words, server, status, said) in [
        (&[][..], None, 2, "the server is missing"),
        (&["work"], Some(""), 2, "the server is missing"),
        (&["https://evil.example/mcp"], None, 8, "under `mcp`"),
        (&["https://mcp.example.com"], None, 8, "under `mcp`"),
        (&["https://mcp.example.com/mcpx"], None, 8, "under `mcp`"),
        (
            &["https://mcp.example.com:8443/mcp"],
            None,
            8,
            "under `mcp`",
        ),
        (&[], Some("https://evil.example/mcp"), 8, "under `mcp`"),
        // A repository's settings name the listed server, and the tool is about to ask another.
        (
            &[SERVER],
            Some("https://evil.example/mcp"),
            2,
            "is not the one",
        ),
        (
            &["https://evil.example/mcp"],
            Some(SERVER),
            2,
            "is not the one",
        ),
        (&["other", SERVER], None, 8, "`other` does not list"),
        (&["http://mcp.example.com/mcp"], None, 2, "https://"),
        (
            &["https://me:hunter2@mcp.example.com/mcp"],
            None,
            2,
            "user name",
        ),
        (&["https://mcp.example.com/mcp/../x"], None, 2, "`..`"),
        (&["https://mcp.example.com/mcp\n"], None, 2, "white space"),
        (
            &["https://mcp.example.com/\u{1b}[2J"],
            None,
            2,
            "white space",
        ),
        (&["https://mcp.example.com/mcp?a=b"], None, 2, "a query"),
        (&[&long], None, 2, "at most"),
        (&[SERVER, SERVER], None, 2, "one server"),
        (&["work", "mcp.example.com"], None, 2, "is not the address"),
        (&["mcp.example.com/mcp"], Some(SERVER), 8, "does not list"),
    ] {
        let output = helper(&world, words, server).exits(status).says(said);
        assert_eq!(output.stdout, "", "{words:?}");
        assert!(!output.stderr.contains('\u{1b}') && !output.stderr.contains("hunter2"));
    }
    assert_eq!(provider.log().len(), asked, "the provider was not asked");
}

#[test]
fn signed_out_there_is_no_header_and_nobody_is_asked() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);

    let output = helper(&world, &[SERVER], None).exits(3);

    assert_eq!(output.says("keyfob login work").stdout, "");
    assert_eq!(world.opened(), Vec::<String>::new());
}

#[test]
fn a_tool_that_went_away_ends_the_run_without_a_panic() {
    let provider = provider();
    let world = World::with_profile(&provider, LISTS);
    world.sign_in();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = world.command(&["credential", "mcp", SERVER]);
    command.stdin(Stdio::null()).stdout(writer);

    let output = command.stderr(Stdio::piped()).output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("nobody reads the answer"), "{said}");
}
