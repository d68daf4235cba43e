//! Proposals that were written down: they come back as they were, or not at all, and what is not certain is never offered.

use edit::{HunkId, KeptHunks, KeptStatus, Proposal, ProposalId, Start, Status};
use text::{ChangeSet, Edit, Text};

const TEXT: &str = "one\ntwo\nthree\nfour\n";

/// Three hunks: `one` to `ONE`, a line behind `two`, and `four` away.
fn proposal() -> Proposal {
    let text = Text::from(TEXT);
    let mut proposal = Proposal::new(ProposalId(7));
    let revision = proposal.begin_revision(Start::Fresh);
    let edits = vec![Edit::new(0..4, "ONE\n"), Edit::new(8..8, "new\n"), Edit::new(14..19, "")];
    proposal.offer(revision, edits, &text).expect("they fit");
    proposal.finish(revision);
    proposal
}

fn hunk(proposal: &Proposal, number: u32) -> HunkId {
    HunkId { hunk: number, revision: 1, proposal: proposal.current_revision().proposal }
}

fn status(proposal: &Proposal, number: u32) -> Status {
    proposal.hunk(hunk(proposal, number)).expect("it is there").status.clone()
}

/// The proposal after a change of its text.
fn changed(proposal: &mut Proposal, before: &str, edits: Vec<Edit>) -> String {
    let before = Text::from(before);
    let changes = ChangeSet::new(before.len(), edits).expect("sorted edits");
    let after = before.apply(&changes).expect("edits of the text");
    proposal.on_change(&changes, &before, &after);
    after.to_string()
}

fn back(kept: KeptHunks, text: &str) -> Option<Proposal> {
    Proposal::from_kept(ProposalId(9), kept, &Text::from(text))
}

#[track_caller]
fn check_refused(spoil: impl Fn(&mut KeptHunks)) {
    let mut kept = proposal().to_kept();
    spoil(&mut kept);
    assert!(back(kept, TEXT).is_none(), "it is no proposal");
}

#[test]
fn a_proposal_comes_back_as_it_was() {
    let mut proposal = proposal();
    let edits = proposal.accept_edits(&[hunk(&proposal, 1)], &Text::from(TEXT)).expect("it is pending");
    let text = changed(&mut proposal, TEXT, edits);
    proposal.reject(hunk(&proposal, 3), Some("no".to_owned()));
    let kept = proposal.to_kept();
    let back = back(kept.clone(), &text).expect("it comes back");
    assert_eq!(back.to_kept(), kept);
    assert_eq!(status(&back, 1), Status::Accepted);
    assert_eq!(status(&back, 2), Status::Pending);
    assert_eq!(status(&back, 3), Status::Rejected { reason: Some("no".to_owned()) });
    assert_eq!(back.current_revision().proposal, ProposalId(9));
}

#[test]
fn an_answer_that_is_not_whole_is_not_kept() {
    let mut proposal = proposal();
    let revision = proposal.begin_revision(Start::Fresh);
    proposal.offer(revision, vec![Edit::new(4..8, "TWO\n")], &Text::from(TEXT)).expect("it fits");
    let hunks: Vec<usize> = proposal.to_kept().revisions.iter().map(|kept| kept.hunks.len()).collect();
    assert_eq!(hunks, [3, 0]);
}

#[test]
fn what_is_no_proposal_does_not_come_back() {
    check_refused(|kept| kept.shown = 2);
    check_refused(|kept| kept.revisions.clear());
    check_refused(|kept| kept.revisions[0].number = 0);
    check_refused(|kept| kept.revisions.push(kept.revisions[0].clone()));
    check_refused(|kept| kept.revisions[0].hunks[1].number = 1);
    check_refused(|kept| kept.revisions[0].hunks[0].number = 0);
    check_refused(|kept| kept.revisions[0].hunks.swap(0, 1));
    check_refused(|kept| kept.revisions[0].hunks[2].range = 14..20);
    check_refused(|kept| kept.revisions[0].hunks[2].range.start = 20);
    check_refused(|kept| kept.revisions[0].hunks[1].range = 3..4);
    check_refused(|kept| kept.revisions[0].hunks[0].old = "one".to_owned());
    check_refused(|kept| kept.revisions[0].hunks[0].new = "one\n".to_owned());
    check_refused(|kept| {
        let twin = kept.revisions[0].hunks[0].clone();
        kept.revisions[0].hunks.insert(1, edit::KeptHunk { number: 9, ..twin });
    });
    let accented = TEXT.replace("one\n", "éé");
    let mut kept = proposal().to_kept();
    kept.revisions[0].hunks[0] =
        edit::KeptHunk { range: 0..3, old: "one".to_owned(), ..kept.revisions[0].hunks[0].clone() };
    assert!(back(kept, &accented).is_none(), "inside of a character");
}

#[test]
fn a_hunk_whose_place_is_not_certain_is_stale_for_good() {
    let mut proposal = proposal();
    let at = hunk(&proposal, 1);
    proposal.confirm(&Text::from(TEXT), |hunk, _| hunk != Some(at));
    assert_eq!(status(&proposal, 1), Status::Stale);
    assert_eq!((status(&proposal, 2), status(&proposal, 3)), (Status::Pending, Status::Pending));
    // Neither a change beside it nor its very text brings it back.
    let text = changed(&mut proposal, TEXT, vec![Edit::new(13..13, "!")]);
    assert_eq!(status(&proposal, 1), Status::Stale);
    let text = changed(&mut proposal, &text, vec![Edit::new(0..3, "uno")]);
    let text = changed(&mut proposal, &text, vec![Edit::new(0..3, "one")]);
    assert_eq!(status(&proposal, 1), Status::Stale);
    assert!(text.starts_with("one\n"));
    let back = back(proposal.to_kept(), &text).expect("it comes back");
    assert!(back.hunk(hunk(&back, 1)).expect("it is there").is_adrift());
}

#[test]
fn a_hunk_whose_text_is_another_is_stale_whatever_is_said_of_its_place() {
    let mut proposal = proposal();
    proposal.confirm(&Text::from("uno\ntwo\nthree\nfour\n"), |_, _| true);
    assert_eq!(status(&proposal, 1), Status::Stale);
    assert_eq!(status(&proposal, 2), Status::Pending);
}

#[test]
fn accepted_text_whose_place_is_not_certain_is_not_undone() {
    let mut proposal = proposal();
    let all = [hunk(&proposal, 1), hunk(&proposal, 3)];
    let edits = proposal.accept_edits(&all, &Text::from(TEXT)).expect("they are pending");
    let text = changed(&mut proposal, TEXT, edits);
    let back = |is_certain: bool| {
        let mut back = back(proposal.to_kept(), &text).expect("it comes back");
        back.confirm(&Text::from(text.as_str()), |_, _| is_certain);
        back.undo_edits(&Text::from(text.as_str()))
    };
    let (edits, left_out) = back(true);
    assert_eq!((edits.len(), left_out.len()), (2, 0));
    let (edits, left_out) = back(false);
    assert_eq!((edits.len(), left_out.len()), (0, 2));
}

#[test]
fn a_place_that_is_lost_stays_lost() {
    let mut proposal = proposal();
    let edits = proposal.accept_edits(&[hunk(&proposal, 3)], &Text::from(TEXT)).expect("it is pending");
    let text = changed(&mut proposal, TEXT, edits);
    // The text right in front of where `four` stood goes.
    let text = changed(&mut proposal, &text, vec![Edit::new(8..14, "")]);
    let (edits, left_out) = proposal.undo_edits(&Text::from(text.as_str()));
    assert_eq!((edits.len(), left_out.len()), (0, 1), "also without a restart");
    let back = back(proposal.to_kept(), &text).expect("it comes back");
    let (edits, left_out) = back.undo_edits(&Text::from(text.as_str()));
    assert_eq!((edits.len(), left_out.len()), (0, 1));
    assert_eq!(back.to_kept().revisions[0].hunks[0].status, KeptStatus::Pending);
}

#[test]
fn a_comment_whose_place_is_not_certain_stays_in_the_text() {
    let text = "# ai: go\none\ntwo\n";
    let mut proposal = Proposal::new(ProposalId(7));
    proposal.set_directive(0..9, "# ai: go\n".to_owned());
    let revision = proposal.begin_revision(Start::Fresh);
    proposal.offer(revision, vec![Edit::new(9..13, "ONE\n")], &Text::from(text)).expect("it fits");
    proposal.finish(revision);
    let edits = |is_certain: bool| {
        let mut back = back(proposal.to_kept(), text).expect("it comes back");
        back.confirm(&Text::from(text), |hunk, _| hunk.is_some() || is_certain);
        back.accept_edits(&[hunk(&back, 1)], &Text::from(text)).expect("it is pending").len()
    };
    assert_eq!((edits(true), edits(false)), (2, 1));
}
