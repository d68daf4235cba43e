//! Code fences: recognised in an answer, and made long enough for a text.
//!
//! Owns what counts as a fence line. Never decides which of several fences is meant.

/// A fence of backticks, at least three, longer than any run of backticks in `texts`.
pub fn fence_for<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let longest = texts.into_iter().map(longest_run).max().unwrap_or(0);
    "`".repeat((longest + 1).max(3))
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for byte in text.bytes() {
        run = if byte == b'`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// A line that opens or closes a fence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FenceLine<'a> {
    mark: char,
    len: usize,
    /// What stands behind the marks: the language, if any.
    pub(super) info: &'a str,
}

impl<'a> FenceLine<'a> {
    /// The fence that `line` is; none for other lines and for those indented by four or more, which are code.
    pub(super) fn of(line: &'a str) -> Option<FenceLine<'a>> {
        let rest = line.trim_start_matches(' ');
        if line.len() - rest.len() > 3 {
            return None;
        }
        let mark = rest.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let info = rest.trim_start_matches(mark);
        let len = rest.len() - info.len();
        (len >= 3 && !(mark == '`' && info.contains('`'))).then(|| FenceLine { mark, len, info: info.trim() })
    }

    /// A fenced region that starts with this line.
    pub(super) fn open(&self) -> Fence {
        Fence {
            mark: self.mark,
            len: self.len,
            info: self.info.to_owned(),
            lines: Vec::new(),
            has_block: false,
            is_nested: false,
        }
    }
}

/// The code between two fence lines.
#[derive(Debug)]
pub(super) struct Fence {
    mark: char,
    len: usize,
    info: String,
    /// The lines inside, without those of search/replace blocks.
    pub(super) lines: Vec<String>,
    /// Whether a search/replace block stands inside.
    pub(super) has_block: bool,
    /// Whether a line inside would open a fence of its own, so that it is open which line closes this one.
    pub(super) is_nested: bool,
}

impl Fence {
    /// Whether `line` closes this fence.
    pub(super) fn closes(&self, line: &FenceLine<'_>) -> bool {
        line.info.is_empty() && self.is_as_long(line)
    }

    /// Whether `line` could stand for a fence that this one does not hide.
    pub(super) fn is_as_long(&self, line: &FenceLine<'_>) -> bool {
        line.mark == self.mark && line.len >= self.len
    }

    /// Whether this shows how to run something, or its output, and not the new text.
    pub(super) fn is_aside(&self) -> bool {
        let info = self.info.to_ascii_lowercase();
        matches!(info.as_str(), "bash" | "console" | "output" | "sh" | "shell" | "text" | "txt")
            && self.lines.iter().filter(|line| !line.trim().is_empty()).count() <= 3
    }
}
