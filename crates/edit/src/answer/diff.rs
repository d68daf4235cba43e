//! Unified diffs and `apply_patch` patches, which models answer in unasked.
//!
//! Line numbers and section names are not read: where a change belongs is found by its lines.

use super::Change;
use crate::Reason;

/// Whether `lines`, the inside of a fence marked `info`, are a diff.
pub(super) fn is_diff(lines: &[String], info: &str) -> bool {
    let is_named = ["diff", "patch", "udiff"].contains(&info.split_whitespace().next().unwrap_or(""));
    let has = |start: &[&str]| lines.iter().any(|line| start.iter().any(|start| line.starts_with(start)));
    let is_patch = lines.first().is_some_and(|line| line.trim() == "*** Begin Patch");
    is_patch || (is_named || has(&["@@"])) && has(&["+", "-"])
}

/// The changes of a diff of one file: for each hunk its lines before and after, with the lines around them.
pub(super) fn read(lines: &[String]) -> Result<Vec<Change>, Reason> {
    let mut changes: Vec<Change> = Vec::new();
    let mut open: Option<Change> = None;
    let mut file: Option<&str> = None;
    let has_hunks = lines.iter().any(|line| line.starts_with("@@"));
    let mut is_header = !has_hunks;
    let mut rest = lines.iter().peekable();
    while let Some(line) = rest.next() {
        let name = line.strip_prefix("*** Update File:").or_else(|| {
            let is_pair =
                line.starts_with("--- ") && rest.peek().is_some_and(|next| next.starts_with("+++ "));
            is_pair.then(|| rest.next()).flatten().and_then(|next| next.strip_prefix("+++ "))
        });
        if let Some(name) = name {
            let name = name.split('\t').next().unwrap_or(name).trim();
            if file.is_some_and(|known| known != name) {
                return Err(Reason::SeveralFiles);
            }
            file = Some(name);
            changes.extend(open.take());
            is_header = !has_hunks;
            continue;
        }
        if ["*** Add File:", "*** Delete File:", "*** Move to:"].iter().any(|start| line.starts_with(start)) {
            return Err(Reason::SeveralFiles);
        }
        if ["*** Begin Patch", "*** End Patch", "*** End of File", "diff ", "index "]
            .iter()
            .any(|start| line.starts_with(start))
        {
            continue;
        }
        if line.starts_with("@@") {
            changes.extend(open.replace(Change::default()));
            continue;
        }
        if open.is_none() && !is_header {
            continue;
        }
        take(open.get_or_insert_default(), line)?;
    }
    changes.extend(open);
    changes.retain(|change| change.search != change.replace);
    if changes.is_empty() { Err(Reason::BadDiff { line: String::new() }) } else { Ok(changes) }
}

fn take(change: &mut Change, line: &str) -> Result<(), Reason> {
    let (is_old, is_new, content) = match line.chars().next() {
        None => (true, true, ""),
        Some(' ') => (true, true, line.get(1..).unwrap_or("")),
        Some('-') => (true, false, line.get(1..).unwrap_or("")),
        Some('+') => (false, true, line.get(1..).unwrap_or("")),
        // "\ No newline at end of file"
        Some('\\') => return Ok(()),
        Some(_) => return Err(Reason::BadDiff { line: line.to_owned() }),
    };
    for (_, side) in
        [(is_old, &mut change.search), (is_new, &mut change.replace)].into_iter().filter(|(is, _)| *is)
    {
        side.push_str(content);
        side.push('\n');
    }
    Ok(())
}
