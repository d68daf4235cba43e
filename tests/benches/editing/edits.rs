//! Edits as a person makes them, with the way back, in the shapes that the measured sides take.

use fastrand::Rng;
use serde_json::{Value, json};
use session::ContentChange;
use text::{Position, PositionRange};

use crate::File;

/// One change inside a line: what stands in front of `character` stays.
#[derive(Debug, Clone)]
pub struct Change {
    /// Zero-based line.
    pub line: u32,
    /// In UTF-16 units.
    pub character: u32,
    /// UTF-16 units that are taken away.
    pub n_removed: u32,
    /// What is put in.
    pub text: String,
}

/// A step and its way back: the file is the same after both.
#[derive(Debug, Clone)]
pub struct Step {
    /// The changes of one notification.
    pub there: Vec<Change>,
    /// The changes that take them back.
    pub back: Vec<Change>,
}

impl Change {
    fn insert(line: usize, character: usize, text: &str) -> Change {
        Change { line: line as u32, character: character as u32, n_removed: 0, text: text.to_owned() }
    }

    /// As the session takes it.
    pub fn content(&self) -> ContentChange {
        let start = Position { line: self.line, character: self.character };
        let end = Position { line: self.line, character: self.character + self.n_removed };
        ContentChange { range: Some(PositionRange { start, end }), text: self.text.clone() }
    }

    /// As the protocol says it.
    pub fn json(&self) -> Value {
        json!({
            "range": {
                "start": { "line": self.line, "character": self.character },
                "end": { "line": self.line, "character": self.character + self.n_removed },
            },
            "text": self.text,
        })
    }

    /// From the protocol; none for anything else.
    pub fn from_json(value: &Value) -> Option<Change> {
        let number = |value: &Value| u32::try_from(value.as_u64()?).ok();
        let (start, end) = (&value["range"]["start"], &value["range"]["end"]);
        let character = number(&start["character"])?;
        Some(Change {
            line: number(&start["line"])?,
            character,
            n_removed: number(&end["character"])?.checked_sub(character)?,
            text: value["text"].as_str()?.to_owned(),
        })
    }
}

impl Step {
    /// Insertions in different lines, none with a line ending.
    fn of(there: Vec<Change>) -> Step {
        let back = there.iter().rev().map(|change| Change {
            n_removed: change.text.encode_utf16().count() as u32,
            text: String::new(),
            ..change.clone()
        });
        Step { back: back.collect(), there }
    }

    /// A letter behind a letter somewhere in a function's body.
    pub fn typing(file: &File, rng: &mut Rng) -> Step {
        let (line, character) = place(file, rng);
        Step::of(vec![Change::insert(line, character, "e")])
    }

    /// The colon that makes a directive of a comment somewhere in a function's body. None where there are no comments.
    pub fn directive(file: &File, rng: &mut Rng) -> Option<Step> {
        let lines: Vec<(usize, usize)> = marked(file).skip(1).collect();
        let (line, character) = *rng.choice(&lines)?;
        Some(Step::of(vec![Change::insert(line, character, ":")]))
    }

    /// A quote that nothing closes, somewhere in a function's body.
    pub fn quote(file: &File, rng: &mut Rng) -> Step {
        let (line, character) = place(file, rng);
        Step::of(vec![Change::insert(line, character, file.source.quote)])
    }

    /// As [`Step::quote`], with a directive made above it, so that a new tree shows.
    pub fn quote_and_directive(file: &File, rng: &mut Rng) -> Option<Step> {
        let (line, character) = marked(file).next()?;
        let mut step = Step::quote(file, rng);
        step.there.push(Change::insert(line, character, ":"));
        Some(Step::of(step.there))
    }
}

/// A place behind a letter, in an indented line of code.
fn place(file: &File, rng: &mut Rng) -> (usize, usize) {
    let lines: Vec<&str> = file.text.lines().collect();
    loop {
        let idx = rng.usize(0..lines.len());
        let line = lines.get(idx).copied().unwrap_or("");
        if !line.starts_with([' ', '\t']) || line.contains(" ai ") {
            continue;
        }
        let letters: Vec<usize> = line
            .char_indices()
            .filter(|(_, c)| c.is_ascii_lowercase())
            .map(|(offset, _)| offset + 1)
            .collect();
        if let Some(offset) = rng.choice(&letters) {
            let units = line.get(..*offset).unwrap_or("").encode_utf16().count();
            return (idx, units);
        }
    }
}

/// Lines that one colon makes a directive of, and where it goes.
fn marked(file: &File) -> impl Iterator<Item = (usize, usize)> {
    let marker = file.source.marker;
    file.text
        .lines()
        .enumerate()
        .filter(|_| !marker.is_empty())
        .filter_map(move |(idx, line)| Some((idx, line.find(marker)? + marker.len())))
}
