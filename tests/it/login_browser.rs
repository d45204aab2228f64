//! `keyfob login` with a browser: the real program, the practice provider, a person in between.

use crate::support::{World, assert_private, provider};

#[test]
fn a_sign_in_keeps_a_session_and_hands_out_its_token() {
    let provider = provider();
    let world = World::at(&provider);

    let signed_in = world.sign_in();
    let token = world.run("token work").ok();

    assert_eq!(signed_in.stdout, "");
    assert!(signed_in.stderr.contains("Signed in"), "{signed_in:#?}");
    assert!(token.line().split('.').count() == 3, "{token:#?}");
    assert_eq!(token.stderr, "");
    assert_eq!(world.sessions().len(), 1);
    assert!(world.has_record(provider.issuer(), "work"));
    assert!(world.opened().is_empty(), "`--no-browser` opens none");
    assert_private(&world, &[&token.line()], &[&signed_in, &token]);
}
