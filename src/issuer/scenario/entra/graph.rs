//! Microsoft Graph, as far as groups go: whose they are, page by page, and what they are called.
//!
//! Takes its own tokens only. Lists nothing without `GroupMember.Read.All`.

use serde_json::{Value, json};

use super::Stage;
use super::api::bearer;
use super::directory::{Account, Seat, group_id, group_number};
use super::memory::Access;
use super::place::Place;
use super::refusal::guid;
use super::resource::GRAPH;
use super::script::Habit;
use crate::issuer::clock::stamp;
use crate::issuer::message::{Answer, Method, Request};
use crate::issuer::realm::Realm;

/// More than so many ids are not listed at once.
const MOST_OBJECTS: usize = 11_000;

/// The largest page.
const MOST_ON_PAGE: usize = 999;

/// The most names that are looked up at once.
const MOST_NAMES: usize = 1000;

/// Answers a call of Graph; `path` is what follows the version.
pub(super) fn answer(
    realm: &Realm,
    stage: &Stage,
    place: &Place,
    request: &Request,
    path: &[&str],
) -> Answer {
    let Some(access) = bearer(realm, stage, request, &GRAPH) else {
        let text = "Access token validation failure. Invalid audience.";
        return refused(realm, 401, "InvalidAuthenticationToken", text);
    };
    let may_list = access.scopes.iter().any(|scope| {
        [
            "GroupMember.Read.All",
            "Group.Read.All",
            "Directory.Read.All",
        ]
        .contains(&scope.as_str())
    });
    let (seat, rest) = match (whose(&access, path), path) {
        (_, ["directoryObjects", "getByIds"]) if may_list => return names(realm, request),
        (Some(found), _) => found,
        (None, _) => {
            let text = "Insufficient privileges to complete the operation.";
            return refused(realm, 403, "Authorization_RequestDenied", text);
        }
    };
    if rest.is_empty() {
        return me(seat);
    }
    if !may_list || stage.scripts.has(Habit::GraphDenies) {
        let text = "Insufficient privileges to complete the operation.";
        return refused(realm, 403, "Authorization_RequestDenied", text);
    }
    match (rest, request.method) {
        (["getMemberObjects" | "getMemberGroups"], Method::Post) => objects(realm, seat),
        (["transitiveMemberOf", "microsoft.graph.group"], Method::Get) => {
            page(place, request, seat)
        }
        _ => refused(
            realm,
            404,
            "Request_ResourceNotFound",
            "Resource not found.",
        ),
    }
}

/// Finds whom a path is about, and what follows.
fn whose<'a>(access: &Access, path: &'a [&'a str]) -> Option<(Seat, &'a [&'a str])> {
    let seat = access.seat?;
    match path {
        ["me", rest @ ..] => Some((seat, rest)),
        ["users", who, rest @ ..] => {
            let account = Account::find(who).or((seat.oid == *who).then_some(seat.account))?;
            Some((Seat { account, ..seat }, rest))
        }
        _ => None,
    }
}

fn me(seat: Seat) -> Answer {
    let account = seat.account;
    let body = json!({
        "id": seat.oid, "displayName": account.name(), "userPrincipalName": account.upn,
        "mail": account.upn,
    });
    Answer::json(200, &body)
}

fn objects(realm: &Realm, seat: Seat) -> Answer {
    if seat.account.groups > MOST_OBJECTS {
        let text = "The result set is too large: more than 11000 objects.";
        return refused(realm, 400, "Directory_ResultSizeLimitExceeded", text);
    }
    let ids: Vec<String> = seat.account.group_ids().collect();
    let body = json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(Edm.String)",
        "value": ids,
    });
    Answer::json(200, &body)
}

fn page(place: &Place, request: &Request, seat: Seat) -> Answer {
    let query = request.query();
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
    let top = number("$top").unwrap_or(100).clamp(1, MOST_ON_PAGE);
    let from = number("$skiptoken").unwrap_or(0);
    let until = seat.account.groups.min(from + top);
    let value: Vec<Value> = (from..until)
        .map(|index| json!({"id": group_id(index + 1)}))
        .collect();
    let mut body = json!({ "value": value });
    if until < seat.account.groups {
        let next = format!(
            "{}{}?$select=id&$top={top}&$skiptoken={until}",
            place.graph(),
            request.path
        );
        if let Some(members) = body.as_object_mut() {
            members.insert("@odata.nextLink".to_owned(), json!(next));
        }
    }
    Answer::json(200, &body)
}

/// Says what groups are called; ids that are nobody's are left out.
fn names(realm: &Realm, request: &Request) -> Answer {
    let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let ids = asked.get("ids").and_then(Value::as_array);
    let Some(ids) = ids.filter(|ids| ids.len() <= MOST_NAMES) else {
        return refused(
            realm,
            400,
            "Request_BadRequest",
            "Invalid value specified for 'ids'.",
        );
    };
    let value: Vec<Value> = ids
        .iter()
        .filter_map(Value::as_str)
        .filter_map(|id| {
            let name = format!("Project {:03}", group_number(id)?);
            Some(json!({
                "@odata.type": "#microsoft.graph.group", "id": id, "displayName": name,
            }))
        })
        .collect();
    Answer::json(200, &json!({ "value": value }))
}

/// Answers with claims about the person behind a Graph token.
pub(super) fn userinfo(realm: &Realm, stage: &Stage, request: &Request) -> Answer {
    let access = bearer(realm, stage, request, &GRAPH);
    let Some(seat) = access.and_then(|access| access.seat) else {
        let text = "Access token validation failure. Invalid audience.";
        return refused(realm, 401, "InvalidAuthenticationToken", text);
    };
    let account = seat.account;
    let sub = crate::issuer::random::digest(&format!("userinfo {}", seat.oid));
    let body = json!({
        "sub": crate::issuer::random::base64url(&sub), "name": account.name(),
        "family_name": account.family, "given_name": account.given, "email": account.upn,
    });
    Answer::json(200, &body)
}

/// An error as Graph says it.
fn refused(realm: &Realm, status: u16, code: &str, text: &str) -> Answer {
    let now = stamp(realm.clock.now());
    let body = json!({"error": {
        "code": code, "message": text,
        "innerError": {"date": now, "request-id": guid(), "client-request-id": guid()},
    }});
    Answer {
        error: Some(code.to_owned()),
        ..Answer::json(status, &body)
    }
}
