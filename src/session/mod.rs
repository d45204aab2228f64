//! From a profile to a token that still works.
