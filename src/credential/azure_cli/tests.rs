//! The command lines of SDKs, and those that no SDK would run.

use super::super::testing::{answer, found, line, misread, refused, sent, serve, vars};
use super::*;
use crate::base::Exit;

const TENANT: &str = "aaaaaaaa-0000-4000-8000-000000000001";

fn asked(words: &str) -> (String, String, Option<String>) {
    let request = serve(&AzureCli, &line(words));
    let Asked::Named(of) = request.asked else {
        panic!("{:?}", request.asked);
    };
    (of, request.scopes.unwrap(), request.tenant)
}

#[test]
fn every_command_line_of_an_sdk_is_understood() {
    let arm = "https://management.azure.com";
    let scope = format!("{arm}/.default");
    let double = format!("{arm}//.default");
    for (words, resource, scopes, tenant) in [
        // Python, and JavaScript.
        (format!("--output json --resource {arm}"), arm, &scope, None),
        // .NET, with a tenant.
        (
            format!("--output json --resource {arm} --tenant {TENANT}"),
            arm,
            &scope,
            Some(TENANT),
        ),
        // Go and Rust.
        (format!("-o json --scope {scope}"), arm, &scope, None),
        (
            format!("-o json --scope {scope} --tenant contoso.com --subscription x_1.y-2"),
            arm,
            &scope,
            Some("contoso.com"),
        ),
        // Terraform.
        (
            format!("--scope {scope} --tenant {TENANT} -o=json"),
            arm,
            &scope,
            Some(TENANT),
        ),
        // A resource that ends in `/` is another audience, and the same entry of the list.
        (format!("-o json --resource {arm}/"), arm, &double, None),
        // What az itself takes when nothing is said.
        ("-o json".to_owned(), ARM, &ARM.to_owned(), None),
    ] {
        let found = asked(&format!("account get-access-token {words}"));

        let tenant = tenant.map(str::to_owned);
        assert_eq!(
            found,
            (resource.to_owned(), scopes.clone(), tenant),
            "{words}"
        );
    }
}

#[test]
fn the_answer_has_the_end_as_an_integer_and_as_the_local_time() {
    let call = sent(
        &[
            "account",
            "get-access-token",
            "--subscription",
            "My own 1",
            "--resource",
            "https://a.example",
        ],
        b"",
    );
    let mut found = found();
    found.tenant = Some(TENANT);

    let text = answer(&AzureCli, &serve(&AzureCli, &call), &found);

    assert_eq!(
        text,
        format!(
            "{{\"accessToken\":\"t0ken\",\"expiresOn\":\"2001-09-09 04:46:40.000000\",\
             \"expires_on\":1000003600,\"subscription\":\"My own 1\",\"tenant\":\"{TENANT}\",\
             \"tokenType\":\"Bearer\"}}\n"
        )
    );
}

#[test]
fn an_account_is_its_tenant_and_the_subscription_that_the_program_works_in() {
    let show = |set: &[(&str, &str)]| {
        let mut call = vars(set);
        call.say("account show -o=json");
        let mut found = found();
        found.tenant = Some(TENANT);
        answer(&AzureCli, &serve(&AzureCli, &call), &found)
    };

    assert_eq!(
        show(&[]),
        format!(
            "{{\"id\":\"{TENANT}\",\"isDefault\":true,\"name\":\"N/A(tenant level account)\",\
             \"tenantId\":\"{TENANT}\",\"user\":{{\"type\":\"user\"}}}}\n"
        )
    );
    for variable in SUBSCRIPTIONS {
        assert_eq!(
            show(&[(variable, "ca5c57dd-3aab-4628-a78c-978830d03bbd")]),
            format!(
                "{{\"id\":\"ca5c57dd-3aab-4628-a78c-978830d03bbd\",\"isDefault\":true,\
                 \"name\":\"ca5c57dd-3aab-4628-a78c-978830d03bbd\",\"tenantId\":\"{TENANT}\",\
                 \"user\":{{\"type\":\"user\"}}}}\n"
            )
        );
    }
}

#[test]
fn a_version_is_told_and_no_lie() {
    let Ok(Step::Answer(text)) = AzureCli.read(&line("version -o=json").call()) else {
        panic!("no answer");
    };

    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        text,
        format!(
            "{{\"azure-cli\":\"2.54.0\",\"azure-cli-core\":\"2.54.0\",\
             \"extensions\":{{\"keyfob\":\"{version}\"}}}}\n"
        )
    );
}

#[test]
fn what_no_sdk_would_run_is_refused() {
    let get = |words: &str| format!("account get-access-token {words}");
    let long = get(&format!("--scope https://{}/.default", "a".repeat(70_000)));
    for (words, said) in [
        ("", "`` is none of what it answers"),
        ("login", "`login` is none"),
        ("account list", "`account list` is none"),
        ("account", "`account` is none"),
        ("Account get-access-token", "is none"),
        ("--debug account show", "is none"),
        ("keyvault secret show -n x", "is none"),
        ("rest --url https://evil.example", "is none"),
        ("version --verbose", "is none"),
        ("vm\u{1b}[2J", "`vm\\u{1b}[2J`"),
        (&get("--query accessToken -o tsv"), "is none"),
        (&get("-o tsv"), "is none"),
        (&get("--scope"), "is none"),
        (&get("--scope a --scope b"), "is none"),
        (&get("--tenant --scope"), "is none"),
        (&get("--resource-type arm"), "is none"),
        (&get("--scope arm"), "the scope is not a resource and a"),
        (
            &get("--resource arm"),
            "the resource is not a URI or a GUID",
        ),
        (&get("--resource https://a.b;id"), "the resource is not"),
        (
            &get("--scope https://a.b/$(id)/.default"),
            "the scope is not",
        ),
        (&get("--scope https://a.b/.default\nx"), "the scope is not"),
        (
            &get("--scope https://a.b/x --resource https://a.b"),
            "one of them",
        ),
        (&get("--tenant a/b"), "the tenant is not a GUID or a domain"),
        (
            &get("--tenant a\rb"),
            "the tenant is not a GUID or a domain",
        ),
        (&get("--subscription a'b"), "the subscription is not a GUID"),
        (&long, "the scope is not"),
    ] {
        let message = misread(&AzureCli, &line(words));

        assert!(message.contains(said), "{message}: {said}");
        assert!(!message.contains('\u{1b}'), "{message}");
        assert!(message.len() < 250, "{message}");
    }
}

#[test]
fn a_refusal_sends_programs_to_their_next_source_and_people_to_keyfob() {
    for reason in [Reason::Misread, Reason::SignInNeeded, Reason::Unlisted] {
        let reply = refused(&AzureCli, reason, Exit::SignInNeeded);

        assert_eq!(reply.stdout, "");
        assert_eq!(
            reply.stderr.as_deref(),
            Some(
                "ERROR: no \"more\" of this\nPlease run 'az login' to setup account, or, as \
                 keyfob answers here in place of az: run `keyfob login work`"
            )
        );
        assert_eq!(reply.exit, Exit::SignInNeeded);
    }
}

#[test]
fn a_fault_is_not_taken_for_a_missing_sign_in() {
    let reply = refused(&AzureCli, Reason::Failed, Exit::Unreachable);

    let said = reply.stderr.unwrap();
    assert_eq!(said, "ERROR: no \"more\" of this\nrun `keyfob login work`");
    assert_eq!(reply.exit, Exit::Unreachable);
}

/// SDKs look for these words, and take them for an `az` that is not installed.
#[test]
fn no_refusal_reads_as_if_az_were_not_installed() {
    for reason in [Reason::Failed, Reason::Misread, Reason::Unlisted] {
        let said = refused(&AzureCli, reason, Exit::Fault).stderr.unwrap();

        assert!(
            !said.contains("az:") || !said.contains("not found"),
            "{said}"
        );
        assert!(!said.starts_with("'az' is not recognized"), "{said}");
        assert!(!said.contains("az login --scope"), "{said}");
    }
}
