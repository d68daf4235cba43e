//! The form in which the lines of a text are kept.
//!
//! Owns its bytes. Must never take what is no trace for one.

use std::ops::Range;

use crate::{LineEnding, Text, split_lines};

/// Bytes of one line in the form that is kept.
const LINE_BYTES: usize = 13;

/// The lines of a text, without their bytes.
///
/// Invariant: no line is shorter than its ending, and all but the last have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    pub(super) lines: Vec<TracedLine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TracedLine {
    /// None for a line that is to be known by nothing.
    pub(super) mark: Option<u64>,
    /// Bytes, with the ending.
    pub(super) len: u32,
    pub(super) ending: Option<LineEnding>,
}

impl Trace {
    /// The lines of `text` with what `mark` makes of each, ending included. Lines that `hidden` touches get no mark.
    ///
    /// None for a line of 4 GiB.
    pub fn of(text: &Text, hidden: &[Range<usize>], mark: impl Fn(&str) -> u64) -> Option<Trace> {
        let text = text.to_string();
        let mut start = 0;
        let traced = split_lines(&text).into_iter().map(|line| {
            let range = start..start + line.len();
            start = range.end;
            let is_hidden = hidden.iter().any(|hidden| hidden.start < range.end && range.start < hidden.end);
            Some(TracedLine {
                mark: (!is_hidden).then(|| mark(line)),
                len: u32::try_from(line.len()).ok()?,
                ending: LineEnding::of_line(line),
            })
        });
        Some(Trace { lines: traced.collect::<Option<Vec<_>>>()? })
    }

    /// The form that is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.lines.len() * LINE_BYTES);
        for TracedLine { mark, len, ending } in &self.lines {
            bytes.extend(mark.unwrap_or_default().to_le_bytes());
            bytes.extend(len.to_le_bytes());
            let ending = match ending {
                None => 0,
                Some(LineEnding::Lf) => 1,
                Some(LineEnding::CrLf) => 2,
                Some(LineEnding::Cr) => 3,
            };
            bytes.push(ending | if mark.is_some() { 4 } else { 0 });
        }
        bytes
    }

    /// The way back; none for bytes that are no trace.
    pub fn from_bytes(bytes: &[u8]) -> Option<Trace> {
        let (lines, rest) = bytes.as_chunks::<LINE_BYTES>();
        let traced = lines.iter().map(|line| {
            let (mark, rest) = line.split_first_chunk::<8>()?;
            let (len, kind) = rest.split_first_chunk::<4>()?;
            let kind = *kind.first()?;
            let ending = match kind & 3 {
                0 => None,
                1 => Some(LineEnding::Lf),
                2 => Some(LineEnding::CrLf),
                _ => Some(LineEnding::Cr),
            };
            let len = u32::from_le_bytes(*len);
            let is_line = len as usize >= ending.map_or(1, |ending| ending.as_str().len()) && kind < 8;
            let mark = (kind & 4 != 0).then(|| u64::from_le_bytes(*mark));
            is_line.then_some(TracedLine { mark, len, ending })
        });
        let lines = traced.collect::<Option<Vec<_>>>().filter(|_| rest.is_empty())?;
        let is_whole = lines.iter().rev().skip(1).all(|line| line.ending.is_some());
        is_whole.then_some(Trace { lines })
    }
}
