//! AWS as far as the tests need it: PyPI's `moto` with STS, IAM and S3, and a front that does what
//! moto leaves out: it lets an identity token through only if the provider signed it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::guard::Guard;
use super::process::Running;
use super::python;
use super::web::{Asked, Told, Web};
use super::world::World;

/// Up until dropped.
pub(crate) struct Moto {
    _server: Running,
    front: Web,
    refuses: Arc<AtomicBool>,
}

impl Moto {
    /// Starts it; identity tokens are those of this guard's provider.
    pub(crate) fn start(world: &World, guard: Guard) -> Self {
        Self::start_with(world, guard, None)
    }

    /// Starts it with credentials that live so long, where AWS gives them a quarter of an hour at
    /// least.
    pub(crate) fn start_with(world: &World, guard: Guard, life: Option<Duration>) -> Self {
        let mut command = python::tool(world, "moto_server");
        command.args(["--host", "127.0.0.1", "--port", "0"]);
        let mut server = Running::start(command);
        let origin = server.stderr_line("where moto listens", |line| {
            let (_, address) = line.split_once("Running on ")?;
            Some(address.trim().to_owned())
        });
        let refuses = Arc::new(AtomicBool::new(false));
        let all = Arc::clone(&refuses);
        let front = Web::plain(move |asked| {
            if let Some(refusal) = refusal(asked, &guard, all.load(Ordering::SeqCst)) {
                return refusal;
            }
            let told = super::web::pass_on(&origin, asked);
            match life {
                Some(life) if field(asked, "Action").is_some() => shortened(told, life),
                Some(_) | None => told,
            }
        });
        Self {
            _server: server,
            front,
            refuses,
        }
    }

    /// From now on no token opens any role.
    pub(crate) fn refuse_everybody(&self) {
        self.refuses.store(true, Ordering::SeqCst);
    }

    /// The address for every service, as `AWS_ENDPOINT_URL` or `aws_endpoint`.
    pub(crate) fn endpoint(&self) -> String {
        self.front.origin()
    }

    /// How often this action was asked for, as `AssumeRoleWithWebIdentity`.
    pub(crate) fn calls(&self, action: &str) -> usize {
        let asked = self.front.asked();
        asked
            .iter()
            .filter(|one| field(one, "Action").as_deref() == Some(action))
            .count()
    }

    /// Everything that was asked for.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.front.asked()
    }
}

/// A field of a request in AWS' query protocol, from the body or the address.
pub(crate) fn field(asked: &Asked, name: &str) -> Option<String> {
    let query = asked.path.split_once('?').map(|(_, query)| query);
    let both = [query.unwrap_or_default().as_bytes(), &asked.body];
    both.iter()
        .flat_map(|text| url::form_urlencoded::parse(text))
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// What AWS says to a token that is not the provider's, or is at its end.
fn refusal(asked: &Asked, guard: &Guard, everybody: bool) -> Option<Told> {
    if field(asked, "Action")? != "AssumeRoleWithWebIdentity" {
        return None;
    }
    let token = field(asked, "WebIdentityToken").unwrap_or_default();
    if guard.claims(&token).is_some() && !everybody {
        return None;
    }
    let text = "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>\
                <Type>Sender</Type><Code>InvalidIdentityToken</Code>\
                <Message>Couldn't retrieve verification key from your identity provider</Message>\
                </Error><RequestId>0</RequestId></ErrorResponse>";
    Some(Told::text(400, text).with("Content-Type", "text/xml"))
}

/// The answer with another end of the credentials in it.
fn shortened(told: Told, life: Duration) -> Told {
    let text = String::from_utf8(told.body).expect("an answer of AWS is text");
    let (begin, end) = ("<Expiration>", "</Expiration>");
    let body = match (text.split_once(begin), text.split_once(end)) {
        (Some((before, _)), Some((_, after))) => {
            let at = jiff::Timestamp::now() + life;
            let at = at.strftime("%Y-%m-%dT%H:%M:%SZ");
            format!("{before}{begin}{at}{end}{after}")
        }
        _ => text,
    };
    Told {
        body: body.into_bytes(),
        ..told
    }
}
