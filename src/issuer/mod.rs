//! The embedded practice provider: strict by default, misbehaves on request.
