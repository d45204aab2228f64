//! Faults of userinfo, and claims that other parties vouch for (OIDC Core §5.3, §5.6.2).

use serde_json::{Map, Value, json};

use super::{Act, FaultInfo, Flow, Point, Verdict};
use crate::issuer::message::Body;
use crate::issuer::mint::{Draft, Occasion};

pub(super) const ROWS: &[FaultInfo] = &[
    FaultInfo::new(
        "ui.sub.wrong",
        "userinfo is about somebody else",
        Flow::UserInfo,
        Verdict::Discard { check: "sub" },
        &[Act::Json(Point::UserInfo, |json, _| {
            json.insert("sub".to_owned(), json!("somebody-else"));
        })],
    ),
    FaultInfo::new(
        "ui.signed",
        "userinfo is a signed JWT",
        Flow::UserInfo,
        Verdict::Discard { check: "JSON" },
        &[Act::Answer(Point::UserInfo, |answer, realm| {
            let Body::Whole(body) = &answer.body else {
                return answer;
            };
            let claims = serde_json::from_slice(body).unwrap_or_default();
            let token = Draft::new(realm, "JWT", claims).seal();
            answer.holding("application/jwt", token.into_bytes())
        })],
    ),
    FaultInfo::new(
        "claims.aggregated",
        "the ID token has a claim that another issuer signed",
        Flow::SignIn,
        Verdict::Accept,
        &[Act::IdToken(Occasion::SignIn, |draft, realm| {
            let mut claims = Map::new();
            claims.insert("iss".to_owned(), json!("https://bank.practice.example"));
            claims.insert("credit_score".to_owned(), json!(650));
            let mut inner = Draft::new(realm, "JWT", claims);
            inner.sign_with(realm.keys.forger(realm.settings.algorithm));
            vouch(draft, "credit_score", &json!({ "JWT": inner.seal() }));
        })],
    ),
    FaultInfo::new(
        "claims.distributed",
        "the ID token says where a claim can be fetched: nobody may call there",
        Flow::SignIn,
        Verdict::Accept,
        &[Act::IdToken(Occasion::SignIn, |draft, realm| {
            let source = json!({"endpoint": realm.url("/trap"), "access_token": "fetch-it"});
            vouch(draft, "shipping_address", &source);
        })],
    ),
];

fn vouch(draft: &mut Draft, claim: &str, source: &Value) {
    let names = json!({ claim: "src1" });
    draft.claims.insert("_claim_names".to_owned(), names);
    let sources = json!({ "src1": source });
    draft.claims.insert("_claim_sources".to_owned(), sources);
}
