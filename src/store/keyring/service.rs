//! Who keeps the keyring on this desktop, and whether it is locked, without asking it for anything.
//!
//! Reads two facts over D-Bus (freedesktop Secret Service §3); never unlocks, never opens a prompt.

/// A keyring service that answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Service {
    /// The program that keeps it, as its process is called.
    pub program: Option<String>,
    /// Whether the default collection is locked; unknown when there is none.
    pub is_locked: Option<bool>,
}

/// Looks who keeps the keyring; none where nobody does, or where this cannot be told.
#[cfg(target_os = "linux")]
pub fn look() -> Option<Service> {
    use zbus::blocking::fdo::DBusProxy;
    use zbus::blocking::{Connection, Proxy};

    const NAME: &str = "org.freedesktop.secrets";
    let bus = Connection::session().ok()?;
    let names = DBusProxy::new(&bus).ok()?;
    let name = NAME.try_into().ok()?;
    if !names.name_has_owner(name).ok()? {
        return None;
    }
    let process = names.get_connection_unix_process_id(NAME.try_into().ok()?);
    let program = process.ok().and_then(|process| {
        let name = std::fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
        Some(name.trim().to_owned())
    });
    let place = "/org/freedesktop/secrets/aliases/default";
    let kind = "org.freedesktop.Secret.Collection";
    let collection = Proxy::new(&bus, NAME, place, kind).ok();
    Some(Service {
        program,
        is_locked: collection.and_then(|collection| collection.get_property("Locked").ok()),
    })
}

/// Looks who keeps the keyring; this cannot be told where there is no Secret Service.
#[cfg(not(target_os = "linux"))]
pub fn look() -> Option<Service> {
    None
}
