//! other
