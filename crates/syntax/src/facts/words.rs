//! The words of a text, its lines, and the strings of its facts.
//!
//! Owns the one pass over the bytes; ids given here are local until [`Words::ranked`] says where each string stands.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::strings::Strings;

/// A string of one reading: a place in the order of first sight.
pub(super) type LocalId = u32;

/// The words of a text, in order.
pub(super) struct Words<'a> {
    source: &'a str,
    ids: FxHashMap<Cow<'a, str>, LocalId>,
    strings: Vec<Cow<'a, str>>,
    /// How often each stands in the text; strings added later have none.
    counts: Vec<u32>,
    /// Every word with the offset of its first byte.
    places: Vec<(u32, LocalId)>,
    line_starts: Vec<u32>,
}

/// What a byte can be in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Letter,
    Digit,
    LineEnd,
    Quote,
    Wide,
}

/// Longer texts in quotes are looked at word by word.
const MAX_QUOTED: usize = 400;
/// Shorter words are names, whatever stands in them.
const MIN_KEY: usize = 20;

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'\n' | b'\r' => Class::LineEnd,
            b'"' | b'\'' | b'`' => Class::Quote,
            0x80.. => Class::Wide,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Other)
}

impl<'a> Words<'a> {
    /// The words and lines of a text of less than 4 GiB.
    pub(super) fn of(source: &'a str) -> Words<'a> {
        let bytes = source.as_bytes();
        let mut words = Words {
            source,
            ids: FxHashMap::with_capacity_and_hasher(bytes.len() / 64, Default::default()),
            strings: Vec::with_capacity(bytes.len() / 64),
            counts: Vec::with_capacity(bytes.len() / 64),
            places: Vec::with_capacity(bytes.len() / 8),
            line_starts: vec![0],
        };
        let mut offset = 0;
        while let Some(byte) = bytes.get(offset).copied() {
            match class(byte) {
                Class::Letter => offset = words.word(offset),
                Class::Wide => {
                    let next = source.get(offset..).and_then(|rest| rest.chars().next());
                    offset = match next {
                        Some(c) if c.is_alphabetic() => words.word(offset),
                        Some(c) => offset + c.len_utf8(),
                        None => offset + 1,
                    };
                }
                Class::LineEnd => {
                    offset += 1;
                    if byte == b'\n' || bytes.get(offset) != Some(&b'\n') {
                        words.line_starts.push(offset as u32);
                    }
                }
                Class::Quote => offset = quoted_end(bytes, offset).unwrap_or(offset + 1),
                Class::Other | Class::Digit => offset += 1,
            }
        }
        words
    }

    /// Takes the word at `start` in; the offset behind it comes back.
    fn word(&mut self, start: usize) -> usize {
        let bytes = self.source.as_bytes();
        let mut end = start;
        while let Some(byte) = bytes.get(end).copied() {
            match class(byte) {
                Class::Letter | Class::Digit => end += 1,
                Class::Wide => {
                    let next = self.source.get(end..).and_then(|rest| rest.chars().next());
                    match next {
                        Some(c) if c.is_alphanumeric() => end += c.len_utf8(),
                        _ => break,
                    }
                }
                Class::Other | Class::LineEnd | Class::Quote => break,
            }
        }
        let word = self.source.get(start..end).unwrap_or("");
        if is_key(word) {
            return end;
        }
        let id = self.ids.get(word).copied();
        let id = id.unwrap_or_else(|| self.new_id(Cow::Borrowed(word)));
        if let Some(count) = self.counts.get_mut(id as usize) {
            *count += 1;
        }
        self.places.push((start as u32, id));
        end
    }

    /// The id of a string, a new one where it was not seen yet.
    pub(super) fn id(&mut self, string: &str) -> LocalId {
        let known = self.ids.get(string).copied();
        known.unwrap_or_else(|| self.new_id(Cow::Owned(string.to_owned())))
    }

    fn new_id(&mut self, string: Cow<'a, str>) -> LocalId {
        let id = self.strings.len() as LocalId;
        self.strings.push(string.clone());
        self.counts.push(0);
        self.ids.insert(string, id);
        id
    }

    /// The offsets at which a word stands, in order.
    pub(super) fn offsets_of(&self, word: &str) -> Vec<usize> {
        let Some(id) = self.ids.get(word) else { return Vec::new() };
        let found = self.places.iter().filter(|(_, other)| other == id);
        found.map(|(offset, _)| *offset as usize).collect()
    }

    /// The words that begin in a range of bytes, in order.
    pub(super) fn within(&self, range: Range<usize>) -> impl Iterator<Item = LocalId> {
        let start = self.places.partition_point(|(offset, _)| (*offset as usize) < range.start);
        let rest = self.places.get(start..).unwrap_or(&[]).iter();
        rest.take_while(move |(offset, _)| (*offset as usize) < range.end).map(|(_, id)| *id)
    }

    /// How many strings there are.
    pub(super) fn n_strings(&self) -> usize {
        self.strings.len()
    }

    /// The line that an offset lies on, from 0.
    pub(super) fn line_of(&self, offset: usize) -> u32 {
        self.line_starts.partition_point(|start| *start as usize <= offset).saturating_sub(1) as u32
    }

    /// The first byte of a line; the end of the text for lines behind it.
    pub(super) fn line_start(&self, line: u32) -> usize {
        self.line_starts.get(line as usize).map_or(self.source.len(), |start| *start as usize)
    }

    /// The bytes of a line without its ending.
    pub(super) fn line_bytes(&self, line: u32) -> usize {
        let line = self.source.get(self.line_start(line)..self.line_start(line + 1)).unwrap_or("");
        line.trim_end_matches(['\n', '\r']).len()
    }

    /// All strings in their order, how often each is a word, and where each local id went.
    pub(super) fn ranked(self) -> Ranked {
        let mut order: Vec<(u64, LocalId)> =
            self.strings.iter().zip(0..).map(|(string, id)| (head(string), id)).collect();
        let string = |id: LocalId| self.strings.get(id as usize).map_or("", |string| string.as_ref());
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| string(a.1).cmp(string(b.1))));
        let mut ranked = Ranked {
            strings: Strings::with_capacity(order.len()),
            words: Vec::with_capacity(order.len()),
            ranks: vec![0; order.len()],
        };
        for ((_, id), rank) in order.into_iter().zip(0..) {
            let count = self.counts.get(id as usize).copied().unwrap_or(0);
            if count > 0 {
                ranked.words.push((rank, count));
            }
            ranked.strings.push(string(id));
            if let Some(place) = ranked.ranks.get_mut(id as usize) {
                *place = rank;
            }
        }
        ranked.strings.shrink();
        ranked
    }
}

/// Behind the closing quote of a value in quotes: one without a blank, as keys and passwords are. What is said in quotes has
/// blanks; a lifetime or an apostrophe has no other end.
fn quoted_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes.get(start)?;
    let mut offset = start + 1;
    while offset - start <= MAX_QUOTED {
        match bytes.get(offset)? {
            b'\\' => offset += 2,
            byte if byte == quote => return Some(offset + 1),
            byte if byte.is_ascii_whitespace() => return None,
            _ => offset += 1,
        }
    }
    None
}

/// Whether a word is as keys and hashes are: long, and digits among its letters again and again.
fn is_key(word: &str) -> bool {
    if word.len() < MIN_KEY || word.contains('_') {
        return false;
    }
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let pairs = word.as_bytes().iter().zip(word.as_bytes().iter().skip(1));
    pairs.filter(|(a, b)| is_digit(a) != is_digit(b)).count() >= 4
}

/// Strings in their final order.
pub(super) struct Ranked {
    /// Sorted, each once.
    pub(super) strings: Strings,
    /// Those that are words, with their number.
    pub(super) words: Vec<(u32, u32)>,
    /// Where each local id went.
    pub(super) ranks: Vec<u32>,
}

/// The first eight bytes of a string as a number that sorts as they do.
fn head(string: &str) -> u64 {
    let mut head = [0; 8];
    for (to, from) in head.iter_mut().zip(string.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(head)
}
