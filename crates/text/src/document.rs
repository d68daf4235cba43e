//! A document's text: a rope that is cheap to clone and to edit.

use std::fmt;
use std::ops::Range;

use ropey::{Rope, str_utils};

use crate::{ChangeError, ChangeSet, Encoding, LineEnding, Position, PositionRange};

/// The text of one version of a document. Cloning is cheap and shares the content.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text {
    rope: Rope,
}

impl Text {
    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.rope.len_bytes()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of lines; a text that ends with a line ending has an empty last line, so it is never 0.
    pub fn n_lines(&self) -> usize {
        self.rope.len_lines()
    }

    /// Offset of the start of `line`; the length of the text for a line behind the last.
    pub fn line_start(&self, line: usize) -> usize {
        if line >= self.rope.len_lines() { self.len() } else { self.rope.line_to_byte(line) }
    }

    /// Offset just behind the ending of `line`: the start of the next line, or the length of the text.
    pub fn line_end(&self, line: usize) -> usize {
        self.line_start(line.saturating_add(1))
    }

    /// Zero-based line that holds `offset`; the last line for an offset behind the text.
    pub fn line_of(&self, offset: usize) -> usize {
        self.rope.byte_to_line(offset.min(self.len()))
    }

    /// The content of `line` with its ending; empty behind the last line.
    pub fn line(&self, line: usize) -> String {
        self.slice(self.line_start(line)..self.line_end(line))
    }

    /// The smallest range of whole lines that holds `range`; an empty range at the start of a line stays empty there.
    pub fn whole_lines(&self, range: Range<usize>) -> Range<usize> {
        let start = self.line_start(self.line_of(range.start));
        let end = range.end.max(range.start).min(self.len());
        let last = self.line_of(end);
        let end = if end == self.line_start(last) && end >= start { end } else { self.line_end(last) };
        start..end.max(start)
    }

    /// The text of `range` in bytes. Ends outside the text, or inside a character, move down to the nearest valid offset.
    pub fn slice(&self, range: Range<usize>) -> String {
        let end = self.floor(range.end);
        let start = self.floor(range.start).min(end);
        self.rope.byte_slice(start..end).to_string()
    }

    /// Whether the bytes of `range` are exactly `expected`. False for a range outside the text.
    pub fn is_at(&self, range: &Range<usize>, expected: &str) -> bool {
        if range.end > self.len() || range.start > range.end || range.len() != expected.len() {
            return false;
        }
        if !self.is_boundary(range.start) || !self.is_boundary(range.end) {
            return false;
        }
        let mut rest = expected.as_bytes();
        for chunk in self.rope.byte_slice(range.clone()).chunks() {
            match rest.split_at_checked(chunk.len()) {
                Some((head, tail)) if head == chunk.as_bytes() => rest = tail,
                _ => return false,
            }
        }
        rest.is_empty()
    }

    /// The run of text that holds `offset`, with the offset at which the run starts. Empty at the end of the text.
    pub fn chunk_at(&self, offset: usize) -> (&str, usize) {
        if offset >= self.len() {
            return ("", self.len());
        }
        let (chunk, start, _, _) = self.rope.chunk_at_byte(offset);
        (chunk, start)
    }

    /// The runs of text in order; together they are the text.
    pub fn chunks(&self) -> impl Iterator<Item = &str> {
        self.rope.chunks()
    }

    /// `offset` moved down to the nearest character boundary inside the text.
    pub fn floor(&self, offset: usize) -> usize {
        let offset = offset.min(self.len());
        let (chunk, start, _, _) = self.rope.chunk_at_byte(offset);
        start + chunk.floor_char_boundary(offset - start)
    }

    /// Whether `offset` lies in the text and between two characters.
    pub fn is_boundary(&self, offset: usize) -> bool {
        offset <= self.len() && self.floor(offset) == offset
    }

    /// The position of `offset` in units of `encoding`. An offset inside a line ending counts as the end of its line.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        // Asked for both ends of every mark on every key: one way down the rope where the line lies in one run of it.
        let (chunk, chunk_start, _, chunk_line) = self.rope.chunk_at_byte(offset.min(self.len()));
        let mut end = chunk.floor_char_boundary(offset.min(self.len()) - chunk_start);
        let in_chunk = str_utils::byte_to_line_idx(chunk, end);
        let line = chunk_line + in_chunk;
        // Inside `\r\n`, which no run of a rope is cut in.
        if end > 0 && chunk.as_bytes().get(end - 1..=end) == Some(b"\r\n") {
            end -= 1;
        }
        let offset = chunk_start + end;
        let start = match in_chunk {
            0 => self.line_start(line),
            _ => chunk_start + str_utils::line_to_byte_idx(chunk, in_chunk),
        };
        let in_run = start.checked_sub(chunk_start).and_then(|start| chunk.get(start..end));
        let character = match (encoding, in_run) {
            (Encoding::Utf8, _) => offset - start,
            (Encoding::Utf16, Some(run)) => run.encode_utf16().count(),
            (Encoding::Utf32, Some(run)) => run.chars().count(),
            (Encoding::Utf16, None) => self.utf16_of(offset) - self.utf16_of(start),
            (Encoding::Utf32, None) => self.rope.byte_to_char(offset) - self.rope.byte_to_char(start),
        };
        Position { line: line as u32, character: character as u32 }
    }

    /// The offset of `position`. A character behind the line's content is the end of the content, a line behind the text
    /// its end, a unit inside a character the character's start.
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        if line >= self.n_lines() {
            return self.len();
        }
        let start = self.line_start(line);
        let end = self.content_end(line);
        let character = position.character as usize;
        match encoding {
            Encoding::Utf8 => self.floor(start.saturating_add(character).min(end)),
            Encoding::Utf16 => {
                let unit = self.utf16_of(start).saturating_add(character).min(self.utf16_of(end));
                self.rope.char_to_byte(self.rope.utf16_cu_to_char(unit))
            }
            Encoding::Utf32 => {
                let char_idx = self.rope.byte_to_char(start).saturating_add(character);
                self.rope.char_to_byte(char_idx.min(self.rope.byte_to_char(end)))
            }
        }
    }

    /// The byte range of a range of positions; an end before its start counts as the start.
    pub fn offsets(&self, range: PositionRange, encoding: Encoding) -> Range<usize> {
        let start = self.offset(range.start, encoding);
        start..self.offset(range.end, encoding).max(start)
    }

    /// The positions of a byte range.
    pub fn positions(&self, range: &Range<usize>, encoding: Encoding) -> PositionRange {
        PositionRange { start: self.position(range.start, encoding), end: self.position(range.end, encoding) }
    }

    /// The text after `changes`. Fails when `changes` was made for a text of another length or splits a character.
    pub fn apply(&self, changes: &ChangeSet) -> Result<Text, ChangeError> {
        if changes.len_before() != self.len() {
            return Err(ChangeError::OtherLength { expected: changes.len_before(), found: self.len() });
        }
        let mut rope = self.rope.clone();
        for edit in changes.edits().iter().rev() {
            for offset in [edit.range.start, edit.range.end] {
                if !self.is_boundary(offset) {
                    return Err(ChangeError::InsideCharacter { offset });
                }
            }
            let start = rope.byte_to_char(edit.range.start);
            let end = rope.byte_to_char(edit.range.end);
            rope.remove(start..end);
            rope.insert(start, &edit.text);
        }
        Ok(Text { rope })
    }

    /// The line ending that most lines use; the first seen wins a tie, `\n` stands for a text without any.
    pub fn line_ending(&self) -> LineEnding {
        let mut counts = [(LineEnding::Lf, 0_usize), (LineEnding::CrLf, 0), (LineEnding::Cr, 0)];
        let mut first = None;
        // A thousand lines tell; a giant file need not be read whole for it.
        for line in 0..self.n_lines().min(1_000) {
            if let Some(ending) = self.ending_of(line) {
                first.get_or_insert(ending);
                counts.iter_mut().filter(|(known, _)| *known == ending).for_each(|(_, count)| *count += 1);
            }
        }
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let tied =
            |ending: &LineEnding| counts.iter().any(|(known, count)| known == ending && *count == most);
        first.filter(tied).unwrap_or_else(|| {
            counts
                .iter()
                .find(|(_, count)| *count == most && most > 0)
                .map(|(ending, _)| *ending)
                .unwrap_or_default()
        })
    }

    /// The ending of `line`; none for the last line.
    pub fn ending_of(&self, line: usize) -> Option<LineEnding> {
        let end = self.line_end(line);
        let tail = self.slice(end.saturating_sub(2).max(self.line_start(line))..end);
        LineEnding::of_line(&tail)
    }

    /// Offset of the end of `line` without its ending.
    pub fn content_end(&self, line: usize) -> usize {
        self.line_end(line) - self.ending_of(line).map_or(0, |ending| ending.as_str().len())
    }

    fn utf16_of(&self, offset: usize) -> usize {
        self.rope.char_to_utf16_cu(self.rope.byte_to_char(offset))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text { rope: Rope::from_str(text) }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::from(text.as_str())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.chunks().try_for_each(|chunk| f.write_str(chunk))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes, {} lines)", self.len(), self.n_lines())
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.is_at(&(0..self.len()), other)
    }
}
