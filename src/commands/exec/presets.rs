//! What the tools of a cloud look for, ready for them: variables, endpoints, files and programs.
//!
//! Each goes no farther than the user's own list for it. What would make a tool take other
//! credentials than these is taken out of the command's environment, or refused.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::json;

use super::aws_config::prefers;
use super::kit::Kit;
use super::kubeconfig::Cluster;
use crate::base::{Diagnostic, Exit, Hint, TargetName, printable_line};
use crate::commands::Failure;
use crate::config::{Selector, Setting};
use crate::credential::Asked;
use crate::endpoint::{Aws, Azure, GitHub, Pass};
use crate::jwt::TokenKind;
use crate::sys::child::{Program, write_shim};
use crate::sys::files;
use crate::sys::service::own_program;

/// The longest configuration of another tool that is read, in bytes.
const MOST: usize = 4 << 20;

/// What names other credentials to AWS tools, or another place to get them.
const OF_AWS: [&str; 12] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_DEFAULT_PROFILE",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
];

/// The same for Azure's SDKs.
const OF_AZURE: [&str; 9] = [
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_PASSWORD",
    "AZURE_USERNAME",
    "IDENTITY_SERVER_THUMBPRINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
];

/// The same for Terraform's Azure providers.
const OF_TERRAFORM: [&str; 7] = [
    "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
    "ARM_CLIENT_CERTIFICATE_PATH",
    "ARM_CLIENT_SECRET",
    "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
    "ARM_OIDC_TOKEN",
    "ARM_OIDC_TOKEN_FILE_PATH",
    "ARM_USE_AKS_WORKLOAD_IDENTITY",
];

/// The tools that a command's own are to find.
#[derive(ClapArgs, Debug, Default)]
#[command(next_help_heading = "Ready for the tools of")]
#[expect(clippy::struct_excessive_bools, reason = "one flag each")]
pub(super) struct Presets {
    /// AWS: an endpoint that gives out the keys of the target's role
    #[arg(long)]
    aws: bool,
    /// Azure: an endpoint like a managed identity's, and `az` and `azd`
    #[arg(long)]
    azure: bool,
    /// Terraform's Azure providers: an endpoint that gives out assertions
    #[arg(long)]
    terraform: bool,
    /// Google Cloud: application default credentials
    #[arg(long)]
    gcp: bool,
    /// Kubernetes: the current cluster, with the token in a file
    #[arg(long)]
    kube: bool,
    /// `psql` and its kin: the token as the password, in a variable
    #[arg(long)]
    postgres: bool,
}

/// Why a tool cannot be made ready.
#[derive(Debug, thiserror::Error)]
enum PresetError {
    #[error("the default profile of AWS in `{path}` has `{setting}`, which AWS tools prefer")]
    AwsPrefers { path: String, setting: &'static str },
    #[error(
        "keyfob's own place has a blank in it, and Google's libraries split its line there: `{0}`"
    )]
    Blank(String),
    #[error("`{0}` lists several providers under `gcp`, and the command's tools know one")]
    SeveralPools(Selector),
}

impl Diagnostic for PresetError {
    fn exit(&self) -> Exit {
        Exit::Config
    }

    fn hint(&self) -> Option<Hint> {
        let hint = match self {
            Self::AwsPrefers { .. } => {
                "set AWS_CONFIG_FILE to a file without it, or give that profile a name"
            }
            Self::Blank(_) => "put keyfob, and the file that `--config` names, elsewhere",
            Self::SeveralPools(_) => "give each a target of its own, and name the target",
        };
        Some(Hint::Try(hint.to_owned()))
    }
}

impl Presets {
    /// Tells whether none is wanted.
    pub(super) fn is_empty(&self) -> bool {
        let Self {
            aws,
            azure,
            terraform,
            gcp,
            kube,
            postgres,
        } = self;
        ![aws, azure, terraform, gcp, kube, postgres]
            .iter()
            .any(|it| **it)
    }

    /// Makes ready what is wanted.
    pub(super) fn pack(&self, kit: &mut Kit<'_>, program: &mut Program) -> Result<(), Failure> {
        if self.aws {
            aws(kit, program)?;
        }
        if self.azure {
            azure(kit, program)?;
        }
        if self.terraform {
            terraform(kit, program)?;
        }
        if self.gcp {
            gcp(kit, program)?;
        }
        if self.kube {
            kube(kit, program)?;
        }
        if self.postgres {
            postgres(kit, program)?;
        }
        Ok(())
    }
}

fn aws(kit: &mut Kit<'_>, program: &mut Program) -> Result<(), Failure> {
    let (app, purse) = (kit.app, kit.purse);
    aws_is_not_elsewhere(kit)?;
    let target = purse.serving(Setting::AwsRole, Asked::Told)?;
    // Whatever stands in the way is said now, by keyfob, and not by some SDK later.
    purse.role(target.as_ref())?;
    let profile = purse.profile();
    let role = profile.target(target.as_ref())?.serves.aws.as_ref();
    let region = role.and_then(|role| role.region.as_deref());
    let pass = Pass::draw().map_err(Failure::from_io)?;
    program.set_secret("AWS_CONTAINER_AUTHORIZATION_TOKEN", pass.secret());
    let source = Box::new(move || purse.keys(target.as_ref()));
    let authority = kit.add_endpoint(Box::new(Aws { pass, source }))?;
    program.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", Aws::url(&authority));
    program.unset_all(&OF_AWS);
    // Keys in the user's own file would be preferred.
    let none = kit.folder()?.at("aws-credentials");
    files::write_private(&none, b"")?;
    program.set("AWS_SHARED_CREDENTIALS_FILE", none);
    let names = ["AWS_REGION", "AWS_DEFAULT_REGION"];
    let is_said = names.iter().any(|name| app.env.vars.get(name).is_some());
    if let Some(region) = region.filter(|_| !is_said) {
        for name in names {
            program.set(name, region);
        }
    }
    Ok(())
}

/// Makes sure that no tool takes other credentials for these.
fn aws_is_not_elsewhere(kit: &Kit<'_>) -> Result<(), Failure> {
    let vars = &kit.app.env.vars;
    let home = vars.get("HOME").or_else(|| vars.get("USERPROFILE"));
    let named = vars.get("AWS_CONFIG_FILE").unwrap_or("~/.aws/config");
    // The SDKs write the home out.
    let path = match (named.strip_prefix("~/"), home) {
        (Some(below), Some(home)) => PathBuf::from(home).join(below),
        (Some(_), None) => return Ok(()),
        (None, _) => PathBuf::from(named),
    };
    let text = match files::read_bounded(&path, MOST) {
        Ok(text) => text,
        Err(error) if error.is_missing() => return Ok(()),
        // Such as /dev/null, which says that there is none.
        Err(files::FileError::NotPlain { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    match prefers(&String::from_utf8_lossy(&text)) {
        None => Ok(()),
        Some(setting) => Err(PresetError::AwsPrefers {
            path: printable_line(&path.to_string_lossy()).into_owned(),
            setting,
        }
        .into()),
    }
}

fn azure(kit: &mut Kit<'_>, program: &mut Program) -> Result<(), Failure> {
    let purse = kit.purse;
    purse.lists_any(Setting::Azure)?;
    let pass = Pass::draw().map_err(Failure::from_io)?;
    program.set_secret("IDENTITY_HEADER", pass.secret());
    let endpoint = Azure {
        pass,
        client_id: purse.client_id(),
        source: Box::new(move |resource| purse.azure(resource)),
    };
    let authority = kit.add_endpoint(Box::new(endpoint))?;
    program.set("IDENTITY_ENDPOINT", Azure::url(&authority));
    program.unset_all(&OF_AZURE);
    let own = own_program().map_err(Failure::from_io)?;
    let (config, selector) = (kit.config(), purse.own().to_string());
    let bin = kit.folder()?.folder("bin")?;
    for (name, protocol) in [("az", "azure-cli"), ("azd", "azd")] {
        let mut words = config.clone();
        words.extend(["credential", protocol, &selector, "--"].map(str::to_owned));
        write_shim(&bin, name, (&own, &words))?;
    }
    Ok(program.look_first_in(&bin)?)
}

fn terraform(kit: &mut Kit<'_>, program: &mut Program) -> Result<(), Failure> {
    let purse = kit.purse;
    purse.lists_any(Setting::Terraform)?;
    let pass = Pass::draw().map_err(Failure::from_io)?;
    program.set_secret("ARM_OIDC_REQUEST_TOKEN", pass.secret());
    let source = Box::new(move |audience: &str| purse.assertion(audience));
    let authority = kit.add_endpoint(Box::new(GitHub { pass, source }))?;
    program.set("ARM_OIDC_REQUEST_URL", GitHub::url(&authority));
    program.set("ARM_USE_OIDC", "true");
    program.unset_all(&OF_TERRAFORM);
    Ok(())
}

fn gcp(kit: &mut Kit<'_>, program: &mut Program) -> Result<(), Failure> {
    let target = kit.purse.serving(Setting::Gcp, Asked::Told)?;
    let profile = kit.purse.profile();
    let which = Selector {
        profile: Some(profile.name.clone()),
        target: target.clone(),
    };
    let serves = &profile.target(target.as_ref())?.serves;
    let [audience] = serves.gcp.as_slice() else {
        return Err(PresetError::SeveralPools(which).into());
    };
    let own = own_program().map_err(Failure::from_io)?;
    let mut words = vec![own.to_string_lossy().into_owned()];
    words.extend(kit.config());
    if let Some(word) = words.iter().find(|word| word.contains(char::is_whitespace)) {
        return Err(PresetError::Blank(printable_line(word).into_owned()).into());
    }
    words.extend(["credential".into(), "gcp".into(), which.to_string()]);
    let universe = audience.trim_start_matches("//iam.").split('/').next();
    let kind = match serves.present {
        TokenKind::Access => "jwt",
        TokenKind::Id => "id_token",
    };
    let credentials = json!({
        "type": "external_account",
        "audience": audience,
        "subject_token_type": format!("urn:ietf:params:oauth:token-type:{kind}"),
        "token_url": format!("https://sts.{}/v1/token", universe.unwrap_or_default()),
        "credential_source": {
            "executable": { "command": words.join(" "), "timeout_millis": 30_000 },
        },
    });
    let path = kit.folder()?.at("gcp.json");
    files::write_private(&path, credentials.to_string().as_bytes())?;
    program.set("GOOGLE_APPLICATION_CREDENTIALS", path);
    program.set("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1");
    Ok(())
}

fn kube(kit: &mut Kit<'_>, program: &mut Program) -> Result<(), Failure> {
    let cluster = Cluster::current(kit.app)?;
    let asked = Asked::Site(cluster.server.clone());
    let target: Option<TargetName> = kit.purse.serving(Setting::Kubernetes, asked)?;
    let token = kit.add_token_file("kube-token", target)?;
    let path = kit.folder()?.at("kubeconfig");
    let text = cluster.print(&token.to_string_lossy());
    files::write_private(&path, text.as_bytes())?;
    program.set("KUBECONFIG", path);
    Ok(())
}

fn postgres(kit: &mut Kit<'_>, program: &mut Program) -> Result<(), Failure> {
    let (vars, target) = (&kit.app.env.vars, kit.purse.own().target.as_ref());
    program.set_secret("PGPASSWORD", &kit.purse.token(target)?.token);
    let profile = kit.purse.profile();
    let username = profile.target(target)?.serves.username.as_ref();
    if let (None, Some(username)) = (vars.get("PGUSER"), username) {
        program.set("PGUSER", username);
    }
    if vars.get("PGSSLMODE").is_none() {
        program.set("PGSSLMODE", "verify-full");
    }
    Ok(())
}

/// The variables that the presets give out, which `--env` cannot have too.
pub(super) const VARIABLES: [&str; 16] = [
    "ARM_OIDC_REQUEST_TOKEN",
    "ARM_OIDC_REQUEST_URL",
    "ARM_USE_OIDC",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_SHARED_CREDENTIALS_FILE",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "KUBECONFIG",
    "PGPASSWORD",
    "PGSSLMODE",
    "PGUSER",
];
