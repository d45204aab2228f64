//! Native apps: RFC 8252, RFC 7636, RFC 9700, RFC 9207.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "RFC 8252 §8.12",
        "N1",
        "the person signs in with a browser of their own, never in a view of ours",
        &["it::conformance::held::no_web_view_is_built_in"],
    ),
    row(
        "RFC 7636 §4.1, §4.2; RFC 9700 §2.1.1",
        "N2",
        "every request has a challenge made with S256 from a fresh verifier of 256 random bits",
        &[
            "flow::tests::a_thousand_draws_are_all_different_and_fit_rfc_7636",
            "it::conformance::held::every_sign_in_asks_with_values_of_its_own",
            "oauth::authorize::tests::the_endpoints_own_query_is_kept_and_every_protection_is_there",
            "oauth::pkce::tests::the_example_of_rfc_7636_appendix_b_holds",
        ],
    )
    .faults(&["disc.pkce.absent"]),
    row(
        "RFC 7636 §7.2; RFC 9700 §2.1.1",
        "N3",
        "a provider without S256 gets no request with `plain`, or without a challenge",
        &[
            "it::conformance::held::a_request_refused_for_its_challenge_is_not_sent_without",
            "oauth::metadata::tests::pkce_is_assumed_when_not_mentioned_and_refused_without_s256",
        ],
    )
    .faults(&["disc.pkce.plain"]),
    row(
        "RFC 8252 §8.3",
        "N4",
        "the port is heard on the loopback interface only",
        &["sys::loopback::tests::address::nobody_else_on_the_network_reaches_the_port"],
    ),
    row(
        "RFC 8252 §8.3",
        "N4",
        "the port is closed by the answer, by the deadline and by an interrupt",
        &[
            "it::login_browser::a_sign_in_that_nobody_finishes_ends_at_its_deadline",
            "it::login_browser::an_interrupted_sign_in_frees_the_port_and_keeps_nothing",
            "sys::loopback::tests::address::a_fixed_port_is_free_again_after_the_sign_in",
        ],
    ),
    row(
        "RFC 8252 §7.3, §8.3",
        "N5",
        "where the redirect says `localhost`, both families are ours at one port, or neither",
        &[
            "sys::loopback::tests::address::a_squatter_on_the_other_family_gets_no_code",
            "sys::loopback::tests::address::localhost_is_heard_on_both_families_at_one_port",
        ],
    ),
    row(
        "RFC 8252 §8.3",
        "N6",
        "the redirect says `127.0.0.1`, unless the provider needs the name",
        &[
            "config::tests::a_profile_of_three_lines_has_safe_defaults",
            "config::tests::entra_needs_a_tenant_and_brings_its_own_habits",
        ],
    ),
    row(
        "RFC 8252 §8.10",
        "N7",
        "an answer counts at the exact path of its request and nowhere else",
        &[
            "it::login_browser::what_is_not_the_answer_never_ends_the_wait",
            "sys::loopback::tests::address::the_redirect_uri_is_exact",
            "sys::loopback::tests::junk_is_refused_unjudged_and_the_wait_goes_on",
        ],
    ),
    row(
        "RFC 6749 §10.12; RFC 9700 §2.1",
        "N8",
        "`state` has 256 random bits and is good for one sign-in",
        &[
            "flow::tests::a_thousand_draws_are_all_different_and_fit_rfc_7636",
            "it::conformance::held::every_sign_in_asks_with_values_of_its_own",
            "sys::loopback::tests::address::a_fixed_port_is_free_again_after_the_sign_in",
        ],
    ),
    row(
        "RFC 6749 §10.12; RFC 8252 §8.9",
        "N8",
        "without exactly that `state` nothing ends the wait, an error included",
        &[
            "base::secret::tests::only_the_same_text_matches",
            "it::login_browser::what_is_not_the_answer_never_ends_the_wait",
            "oauth::callback::tests::no_text_ends_the_wait_by_luck",
            "oauth::callback::tests::whatever_is_sent_only_the_right_state_ends_the_wait",
            "oauth::callback::tests::without_the_right_state_nothing_ends_the_wait",
        ],
    )
    .faults(&["ar.state.wrong", "ar.state.missing"]),
    row(
        "RFC 9207 §2.4; RFC 9700 §2.1, §4.4",
        "N9",
        "an answer of another provider is refused, and a profile can have a path of its own",
        &[
            "it::login_browser::the_redirect_uri_is_what_the_profile_says",
            "oauth::callback::tests::another_issuer_or_a_broken_promise_ends_the_sign_in",
        ],
    )
    .faults(&["ar.iss.wrong"]),
    row(
        "RFC 9207 §2.4",
        "N10",
        "a provider that promised `iss` and leaves it out is refused, on errors too",
        &["oauth::callback::tests::another_issuer_or_a_broken_promise_ends_the_sign_in"],
    )
    .faults(&["ar.iss.missing"]),
    row(
        "RFC 9207 §2.4",
        "N11",
        "an `iss` that was not promised is compared all the same",
        &["oauth::callback::tests::another_issuer_or_a_broken_promise_ends_the_sign_in"],
    ),
    row(
        "RFC 6749 §3.1",
        "N12",
        "an answer with a parameter twice is none",
        &[
            "it::login_browser::what_is_not_the_answer_never_ends_the_wait",
            "oauth::callback::tests::whatever_is_sent_only_the_right_state_ends_the_wait",
            "oauth::callback::tests::without_the_right_state_nothing_ends_the_wait",
        ],
    ),
    row(
        "RFC 9700 §2.1.2, §2.4",
        "N13",
        "there is no implicit and no password grant",
        &[
            "it::conformance::held::no_implicit_and_no_password_grant_is_asked_for",
            "config::tests::a_wrong_value_is_named_with_its_key_line_and_reason",
        ],
    ),
    row(
        "RFC 9700 §4.11.1",
        "N14",
        "the last page follows no parameter",
        &[
            "flow::page::tests::no_page_has_a_script_a_link_or_anything_from_outside",
            "it::conformance::held::the_last_page_follows_no_parameter",
        ],
    ),
    row(
        "RFC 8252 §8.5",
        "N15",
        "a configuration names the place of a secret and never holds one",
        &[
            "cli::tests::no_flag_takes_a_secret",
            "config::tests::a_secret_in_the_file_is_refused_and_never_repeated",
        ],
    ),
    row(
        "RFC 9700 §2.2.2, §4.14",
        "N16",
        "a rotated refresh token is used once, the newest always, and one that stays is kept",
        &[
            "it::refresh::every_renewal_spends_the_newest_refresh_token",
            "it::refresh::fifty_at_once_cause_one_request_and_print_one_token",
            "live::provider_npm::fifty_at_once_spend_the_refresh_token_once_and_print_one_token",
        ],
    )
    .faults(&["rt.reuse", "rt.norotate", "rt.lost"]),
    row(
        "RFC 9700 §2.3",
        "N17",
        "each target has a token of its own, with its own scopes and audience",
        &[
            "it::token::each_target_has_a_token_of_its_own_under_one_sign_in",
            "it::token::scope_resource_and_audience_ask_for_another_token",
            "oauth::grant::tests::a_code_for_several_resources_is_traded_without_naming_one",
        ],
    ),
    row(
        "RFC 6750 §5.3; RFC 9700 §4.3.2",
        "N18",
        "no token, code or verifier is in any address that is asked for",
        &[
            "it::conformance::held::no_secret_is_in_any_address_that_is_asked_for",
            "oauth::end_session::tests::the_address_holds_no_token_and_keeps_the_endpoints_query",
        ],
    ),
    row(
        "RFC 9700 §4.2.4",
        "N19",
        "the last page has no script, loads nothing, is not kept and tells nobody where it was",
        &[
            "flow::page::tests::foreign_text_stays_text",
            "flow::page::tests::no_page_has_a_script_a_link_or_anything_from_outside",
            "it::login_browser::a_declined_sign_in_shows_why_and_exits_4",
            "it::login_browser::the_last_page_can_do_nothing_and_is_not_kept",
            "sys::loopback::tests::the_right_answer_gets_its_page_and_ends_the_wait",
        ],
    ),
    row(
        "OAuth 2.0 Form Post Response Mode §2, §4",
        "N20",
        "the answer comes as a form where that is offered, and then a GET is none",
        &[
            "it::login_browser::the_answer_comes_as_a_form_unless_the_profile_says_otherwise",
            "sys::loopback::tests::a_form_that_is_none_is_refused_unjudged",
        ],
    )
    .faults(&["resp.form_post.error"]),
    row(
        "RFC 9110 §7.2",
        "N21",
        "a request for another host is refused, whoever's name leads here",
        &[
            "it::login_browser::what_is_not_the_answer_never_ends_the_wait",
            "sys::loopback::tests::junk_is_refused_unjudged_and_the_wait_goes_on",
        ],
    ),
];
