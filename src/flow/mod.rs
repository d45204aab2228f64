//! One grant, from its start to its end.
