//! Lines that come though the same lines already stand elsewhere, or come twice.

use std::collections::HashMap;
use std::ops::Range;

use super::change::Change;
use super::lines::{is_substantive, shown};
use super::request::Request;
use super::{DetectionKind, Found};

/// Lines in a row that may be the same by chance; in data more, as entries look alike.
const MIN_LINES: usize = 5;
const MIN_LINES_OF_DATA: usize = 8;
/// Letters and digits in such lines: five closing calls are no block.
const MIN_SOLID_CHARS: usize = 80;

const COPYING: [&str; 9] =
    ["copy", "duplicate", "clone", "repeat", "same", "mirror", "twice", "again", "analogous"];

pub(super) fn detect(change: &Change, request: &Request) -> Found {
    let mut found = Found::new();
    if request.mentions(&COPYING) {
        return found;
    }
    let min_lines = match change.language_name() {
        "JSON" | "YAML" | "TOML" | "HTML" | "CSS" | "Markdown" | "SQL" | "" => MIN_LINES_OF_DATA,
        _ => MIN_LINES,
    };
    let lines = substantive(change, &(0..change.new.text.len()));
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (idx, line) in lines.iter().enumerate() {
        places.entry(change.new.at(line).trim()).or_default().push(idx);
    }
    for hunk in &change.hunks {
        let is_added = |idx: usize| lines.get(idx).is_some_and(|line| hunk.adds(line));
        let mut idx = lines.partition_point(|line| line.start < hunk.new.start);
        while idx < lines.len() && lines.get(idx).is_some_and(|line| line.start < hunk.new.end) {
            let longest = longest(change, &lines, &places, idx, &is_added);
            let n_chars: usize = lines
                .get(idx..idx + longest.len)
                .unwrap_or(&[])
                .iter()
                .map(|line| change.new.at(line).chars().filter(|c| c.is_alphanumeric()).count())
                .sum();
            if longest.len >= min_lines && n_chars >= MIN_SOLID_CHARS {
                let place = span(&lines, idx, longest.len);
                let other = span(&lines, longest.at, 1);
                let message = format!(
                    "repeats {} lines that stand at line {}, from {} on",
                    longest.len,
                    change.new.text.line_of(other.start) + 1,
                    shown(change.new.at(&other))
                );
                found.push((hunk.idx, change.remark(DetectionKind::Duplicate, &place, message)));
                break;
            }
            idx += longest.len.max(1);
        }
    }
    found
}

/// The longest run of lines from some place on that also stands at `at`.
struct Longest {
    len: usize,
    at: usize,
}

/// How far the lines from `idx` on, as long as they are added, are those of an earlier or an old place.
fn longest(
    change: &Change,
    lines: &[Range<usize>],
    places: &HashMap<&str, Vec<usize>>,
    idx: usize,
    is_added: &dyn Fn(usize) -> bool,
) -> Longest {
    /// Places of one line that are looked at: one that stands everywhere says nothing.
    const MAX_PLACES: usize = 50;
    let text = |idx: usize| lines.get(idx).map(|line| change.new.at(line).trim());
    let mut longest = Longest { len: 0, at: idx };
    let first = text(idx).unwrap_or("");
    for at in places.get(first).into_iter().flatten().copied().take(MAX_PLACES) {
        // Of two places that both come, the second repeats the first.
        if at == idx || at > idx && is_added(at) {
            continue;
        }
        let n_same = (0..).take_while(|n| {
            let (a, b) = (idx + n, at + n);
            is_added(a)
                && text(a).is_some()
                && text(a) == text(b)
                && (at > idx || b < idx)
                && (at < idx || !is_added(b))
        });
        let len = n_same.count();
        if len > longest.len {
            longest = Longest { len, at };
        }
    }
    longest
}

fn span(lines: &[Range<usize>], idx: usize, len: usize) -> Range<usize> {
    let first = lines.get(idx).cloned().unwrap_or_default();
    let last = lines.get((idx + len).saturating_sub(1)).cloned().unwrap_or_default();
    first.start..last.end.max(first.end)
}

fn substantive(change: &Change, range: &Range<usize>) -> Vec<Range<usize>> {
    let lines = change.new.lines_in(range);
    lines.into_iter().filter(|line| is_substantive(change.new.at(line))).collect()
}
