//! The program against the practice provider as Entra: every way to sign in, and what comes of it.

use keyfob::issuer::Endpoint;

use crate::support::{entra, entra_world};

#[test]
fn a_person_signs_in_to_the_practice_entra_and_gets_a_token() {
    let provider = entra("amara", &[]);
    let world = entra_world(&provider, "");

    world.sign_in();
    let token = world.run("token work").ok().line();

    assert_eq!(token.split('.').count(), 3);
    assert_eq!(provider.requests(Endpoint::Token), 1);
}
