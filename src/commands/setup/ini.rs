//! INI files as Python and the AWS tools read them, changed by whole lines: every other line stays,
//! comments, order and line ends included.

use super::format::{Format, Odd, line_end};

/// One option of a section, as `global.keyring-provider`.
pub(super) struct Options {
    /// Whose file it is.
    pub(super) program: &'static str,
}

/// A section as a whole; its value is its lines.
pub(super) struct Sections {
    /// Whose file it is.
    pub(super) program: &'static str,
}

/// What a line is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Line<'a> {
    /// Nothing, or a comment.
    Blank,
    /// A section's name.
    Head(&'a str),
    /// Belongs to the option above it.
    More,
    /// An option's name and value.
    Option(&'a str, &'a str),
    /// None of these.
    Other,
}

fn kind(line: &str) -> Line<'_> {
    let trimmed = line.trim();
    if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
        return Line::Blank;
    }
    if line.starts_with([' ', '\t']) {
        return Line::More;
    }
    if let Some(name) = trimmed.strip_prefix('[') {
        return match name.split_once(']') {
            Some((name, _)) => Line::Head(name.trim()),
            None => Line::Other,
        };
    }
    match trimmed.split_once(['=', ':']) {
        Some((name, value)) => Line::Option(name.trim(), value.trim()),
        None => Line::Other,
    }
}

/// The lines of a text, each with its end, and what they are.
fn lines<'a>(program: &'static str, text: &'a str) -> Result<Vec<(&'a str, Line<'a>)>, Odd> {
    let mut heads: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let kind = kind(line);
        match kind {
            Line::Head(name) if heads.contains(&name) => {
                return Err(Odd::broken(program, &format!("it has `[{name}]` twice")));
            }
            Line::Head(name) => heads.push(name),
            Line::More | Line::Option(..) if heads.is_empty() => {
                return Err(Odd::broken(
                    program,
                    "it has an option before the first section",
                ));
            }
            Line::Other => {
                return Err(Odd::broken(program, "it has a line that is no option"));
            }
            Line::Blank | Line::More | Line::Option(..) => {}
        }
        lines.push((line, kind));
    }
    Ok(lines)
}

/// Where a section's lines are, its head first.
fn section(lines: &[(&str, Line<'_>)], name: &str) -> Option<std::ops::Range<usize>> {
    let start = lines
        .iter()
        .position(|(_, kind)| *kind == Line::Head(name))?;
    let rest = lines.iter().skip(start + 1);
    let length = rest
        .take_while(|(_, kind)| !matches!(kind, Line::Head(_)))
        .count();
    Some(start..start + 1 + length)
}

/// Puts a section at the end, with an empty line before it.
fn appended(text: &str, block: &str) -> String {
    let end = line_end(text);
    let gap = match text {
        "" => String::new(),
        text if text.ends_with('\n') => end.to_owned(),
        _ => end.repeat(2),
    };
    format!("{text}{gap}{}", block.replace('\n', end) + end)
}

/// As pip reads names.
fn same(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.to_ascii_lowercase().replace('_', "-");
    plain(one) == plain(other)
}

impl Options {
    /// The lines, and which of them is the option.
    fn find<'a>(&self, text: &'a str, key: &str) -> Result<Found<'a>, Odd> {
        let (name, option) = key.split_once('.').unwrap_or((key, ""));
        let lines = lines(self.program, text)?;
        let section = section(&lines, name);
        let mut at = None;
        for index in section.clone().unwrap_or_default() {
            let is_it = |line: &(&str, Line<'_>)| matches!(line.1, Line::Option(found, _) if same(found, option));
            if !lines.get(index).is_some_and(is_it) {
                continue;
            }
            if at.replace(index).is_some() {
                return Err(Odd::broken(
                    self.program,
                    &format!("it has `{option}` twice"),
                ));
            }
            if matches!(lines.get(index + 1), Some((_, Line::More))) {
                let why = format!("`{option}` goes over several lines");
                return Err(Odd::broken(self.program, &why));
            }
        }
        Ok(Found { lines, section, at })
    }
}

struct Found<'a> {
    lines: Vec<(&'a str, Line<'a>)>,
    section: Option<std::ops::Range<usize>>,
    at: Option<usize>,
}

impl Format for Options {
    fn values(&self, text: Option<&str>, key: &str) -> Result<Vec<String>, Odd> {
        let found = self.find(text.unwrap_or_default(), key)?;
        let line = found.at.and_then(|at| found.lines.get(at));
        Ok(match line {
            Some((_, Line::Option(_, value))) => vec![(*value).to_owned()],
            _ => Vec::new(),
        })
    }

    fn with(
        &self,
        text: Option<&str>,
        key: &str,
        values: &[String],
    ) -> Result<Option<String>, Odd> {
        let text = text.unwrap_or_default();
        let (name, option) = key.split_once('.').unwrap_or((key, ""));
        let Found { lines, section, at } = self.find(text, key)?;
        let end = line_end(text);
        let mut new: Vec<String> = lines.iter().map(|(line, _)| (*line).to_owned()).collect();
        let wanted = values.first().map(|value| format!("{option} = {value}"));
        match (wanted, at, section) {
            (Some(wanted), Some(at), _) => {
                let old = std::mem::take(&mut new[at]);
                let end = old.get(old.trim_end_matches(['\r', '\n']).len()..);
                new[at] = wanted + end.unwrap_or_default();
            }
            (Some(wanted), None, Some(section)) => {
                if !new[section.start].ends_with('\n') {
                    new[section.start].push_str(end);
                }
                new.insert(section.start + 1, format!("{wanted}{end}"));
            }
            (Some(wanted), None, None) => {
                return Ok(Some(appended(text, &format!("[{name}]\n{wanted}"))));
            }
            (None, Some(at), Some(section)) => {
                new.remove(at);
                let rest = section.start + 1..section.end - 1;
                if rest.into_iter().all(|index| new[index].trim().is_empty()) {
                    new.remove(section.start);
                }
            }
            (None, _, _) => {}
        }
        Ok(Some(new.concat()))
    }
}

impl Format for Sections {
    fn values(&self, text: Option<&str>, key: &str) -> Result<Vec<String>, Odd> {
        let lines = lines(self.program, text.unwrap_or_default())?;
        let Some(section) = section(&lines, key) else {
            return Ok(Vec::new());
        };
        let own = lines.get(section).unwrap_or_default();
        let own = own.iter().skip(1).filter(|(_, kind)| *kind != Line::Blank);
        let own: Vec<&str> = own.map(|(line, _)| line.trim_end()).collect();
        Ok(vec![own.join("\n")])
    }

    fn with(
        &self,
        text: Option<&str>,
        key: &str,
        values: &[String],
    ) -> Result<Option<String>, Odd> {
        let text = text.unwrap_or_default();
        let lines = lines(self.program, text)?;
        let end = line_end(text);
        let block = values.first().map(|body| format!("[{key}]\n{body}"));
        let Some(section) = section(&lines, key) else {
            return Ok(Some(
                block.map_or_else(|| text.to_owned(), |block| appended(text, &block)),
            ));
        };
        let mut new = String::new();
        for (index, (line, kind)) in lines.iter().enumerate() {
            if index == section.start {
                let block = block.as_deref().unwrap_or_default();
                new.extend(block.lines().map(|line| format!("{line}{end}")));
            }
            // Comments are not keyfob's to take.
            if !section.contains(&index) || *kind == Line::Blank {
                new.push_str(line);
            }
        }
        if block.is_none() && section.end == lines.len() {
            let blank = format!("{end}{end}");
            if let Some(rest) = new.strip_suffix(&blank) {
                new = format!("{rest}{end}");
            }
        }
        Ok(Some(new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIP: Options = Options { program: "pip" };
    const AWS: Sections = Sections { program: "aws" };
    const KEY: &str = "global.keyring-provider";

    fn with(format: &dyn Format, text: &str, key: &str, value: Option<&str>) -> String {
        let values: Vec<String> = value.map(str::to_owned).into_iter().collect();
        format.with(Some(text), key, &values).unwrap().unwrap()
    }

    #[test]
    fn one_option_changes_and_every_other_line_stays() {
        for (before, after) in [
            ("", "[global]\nkeyring-provider = subprocess\n"),
            (
                "[global]\n# mine\nindex-url = https://a\n",
                "[global]\nkeyring-provider = subprocess\n# mine\nindex-url = https://a\n",
            ),
            (
                "[install]\r\nuser=yes",
                "[install]\r\nuser=yes\r\n\r\n[global]\r\nkeyring-provider = subprocess\r\n",
            ),
            (
                "[global]\nKeyring_Provider: import\n[x]\na = b\n    c\n",
                "[global]\nkeyring-provider = subprocess\n[x]\na = b\n    c\n",
            ),
            ("[global]", "[global]\nkeyring-provider = subprocess\n"),
        ] {
            assert_eq!(with(&PIP, before, KEY, Some("subprocess")), after);
            assert_eq!(PIP.values(Some(after), KEY).unwrap(), ["subprocess"]);
        }
        let (before, after) = (
            "[x]\na = b\n",
            "[x]\na = b\n\n[global]\nkeyring-provider = y\n",
        );
        assert_eq!(with(&PIP, before, KEY, Some("y")), after);
        assert_eq!(with(&PIP, after, KEY, None), "[x]\na = b\n\n");
        let others = "[global]\nkeyring-provider = y\nother = 1\n";
        assert_eq!(with(&PIP, others, KEY, None), "[global]\nother = 1\n");
    }

    #[test]
    fn one_section_changes_and_every_other_line_stays() {
        let key = "profile keyfob-work";
        let body = "credential_process = /k credential aws work\nregion = eu-west-1";
        let block = format!("[{key}]\n{body}\n");
        for before in [
            "",
            "[default]\nregion = x\n",
            "[default]\ns3 =\n  max_concurrent_requests = 20\n# end\n",
        ] {
            let gap = if before.is_empty() { "" } else { "\n" };
            let after = with(&AWS, before, key, Some(body));

            assert_eq!(after, format!("{before}{gap}{block}"));
            assert_eq!(AWS.values(Some(&after), key).unwrap(), [body]);
            assert_eq!(with(&AWS, &after, key, None), before);
            let more = format!("{after}# mine\n[profile x]\na = b\n");
            assert_eq!(AWS.values(Some(&more), key).unwrap(), [body]);
            let gone = with(&AWS, &more, key, None);
            assert_eq!(gone, format!("{before}{gap}# mine\n[profile x]\na = b\n"));
        }
        let crlf = with(&AWS, "[default]\r\nregion = x\r\n", key, Some(body));
        assert_eq!(
            crlf,
            "[default]\r\nregion = x\r\n\r\n".to_owned() + &block.replace('\n', "\r\n")
        );
    }

    #[test]
    fn what_its_program_would_not_read_is_refused() {
        for text in [
            "a = b\n",
            "[global]\n[global]\n",
            "[global\n",
            "[global]\nkeyring-provider = a\nkeyring_provider = b\n",
            "[global]\nkeyring-provider =\n  a\n",
            "[global]\nword\n",
        ] {
            assert!(PIP.values(Some(text), KEY).is_err(), "{text}");
        }
    }
}
