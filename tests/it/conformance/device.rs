//! The device grant: RFC 8628.

use super::{Row, row};

pub(super) const ROWS: &[Row] = &[
    row(
        "RFC 8628 §3.2, §3.5",
        "D1",
        "between two polls, and before the first, passes the interval; 5 s when it is not said",
        &[
            "it::conformance::held::a_device_sign_in_says_who_asks_for_what_and_opens_nothing",
            "oauth::device::tests::an_answer_is_read_with_its_defaults",
            "oauth::device::tests::whatever_is_heard_the_wait_grows_only_and_ends_in_time",
        ],
    )
    .faults(&["dev.interval.absent"]),
    row(
        "RFC 8628 §3.5",
        "D2",
        "`slow_down` adds 5 s for good",
        &[
            "oauth::device::tests::slow_down_lengthens_the_interval_for_good",
            "oauth::device::tests::whatever_is_heard_the_wait_grows_only_and_ends_in_time",
        ],
    )
    .faults(&["dev.slow_down"]),
    row(
        "RFC 8628 §3.5",
        "D3",
        "`authorization_pending` is waited for, and every other error ends the wait",
        &[
            "it::login_device::a_code_turned_down_elsewhere_is_exit_4",
            "oauth::device::tests::every_other_answer_ends_the_wait",
        ],
    )
    .faults(&[
        "dev.pending",
        "dev.denied",
        "dev.declined",
        "dev.expired",
        "dev.bad",
    ]),
    row(
        "RFC 8628 §3.5",
        "D4",
        "a network that fails is asked half as often each time",
        &["oauth::device::tests::a_dead_network_is_asked_half_as_often_each_time"],
    ),
    row(
        "RFC 8628 §3.5",
        "D5",
        "nothing is polled after the codes are dead, by a clock that never jumps",
        &[
            "it::login_device::nobody_is_asked_again_after_the_code_is_dead",
            "oauth::device::tests::nothing_is_polled_after_the_codes_are_dead",
            "sys::clock::tests::the_monotonic_clock_counts_a_wait",
        ],
    )
    .faults(&["dev.never"]),
    row(
        "RFC 8628 §3.3.1",
        "D6",
        "the code is shown for comparison even where an address holds it",
        &[
            "it::conformance::held::a_device_sign_in_says_who_asks_for_what_and_opens_nothing",
            "live::terminal::a_device_sign_in_shows_its_code_and_counts_down",
        ],
    )
    .faults(&["dev.code.esc"]),
    row(
        "RFC 8628 §3.2, §5.4",
        "D7",
        "a person is sent to `https` only, to an address that hides nothing, on a line of its own",
        &[
            "it::conformance::held::a_device_sign_in_says_who_asks_for_what_and_opens_nothing",
            "oauth::device::tests::an_answer_that_would_mislead_a_person_is_refused",
            "oauth::device::tests::whatever_is_answered_what_a_person_is_shown_is_safe",
        ],
    )
    .faults(&["dev.uri.http", "dev.uri.esc"]),
    row(
        "RFC 8628 §5.4",
        "D8",
        "a code is shown only to who asked for one, with who asks, for what, and a warning",
        &[
            "it::conformance::held::a_device_sign_in_says_who_asks_for_what_and_opens_nothing",
            "it::conformance::held::a_sign_in_with_a_browser_never_turns_into_a_code",
        ],
    ),
    row(
        "RFC 8628 §5.4",
        "D9",
        "the address of a code is opened by nobody but the person",
        &[
            "it::conformance::held::a_device_sign_in_says_who_asks_for_what_and_opens_nothing",
            "it::login_device::a_code_approved_elsewhere_signs_in",
        ],
    ),
];
