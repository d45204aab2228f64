//! The outside world: the only folder, beside `store`, that touches it.
