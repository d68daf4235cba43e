//! Which lines of two lists are the same ones, by the keys that a rule compares.

use text::diff_lines;

/// Pairs of indexes into `old` and `new` whose keys agree, in order: the longest common run of lines and what goes with it.
pub(super) fn pairs<A: AsRef<str>, B: AsRef<str>>(old: &[A], new: &[B]) -> Vec<(usize, usize)> {
    let (old_text, old_starts) = joined(old);
    let (new_text, new_starts) = joined(new);
    let line = |starts: &[usize], offset: usize| starts.partition_point(|start| *start < offset);
    let mut pairs = Vec::new();
    let (mut old_idx, mut new_idx) = (0, 0);
    for change in diff_lines(&old_text, &new_text) {
        let upto = line(&old_starts, change.old.start);
        pairs.extend((old_idx..upto).zip(new_idx..));
        old_idx = line(&old_starts, change.old.end);
        new_idx = line(&new_starts, change.new.end);
    }
    pairs.extend((old_idx..old.len()).zip(new_idx..new.len()));
    pairs
}

fn joined<S: AsRef<str>>(lines: &[S]) -> (String, Vec<usize>) {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(lines.len());
    for line in lines {
        starts.push(text.len());
        text.push_str(line.as_ref());
        text.push('\n');
    }
    (text, starts)
}
