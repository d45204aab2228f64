//! The other endpoints: RFC 9126, RFC 8707, RFC 7009, RFC 8414 and OpenID Connect Discovery,
//! RP-Initiated Logout, and RFC 6749's client authentication and token answers.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "RFC 9126 §5",
        "P1",
        "a request that must be pushed is pushed, and no failure makes it a plain one",
        &[
            "it::login_browser::a_request_is_pushed_when_that_is_offered_or_required",
            "live::provider_npm::a_required_pushed_request_leaves_nothing_in_the_address",
            "oauth::metadata::tests::a_push_that_is_required_and_has_no_address_is_an_error",
        ],
    )
    .faults(&["par.500"]),
    row(
        "RFC 9126 §4",
        "P2",
        "the browser then gets the client and the reference, and nothing else",
        &[
            "it::login_browser::a_request_is_pushed_when_that_is_offered_or_required",
            "oauth::authorize::tests::a_pushed_request_leaves_only_its_reference_in_the_browser",
        ],
    ),
    row(
        "RFC 9126 §2.2, §2.3",
        "P3",
        "the answer to a push is a reference or a reason",
        &[
            "oauth::authorize::tests::the_answer_to_a_push_is_a_reference_or_a_reason",
            "oauth::authorize::tests::whatever_a_push_is_answered_a_reference_fits_an_address",
        ],
    ),
    row(
        "RFC 8707 §2",
        "R1",
        "a resource is an absolute URI without a fragment",
        &[
            "base::names::tests::a_resource_is_absolute_and_has_no_fragment",
            "config::tests::a_wrong_value_is_named_with_its_key_line_and_reason",
            "oauth::grant::tests::a_refresh_names_its_scopes_and_a_code_does_not",
        ],
    ),
    row(
        "RFC 8707 §2",
        "R2",
        "a provider that knows no resources is not asked with one",
        &["config::tests::entra_needs_a_tenant_and_brings_its_own_habits"],
    ),
    row(
        "RFC 7009 §2.1",
        "V1",
        "a token is revoked by POST over TLS with its kind, and every token of the session is",
        &[
            "it::logout::both_tokens_are_revoked_and_everything_is_forgotten",
            "it::logout::the_access_tokens_of_every_target_are_revoked",
            "oauth::metadata::tests::an_endpoint_that_must_not_be_used_is_refused",
            "oauth::revoke::tests::the_kind_of_token_goes_along_as_a_hint",
        ],
    ),
    row(
        "RFC 7009 §2.2, §2.2.1",
        "V1",
        "200 means dead, also for an unknown token, and 503 means still alive",
        &["oauth::revoke::tests::a_busy_provider_means_that_the_token_lives_on"],
    ),
    row(
        "RFC 7009 §2.2.1",
        "V2",
        "a sign-out forgets here whatever the provider does, and says what is still alive",
        &[
            "it::logout::without_the_provider_the_session_is_forgotten_and_what_lives_on_is_said",
            "live::outage::signing_out_offline_forgets_and_says_what_is_still_alive",
        ],
    ),
    row(
        "RFC 8414 §3.3; OpenID Connect Discovery §4.3",
        "M1",
        "metadata of another issuer is dropped whole, before a browser opens",
        &[
            "oauth::metadata::tests::the_issuer_must_be_the_same_to_the_byte",
            "oauth::metadata::tests::whatever_is_published_only_safe_endpoints_are_taken",
        ],
    )
    .faults(&["disc.iss.mismatch", "disc.slash", "disc.case", "disc.port", "disc.template"]),
    row(
        "RFC 8414 §2, §3.1; OpenID Connect Discovery §4",
        "M2",
        "an issuer is `https` without query or fragment, and both layouts of its address are asked",
        &[
            "base::issuer::tests::what_is_no_issuer_is_refused_with_its_reason",
            "oauth::metadata::tests::both_layouts_of_the_well_known_address_are_asked",
            "oauth::metadata::tests::plain_http_is_for_a_provider_on_this_machine_only",
        ],
    ),
    row(
        "RFC 8414 §6.2; RFC 9700 §4.12",
        "M2",
        "an endpoint that is not `https`, hides its host or is link-local is never used",
        &["oauth::metadata::tests::an_endpoint_that_must_not_be_used_is_refused"],
    )
    .faults(&[
        "disc.endpoint.http",
        "disc.endpoint.file",
        "disc.endpoint.js",
        "disc.endpoint.userinfo",
        "disc.endpoint.privateip",
        "disc.authz.dash",
        "disc.authz.nul",
    ]),
    row(
        "RFC 8414 §3.2",
        "M2",
        "a redirect, a page, too much or half of a document is none",
        &[
            "oauth::metadata::tests::what_is_not_json_is_named_for_what_it_is",
            "sys::http::tests::a_redirect_is_an_answer_and_is_not_followed",
            "sys::http::tests::fifty_megabytes_are_stopped_at_one",
        ],
    )
    .faults(&[
        "disc.redirect.host",
        "disc.redirect.http",
        "disc.html",
        "disc.huge",
        "disc.truncated",
        "disc.dupkeys",
    ]),
    row(
        "RP-Initiated Logout §2",
        "L1",
        "the provider is given the ID token and the client",
        &[
            "flow::page::tests::the_sign_out_page_posts_its_members_and_escapes_them",
            "it::conformance::held::the_id_token_of_a_sign_out_is_in_no_address",
            "live::browser::a_browser_that_signed_in_signs_out_everywhere",
        ],
    ),
    row(
        "RP-Initiated Logout §2; RFC 9700 §4.3.2",
        "L2",
        "the ID token goes by POST from a page of one visit, and is in no address and no argument",
        &[
            "it::conformance::held::the_id_token_of_a_sign_out_is_in_no_address",
            "it::logout::everywhere_names_the_address_that_ends_the_providers_own_session",
            "oauth::end_session::tests::the_address_holds_no_token_and_keeps_the_endpoints_query",
        ],
    ),
    row(
        "RFC 6749 §2.3.1",
        "C1",
        "name and secret are form-encoded before base64, and shown one way only",
        &[
            "it::client_secret::a_secret_kept_in_the_store_signs_a_confidential_client_in",
            "oauth::client_auth::tests::a_public_client_sends_its_name_only",
            "oauth::client_auth::tests::name_and_secret_are_form_encoded_before_base64",
        ],
    )
    .faults(&["auth.basic"]),
    row(
        "RFC 6749 §5.1, §7.1",
        "C1",
        "a token of another type, or one that could break a header, is not used",
        &[
            "oauth::token::tests::a_token_that_could_break_a_header_is_refused_and_not_shown",
            "oauth::token::tests::whatever_is_answered_a_token_fits_a_header_and_a_message_a_terminal",
            "output::tests::a_token_of_another_type_is_not_presented_as_a_bearer_token",
        ],
    )
    .faults(&["tok.type.mac", "tok.type.case", "tok.newline"]),
    row(
        "RFC 6749 §5.1, §5.2",
        "C1",
        "an answer that contradicts itself or its types is no answer, whatever its status",
        &["oauth::token::tests::what_is_no_token_answer_is_refused_by_what_it_is"],
    )
    .faults(&[
        "tok.200error",
        "tok.400html",
        "tok.json.dup",
        "tok.json.bool",
        "tok.expires.neg",
        "tok.expires.huge",
    ]),
    row(
        "RFC 6749 §3.3, §5.1",
        "C1",
        "what is left out means what was asked for, and what differs is said",
        &["oauth::token::tests::a_life_in_a_string_is_read_and_no_other_oddity"],
    )
    .faults(&["tok.no_scope", "tok.no_expires_in", "tok.scope.less", "tok.scope.more"]),
];
