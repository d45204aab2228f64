//! The command line of `keyfob credential`, made of the shelf of protocols: a new one needs nothing
//! here.

use clap::{Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches};

use crate::base::NameError;
use crate::config::{Selector, Setting};
use crate::credential::{self, Appends, Protocol};

/// What `keyfob credential` takes.
pub struct Args {
    pub(super) protocol: &'static dyn Protocol,
    /// The profile, or the target, that alone may answer.
    pub(super) within: Selector,
    /// What the program put after its command line.
    pub(super) words: Vec<String>,
    pub(super) login: bool,
}

impl Args {
    /// The setting that lists where the protocol may answer.
    pub(super) fn setting(&self) -> Setting {
        Setting::parse(self.protocol.listed_under()).expect("each protocol has a setting")
    }
}

impl std::fmt::Debug for Args {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Args")
            .field("protocol", &self.protocol.name())
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

impl clap::Args for Args {
    fn augment_args(command: Command) -> Command {
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .after_help(
                "Programs run these by themselves; keyfob setup tells them to. Each answers only for what the
profile lists for it, and is silent, or says no in that program's way, for everything else.",
            )
            .subcommands(credential::ALL.iter().map(|protocol| described(*protocol)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// What stands where the profile or the target does.
#[derive(Clone)]
enum Within {
    Selector(Selector),
    /// Both may be left out, and an address is never a name.
    Server(String),
}

impl Within {
    fn parse(text: &str) -> Result<Self, NameError> {
        Selector::parse(text).map(Self::Selector)
    }

    fn or_server(text: &str) -> Result<Self, NameError> {
        if text.contains("://") {
            return Ok(Self::Server(text.to_owned()));
        }
        Self::parse(text)
    }
}

fn described(protocol: &dyn Protocol) -> Command {
    let within: fn(&str) -> Result<Within, NameError> = match protocol.appends() {
        Appends::Server => Within::or_server,
        Appends::CommandLine | Appends::Flag(_) | Appends::Nothing | Appends::Operation(_) => {
            Within::parse
        }
    };
    let command = Command::new(protocol.name())
        .about(protocol.about())
        .after_help(protocol.help())
        .arg(
            Arg::new("within")
                .value_name("PROFILE[/TARGET]")
                .value_parser(within)
                .help("The only one that may answer; else whichever lists what is asked"),
        )
        .arg(
            Arg::new("login")
                .long("login")
                .action(ArgAction::SetTrue)
                .help("Sign in first if nobody is signed in"),
        );
    match protocol.appends() {
        Appends::Nothing => command,
        Appends::Flag(name) => command.arg(
            Arg::new("flag")
                .long(name)
                .action(ArgAction::SetTrue)
                .help("Added by the program itself"),
        ),
        Appends::Operation(words) => command.allow_missing_positional(true).arg(
            Arg::new("words")
                .value_name("OPERATION")
                .required(true)
                .help(format!("Added by the program itself: {}", words.join(", "))),
        ),
        Appends::Server => command.arg(
            Arg::new("words")
                .value_name("URL")
                .help("Server that asks, where no variable says so"),
        ),
        Appends::CommandLine => command.arg(
            Arg::new("words")
                .value_name("COMMAND LINE")
                .num_args(0..)
                .last(true)
                .allow_hyphen_values(true)
                .help("What the program would have run"),
        ),
    }
}

impl FromArgMatches for Args {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let (name, matches) = matches.subcommand().expect("clap wants a protocol");
        let protocol = credential::by_name(name).expect("clap takes the protocols' names only");
        let mut words = match matches.try_get_many::<String>("words") {
            Ok(Some(words)) => words.cloned().collect(),
            Ok(None) | Err(_) => Vec::new(),
        };
        if let (Appends::Flag(flag), Ok(Some(true))) =
            (protocol.appends(), matches.try_get_one::<bool>("flag"))
        {
            words.push(format!("--{flag}"));
        }
        let within = match matches.get_one::<Within>("within") {
            Some(Within::Selector(within)) => within.clone(),
            Some(Within::Server(url)) => {
                words.insert(0, url.clone());
                Selector::default()
            }
            None => Selector::default(),
        };
        Ok(Self {
            protocol,
            within,
            words,
            login: matches.get_flag("login"),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
