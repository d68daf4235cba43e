//! Splits changed lines where one definition ends and the next begins.
//!
//! Only where the new lines show the same border: a line that begins like the first line of the definition, once.

use text::{Text, split_lines};

use super::Run;

/// The runs of `old`, cut at those of `borders` that their new lines have too.
pub(super) fn at_borders(old: &Text, runs: Vec<Run>, borders: &[usize]) -> Vec<Run> {
    let mut cut = Vec::with_capacity(runs.len());
    for mut run in runs {
        for border in borders {
            if !(run.range.start < *border && *border < run.range.end) {
                continue;
            }
            let first = old.line(old.line_of(*border));
            let Some(head) = head(&first) else { continue };
            let is_same = |line: &String| self::head(line).is_some_and(|found| found == head);
            let mut places =
                run.lines.iter().enumerate().filter(|(_, line)| is_same(line)).map(|(idx, _)| idx);
            let (Some(at), None) = (places.next(), places.next()) else { continue };
            let behind = run.lines.split_off(at);
            cut.push(Run { range: run.range.start..*border, lines: run.lines });
            run = Run { range: *border..run.range.end, lines: behind };
        }
        cut.push(run);
    }
    cut.retain(|run| run.lines != split_lines(&old.slice(run.range.clone())));
    cut
}

/// What a line says up to its first bracket, colon or sign; none for a line that says nothing.
fn head(line: &str) -> Option<&str> {
    let line = line.trim();
    let end = line.find(['(', '{', '[', ':', '=', '<', ';']).unwrap_or(line.len());
    line.get(..end).map(str::trim).filter(|head| head.chars().any(char::is_alphanumeric))
}
