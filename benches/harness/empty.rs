//! The least a Rust program can be: what every other measurement is held against.

fn main() {}
