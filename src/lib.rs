//! keyfob signs a developer in once, to any OpenID Connect provider, and hands fresh tokens to
//! every other tool.
//!
//! This library exists for the `keyfob` program and its tests; it makes no promise of stability.
#![doc = include_str!("ARCHITECTURE.md")]

pub mod base;
pub mod jwt;
pub mod sys;

pub mod audit;
pub mod credential;
pub mod oauth;
pub mod output;
pub mod provider;
pub mod store;

pub mod config;
pub mod explain;
pub mod flow;
pub mod session;

pub mod agent;
pub mod endpoint;
pub mod issuer;

pub mod app;
pub mod doctor;

pub mod commands;

pub mod cli;
