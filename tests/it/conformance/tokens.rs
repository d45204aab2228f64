//! Tokens: OIDC Core §3.1.3.7 and §12.2, RFC 7515 to 7519, RFC 8725, RFC 9068.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "RFC 8725 §3.1, §3.2; OIDC Core §3.1.3.7 step 7",
        "T1",
        "the algorithm is one that the provider lists, never the token's choice, never none or HMAC",
        &[
            "jwt::algorithm::tests::every_name_is_read_back_and_no_weak_one_is_read_at_all",
            "jwt::verify::tests::signatures::a_signature_holds_for_its_own_algorithm_only",
            "jwt::verify::tests::signatures::an_algorithm_that_was_not_agreed_on_is_refused",
            "jwt::verify::tests::signatures::an_unsigned_token_or_a_keyed_hash_is_refused",
        ],
    )
    .faults(&["id.alg.none", "id.alg.null", "id.alg.other", "id.sig.hs256.bad"]),
    row(
        "OIDC Core §3.1.3.7 step 6; RFC 8725 §3.3",
        "T1",
        "the signature is verified, also when the token came over TLS",
        &[
            "it::inspect::a_changed_token_is_refused_with_the_failed_check",
            "jwt::verify::tests::signatures::every_one_bit_change_of_a_signed_token_is_refused",
        ],
    )
    .faults(&["id.sig.rs256.bad", "id.sig.es256.bad"]),
    row(
        "RFC 8725 §3.8; RFC 7517 §4.5",
        "T2",
        "the key is the issuer's own, and one only",
        &[
            "jwt::verify::tests::keys::a_key_of_another_issuer_in_a_shared_set_is_not_used",
            "jwt::verify::tests::keys::a_name_that_two_keys_of_one_kind_share_names_neither",
            "jwt::verify::tests::keys::a_token_without_a_kid_is_matched_by_exactly_one_key",
            "jwt::verify::tests::keys::at_most_eight_keys_are_tried_for_a_token_that_names_none",
        ],
    )
    .faults(&["jwks.dupkid", "id.kid.absent.one", "id.kid.absent.many"]),
    row(
        "OIDC Core §10.1.1",
        "T2",
        "an unknown `kid` has the keys fetched again, at most once a minute",
        &[
            "it::refresh::new_keys_are_fetched_when_a_token_names_one_and_at_most_once_a_minute",
            "jwt::verify::tests::keys::an_unknown_key_wants_new_keys_and_a_wrong_claim_does_not",
        ],
    )
    .faults(&["jwks.rotate.between", "jwks.rotate.late", "jwks.storm"]),
    row(
        "OIDC Core §3.1.3.7 step 2",
        "T3",
        "`iss` is the issuer that was asked, to the byte",
        &["jwt::verify::tests::each_wrong_claim_fails_its_own_check"],
    )
    .faults(&["id.iss.wrong", "id.iss.missing"]),
    row(
        "OIDC Core §3.1.3.7 step 3",
        "T4",
        "`aud` has our client in it, and nobody that the token does not say we may trust",
        &[
            "jwt::verify::tests::each_harmless_variation_is_accepted",
            "jwt::verify::tests::each_wrong_claim_fails_its_own_check",
        ],
    )
    .faults(&["id.aud.wrong", "id.aud.missing", "id.aud.extra", "id.aud.array1"]),
    row(
        "OIDC Core §3.1.3.7 steps 4 and 5",
        "T5",
        "with several audiences `azp` is there, and wherever it is there it is us",
        &[
            "jwt::verify::tests::each_harmless_variation_is_accepted",
            "jwt::verify::tests::each_wrong_claim_fails_its_own_check",
        ],
    ),
    row(
        "OIDC Core §3.1.3.7 step 9; RFC 7519 §4.1.4",
        "T6",
        "an expired token is refused, with five minutes of leeway at most",
        &[
            "jwt::verify::tests::a_leeway_beyond_five_minutes_counts_as_five",
            "jwt::verify::tests::each_wrong_claim_fails_its_own_check",
        ],
    )
    .faults(&["id.exp.missing", "id.exp.past"]),
    row(
        "RFC 7519 §2, §4.1",
        "T6",
        "a claim of the wrong type is an error, and never absent",
        &[
            "jwt::claims::tests::a_date_of_the_wrong_type_is_an_error_and_never_absent",
            "jwt::claims::tests::a_text_claim_of_another_type_is_an_error",
            "jwt::verify::tests::no_claim_that_is_signed_makes_it_panic",
        ],
    ),
    row(
        "OIDC Core §3.1.3.7 step 10; RFC 7519 §4.1.5, §4.1.6",
        "T7",
        "`nbf` is kept to, and `iat` lies in this sign-in",
        &["jwt::verify::tests::each_wrong_claim_fails_its_own_check"],
    )
    .faults(&["id.iat.missing", "id.iat.old"]),
    row(
        "OIDC Core §3.1.3.7 step 11",
        "T8",
        "the `nonce` that was sent comes back",
        &["jwt::verify::tests::each_wrong_claim_fails_its_own_check"],
    )
    .faults(&["id.nonce.wrong", "id.nonce.missing"]),
    row(
        "OIDC Core §3.1.3.7 steps 12 and 13",
        "T9",
        "`acr` and `auth_time` meet what the profile asks for",
        &[
            "config::tests::a_wrong_value_is_named_with_its_key_line_and_reason",
            "it::conformance::held::a_sign_in_weaker_than_the_profile_asks_for_is_refused",
            "jwt::verify::tests::the_age_that_was_asked_for_is_enforced",
            "jwt::verify::tests::the_strength_that_was_asked_for_is_enforced",
        ],
    ),
    row(
        "RFC 9068 §4; RFC 8725 §3.11",
        "T10",
        "an access token says by its type that it is one, unless the provider is older than that",
        &[
            "jwt::verify::tests::access::an_access_token_is_one_by_its_type_and_for_this_api",
            "jwt::verify::tests::access::an_access_token_without_a_type_needs_the_provider_s_exception",
        ],
    ),
    row(
        "RFC 8725 §3.12; RFC 9068 §5",
        "T11",
        "an ID token is no access token, and the reverse",
        &[
            "jwt::verify::tests::access::an_access_token_without_a_type_needs_the_provider_s_exception",
            "jwt::verify::tests::the_header_s_type_must_be_that_of_an_id_token",
        ],
    ),
    row(
        "RFC 9068 §6; RFC 6749 §1.4",
        "T12",
        "nothing is decided by what is inside an access token",
        &[
            "it::conformance::held::nothing_is_decided_by_what_is_inside_an_access_token",
            "oauth::token::tests::a_plain_answer_is_read",
        ],
    ),
    row(
        "RFC 7515 §4.1.11; RFC 7797 §6; RFC 7519 §5.2",
        "T13",
        "`crit`, `b64`, nesting and encryption are refused",
        &[
            "jwt::compact::tests::extensions_that_change_the_meaning_are_refused",
            "jwt::compact::tests::only_three_parts_are_a_signed_token",
        ],
    )
    .faults(&["jwks.crit", "id.enc"]),
    row(
        "RFC 7515 §10.3; RFC 8725 §3.10",
        "T14",
        "a key that the header brings or points to is not looked at; `kid` is a name and no more",
        &[
            "jwt::compact::tests::a_header_of_the_wrong_shape_is_refused",
            "jwt::compact::tests::a_key_that_the_header_brings_or_names_is_only_a_member",
        ],
    )
    .faults(&["jwks.jku", "jwks.x5u", "jwks.jwkhdr"]),
    row(
        "RFC 7515 §2, §5.2; RFC 7519 §7.2",
        "T15",
        "a token has one spelling, three parts, a limit, and no name twice",
        &[
            "it::inspect::what_is_no_token_is_shown_as_what_it_is",
            "jwt::compact::tests::a_token_has_exactly_one_spelling",
            "jwt::compact::tests::no_bytes_in_the_parts_make_it_panic",
            "jwt::compact::tests::no_text_makes_it_panic",
            "jwt::compact::tests::only_three_parts_are_a_signed_token",
            "jwt::json::tests::a_name_that_comes_twice_is_refused_at_every_level",
            "jwt::json::tests::only_one_object_of_sane_depth_is_read",
        ],
    ),
    row(
        "RFC 7518 §3.3, §3.4; RFC 8725 §3.4, §3.5",
        "T16",
        "a signature has its length and no zeros, an RSA key 2048 bits, a key its own use",
        &[
            "jwt::key::tests::a_key_that_must_not_verify_is_never_made",
            "jwt::key::tests::a_key_that_the_trait_makes_from_a_secret_verifies_nothing",
            "jwt::key::tests::an_rsa_key_has_2048_to_8192_bits_and_an_odd_exponent",
            "jwt::verify::tests::signatures::a_zero_short_long_or_der_signature_is_refused",
        ],
    )
    .faults(&["jwks.oct", "jwks.use_enc", "jwks.weak1024", "jwks.algmix"]),
    row(
        "OIDC Core §12.2",
        "T17",
        "a refreshed ID token is about the same sign-in, or the answer is dropped whole",
        &[
            "jwt::verify::tests::refresh::a_refreshed_token_is_about_the_same_sign_in",
            "jwt::verify::tests::refresh::an_authorized_party_neither_appears_nor_vanishes_on_refresh",
        ],
    )
    .faults(&["rt.iss.changed", "rt.sub.changed"]),
    row(
        "OIDC Core §3.1.3.8, §3.3.2.11",
        "T17",
        "a hash that is there belongs to what came with the token",
        &["jwt::verify::tests::a_hash_that_is_there_must_belong_to_what_came_with_it"],
    )
    .faults(&["id.athash.wrong", "id.athash.missing", "id.chash.wrong"]),
    row(
        "OIDC Core §5.3.2",
        "T18",
        "userinfo about another subject, or signed and not verified, is not used",
        &[
            "flow::userinfo::tests::nothing_but_json_is_read",
            "flow::userinfo::tests::only_the_sessions_own_subject_is_told_about",
            "it::inspect::userinfo_is_asked_with_the_token_in_the_header_and_shown_as_the_providers_word",
        ],
    )
    .faults(&["ui.sub.wrong", "ui.signed"]),
    row(
        "OIDC Core §5.6.2",
        "T18",
        "where distributed claims point is shown and never asked",
        &[],
    )
    .faults(&["claims.aggregated", "claims.distributed"]),
    row(
        "OIDC Core §2",
        "T18",
        "an ID token without a subject signs nobody in",
        &["jwt::verify::tests::each_wrong_claim_fails_its_own_check"],
    )
    .faults(&["id.sub.missing"]),
    row(
        "RFC 9700 §4.3; RFC 6819 §5.1.4",
        "T21",
        "secrets are compared in constant time, wiped, and in no debug text, file or message",
        &[
            "base::secret::tests::debug_hides_the_secret",
            "base::secret::tests::only_the_same_text_matches",
            "it::login_browser::no_secret_of_a_whole_session_is_ever_written_in_the_clear",
            "it::tidy::a_secret_is_shown_at_known_places_only",
            "it::verbose::verbose_tells_the_files_the_store_and_each_exchange_and_no_secret",
            "jwt::compact::tests::debug_shows_neither_the_signature_nor_what_was_signed",
        ],
    ),
];
