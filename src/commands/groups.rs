//! `keyfob inspect --groups`: the groups and app roles of the account that is signed in.
//!
//! From its ID token when they fit there; groups that do not are unknown until Microsoft Graph is
//! asked, by our own address for it. Names are asked for only when they are wanted.

use serde_json::{Value, json};
use url::Url;

use super::Failure;
use crate::app::{App, Room};
use crate::base::{Diagnostic, Exit, Hint, ProfileName, Scopes, printable_line};
use crate::config::{Overrides, Selector};
use crate::flow::graph::Graph;
use crate::jwt;
use crate::oauth::grant::Wanted;
use crate::output::document;
use crate::output::listing::table;
use crate::provider::entra::groups::{Membership, membership, roles};
use crate::provider::entra::{Authority, Hosts, complete};
use crate::session::{Ask, Kind, ListedGroups, Reach as _, TokenSource as _, wanted};

/// What one look at groups is to show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// As JSON.
    pub(super) json: bool,
    /// With the names that people gave them.
    pub(super) names: bool,
}

/// A provider whose groups cannot be asked for.
#[derive(Debug, thiserror::Error)]
enum NoGroups {
    #[error(
        "the ID token of profile `{0}` says nothing about groups, and its provider has none to be asked"
    )]
    Unsaid(ProfileName),
    #[error("group names are kept by Microsoft Graph, and profile `{0}` is not Entra's")]
    NoNames(ProfileName),
    #[error("the cloud of profile `{0}` has no known Microsoft Graph")]
    NoGraph(ProfileName),
}

impl Diagnostic for NoGroups {
    fn exit(&self) -> Exit {
        Exit::Refused
    }

    fn hint(&self) -> Option<Hint> {
        match self {
            Self::Unsaid(_) => Some(Hint::Try(
                "ask whoever registered the client to put groups, or better app roles, into its tokens"
                    .into(),
            )),
            Self::NoNames(_) => Some(Hint::Try("leave `--names` out".into())),
            Self::NoGraph(_) => None,
        }
    }
}

/// Who is in which groups, and who says so.
struct Groups {
    ids: Vec<String>,
    names: Vec<(String, String)>,
    roles: Vec<String>,
    source: &'static str,
}

/// Shows the groups and app roles of a session's account.
///
/// # Errors
///
/// A [`Failure`] when there is no session, or nobody can tell.
pub(super) fn show(
    app: &App,
    selector: &Selector,
    overrides: &Overrides,
    manner: Manner,
) -> Result<(), Failure> {
    let (profile, _) = app.profile(selector, overrides)?;
    let room = app.open(profile)?;
    let groups = find(app, &room, manner)?;
    if manner.json {
        return Ok(app.console.answer(&document(&as_json(&groups)))?);
    }
    print(app, &groups)
}

fn find(app: &App, room: &Room<'_>, manner: Manner) -> Result<Groups, Failure> {
    let name = || room.profile.name.clone();
    let id_token = app.tokens(room, None)?.token(&Ask {
        kind: Kind::Id,
        wanted: wanted(&room.profile.base),
        min_life: None,
        renew: false,
    })?;
    // It was verified when it came.
    let seen = jwt::Unverified::parse(id_token.token.expose()).ok();
    let claims = seen.map(|token| token.claims().all().clone());
    let claims = claims.unwrap_or_default();
    let roles = roles(&claims);
    let said = membership(&claims);
    let Some(authority) = &room.profile.entra else {
        return match said {
            Membership::Known(_) if manner.names => Err(NoGroups::NoNames(name()).into()),
            Membership::Known(ids) => Ok(from_token(ids, Vec::new(), roles)),
            Membership::Unknown(_) | Membership::Unsaid => Err(NoGroups::Unsaid(name()).into()),
        };
    };
    let tenant = claims
        .get("tid")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if let Membership::Known(ids) = &said
        && !manner.names
    {
        return Ok(from_token(ids.clone(), Vec::new(), roles));
    }
    let key = room.key();
    let kept = ListedGroups::load(&room.keep(), &key, tenant);
    let kept = kept.filter(|kept| kept.names.is_some() || !manner.names);
    let listed = if let Some(kept) = kept {
        kept
    } else {
        let listed = ask(app, room, authority, &said, manner)?;
        listed.save(&room.keep(), &key, tenant);
        listed
    };
    let names = listed.names.unwrap_or_default();
    Ok(match said {
        Membership::Known(ids) => from_token(ids, names, roles),
        Membership::Unknown(_) | Membership::Unsaid => Groups {
            ids: listed.ids,
            names,
            roles,
            source: "graph",
        },
    })
}

/// Asks Microsoft Graph for what the token does not say.
fn ask(
    app: &App,
    room: &Room<'_>,
    authority: &Authority,
    said: &Membership,
    manner: Manner,
) -> Result<ListedGroups, Failure> {
    let origin = graph(authority).ok_or_else(|| NoGroups::NoGraph(room.profile.name.clone()))?;
    let scopes = Scopes::parse("graph").expect("a short name is a scope");
    let scopes = complete(&scopes, Hosts::of(&authority.cloud))
        .map_err(|_| NoGroups::NoGraph(room.profile.name.clone()))?;
    let ticket = room.session()?.token(&Ask {
        kind: Kind::Access,
        wanted: Wanted {
            scopes,
            ..Wanted::default()
        },
        min_life: None,
        renew: false,
    })?;
    app.trace(&format!("asking Microsoft Graph at {origin}"));
    let graph = Graph::new(room.wire()?, &origin, &ticket.token);
    let ids = match said {
        Membership::Known(ids) => ids.clone(),
        Membership::Unknown(_) | Membership::Unsaid => graph.groups()?,
    };
    let names = if manner.names {
        Some(graph.names(&ids)?)
    } else {
        None
    };
    Ok(ListedGroups {
        at: app.clock().now(),
        ids,
        names,
    })
}

/// Where a cloud's Graph is; a cloud that a person wrote down is its own.
fn graph(authority: &Authority) -> Option<Url> {
    let origin = match authority.cloud.named() {
        Some(cloud) => format!("https://{}", cloud.graph?),
        None => authority.cloud.origin(),
    };
    Url::parse(&origin).ok()
}

fn from_token(ids: Vec<String>, names: Vec<(String, String)>, roles: Vec<String>) -> Groups {
    Groups {
        ids,
        names,
        roles,
        source: "id_token",
    }
}

impl Groups {
    fn name(&self, id: &str) -> Option<&str> {
        let found = self.names.iter().find(|(known, _)| known == id);
        found.map(|(_, name)| name.as_str())
    }
}

fn as_json(groups: &Groups) -> Value {
    let all: Vec<Value> = groups
        .ids
        .iter()
        .map(|id| json!({ "id": id, "name": groups.name(id) }))
        .collect();
    json!({ "source": groups.source, "groups": all, "roles": groups.roles })
}

fn print(app: &App, groups: &Groups) -> Result<(), Failure> {
    let shown = |text: &str| printable_line(text).into_owned();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for role in &groups.roles {
        rows.push(vec!["role".into(), shown(role), "-".into()]);
    }
    for id in &groups.ids {
        let name = groups.name(id).map_or_else(|| "-".to_owned(), shown);
        rows.push(vec!["group".into(), shown(id), name]);
    }
    let said = match groups.source {
        "graph" => "Microsoft Graph says so; the ID token has no room for them.",
        _ => "The ID token says so.",
    };
    if rows.is_empty() {
        app.console
            .note("The account is in no group and has no app role.");
    } else {
        app.answer_page(&table(&["KIND", "ID", "NAME"], &rows, app.style()))?;
        app.console.note(said);
    }
    if groups.roles.is_empty() && !groups.ids.is_empty() {
        app.console.note(
            "For rules, app roles are better than groups: their names are stable, and they always \
             fit into the token.",
        );
    }
    Ok(())
}
