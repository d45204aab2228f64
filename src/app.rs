//! The composition root: names become things. Environment in; profile, network, store and token
//! source out.
//!
//! The only place that knows all of them. Nothing below layer 8 is ever handed the whole of it, and
//! nothing is made before it is needed: a cached token costs neither network nor keyring.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::{Secret, TargetName};
use crate::config::{Config, ConfigError, Overrides, Profile, Selector, StoreChoice};
use crate::flow::{Client, Wire};
use crate::oauth::grant::Wanted;
use crate::session::{self, Keep, Local, Reach, SessionKey};
use crate::store::{ATTENDED, Ask, Cache, Journal, Memory, Sealed, Store, StoreError, UNATTENDED};
use crate::sys::browser::Desktop;
use crate::sys::clock::{Clock, SystemClock};
use crate::sys::console::Console;
use crate::sys::env::{Dirs, Env};
use crate::sys::http::{Http, HttpSettings, Proxies};
