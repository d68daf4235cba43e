//! The parser of an answer: fed with pieces of a stream, it yields search/replace blocks as they close.
//!
//! Works by whole lines, so that where the stream was cut makes no difference. Never chooses between two readings: both are
//! handed on as [`Block::OneOf`].

use std::mem;

use super::fence::{Fence, FenceLine};
use super::readings::{Readings, readings};
use super::{Answer, Block, Ending, Format, join};
use crate::{Reason, Refusal};

/// Reads one answer.
#[derive(Debug)]
pub struct AnswerParser {
    format: Format,
    /// The last line, as far as it has come.
    line: String,
    state: State,
    open: Option<Fence>,
    closed: Vec<Fence>,
    prose: Vec<String>,
    /// All lines but thoughts and search/replace blocks.
    lines: Vec<String>,
    blocks: Vec<Block>,
    n_yielded: usize,
    n_code_lines: usize,
    problems: Vec<Refusal>,
}

#[derive(Debug)]
enum State {
    /// Prose, or the inside of a fence.
    Text,
    /// Inside `<think>`.
    Thought,
    /// Behind the first marker of a block.
    Block { marker_len: usize, lines: Vec<String> },
}

impl AnswerParser {
    /// A parser for an answer that was asked for in `format`. The other format is read too where it is unmistakable.
    pub fn new(format: Format) -> AnswerParser {
        AnswerParser {
            format,
            line: String::new(),
            state: State::Text,
            open: None,
            closed: Vec::new(),
            prose: Vec::new(),
            lines: Vec::new(),
            blocks: Vec::new(),
            n_yielded: 0,
            n_code_lines: 0,
            problems: Vec::new(),
        }
    }

    /// Takes the next piece of the stream; the search/replace blocks that it closed. A rewrite comes with `finish` only.
    pub fn push(&mut self, piece: &str) -> Vec<Block> {
        for c in piece.chars() {
            // A byte order mark is no text.
            if c == '\u{feff}' && self.line.is_empty() {
                continue;
            }
            // A lone `\r` ends a line too, but only the next character tells it from `\r\n`.
            if self.line.ends_with('\r') {
                self.line.pop();
                self.end_line();
                if c == '\n' {
                    continue;
                }
            }
            if c == '\n' {
                self.end_line();
            } else {
                self.line.push(c);
            }
        }
        match self.format {
            Format::Rewrite => Vec::new(),
            Format::SearchReplace => {
                let fresh = self.blocks.get(self.n_yielded..).unwrap_or_default().to_vec();
                self.n_yielded = self.blocks.len();
                fresh
            }
        }
    }

    /// Lines of code that have come so far.
    pub fn progress(&self) -> usize {
        self.n_code_lines
    }

    /// What the answer holds besides the blocks that `push` yielded, after the last piece.
    pub fn finish(mut self, ending: Ending) -> Answer {
        if self.line.ends_with('\r') {
            self.line.pop();
            self.end_line();
        } else if !self.line.is_empty() {
            self.end_line();
        }
        let unclosed = match &self.state {
            State::Thought => Some(Reason::Cut),
            State::Block { .. } => Some(Reason::UnclosedBlock),
            State::Text => None,
        };
        if ending == Ending::Cut {
            self.problems.push(Refusal::new(Reason::Cut));
        } else {
            self.problems.extend(unclosed.map(Refusal::new));
        }
        let prose = join(&self.prose).trim().to_owned();
        let mut blocks = mem::take(&mut self.blocks);
        let mut rewritten = None;
        if self.problems.is_empty() {
            match self.conclude(&blocks, &prose) {
                Ok(rewrite) => rewritten = rewrite,
                Err(reason) => self.problems.push(Refusal::new(reason)),
            }
        }
        if self.format == Format::Rewrite && !self.problems.is_empty() {
            blocks.clear();
        }
        blocks.drain(..self.n_yielded.min(blocks.len()));
        blocks.extend(rewritten);
        Answer { blocks, prose, problems: self.problems }
    }

    /// What a complete answer comes to besides the blocks found: the text of a rewrite, or why there is none.
    fn conclude(&self, blocks: &[Block], prose: &str) -> Result<Option<Block>, Reason> {
        if !blocks.is_empty() {
            return match self.format {
                Format::SearchReplace => Ok(None),
                Format::Rewrite if self.closed.iter().all(Fence::holds_only_blocks) => Ok(None),
                Format::Rewrite => Err(Reason::MixedFormats),
            };
        }
        let has_fence = !self.closed.is_empty() || self.open.is_some();
        if !has_fence && says_no_change(prose) {
            return Ok(None);
        }
        let Readings { mut readings, is_first_plain } = readings(&self.lines)?;
        match readings.len() {
            0 => Err(Reason::NoCode),
            1 => Ok(readings.pop()),
            _ => Ok(Some(Block::OneOf { readings, is_first_plain })),
        }
    }

    fn end_line(&mut self) {
        let line = mem::take(&mut self.line);
        let mut rest = Some(line.as_str());
        while let Some(part) = rest {
            rest = match mem::replace(&mut self.state, State::Text) {
                State::Thought => self.in_thought(part),
                State::Block { marker_len, lines } => {
                    self.state = self.in_block(part, marker_len, lines);
                    None
                }
                State::Text => self.in_text(part),
            };
        }
    }

    /// Takes a line of a thought; what follows the closing tag is to be read as a line of its own.
    fn in_thought<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        let end = line.split_once("</think>").or_else(|| line.split_once("</thinking>"));
        match end {
            Some((_, rest)) => Some(rest).filter(|rest| !rest.trim().is_empty()),
            None => {
                self.state = State::Thought;
                None
            }
        }
    }

    fn in_text<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        if let Some(marker_len) = marker(line, '<', " SEARCH") {
            if let Some(fence) = &mut self.open {
                fence.has_block = true;
            }
            self.state = State::Block { marker_len, lines: Vec::new() };
            return None;
        }
        let fence_line = FenceLine::of(line);
        if let Some(mut fence) = self.open.take() {
            self.lines.push(line.to_owned());
            match fence_line {
                Some(fence_line) if fence.closes(&fence_line) => self.closed.push(fence),
                Some(_) | None => {
                    fence.take(line);
                    self.n_code_lines += 1;
                    self.open = Some(fence);
                }
            }
            return None;
        }
        if let Some(fence_line) = fence_line {
            self.lines.push(line.to_owned());
            self.open = Some(fence_line.open());
            return None;
        }
        self.in_prose(line)
    }

    fn in_prose<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        let start = line.trim();
        if let Some(rest) = start.strip_prefix("<think>").or_else(|| start.strip_prefix("<thinking>")) {
            self.state = State::Thought;
            return Some(rest);
        }
        let after = start.strip_prefix("</think>").or_else(|| start.strip_prefix("</thinking>"));
        let is_end = start.ends_with("</think>") || start.ends_with("</thinking>");
        match after.or_else(|| is_end.then_some("")) {
            // Some servers drop the opening tag: all in front of the closing one was thought.
            Some(rest) => {
                self.forget_thought();
                Some(rest).filter(|rest| !rest.trim().is_empty())
            }
            None => {
                self.lines.push(line.to_owned());
                let follows_blank = self.prose.last().is_none_or(|last| last.trim().is_empty());
                if !(start.is_empty() && follows_blank) {
                    self.prose.push(line.to_owned());
                }
                None
            }
        }
    }

    fn forget_thought(&mut self) {
        self.prose.clear();
        self.lines.clear();
        self.closed.clear();
        match self.format {
            Format::Rewrite => self.blocks.clear(),
            Format::SearchReplace if self.blocks.is_empty() => {}
            // They were yielded and may be shown already.
            Format::SearchReplace => self.problems.push(Refusal::new(Reason::MixedFormats)),
        }
    }

    fn in_block(&mut self, line: &str, marker_len: usize, mut lines: Vec<String>) -> State {
        if let Some(len) = marker(line, '>', " REPLACE")
            // Another length than the usual one was asked for because the scope holds the usual one.
            && (len == marker_len || marker_len == MARKER_LEN)
        {
            match block(marker_len, &lines) {
                Ok(block) if self.blocks.contains(&block) => {}
                Ok(block) => self.blocks.push(block),
                Err(reason) => self.problems.push(Refusal::new(reason).searched(&lines)),
            }
            return State::Text;
        }
        if marker(line, '<', " SEARCH") == Some(marker_len) {
            self.problems.push(Refusal::new(Reason::UnclosedBlock).searched(&lines));
            return State::Block { marker_len, lines: Vec::new() };
        }
        self.n_code_lines += 1;
        lines.push(line.to_owned());
        State::Block { marker_len, lines }
    }
}

/// Characters in a marker, unless the scope holds such a line.
const MARKER_LEN: usize = 7;

/// The length of markers that no line of `scope` looks like.
pub(super) fn marker_len(scope: &str) -> usize {
    let is_free = |len: &usize| {
        text::split_lines(scope).iter().all(|line| {
            marker(line, '<', " SEARCH") != Some(*len)
                && marker(line, '=', "") != Some(*len)
                && marker(line, '>', " REPLACE") != Some(*len)
        })
    };
    [MARKER_LEN, 9, 8, 6, 5].into_iter().find(is_free).unwrap_or(MARKER_LEN)
}

/// The number of marks, five to nine, if `line` is a marker of `mark` and `name`.
fn marker(line: &str, mark: char, name: &str) -> Option<usize> {
    let rest = line.trim_start_matches(mark);
    let len = line.len() - rest.len();
    ((5..=9).contains(&len) && rest.trim_end() == name).then_some(len)
}

/// The block of the `lines` between its first and last marker.
fn block(marker_len: usize, lines: &[String]) -> Result<Block, Reason> {
    let dividers = |len: Option<usize>| -> Vec<usize> {
        let is_divider =
            |line: &String| marker(line, '=', "").is_some_and(|found| len.is_none_or(|len| len == found));
        lines.iter().enumerate().filter(|(_, line)| is_divider(line)).map(|(idx, _)| idx).collect()
    };
    let mut found = dividers(Some(marker_len));
    if found.is_empty() {
        found = dividers(None);
    }
    let mut readings = Vec::new();
    for divider in &found {
        let (search, replace) = lines.split_at(*divider);
        if search.iter().any(|line| !line.trim().is_empty()) {
            readings.push(Block::Replace {
                search: join(search),
                replace: join(replace.get(1..).unwrap_or_default()),
            });
        }
    }
    match (readings.pop(), readings.is_empty()) {
        (None, _) if found.is_empty() => Err(Reason::Dividers),
        (None, _) => Err(Reason::EmptySearch),
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            readings.push(last);
            Ok(Block::OneOf { readings, is_first_plain: false })
        }
    }
}

fn says_no_change(prose: &str) -> bool {
    let words = prose.trim_start_matches(|c: char| !c.is_alphanumeric());
    words.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("no change"))
}
