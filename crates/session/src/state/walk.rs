//! Moving from hunk to hunk, over files, and the choices that the code actions have no room for.

use edit::{HunkId, Status};
use syntax::Scope;
use workspace::Uri;

use crate::effect::{Answer, EdgeEffect};
use crate::message::{Command, RevisionStep};
use crate::notice::Notice;
use crate::place::{Place, Target};

use super::instruct::Choice;
use super::prepare::scope_label;
use super::proposal::Proposal;
use super::{Done, Session};

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Next,
    Previous,
}

impl Session {
    /// Shows the hunk behind or in front of a place or hunk; from the last it goes on to the next file, and round.
    pub(super) fn walk(&mut self, target: &Target, direction: Direction) -> Done {
        let mut stops: Vec<(Uri, usize, HunkId)> = Vec::new();
        for (id, proposal) in &self.proposals {
            for hunk in
                proposal.hunks.hunks().filter(|hunk| matches!(hunk.status, Status::Pending | Status::Stale))
            {
                if !self.is_covered(*id, proposal, hunk) {
                    stops.push((proposal.uri.clone(), hunk.range.start, hunk.id));
                }
            }
        }
        stops.sort();
        let from = self.walk_start(target);
        let stop = match direction {
            Direction::Next => stops
                .iter()
                .find(|stop| from.as_ref().is_some_and(|from| is_behind(stop, from)))
                .or(stops.first()),
            Direction::Previous => stops
                .iter()
                .rev()
                .find(|stop| from.as_ref().is_some_and(|from| is_in_front(stop, from)))
                .or(stops.last()),
        };
        let Some((uri, _, hunk)) = stop else {
            return Err(Notice::info("no hunk is pending"));
        };
        self.show_hunk(&uri.clone(), *hunk)
    }

    fn walk_start(&self, target: &Target) -> Option<(Uri, usize)> {
        match target {
            Target::Hunk(id) => {
                let proposal = self.proposals.get(&id.proposal)?;
                Some((proposal.uri.clone(), proposal.hunks.hunk(*id)?.range.start))
            }
            Target::Place(place) => Some((place.uri.clone(), place.range.start)),
            Target::Proposal(_) | Target::Revision(_) | Target::File(_) | Target::All => None,
        }
    }

    fn show_hunk(&mut self, uri: &Uri, hunk: HunkId) -> Done {
        let found = self.known(hunk.proposal)?.hunks.hunk(hunk).map(|hunk| hunk.range.clone());
        let (Some(text), Some(range)) = (self.text_of(uri), found) else {
            return Err(super::decide::gone(&hunk.to_string()));
        };
        let at = range.start..range.start;
        let range = text.positions(&at, self.workspace.encoding());
        self.effects.edge(EdgeEffect::Show { uri: uri.clone(), range });
        Ok(Answer::Proposal(hunk.proposal))
    }

    /// Offers rarer commands as a message with choices.
    pub(super) fn more(&mut self, target: &Target) -> Done {
        let id = self.proposal_of(target)?;
        let proposal = self.known(id)?;
        let n_revisions = proposal.hunks.n_revisions();
        let current = proposal.hunks.current_revision().revision;
        let mut offers: Vec<(String, Command)> = Vec::new();
        for number in (1..=n_revisions).filter(|number| *number != current) {
            let step = RevisionStep::Number(number);
            offers.push((
                format!("Show revision {number} of {n_revisions}"),
                Command::Revision { proposal: id, step },
            ));
        }
        if let Target::Hunk(hunk) = target
            && !self.unmet(id, &[*hunk]).is_empty()
            && self.closure(*hunk).is_ok()
        {
            offers.push(("Accept with what it needs".to_owned(), Command::AcceptWith(Target::Hunk(*hunk))));
        }
        offers.push((
            "Follow up on the whole proposal".to_owned(),
            Command::Refine { target: Target::Proposal(id), instruction: None },
        ));
        offers.push((
            "Reject all of this proposal".to_owned(),
            Command::Reject { target: Target::Proposal(id), reason: None },
        ));
        match self.noise_hunks(id).len() {
            0 => {}
            1 => offers.push(("Drop 1 noise hunk".to_owned(), Command::DropNoise(Target::Proposal(id)))),
            n => offers.push((format!("Drop {n} noise hunks"), Command::DropNoise(Target::Proposal(id)))),
        }
        if proposal.hunks.has_accepted() {
            offers.push(("Undo what was accepted".to_owned(), Command::Undo(Target::Proposal(id))));
        }
        for (label, place) in self.other_scopes(proposal, target) {
            let again = Command::Ask { place, instruction: Some(proposal.asked.clone()) };
            offers.push((format!("Ask the same for {label}"), again));
        }
        if self.can_verify(id) {
            let (verify, trust) =
                (Command::Verify(Target::Proposal(id)), Command::Trust(Target::Proposal(id)));
            offers.push(("Check with the project's own commands".to_owned(), verify));
            offers.push(("Say whether this checkout is trusted".to_owned(), trust));
        }
        let token = self.effects.token();
        let (titles, commands): (Vec<String>, Vec<Command>) = offers.into_iter().unzip();
        self.instructions
            .choose(token, commands.into_iter().map(|command| Choice::Command(Box::new(command))).collect());
        self.effects.edge(EdgeEffect::Choose { token, title: format!("Proposal {id}"), choices: titles });
        Ok(Answer::Done)
    }

    /// The next wider scope of a proposal, and inside it the widest that holds the hunk that is meant, by name.
    fn other_scopes(&self, proposal: &Proposal, target: &Target) -> Vec<(String, Place)> {
        let uri = &proposal.uri;
        let (Some(document), Some(scope)) =
            (self.workspace.document(uri), self.scope_at(uri, &proposal.scope))
        else {
            return Vec::new();
        };
        let (tree, text) = (document.current_tree(), &document.text);
        let scope = Scope { range: proposal.scope.clone(), ..scope };
        let hunk = match target {
            Target::Hunk(id) => proposal.hunks.hunk(*id),
            Target::Proposal(_) | Target::Revision(_) | Target::File(_) | Target::Place(_) | Target::All => {
                None
            }
        };
        let narrower = hunk.and_then(|hunk| {
            let scope = syntax::narrow(tree, text, &scope, hunk.range.start)?;
            Some((format!("the {} only", scope_label(&scope)), scope))
        });
        let wider = syntax::widen(tree, text, &scope)
            .map(|scope| (format!("the whole {}", scope_label(&scope)), scope));
        let others = wider.into_iter().chain(narrower).filter(|(_, other)| other.range != scope.range);
        let place = |range| Place { uri: uri.clone(), version: document.version, range };
        others.map(|(label, scope)| (label, place(scope.range))).collect()
    }
}

fn is_behind(stop: &(Uri, usize, HunkId), from: &(Uri, usize)) -> bool {
    (&stop.0, stop.1) > (&from.0, from.1)
}

fn is_in_front(stop: &(Uri, usize, HunkId), from: &(Uri, usize)) -> bool {
    (&stop.0, stop.1) < (&from.0, from.1)
}
