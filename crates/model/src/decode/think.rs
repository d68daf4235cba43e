//! Reasoning that a server left inside the answer, between `<think>` and `</think>` at its very start.
//!
//! Local servers do this for models whose template they do not know. A tag anywhere else is the answer's own text.

use super::{push_reasoning, push_text};
use crate::event::Event;

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Most white space that is held back before a tag: no more than a few empty lines ever come.
const MAX_HELD_BYTES: usize = 1 << 10;

/// Tells leading reasoning from text, in pieces cut anywhere.
#[derive(Debug, Default)]
pub(super) struct Think {
    place: Place,
    /// What may still turn out to be a tag.
    held: String,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Start,
    Inside,
    /// Behind the closing tag: the empty lines that follow it belong to neither.
    Behind,
    Text,
}

impl Think {
    /// One for which a tag is text.
    pub(super) fn off() -> Think {
        Think { place: Place::Text, held: String::new() }
    }

    pub(super) fn push(&mut self, piece: &str, out: &mut Vec<Event>) {
        if self.place == Place::Text {
            return push_text(piece, out);
        }
        self.held.push_str(piece);
        loop {
            match self.place {
                Place::Start => {
                    let begin = self.held.trim_start();
                    if let Some(rest) = begin.strip_prefix(OPEN) {
                        self.held = rest.to_owned();
                        self.place = Place::Inside;
                    } else if OPEN.starts_with(begin) && self.held.len() <= MAX_HELD_BYTES {
                        return;
                    } else {
                        self.place = Place::Text;
                    }
                }
                Place::Inside => match self.held.split_once(CLOSE) {
                    Some((reasoning, rest)) => {
                        push_reasoning(reasoning, out);
                        self.held = rest.to_owned();
                        self.place = Place::Behind;
                    }
                    None => {
                        let kept = self.held.split_off(self.held.len() - partial_close(&self.held));
                        push_reasoning(&std::mem::replace(&mut self.held, kept), out);
                        return;
                    }
                },
                Place::Behind => {
                    self.held = self.held.trim_start_matches(['\n', '\r']).to_owned();
                    if self.held.is_empty() {
                        return;
                    }
                    self.place = Place::Text;
                }
                Place::Text => return push_text(&std::mem::take(&mut self.held), out),
            }
        }
    }

    /// Gives out what waited for more.
    pub(super) fn flush(&mut self, out: &mut Vec<Event>) {
        let held = std::mem::take(&mut self.held);
        match self.place {
            Place::Start | Place::Text => push_text(&held, out),
            Place::Inside | Place::Behind => push_reasoning(&held, out),
        }
    }
}

/// Length of the longest end of `text` that begins the closing tag.
fn partial_close(text: &str) -> usize {
    (1..CLOSE.len()).rev().find(|len| CLOSE.get(..*len).is_some_and(|head| text.ends_with(head))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, reasoning: &str, answer: &str) {
        let read = |pieces: &[&str]| {
            let (mut think, mut out) = (Think::default(), Vec::new());
            pieces.iter().for_each(|piece| think.push(piece, &mut out));
            think.flush(&mut out);
            let mut read = (String::new(), String::new());
            for event in out {
                match event {
                    Event::Reasoning(text) => read.0.push_str(&text),
                    Event::Text(text) => read.1.push_str(&text),
                    Event::ToolCall(_) | Event::Waiting { .. } | Event::End { .. } => unreachable!(),
                }
            }
            read
        };
        let expected = (reasoning.to_owned(), answer.to_owned());
        assert_eq!(read(&[input]), expected);
        for (at, _) in input.char_indices() {
            assert_eq!(read(&[&input[..at], &input[at..]]), expected, "cut at {at}");
        }
        let chars: Vec<String> = input.chars().map(String::from).collect();
        assert_eq!(read(&chars.iter().map(String::as_str).collect::<Vec<_>>()), expected);
    }

    #[test]
    fn reasoning_at_the_start_is_no_text() {
        check("<think>why < é</thin</think>\n\n  answer\n", "why < é</thin", "  answer\n");
        check("\n<think></think>x", "", "x");
    }

    #[test]
    fn a_tag_elsewhere_is_text() {
        check("use <think>x</think>", "", "use <think>x</think>");
        check("  <thin", "", "  <thin");
        check("<thinker>", "", "<thinker>");
        check("", "", "");
    }

    #[test]
    fn reasoning_that_never_closes_is_no_text() {
        check("<think>on and on </thi", "on and on </thi", "");
    }
}
