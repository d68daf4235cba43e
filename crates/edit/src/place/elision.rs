//! Lines that stand for code which a model left out, as in `// ... existing code ...`, and the code they stand for.
//!
//! Goes by the words that models use; a line that only mentions them is not one. A placeholder stands for something only
//! between lines of the scope that occur there once.

use super::lines::is_blank;
use crate::omission::stands_for_code;
use crate::{Reason, Refusal};

/// Lines next to a placeholder that are looked at to find its place.
const REACH: usize = 5;

/// `new` with each placeholder replaced by the lines of `old` that it stands for.
///
/// Refused where the lines above and below a placeholder do not occur once in `old`, at least two of them.
pub(super) fn filled(old: &[&str], new: &[String]) -> Result<Vec<String>, Refusal> {
    let is_marker = |line: &str| is_elision(line) && !old.iter().any(|old| old.trim() == line.trim());
    let mut filled: Vec<String> = Vec::with_capacity(new.len());
    let mut start = 0;
    for (idx, line) in new.iter().enumerate().filter(|(_, line)| is_marker(line)) {
        let refuse = || Refusal::new(Reason::Elision { line: line.clone() });
        let above = (1..=REACH.min(idx - start)).map(|n| (n, new.get(idx - n..idx).unwrap_or_default()));
        let (n_above, above) = anchor(old, above).ok_or_else(refuse)?;
        let rest = new.len() - idx - 1;
        let below = (1..=REACH.min(rest)).map(|n| (n, new.get(idx + 1..idx + 1 + n).unwrap_or_default()));
        let below = below.take_while(|(_, block)| !block.iter().any(|line| is_marker(line)));
        let (_, below) = anchor(old, below).ok_or_else(refuse)?;
        let from = above + n_above;
        // What stands for nothing may be a comment that only begins like a placeholder.
        if below < from || below == from && !is_dotted(line) {
            return Err(refuse());
        }
        filled.extend(new.get(start..idx).unwrap_or_default().iter().cloned());
        filled.extend(old.get(from..below).unwrap_or_default().iter().map(|line| (*line).to_owned()));
        start = idx + 1;
    }
    filled.extend(new.get(start..).unwrap_or_default().iter().cloned());
    Ok(filled)
}

/// The first of growing blocks of lines, of at least two, that stands exactly once in `old`: its length and its place.
fn anchor<'a>(old: &[&str], blocks: impl Iterator<Item = (usize, &'a [String])>) -> Option<(usize, usize)> {
    for (n, block) in blocks {
        if block.iter().all(|line| line.trim().len() <= 1) {
            continue;
        }
        let mut places =
            old.windows(n).enumerate().filter(|(_, window)| window.iter().eq(block)).map(|(idx, _)| idx);
        match (places.next(), places.next()) {
            (None, _) => return None,
            (Some(place), None) if n >= 2 => return Some((n, place)),
            (Some(_), _) => {}
        }
    }
    None
}

/// Whether a line of `new` stands for code that was left out, and is not one of `old`.
pub(super) fn left_in<'a, O: AsRef<str>>(old: &[O], new: &'a [String]) -> Option<&'a String> {
    new.iter()
        .filter(|line| !is_blank(line))
        .find(|line| is_elision(line) && !old.iter().any(|old| old.as_ref().trim() == line.trim()))
}

/// Whether `line` is a placeholder for code, as in `// ... existing code ...` or `# rest unchanged`.
pub(super) fn is_elision(line: &str) -> bool {
    const LEADERS: [&str; 10] = ["{/*", "/*", "<!--", "//", "--", "#", "*", ";", "%", "\""];
    let line = line.trim();
    let body = LEADERS.iter().find_map(|leader| line.strip_prefix(leader));
    let is_comment = body.is_some();
    let body = body.unwrap_or(line).trim_start_matches(['/', '#', '*', '-', ';', '!']);
    let body = body.trim_end_matches("-->").trim_end_matches(['}', '/', '*']);
    let body = body.trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')'));
    let dotted = body.strip_prefix("...").or_else(|| body.strip_prefix('…'));
    match dotted {
        Some("") => true,
        // A spread (`...rest`) has no blank behind its dots.
        Some(rest) => (is_comment || rest.starts_with([' ', '.'])) && stands_for_code(body),
        None => is_comment && stands_for_code(body),
    }
}

/// Whether a placeholder has the dots that no comment has.
fn is_dotted(line: &str) -> bool {
    line.contains("...") || line.contains('…')
}
