//! Where sessions rest.
