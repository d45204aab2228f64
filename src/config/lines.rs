//! Where a byte of a text stands: its line and its column, both from 1.
//!
//! The lines are looked for once, not for every value of a long file. Never looks at what is
//! written.

/// A text and where its lines begin.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let later = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(later).collect();
        Self { text, starts }
    }

    /// Returns the line that holds the byte at `offset`.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// Returns the line, and how many characters of it come up to and with the one at `offset`; of
    /// what is no place in the text, the text's end.
    pub(super) fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let inside = self.text.is_char_boundary(offset);
        let offset = if inside { offset } else { self.text.len() };
        let line = self.line(offset);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let lines = Lines::of("a\n\u{fc}b\n\nc");

        let places: Vec<_> = (0..=8).map(|at| lines.line_and_column(at)).collect();

        // The byte at 3 is inside a character, so it is no place.
        let end = (4, 2);
        assert_eq!(
            places,
            [
                (1, 1),
                (1, 2),
                (2, 1),
                end,
                (2, 2),
                (2, 3),
                (3, 1),
                (4, 1),
                end
            ]
        );
        assert_eq!(lines.line_and_column(99), end);
        assert_eq!(Lines::of("").line_and_column(0), (1, 1));
    }
}
