//! A plain table for people: columns lined up, two spaces between, no rules drawn.
//!
//! Never cuts a cell, and never lets one drive the terminal or break its row.

use super::style::{Style, Tone};
use super::width::{pad, width};
use crate::base::printable_line;

/// Prints a table; nothing at all when there are no rows.
///
/// Rows may be shorter than the headers; cells beyond the headers are left out. A column whose
/// cells are all empty is left out too.
pub fn table(headers: &[&str], rows: &[Vec<String>], style: Style) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| printable_line(cell).into_owned())
                .collect()
        })
        .collect();
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let shown: Vec<(usize, &str, usize)> = headers
        .iter()
        .enumerate()
        .filter_map(|(column, header)| {
            let widest = rows.iter().map(|row| width(&cell(row, column))).max()?;
            (widest > 0).then(|| (column, *header, widest.max(width(header))))
        })
        .collect();
    let mut text = String::new();
    let heads = shown
        .iter()
        .map(|(_, header, size)| ((*header).to_owned(), *size));
    push_line(&mut text, heads, Some(Tone::Heading), style);
    for row in &rows {
        let cells = shown
            .iter()
            .map(|(column, _, size)| (cell(row, *column), *size));
        push_line(&mut text, cells, None, style);
    }
    text
}

fn push_line(
    text: &mut String,
    cells: impl Iterator<Item = (String, usize)>,
    tone: Option<Tone>,
    style: Style,
) {
    // Spaces are owed until the next cell comes, so that no line ends in them.
    let mut owed = 0;
    for (cell, size) in cells {
        let taken = width(&cell);
        if taken > 0 {
            pad(text, 0, owed);
            owed = 0;
            match tone {
                Some(tone) => style.push(text, tone, &cell),
                None => text.push_str(&cell),
            }
        }
        owed += size - taken + 2;
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        let row = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        rows.iter().map(row).collect()
    }

    #[test]
    fn columns_line_up_by_what_the_terminal_shows() {
        let rows = rows(&[
            &["work", "東京@example.com", "", "42 min"],
            &["personal", "", "", "7 d"],
            &["x", "a\u{1b}[2Jb"],
        ]);

        let text = table(
            &["PROFILE", "ACCOUNT", "EMPTY", "LEFT"],
            &rows,
            Style::Plain,
        );

        assert_eq!(
            text,
            "PROFILE   ACCOUNT           LEFT\n\
             work      東京@example.com  42 min\n\
             personal                    7 d\n\
             x         a\\u{1b}[2Jb\n"
        );
    }

    #[test]
    fn colour_changes_nothing_but_the_codes() {
        let rows = rows(&[&["a", "b"]]);
        let coloured = table(&["X", "Y"], &rows, Style::Colour);

        let bare = coloured.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");

        assert_eq!(bare, table(&["X", "Y"], &rows, Style::Plain));
        assert_ne!(coloured, bare);
        assert_eq!(table(&["X"], &[], Style::Colour), "");
    }
}
