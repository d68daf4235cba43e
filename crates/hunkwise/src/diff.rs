//! Hunks and whole proposals as diffs.

use session::HunkView;

/// One hunk with its place, as `git add -p` shows it.
pub(crate) fn hunk(hunk: &HunkView) -> String {
    let first = hunk.range.start.line + 1;
    let mut out = format!("@@ line {first} @@ hunk {}/{}: {}\n", hunk.number, hunk.of, hunk.summary);
    for (sign, text) in [('-', &hunk.old), ('+', &hunk.new)] {
        for line in text::split_lines(text) {
            out.push(sign);
            out.push_str(line.trim_end_matches(['\r', '\n']));
            out.push('\n');
        }
    }
    out
}

/// A unified diff that `git apply` takes, of a file named relative to where it is to be applied.
pub(crate) fn unified(old: &str, new: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    text::unified_diff(old, new, &format!("a/{path}"), &format!("b/{path}"), 3)
}
