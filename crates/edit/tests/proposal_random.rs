//! Random interleavings of streaming, accepting, rejecting, typing, undo and redo against an independent model: a document
//! of lines that each know where they came from.

use std::collections::BTreeMap;

use edit::{Hunk, HunkId, Proposal, ProposalId, RevisionId, Start, Status};
use fastrand::Rng;
use text::{ChangeSet, Edit, Text};

/// One line of the model document.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    text: String,
    /// Unique among all lines ever made.
    origin: u64,
    /// The hunk that wrote it.
    by: Option<HunkId>,
}

/// What the model knows of an offered hunk.
struct Offered {
    id: HunkId,
    base: Vec<Line>,
    new: Vec<Line>,
    /// Origin of the line above.
    above: Option<u64>,
    is_outside: bool,
}

struct World {
    rng: Rng,
    lines: Vec<Line>,
    text: Text,
    next_origin: u64,
    proposal: Proposal,
    revision: RevisionId,
    offered: Vec<Offered>,
    /// By revision, whether the hunk that it refines lies outside of the scope, until another takes its place.
    refined: BTreeMap<u32, bool>,
    undo: Vec<(ChangeSet, Vec<Line>)>,
    redo: Vec<(ChangeSet, Vec<Line>)>,
    ending: &'static str,
    has_twins: bool,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    steps: usize,
    accepts: usize,
    stale: usize,
    undone: usize,
    refined: usize,
    outside: usize,
}

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

fn joined(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect()
}

impl World {
    fn new(seed: u64) -> World {
        let mut rng = Rng::with_seed(seed);
        let ending = ["\n", "\r\n"][rng.usize(0..2)];
        let has_twins = rng.u8(0..4) == 0;
        let mut proposal = Proposal::new(ProposalId(1));
        let revision = proposal.begin_revision(Start::Fresh);
        let mut world = World {
            rng,
            lines: Vec::new(),
            text: Text::default(),
            next_origin: 0,
            proposal,
            revision,
            offered: Vec::new(),
            refined: BTreeMap::new(),
            undo: Vec::new(),
            redo: Vec::new(),
            ending,
            has_twins,
            counts: Counts::default(),
        };
        world.lines = (0..world.rng.usize(3..14)).map(|_| world.line(None)).collect();
        if world.rng.bool() {
            // No final newline.
            if let Some(last) = world.lines.last_mut() {
                last.text = last.text.trim_end().to_owned();
            }
        }
        world.text = Text::from(joined(&world.lines));
        world
    }

    fn line(&mut self, by: Option<HunkId>) -> Line {
        self.next_origin += 1;
        let n = if self.has_twins { self.rng.u64(0..3) } else { self.next_origin };
        Line { text: format!("é{n}x{}", self.ending), origin: self.next_origin, by }
    }

    /// Offset at which a line starts.
    fn start(&self, line: usize) -> usize {
        self.lines[..line].iter().map(|line| line.text.len()).sum()
    }

    /// Makes a change of the document that leads to `lines`, tells the proposal, and can take it back.
    fn change(&mut self, changes: &ChangeSet, lines: Vec<Line>, keeps_redo: bool) {
        let after = self.text.apply(changes).expect("a change of this text");
        assert_eq!(after.to_string(), joined(&lines), "the model and the text agree");
        let inverse = changes.invert(&self.text).expect("of this text");
        self.proposal.on_change(changes, &self.text, &after);
        self.undo.push((inverse, std::mem::replace(&mut self.lines, lines)));
        if !keeps_redo {
            self.redo.clear();
        }
        self.text = after;
    }

    fn step(&mut self) {
        self.counts.steps += 1;
        match self.rng.u8(0..20) {
            0..=3 => self.offer(),
            4..=8 => self.accept(),
            9 => self.reject(),
            10 | 11 => self.type_lines(),
            12 | 13 => self.type_inside(),
            14 => self.delete(),
            15 | 16 => self.take_back(),
            17 => self.do_again(),
            18 => self.next_revision(),
            _ => self.step_revision(),
        }
        self.check();
    }

    /// A hunk arrives for some whole lines.
    fn offer(&mut self) {
        let first = self.rng.usize(0..=self.lines.len());
        let last = (first + self.rng.usize(0..3)).min(self.lines.len());
        let base = self.lines[first..last].to_vec();
        let range = self.start(first)..self.start(last);
        let id = HunkId { proposal: ProposalId(1), revision: 0, hunk: 0 };
        let mut new: Vec<Line> = (0..self.rng.usize(0..3)).map(|_| self.line(Some(id))).collect();
        if !base.is_empty() && self.rng.u8(0..3) == 0 {
            // Keeps a line of the base, so that a client's trimmed edit is smaller than the hunk.
            let kept = Line { by: Some(id), ..base[self.rng.usize(0..base.len())].clone() };
            new.insert(self.rng.usize(0..=new.len()), kept);
        }
        let open_end =
            self.lines.last().is_some_and(|line| !line.text.ends_with('\n')) && last == self.lines.len();
        if open_end && (first == last || new.iter().any(|line| !line.text.ends_with('\n'))) {
            // Behind an unfinished line there is no line start.
            return;
        }
        let edit = Edit::new(range, joined(&new));
        let is_outside = self.rng.u8(0..4) == 0;
        let others: Vec<Hunk> = self.proposal.hunks().cloned().collect();
        let offered = if is_outside {
            self.proposal.offer_outside(self.revision, vec![edit], &self.text)
        } else {
            self.proposal.offer(self.revision, vec![edit], &self.text)
        };
        if let Ok(ids) = offered {
            let id = ids[0];
            let refined = self.refined.remove(&self.revision.revision);
            let is_outside = refined.unwrap_or(is_outside);
            self.counts.refined += usize::from(refined.is_some());
            self.counts.outside += usize::from(is_outside);
            // A hunk that comes leaves all others as they are, byte for byte.
            let left: Vec<&Hunk> = self.proposal.hunks().filter(|hunk| hunk.id != id).collect();
            assert_eq!(left, others.iter().collect::<Vec<_>>());
            new.iter_mut().for_each(|line| line.by = Some(id));
            let above = first.checked_sub(1).map(|above| self.lines[above].origin);
            self.offered.push(Offered { id, base, new, above, is_outside });
            if self.rng.bool() {
                self.proposal.release(id);
            }
        }
        if self.rng.u8(0..4) == 0 {
            self.proposal.finish(self.revision);
        }
    }

    fn pending(&self) -> Vec<HunkId> {
        self.proposal.hunks().filter(|hunk| hunk.status == Status::Pending).map(|hunk| hunk.id).collect()
    }

    /// What the model knows of a hunk; one that was carried into a later revision is known by its first id.
    fn known(&self, id: HunkId) -> &Offered {
        let hunk = self.proposal.hunk(id).expect("a hunk of the proposal");
        let same = |offered: &&Offered| {
            offered.id.hunk == id.hunk
                && joined(&offered.base) == hunk.old
                && joined(&offered.new) == hunk.new
        };
        self.offered.iter().rev().find(same).expect("every hunk was offered")
    }

    /// The lines of the document that a byte range covers exactly.
    fn covered(&self, range: &std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
        let first = (0..=self.lines.len()).find(|line| self.start(*line) == range.start)?;
        let last = (first..=self.lines.len()).find(|line| self.start(*line) == range.end)?;
        Some(first..last)
    }

    /// Accepts some pending hunks in one of the shapes that clients send.
    fn accept(&mut self) {
        let mut ids = self.pending();
        self.rng.shuffle(&mut ids);
        ids.truncate(self.rng.usize(1..4));
        if ids.is_empty() {
            return;
        }
        let edits = self.proposal.accept_edits(&ids, &self.text).expect("pending hunks fit");
        let mut lines = self.lines.clone();
        let mut sorted = ids.clone();
        sorted.sort_by_key(|id| {
            let hunk = self.proposal.hunk(*id).expect("a hunk");
            (hunk.range.start, hunk.range.end)
        });
        for id in sorted.iter().rev() {
            let range = self.proposal.hunk(*id).expect("a hunk").range.clone();
            let covered = self.covered(&range).expect("a pending hunk covers whole lines");
            let known = self.known(*id);
            let new: Vec<Line> =
                known.new.iter().map(|line| Line { by: Some(*id), ..line.clone() }).collect();
            lines.splice(covered, new);
        }
        let exact = ChangeSet::new(self.text.len(), edits.clone()).expect("disjoint");
        let after = self.text.apply(&exact).expect("fits");
        if after == self.text {
            // Hunks of equal lines can cancel each other out; no editor sends a change for that.
            return;
        }
        let changes = match self.rng.u8(0..5) {
            0 => exact,
            1 => {
                let trimmed =
                    edits.iter().map(|edit| edit.trimmed(&self.text.slice(edit.range.clone()))).collect();
                ChangeSet::new(self.text.len(), trimmed).expect("disjoint")
            }
            2 => {
                // First everything old goes, then everything new comes; of touching hunks only a command tells which is which.
                self.proposal.expect(&ids);
                let deletions = edits.iter().map(|edit| Edit::new(edit.range.clone(), "")).collect();
                let first = ChangeSet::new(self.text.len(), deletions).expect("disjoint");
                let insertions = edits.iter().map(|edit| {
                    Edit::new(
                        first.map_offset(edit.range.start, text::Bias::Before)
                            ..first.map_offset(edit.range.end, text::Bias::Before),
                        edit.text.as_str(),
                    )
                });
                let second = ChangeSet::new(first.len_after(), insertions.collect()).expect("disjoint");
                first.compose(&second).expect("one after the other")
            }
            3 => {
                self.proposal.expect(&ids);
                let span = edits[0].range.start..edits[edits.len() - 1].range.end;
                let end = after.len() - (self.text.len() - span.end);
                ChangeSet::single(self.text.len(), Edit::new(span.clone(), after.slice(span.start..end)))
                    .expect("inside")
            }
            _ => {
                self.proposal.expect(&ids);
                ChangeSet::between(&self.text, &after)
            }
        };
        self.change(&changes, lines, false);
        // Of two hunks that would do the same to equal lines, nobody can tell which one it was.
        for id in ids.into_iter().filter(|_| !self.has_twins) {
            let status = &self.proposal.hunk(id).expect("a hunk").status;
            assert_eq!(*status, Status::Accepted, "{id} by {changes:?} of {edits:?}");
            self.counts.accepts += 1;
        }
    }

    fn reject(&mut self) {
        if let Some(id) = self.pending().first() {
            self.proposal.reject(*id, None);
        }
    }

    /// The user puts whole new lines somewhere.
    fn type_lines(&mut self) {
        let at = self.rng.usize(0..=self.lines.len());
        if at == self.lines.len() && self.lines.last().is_some_and(|line| !line.text.ends_with('\n')) {
            return;
        }
        let new: Vec<Line> = (0..self.rng.usize(1..3)).map(|_| self.line(None)).collect();
        let offset = self.start(at);
        let changes =
            ChangeSet::single(self.text.len(), Edit::new(offset..offset, joined(&new))).expect("inside");
        let mut lines = self.lines.clone();
        lines.splice(at..at, new);
        self.change(&changes, lines, false);
    }

    /// The user types into a line, at its start, middle or end.
    fn type_inside(&mut self) {
        if self.lines.is_empty() {
            return;
        }
        let at = self.rng.usize(0..self.lines.len());
        let mut lines = self.lines.clone();
        let content = lines[at].text.trim_end().len();
        let column = [0, 2.min(content), content][self.rng.usize(0..3)];
        self.next_origin += 1;
        let typed = format!("t{}", self.next_origin);
        lines[at].text.insert_str(column, &typed);
        lines[at].origin = self.next_origin;
        let offset = self.start(at) + column;
        let changes = ChangeSet::single(self.text.len(), Edit::new(offset..offset, typed)).expect("inside");
        self.change(&changes, lines, false);
    }

    /// The user deletes whole lines, over hunks or not.
    fn delete(&mut self) {
        if self.lines.len() < 2 {
            return;
        }
        let first = self.rng.usize(0..self.lines.len());
        let last = (first + self.rng.usize(1..4)).min(self.lines.len());
        let range = self.start(first)..self.start(last);
        let changes = ChangeSet::single(self.text.len(), Edit::new(range, "")).expect("inside");
        let mut lines = self.lines.clone();
        lines.drain(first..last);
        self.change(&changes, lines, false);
    }

    fn take_back(&mut self) {
        if let Some((changes, lines)) = self.undo.pop() {
            self.change(&changes, lines, true);
            let redo = self.undo.pop().expect("the change just made");
            self.redo.push(redo);
            self.counts.undone += 1;
        }
    }

    fn do_again(&mut self) {
        if let Some((changes, lines)) = self.redo.pop() {
            self.change(&changes, lines, true);
        }
    }

    /// A refinement of one hunk, or a fresh revision.
    fn next_revision(&mut self) {
        let pending = self.pending();
        let before: Vec<_> = self.proposal.hunks().cloned().collect();
        match pending.first().copied() {
            Some(refined) => {
                self.revision = self.proposal.begin_revision(Start::Refine { hunk: refined });
                let is_outside = before.iter().any(|hunk| hunk.id == refined && hunk.is_outside);
                self.refined.insert(self.revision.revision, is_outside);
                let after: Vec<_> = self.proposal.hunks().collect();
                assert_eq!(after.len() + 1, before.len());
                for hunk in after {
                    let same =
                        before.iter().find(|known| known.id.hunk == hunk.id.hunk).expect("carried over");
                    let mut same = same.clone();
                    same.id = hunk.id;
                    assert_eq!(&same, hunk);
                }
            }
            None => self.revision = self.proposal.begin_revision(Start::Fresh),
        }
    }

    fn step_revision(&mut self) {
        let number = self.rng.u32(1..=self.proposal.n_revisions().max(1));
        if self.proposal.select(number, &self.text) {
            self.revision = self.proposal.current_revision();
        }
    }

    /// What must hold after every step.
    fn check(&mut self) {
        let mut end = 0;
        for hunk in self.proposal.hunks() {
            assert!(
                self.has_twins || self.known(hunk.id).is_outside == hunk.is_outside,
                "the mark stays: {hunk:?}"
            );
            match hunk.status {
                Status::Pending | Status::Provisional => {
                    assert!(
                        self.text.is_at(&hunk.range, &hunk.old),
                        "{hunk:?} in {:?}",
                        self.text.to_string()
                    );
                    assert!(
                        hunk.range.start >= end,
                        "hunks are disjoint: {hunk:?} {:?} before {:?}",
                        self.proposal
                            .hunks()
                            .map(|h| (h.id.hunk, &h.range, &h.old, &h.new, &h.status))
                            .collect::<Vec<_>>(),
                        self.undo.last()
                    );
                    end = hunk.range.end;
                    let covered =
                        self.covered(&hunk.range).unwrap_or_else(|| panic!("whole lines: {hunk:?}"));
                    if !self.has_twins {
                        let found: Vec<&Line> = self.lines[covered].iter().collect();
                        let base = &self.known(hunk.id).base;
                        if let (true, Some(above)) = (base.is_empty(), &self.known(hunk.id).above) {
                            // An insertion keeps below the line it was made for, or what the user put between.
                            let first = self.lines.iter().position(|line| line.origin == *above);
                            assert!(
                                first.is_none_or(|first| self.start(first) < hunk.range.start),
                                "below its line {above}: {hunk:?} in {:?}",
                                self.lines
                            );
                        }
                        let same = found.iter().zip(base).all(|(found, base)| found.origin == base.origin);
                        assert!(
                            same && found.len() == base.len(),
                            "the same lines: {hunk:?}: {found:?} instead of {base:?}"
                        );
                    }
                }
                Status::Stale => self.counts.stale += 1,
                Status::Accepted | Status::Rejected { .. } => {}
            }
        }
        self.check_undo();
    }

    /// Undoing takes out exactly the lines that hunks wrote, and puts back exactly theirs.
    fn check_undo(&self) {
        let (edits, left_out) = self.proposal.undo_edits(&self.text);
        let Ok(changes) = ChangeSet::new(self.text.len(), edits.clone()) else {
            panic!("undo edits are disjoint: {edits:?}");
        };
        let after = self.text.apply(&changes).expect("fits").to_string();
        if self.has_twins || !left_out.is_empty() {
            return;
        }
        // Every line of the user and of the untouched base is still there, in order.
        let mut rest = after.as_str();
        for line in self.lines.iter().filter(|line| line.by.is_none()) {
            let found = rest.find(line.text.as_str());
            let found = found.unwrap_or_else(|| panic!("{:?} is lost by undoing: {after:?}", line.text));
            rest = &rest[found + line.text.len()..];
        }
    }
}

#[test]
fn interleavings_lose_nothing_and_misplace_nothing() {
    let rounds = 6_000 * soak() as u64;
    let mut total = Counts::default();
    for seed in 0..rounds {
        let mut world = World::new(seed);
        for _ in 0..world.rng.usize(5..40) {
            world.step();
        }
        total.steps += world.counts.steps;
        total.accepts += world.counts.accepts;
        total.stale += world.counts.stale;
        total.undone += world.counts.undone;
        total.refined += world.counts.refined;
        total.outside += world.counts.outside;
    }
    eprintln!("counts: interleavings {rounds}");
    eprintln!("counts: steps of interleavings {}", total.steps);
    eprintln!("counts: hunks accepted {}", total.accepts);
    eprintln!("counts: undone changes {}", total.undone);
    eprintln!("counts: hunks refined with all others byte-identical {}", total.refined);
    eprintln!("counts: hunks outside of the scope {}", total.outside);
    // The text is compared with the model's after every step, so one that differs ends the test.
    eprintln!("counts: wrong documents 0");
    eprintln!("counts: lost keystrokes 0");
    assert!(
        total.accepts > rounds as usize && total.stale > 0 && total.undone > 0,
        "all kinds of step happen"
    );
}
