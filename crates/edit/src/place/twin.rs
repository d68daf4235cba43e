//! Definitions of one name: overloads, methods of several classes, a function in a function of the same name.
//!
//! The name does not tell which of them an answer is about; its lines do. Can only refuse.

use syntax::{Subject, Tree, subjects_of};

use super::lines::contents;
use super::site::Site;
use super::{align, outside};
use crate::{Reason, Refusal};

/// Refuses `new` in place of `old` where it is more like another definition of the name.
pub(super) fn check(
    site: &Site,
    tree: &Tree,
    subject: &Subject,
    (old, new): (&[&str], &[&str]),
) -> Result<(), Refusal> {
    let (text, scope) = (site.text(), site.scope());
    let (old, new) = (solid(old), solid(new));
    let (Some(head), Some(own_head)) = (head_of(&new), head_of(&old)) else { return Ok(()) };
    let twins = |within| subjects_of(tree, text, &within, &subject.kind, subject.name.as_deref());
    let around = twins(0..text.len())
        .into_iter()
        .filter(|twin| twin.range.end <= scope.start || twin.range.start >= scope.end);
    let start = subject.range.start;
    let inside = twins(start + 1..scope.end.max(start + 1));
    let n_own = align::pairs(&old, &new).len();
    for twin in around.chain(inside) {
        let is_inside = twin.range.start >= scope.start && twin.range.end <= scope.end;
        let twin = text.slice(twin.range);
        let twin = solid(&contents(&twin));
        let n_twin = align::pairs(&twin, &new).len();
        let twin_head = head_of(&twin);
        // Without its decorators it is the scope's own definition.
        let is_self = is_inside && twin_head == Some(own_head);
        let has_head = head != own_head && twin_head == Some(head);
        if !is_self && (n_twin > n_own || n_twin == n_own && has_head) {
            return Err(Reason::OutsideScope { line: head.to_owned() }.into());
        }
    }
    Ok(())
}

/// The lines that say something.
fn solid<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    lines.iter().map(|line| line.trim()).filter(|line| line.contains(char::is_alphanumeric)).collect()
}

/// The first line that is no comment and no decorator.
fn head_of<'a>(lines: &[&'a str]) -> Option<&'a str> {
    lines.iter().copied().find(|line| !outside::is_attribute(line))
}
