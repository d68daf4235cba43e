//! A search text with a slip: one line in ten, at least one, is not quite the scope's.
//!
//! The lines around it say where it belongs. The slip never enters the file: a line that stays is the scope's own, and a line
//! that is replaced must not carry the misread word on.

use text::similarity;

use super::align;
use super::nearest::words;
use super::site::View;
use crate::{Reason, Refusal};

/// Fewer lines than this say too little about a place.
const MIN_LINES: usize = 3;
/// How alike a line with a slip and the scope's line are at least.
const MIN_SIMILARITY: f32 = 0.85;
/// How alike a misread word and the scope's word are at least.
const MIN_WORD_SIMILARITY: f32 = 0.6;

/// The first lines of the windows of `lines` that `search` means but for slips.
pub(super) fn windows(lines: &[&str], search: &[String]) -> Vec<usize> {
    if search.len() < MIN_LINES {
        return Vec::new();
    }
    let most = (search.len() / 10).max(1);
    let is_near = |window: &[&str]| {
        let mut slips = Vec::new();
        for (own, searched) in window.iter().zip(search) {
            if own.trim() != searched.trim() {
                slips.push((own.trim(), searched.trim()));
                if slips.len() > most {
                    return false;
                }
            }
        }
        slips.iter().all(|(own, searched)| similarity(own, searched) >= MIN_SIMILARITY)
    };
    lines
        .windows(search.len())
        .enumerate()
        .filter(|(_, window)| is_near(window))
        .map(|(idx, _)| idx)
        .collect()
}

/// Refuses when a line that `replace` changes carries on what `search` misread of `found`.
pub(super) fn check(found: &[&str], search: &[String], replace: &[String]) -> Result<(), Refusal> {
    let trimmed =
        |lines: &[String]| -> Vec<String> { lines.iter().map(|line| line.trim().to_owned()).collect() };
    let kept = align::pairs(&trimmed(search), &trimmed(replace));
    for (idx, (own, searched)) in found.iter().zip(search).enumerate() {
        if own.trim() == searched.trim() || kept.iter().any(|(old, _)| *old == idx) {
            continue;
        }
        let (own_words, searched_words) = (words(own), words(searched));
        let misread: Vec<&&str> = searched_words.difference(&own_words).collect();
        let is_carried = replace.iter().any(|line| {
            let line = words(line);
            misread.iter().any(|word| line.contains(**word))
        });
        // Without a misread word it is punctuation that differs, and nothing tells whether it was meant.
        if is_carried || misread.is_empty() {
            return Err(Reason::Misread { line: searched.clone() }.into());
        }
    }
    Ok(())
}

/// Whether `search` differs from the lines `found` by slips of the pen alone: neither by a number nor by a word of another
/// shape nor by a word of the file, which may name another place.
pub(super) fn is_slip(view: &View<'_>, found: &[&str], search: &[String]) -> bool {
    let text = view.site.text().to_string();
    let known = words(&text);
    found.iter().zip(search).all(|(own, searched)| {
        let (own, searched) = (words(own), words(searched));
        let is_misread = |word: &&str| {
            let is_like =
                |own: &&str| numbers(own) == numbers(word) && similarity(own, word) >= MIN_WORD_SIMILARITY;
            !known.contains(word) && own.iter().any(is_like)
        };
        searched.difference(&own).all(is_misread)
            && own.difference(&searched).all(|own| !own.starts_with(is_digit))
    })
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn numbers(word: &str) -> String {
    word.chars().filter(|c| is_digit(*c)).collect()
}
