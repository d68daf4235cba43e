//! Line endings: which one a text uses, and text rewritten to one.

use std::borrow::Cow;

/// The three line endings that the protocol knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LineEnding {
    /// `\n`
    #[default]
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r`
    Cr,
}

impl LineEnding {
    /// The characters of the ending.
    pub fn as_str(self) -> &'static str {
        match self {
            LineEnding::Lf => "\n",
            LineEnding::CrLf => "\r\n",
            LineEnding::Cr => "\r",
        }
    }

    /// The ending that `line` closes with, if it has one.
    pub fn of_line(line: &str) -> Option<LineEnding> {
        if line.ends_with("\r\n") {
            Some(LineEnding::CrLf)
        } else if line.ends_with('\n') {
            Some(LineEnding::Lf)
        } else if line.ends_with('\r') {
            Some(LineEnding::Cr)
        } else {
            None
        }
    }
}

/// `text` with every line ending replaced by `ending`; borrowed when nothing changes.
pub fn with_line_ending(text: &str, ending: LineEnding) -> Cow<'_, str> {
    let lines = crate::split_lines(text);
    if lines.iter().all(|line| LineEnding::of_line(line).is_none_or(|found| found == ending)) {
        return Cow::Borrowed(text);
    }
    let mut converted = String::with_capacity(text.len() + lines.len());
    for line in lines {
        converted.push_str(line.trim_end_matches(['\r', '\n']));
        if LineEnding::of_line(line).is_some() {
            converted.push_str(ending.as_str());
        }
    }
    Cow::Owned(converted)
}
