//! What every fault sends really carries the fault.

mod answers;
mod metadata;
mod tokens;

use std::collections::BTreeSet;

use super::wire::{Wire, faulty};
use crate::issuer::{Fault, FaultError, KeyPool, Settings};

/// A fault, and how to see it on the wire.
type Row = (&'static str, fn(&Wire));

#[test]
fn every_fault_has_one_name_and_one_row_in_these_tables() {
    let names: Vec<_> = Fault::ALL.iter().map(|info| info.name).collect();
    let tables = [
        tokens::ID,
        tokens::OTHER,
        metadata::METADATA,
        answers::ANSWERS,
    ];
    let seen: Vec<_> = tables
        .into_iter()
        .flatten()
        .map(|(name, _)| *name)
        .collect();

    let unique: BTreeSet<_> = names.iter().copied().collect();
    assert_eq!(unique.len(), names.len(), "a name comes twice");
    assert_eq!(seen.iter().copied().collect::<BTreeSet<_>>(), unique);
    assert_eq!(seen.len(), names.len());
}

#[test]
fn a_fault_is_parsed_from_its_name_and_a_number_of_times() {
    assert_eq!(
        Fault::parse("id.aud.wrong").unwrap().info().name,
        "id.aud.wrong"
    );
    assert!("disc.500:2".parse::<Fault>().is_ok());
    let unknown = Fault::parse("id.\u{1b}[2J").unwrap_err();
    assert!(unknown.to_string().contains("`id.\\u{1b}[2J`"), "{unknown}");
    for times in ["", "0", "-1", "x", "99999999999"] {
        let text = format!("disc.500:{times}");
        assert_eq!(
            Fault::parse(&text).unwrap_err(),
            FaultError::Times(times.to_owned())
        );
    }
}

#[test]
fn a_counted_fault_strikes_that_often_and_then_no_more() {
    let wire = Wire::start(faulty("disc.500:2"));

    let statuses: Vec<_> = (0..4)
        .map(|_| wire.get("/.well-known/openid-configuration").status)
        .collect();

    assert_eq!(statuses, [500, 500, 200, 200]);
}

#[test]
fn several_faults_act_at_once_and_can_be_changed_later() {
    let wire = Wire::start(Settings {
        faults: vec![
            Fault::parse("id.iat.missing").unwrap(),
            Fault::parse("tok.no_scope").unwrap(),
        ],
        ..super::wire::quick()
    });

    let bad = wire.sign_in();
    wire.provider.set_faults(&[]);
    let good = wire.sign_in();

    assert!(bad.get("scope").is_none());
    assert!(
        super::wire::parts(bad["id_token"].as_str().unwrap())
            .1
            .get("iat")
            .is_none()
    );
    assert!(good.get("scope").is_some());
    assert!(
        super::wire::parts(good["id_token"].as_str().unwrap())
            .1
            .get("iat")
            .is_some()
    );
}

#[test]
fn every_fault_of_the_id_token_is_in_it() {
    see(tokens::ID);
}

#[test]
fn every_fault_of_keys_and_refreshes_is_in_the_answers() {
    see(tokens::OTHER);
}

#[test]
fn every_fault_of_the_metadata_is_in_it() {
    see(metadata::METADATA);
}

#[test]
fn every_fault_of_the_other_answers_is_in_them() {
    see(answers::ANSWERS);
}

fn see(table: &[Row]) {
    // RSA keys take long to make; one pool is enough for all.
    let keys = KeyPool::default();
    for (name, look) in table {
        let wire = Wire::start(Settings {
            keys: keys.clone(),
            ..faulty(name)
        });
        look(&wire);
    }
}
