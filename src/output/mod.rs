//! Text out: what `token` and `inspect` print, pure.
