//! `keyfob setup mcp`: what tools that run a header helper are told; printed only, since each has a
//! file of its own for it.

use std::collections::BTreeMap;

use super::Failure;
use super::place::Place;
use super::tool::{self, Kind};
use crate::app::App;
use crate::commands::shell_word::quoted;
use crate::config::{Selector, Setting};

/// Prints it.
pub(super) fn run(within: Option<Selector>, app: &App) -> Result<(), Failure> {
    let place = Place::of(app)?;
    let kind = Kind {
        setting: Setting::Mcp,
        example: "https://mcp.example.com/mcp",
    };
    let listed = tool::listed(kind, &within.unwrap_or_default(), app)?;
    let mut servers = BTreeMap::new();
    for listed in &listed {
        for (number, site) in listed.serves.mcp.iter().enumerate() {
            let name = listed.numbered(number);
            let helper = format!(
                "{} credential mcp {}",
                quoted(&place.program),
                listed.target
            );
            let server = serde_json::json!({
                "type": "http",
                "url": site.as_str(),
                "headersHelper": helper,
            });
            servers.insert(name, server);
        }
    }
    let text = serde_json::to_string_pretty(&serde_json::json!({ "mcpServers": servers }))
        .expect("texts are written to memory");
    app.console.answer(&format!("{text}\n"))?;
    app.console.note(
        "keyfob: put this where the tool keeps its servers, in a file of your own: one in a repository \
         may be anybody's.",
    );
    Ok(())
}
