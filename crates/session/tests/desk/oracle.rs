//! What must hold whatever happens: an independent account of who wrote each character, and of what each hunk may replace.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

use session::{DocumentEdit, HunkId, HunkView, ProposalId, ProposalView, Status};

use crate::asked::Meant;
use crate::buffer::{Buffer, Cell, CellEdit};

/// A hunk as it was first seen.
struct Seen {
    old: Vec<u64>,
    /// The last character in front of it that ends no line.
    above: Option<u64>,
    text: (Arc<str>, Arc<str>),
    /// Whether it could be decided; until then it may be withdrawn and its id given to another.
    was_offered: bool,
}

/// A hunk that the editor applied.
pub struct Applied {
    pub old: Vec<Cell>,
    pub new: Vec<Cell>,
}

/// A request that is out: the text at that time, and what its whole answer comes to.
pub struct Request {
    /// Characters from this id on were made since.
    next_id: u64,
    version: i32,
    meant: Option<Meant>,
    has_history: bool,
}

#[derive(Default)]
pub struct Oracle {
    /// Lines may be equal: then only texts are compared, not characters.
    pub has_twins: bool,
    pub views: BTreeMap<ProposalId, ProposalView>,
    pub applied: Vec<Applied>,
    /// What the user accepted by a command, until it is applied: a proposal, the old text and the new.
    pub wanted: BTreeSet<(ProposalId, Arc<str>, Arc<str>)>,
    /// Characters that the user removed, or that an accepted hunk was to replace.
    pub explained: HashSet<u64>,
    /// Per document, the characters that it began with or that the user typed.
    pub owned: Vec<Vec<u64>>,
    /// Characters of directives.
    pub directives: HashSet<u64>,
    pub n_checked_hunks: usize,
    pub n_checked_answers: usize,
    seen: BTreeMap<HunkId, Seen>,
    requests: BTreeMap<ProposalId, Request>,
}

impl Oracle {
    pub fn new(has_twins: bool) -> Oracle {
        Oracle { has_twins, ..Oracle::default() }
    }

    /// A proposal is told anew. A revision whose answer failed is withdrawn, and the next one takes its number.
    pub fn take_view(&mut self, view: ProposalView) {
        let (id, n_revisions) = (view.proposal, view.n_revisions);
        self.seen.retain(|hunk, _| hunk.proposal != id || hunk.revision <= n_revisions);
        self.views.insert(id, view);
    }

    /// A request went to the model.
    pub fn requested(&mut self, id: ProposalId, buffer: &Buffer, meant: Option<Meant>, is_repair: bool) {
        let has_history =
            is_repair || self.views[&id].hunks.iter().any(|hunk| hunk.status == Status::Accepted);
        let next_id = match self.requests.get(&id) {
            Some(request) if is_repair => request.next_id,
            _ => buffer.next_id,
        };
        self.requests.insert(id, Request { next_id, version: buffer.version, meant, has_history });
    }

    /// Every hunk that waits stands on exactly the characters it was made for, and none overlaps another.
    pub fn check_hunks(&mut self, buffer: &Buffer) {
        let mut places: Vec<(Range<usize>, HunkId)> = Vec::new();
        for view in self.views.values().filter(|view| view.uri == buffer.uri) {
            assert_eq!(view.version, buffer.version, "{:?} is of the newest text", view.proposal);
            for hunk in &view.hunks {
                let range = buffer.range(hunk.range);
                if !matches!(hunk.status, Status::Pending | Status::Provisional) {
                    continue;
                }
                let shown = buffer.slice(range.clone());
                assert_eq!(shown, *hunk.old, "{} stands on its old text in {:?}", hunk.id, buffer.text());
                let is_offered = hunk.status == Status::Pending;
                self.n_checked_hunks += 1;
                let text = (hunk.old.clone(), hunk.new.clone());
                let known = self.seen.get_mut(&hunk.id).filter(|seen| seen.text == text || seen.was_offered);
                match known {
                    Some(seen) => {
                        assert_eq!(seen.text, text, "{} is the hunk that was offered", hunk.id);
                        seen.was_offered |= is_offered;
                        if !self.has_twins {
                            check_place(seen, hunk, &range, buffer);
                        }
                    }
                    None => {
                        let old = words(&buffer.cells[range.clone()]);
                        if let Some(request) = self.requests.get(&view.proposal)
                            && !self.has_twins
                        {
                            let words = words(&buffer.cells[range.clone()]);
                            let n_typed = words.iter().filter(|id| **id >= request.next_id).count();
                            let is_older = n_typed * 2 <= words.len();
                            assert!(
                                is_older,
                                "{} replaces what was not there when it was asked for",
                                hunk.id
                            );
                        }
                        let above = buffer.cells[..range.start].iter().rfind(|cell| !is_ending(cell.ch));
                        let above = above.map(|cell| cell.id);
                        self.seen.insert(hunk.id, Seen { old, above, text, was_offered: is_offered });
                    }
                }
                places.push((range, hunk.id));
            }
        }
        places.sort_by_key(|(range, _)| (range.start, range.end));
        for pair in places.windows(2) {
            let [(a, first), (b, second)] = pair else { continue };
            let is_double = a.is_empty() && b.is_empty() && a.start == b.start;
            assert!(a.end <= b.start && !is_double, "{first} and {second} overlap: {a:?} {b:?}");
        }
    }

    /// An answer that came to nothing is not compared with what is offered later.
    pub fn answer_is_over(&mut self, id: ProposalId) {
        if let Some(request) = self.requests.get_mut(&id) {
            request.meant = None;
        }
    }

    /// The user was told that a part of an answer cannot be offered: no answer that is out is whole for sure.
    pub fn something_is_left_out(&mut self) {
        self.requests.values_mut().for_each(|request| request.meant = None);
    }

    /// A whole answer on a text that nobody touched since comes to what the model meant.
    pub fn check_answer(&mut self, id: ProposalId, buffer: &Buffer) {
        let Some(request) = self.requests.get_mut(&id) else { return };
        let Some(meant) = request.meant.take().filter(|_| !request.has_history) else { return };
        if request.version != buffer.version {
            return;
        }
        let mut cells = buffer.cells.clone();
        for hunk in self.views[&id].hunks.iter().rev() {
            // Something newer lies over a stale one: nothing can be said of it.
            if !matches!(hunk.status, Status::Pending | Status::Provisional) {
                return;
            }
            let new = hunk.new.chars().map(|ch| Cell { ch, id: u64::MAX });
            cells.splice(buffer.range(hunk.range), new);
        }
        let after: String = cells.iter().map(|cell| cell.ch).filter(|ch| *ch != '\r').collect();
        // A directive that asked is not shown, and blanks at the end of a line are no change.
        let code = |text: &str| {
            let lines = text.lines().filter_map(|line| match line.find("# ai:") {
                Some(at) => Some(line[..at].trim_end()).filter(|rest| !rest.is_empty()),
                None => Some(line.trim_end()),
            });
            lines.flat_map(|line| [line, "\n"]).collect::<String>()
        };
        let is_it = code(&after).contains(code(&meant.becomes).trim_matches('\n'));
        assert!(is_it, "{id} comes to {after:?} instead of {meant:?}");
        self.n_checked_answers += 1;
    }

    /// The edits of an accept: exactly hunks that wait, nothing else but the directive that asked.
    ///
    /// Returns them as the editor applies them, with what each hunk replaces.
    pub fn check_accept(
        &self,
        edit: &DocumentEdit,
        buffer: &Buffer,
        is_wanted: impl Fn(&HunkView) -> bool,
    ) -> Vec<HunkView> {
        assert_eq!(edit.version, buffer.version, "an edit is for the newest text");
        let mut hunks = Vec::new();
        for (range, text) in &edit.edits {
            let views = self.views.values().filter(|view| view.uri == buffer.uri);
            let found: Vec<&HunkView> = views
                .flat_map(|view| &view.hunks)
                .filter(|hunk| hunk.range == *range && *hunk.new == **text && hunk.status == Status::Pending)
                .collect();
            let removed = buffer.slice(buffer.range(*range));
            let is_directive = text.is_empty() && removed.starts_with("# ai:");
            // A hunk of another proposal can remove the directive as well.
            match found.iter().find(|hunk| is_wanted(hunk)).or(found.first().filter(|_| !is_directive)) {
                Some(hunk) => hunks.push((*hunk).clone()),
                None => {
                    let views = self.views.values().flat_map(|view| &view.hunks);
                    let known: Vec<_> = views.map(|hunk| (hunk.id, &hunk.status, &hunk.new)).collect();
                    assert!(is_directive, "{range:?} {text:?} is no hunk that waits: {known:?}");
                }
            }
        }
        assert!(!hunks.is_empty(), "an accept accepts something");
        hunks
    }

    /// Whether the user has accepted the hunk by a command.
    pub fn is_wanted(&self, hunk: &HunkView) -> bool {
        self.wanted.contains(&(hunk.id.proposal, hunk.old.clone(), hunk.new.clone()))
    }

    /// What undoing puts back: exactly what an accepted hunk replaced, at its place. Two hunks side by side may have been one
    /// in a later revision.
    pub fn undo_edits(&self, edits: Vec<(Range<usize>, String)>, buffer: &Buffer) -> Vec<CellEdit> {
        let mut undone: Vec<CellEdit> = Vec::new();
        let mut rest = edits.into_iter().peekable();
        while let Some((mut range, mut text)) = rest.next() {
            let mut found = self.replaced(&range, &text, buffer);
            while let (None, Some((next, more))) = (found, rest.peek()) {
                if next.start != range.end {
                    break;
                }
                (range, text) = (range.start..next.end, format!("{text}{more}"));
                rest.next();
                found = self.replaced(&range, &text, buffer);
            }
            let found = found.map(<[Cell]>::to_vec).or_else(|| self.deleted(&range, &text));
            let found = found.unwrap_or_else(|| {
                let text_of = |cells: &[Cell]| cells.iter().map(|cell| cell.ch).collect::<String>();
                let known: Vec<_> =
                    self.applied.iter().map(|known| (text_of(&known.old), text_of(&known.new))).collect();
                let (stands, all) = (buffer.slice(range.clone()), buffer.text());
                panic!("undo puts {text:?} over {stands:?} in {all:?}: {known:?}")
            });
            undone.push((range, found));
        }
        undone
    }

    /// What a hunk that only removes lines removed: the user can have done that by hand.
    fn deleted(&self, range: &Range<usize>, text: &str) -> Option<Vec<Cell>> {
        let is_it = |seen: &&Seen| range.is_empty() && *seen.text.0 == *text && seen.text.1.is_empty();
        let mut ids = self.seen.values().find(is_it)?.old.iter().copied();
        let mut id = |ch| if is_ending(ch) { u64::MAX } else { ids.next().unwrap_or(u64::MAX) };
        Some(text.chars().map(|ch| Cell { ch, id: id(ch) }).collect())
    }

    /// What an accepted hunk replaced by the text that stands in a range, if an edit puts that back.
    pub fn replaced(&self, range: &Range<usize>, text: &str, buffer: &Buffer) -> Option<&[Cell]> {
        let stands = &buffer.cells[range.clone()];
        let is_it = |applied: &&Applied| {
            let is_same = applied.new.iter().map(|cell| cell.ch).eq(stands.iter().map(|cell| cell.ch));
            let is_it = self.has_twins || are_alike(&words(&applied.new), &words(stands));
            is_same && is_it && applied.old.iter().map(|cell| cell.ch).eq(text.chars())
        };
        self.applied.iter().rev().find(is_it).map(|applied| applied.old.as_slice())
    }

    /// The hunk's edit as the editor makes it.
    pub fn accept_edit(&mut self, hunk: &HunkView, buffer: &mut Buffer) -> CellEdit {
        let range = buffer.range(hunk.range);
        let old = buffer.cells[range.clone()].to_vec();
        // Accepted again, it is the same text again: other hunks may stand on it.
        let again = self.applied.iter().find(|applied| {
            words(&applied.old) == words(&old)
                && applied.new.iter().map(|cell| cell.ch).eq(hunk.new.chars())
                && !buffer.cells.iter().any(|cell| applied.new.contains(cell))
        });
        let new = again.map_or_else(|| buffer.fresh(&hunk.new), |again| again.new.clone());
        // That these are the hunk's own was checked with the last message.
        self.explained.extend(old.iter().map(|cell| cell.id));
        let proposal = hunk.id.proposal;
        self.wanted.remove(&(proposal, hunk.old.clone(), hunk.new.clone()));
        self.applied.push(Applied { old, new: new.clone() });
        (range, new)
    }
}

/// The characters of some text without its line endings: of a line put behind another one nobody can tell whether its own
/// ending came along or the one before.
fn words(cells: &[Cell]) -> Vec<u64> {
    cells.iter().filter(|cell| !is_ending(cell.ch)).map(|cell| cell.id).collect()
}

/// Whether these are the same characters of equal texts. At the ends one can stand for an equal one that was deleted: of two
/// equal characters side by side nobody can tell which one went.
fn are_alike(a: &[u64], b: &[u64]) -> bool {
    let n_same = a.iter().zip(b).filter(|(a, b)| a == b).count();
    a.len() == b.len() && n_same * 2 >= a.len()
}

fn is_ending(ch: char) -> bool {
    matches!(ch, '\r' | '\n')
}

fn check_place(seen: &Seen, hunk: &HunkView, range: &Range<usize>, buffer: &Buffer) {
    let ids = words(&buffer.cells[range.clone()]);
    let is_there = are_alike(&ids, &seen.old);
    assert!(is_there, "{} is on other characters: {hunk:?} in {:?}", hunk.id, buffer.text());
    if let (true, Some(above)) = (range.is_empty(), seen.above) {
        let at = buffer.cells.iter().position(|cell| cell.id == above);
        assert!(
            at.is_none_or(|at| at < range.start),
            "{} is below the line it was made for: {hunk:?} in {:?}",
            hunk.id,
            buffer.text()
        );
    }
}
