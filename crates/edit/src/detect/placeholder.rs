//! Comments that stand for code that was left out.

use syntax::TokenKind;

use super::change::Change;
use super::lines::shown;
use super::{DetectionKind, Found};
use crate::omission::stands_for_code;

pub(super) fn detect(change: &Change) -> Found {
    let mut found = Found::new();
    for hunk in &change.hunks {
        for comment in change.new.comments.iter().filter(|comment| hunk.adds(&comment.range)) {
            let stood = change.old.comments.iter().any(|old| old.lines == comment.lines);
            if !stood && comment.lines.iter().any(|line| stands_for_code(line)) {
                let message = format!("has {} in place of code", shown(change.new.at(&comment.range)));
                found.push((hunk.idx, change.remark(DetectionKind::Placeholder, &comment.range, message)));
            }
        }
        for line in hunk.runs.iter().flat_map(|run| change.new.lines_in(&run.new)) {
            let written = change.new.at(&line).trim();
            let is_comment =
                change.new.tokens_in(&line).first().is_some_and(|token| token.kind == TokenKind::Comment);
            let is_bare = written
                .strip_prefix("...")
                .is_some_and(|rest| rest.starts_with([' ', '.']) && stands_for_code(written));
            if is_bare && !is_comment {
                let message = format!("has {} in place of code", shown(written));
                found.push((hunk.idx, change.remark(DetectionKind::Placeholder, &line, message)));
            }
        }
    }
    found
}
