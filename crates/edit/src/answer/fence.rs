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

    /// As [`FenceLine::of`], with any indentation: where every reading is tried, code that looks like a fence does no harm.
    pub(super) fn anywhere(line: &'a str) -> Option<FenceLine<'a>> {
        FenceLine::of(line.trim_start())
    }

    /// Whether `line` can be the end of what this one begins.
    pub(super) fn is_closed_by(&self, line: &FenceLine<'_>) -> bool {
        line.info.is_empty() && line.mark == self.mark && line.len >= self.len
    }

    /// Whether `line`, inside the region that this begins, is no fence for a reader: it is shorter, or of another mark.
    pub(super) fn hides(&self, line: &FenceLine<'_>) -> bool {
        line.mark != self.mark || line.len < self.len
    }

    /// How many marks it has.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether its language says that it shows commands or their output.
    pub(super) fn is_aside(&self) -> bool {
        let info = self.info.to_ascii_lowercase();
        matches!(info.as_str(), "bash" | "console" | "output" | "sh" | "shell" | "text" | "txt")
    }

    /// A fenced region that starts with this line.
    pub(super) fn open(&self) -> Fence {
        Fence { mark: self.mark, len: self.len, n_lines: 0, has_block: false }
    }
}

/// The code between two fence lines, as far as the stream has come.
#[derive(Debug)]
pub(super) struct Fence {
    mark: char,
    len: usize,
    /// The lines inside that are not blank, without those of search/replace blocks.
    n_lines: usize,
    /// Whether a search/replace block stands inside.
    pub(super) has_block: bool,
}

impl Fence {
    /// Whether `line` closes this fence.
    pub(super) fn closes(&self, line: &FenceLine<'_>) -> bool {
        line.info.is_empty() && line.mark == self.mark && line.len >= self.len
    }

    /// Takes a line that stands inside.
    pub(super) fn take(&mut self, line: &str) {
        self.n_lines += usize::from(!line.trim().is_empty());
    }

    /// Whether this holds nothing but blocks, apart from a line that names the file.
    pub(super) fn holds_only_blocks(&self) -> bool {
        self.n_lines <= usize::from(self.has_block)
    }
}
