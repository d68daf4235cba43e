//! Typographic punctuation and HTML entities in place of what a keyboard types.
//!
//! A file that has such marks keeps them. In one that has none, a model that exchanged them did so everywhere: only where no
//! mark of the kind is left as it is typed, or where lines of the file prove it, is the answer read with typed marks.

use std::collections::HashSet;

use text::Text;

/// Marks that are exchanged together, with what is typed.
const CLASSES: [&[(&str, &str)]; 4] = [
    &[("“", "\""), ("”", "\""), ("„", "\"")],
    &[("‘", "'"), ("’", "'"), ("‚", "'")],
    &[("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")],
    &[("–", "-"), ("—", "-"), ("−", "-"), ("\u{a0}", " ")],
];

/// Which classes of marks a file has anyway.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    has: [bool; 4],
}

/// How lines of an answer are to be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// As they are.
    AsIs,
    /// With typed marks.
    Typed(Vec<String>),
    /// With typed marks if they make no sense as they are. The line is the first one with a mark.
    Either(Vec<String>, String),
    /// Some marks were exchanged and others not.
    Mixed(String),
}

impl Marks {
    pub(super) fn of(text: &Text) -> Marks {
        let mut has = [false; 4];
        let mut carry = String::new();
        for chunk in text.chunks() {
            // An entity can stand across the border of two chunks.
            carry.push_str(chunk);
            if carry.is_ascii() && !carry.contains('&') {
                carry.clear();
                continue;
            }
            for (has, class) in has.iter_mut().zip(CLASSES) {
                *has = *has || class.iter().any(|(mark, _)| carry.contains(mark));
            }
            let keep = carry.char_indices().rev().nth(8).map_or(0, |(start, _)| start);
            carry.drain(..keep);
        }
        Marks { has }
    }

    /// How to read `new`, which comes to stand among the lines `old`.
    pub(super) fn read<O: AsRef<str>, N: AsRef<str>>(&self, old: &[O], new: &[N]) -> Reading {
        let known: HashSet<&str> = old.iter().map(|line| line.as_ref().trim()).collect();
        let mut typed: Vec<String> = new.iter().map(|line| line.as_ref().to_owned()).collect();
        let (mut is_doubtful, mut first) = (false, None);
        for (has, class) in self.has.iter().zip(CLASSES) {
            let marked = |line: &str| class.iter().any(|(mark, _)| line.contains(mark));
            let Some(line) = new.iter().map(AsRef::as_ref).find(|line| marked(line)).filter(|_| !has) else {
                continue;
            };
            let is_proved = new.iter().map(AsRef::as_ref).any(|line| {
                marked(line) && !known.contains(line.trim()) && known.contains(plain(line).trim())
            });
            let is_mixed = is_typed(class, new);
            let is_blank_class = class.iter().any(|(_, typed)| *typed == " ");
            match (is_proved, is_mixed) {
                (true, true) if !is_blank_class => return Reading::Mixed(line.to_owned()),
                (true, _) => {}
                (false, _) if is_blank_class => continue,
                (false, true) => continue,
                (false, false) => is_doubtful = true,
            }
            first.get_or_insert(line);
            for line in &mut typed {
                *line = exchanged(class, line);
            }
        }
        match first {
            None => Reading::AsIs,
            Some(line) if is_doubtful => Reading::Either(typed, line.to_owned()),
            Some(_) => Reading::Typed(typed),
        }
    }
}

/// `line` with every mark as a keyboard types it.
pub(super) fn plain(line: &str) -> String {
    CLASSES.iter().fold(line.to_owned(), |line, class| exchanged(class, &line))
}

fn exchanged(class: &[(&str, &str)], line: &str) -> String {
    class.iter().fold(line.to_owned(), |line, (mark, typed)| line.replace(mark, typed))
}

/// Whether marks of a class also stand in `lines` as they are typed.
fn is_typed<S: AsRef<str>>(class: &[(&str, &str)], lines: &[S]) -> bool {
    lines.iter().any(|line| {
        let rest = class.iter().fold(line.as_ref().to_owned(), |line, (mark, _)| line.replace(mark, ""));
        class.iter().any(|(_, typed)| !matches!(*typed, "\"" | "'") && rest.contains(typed))
            || class.len() == 3 && class.iter().any(|(_, typed)| rest.contains(typed))
    })
}
