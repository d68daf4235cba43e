//! The project's own checks of a proposal: before its hunks are offered, and again when something was decided.
//!
//! Owns which check runs for which hunks. Hunks wait for it no longer than the settings say; what comes later is said of hunks
//! that can be decided already. Must never start one in the mailbox, and never for a checkout that is not trusted.

use std::collections::BTreeMap;
use std::path::PathBuf;

use edit::{HunkId, ProposalId, RevisionId, Status};
use text::{ChangeSet, Edit, Text};
use verify::project::CheckCommand;
use workspace::{Trusted, Uri};

use crate::effect::{Answer, Progress};
use crate::job::{Checked, Job, JobId};
use crate::level::ProjectLevel;
use crate::notice::Notice;
use crate::place::Target;
use crate::project::{LookUpJob, LookedUp, ProjectFinding, Verified, VerifyJob, counted};

use super::effects::Purpose;
use super::proposal::{Phase, Proposal, Remarks, Stream};
use super::repair::Wrong;
use super::{Done, Session};

/// How long nothing is decided before what is left is checked again: hunks are often decided one after the other.
const QUIET_MS: u64 = 700;

/// What the project's own checks said of a proposal, and what of it runs.
#[derive(Debug, Default)]
pub(super) struct Project {
    running: Option<Running>,
    /// Checks without its hunks, while its answer still comes.
    pub(super) warming: Option<JobId>,
    /// What was decided in a revision when it was last checked.
    seen: BTreeMap<u32, Vec<(HunkId, Status)>>,
    /// What came of the newest check of each revision.
    said: BTreeMap<u32, Said>,
}

/// One check that runs.
#[derive(Debug)]
struct Running {
    job: JobId,
    revision: RevisionId,
    hunks: Vec<HunkId>,
    /// The user asked for it, and is told what comes of it.
    is_asked: bool,
    /// A bar was opened for it.
    has_bar: bool,
    not_run: Vec<String>,
}

/// What came of a check.
#[derive(Debug, Default)]
struct Said {
    /// A line for each command.
    lines: Vec<String>,
    n_made: usize,
    n_not_run: usize,
}

/// What a check is made of.
struct Ground {
    base: Text,
    edits: Vec<Edit>,
    hunks: Vec<HunkId>,
}

impl Session {
    /// The user wants the checks of a proposal to be made now.
    pub(super) fn verify_now(&mut self, target: &Target) -> Done {
        let id = self.proposal_of(target)?;
        let proposal = self.known(id)?;
        if proposal.is_working() {
            return Err(Notice::info(format!(
                "{id} is still working; its hunks are checked before they are offered"
            )));
        }
        let revision = proposal.hunks.current_revision();
        self.stop_project(id);
        if self.look_up(id, revision, true) {
            return Ok(Answer::Proposal(id));
        }
        Err(Notice::info(format!(
            "{id} was not checked: it has no hunks to check, its file lies in no folder of the workspace, or `checks.enabled` is false in your settings"
        )))
    }

    /// Hunks that nothing is wrong with so far go through the project's own checks before they are offered.
    pub(super) fn verify(&mut self, id: ProposalId, revision: RevisionId, stream: Option<Box<Stream>>) {
        if !self.look_up(id, revision, false) {
            return self.offer(id, revision);
        }
        if let Some(proposal) = self.proposals.get_mut(&id) {
            proposal.phase = Phase::Verifying { revision, stream, timer: None };
        }
    }

    /// Finds out which checks there are; says whether there can be any.
    pub(super) fn look_up(&mut self, id: ProposalId, revision: RevisionId, is_asked: bool) -> bool {
        let Some(job) = self.look_up_job(id).filter(|_| self.project_ground(id).is_some()) else {
            return false;
        };
        let job = self.effects.start(Purpose::Project(id), Job::LookUp(Box::new(job)));
        let Some(proposal) = self.proposals.get_mut(&id) else { return false };
        proposal.project.seen.insert(revision.revision, proposal.standing());
        proposal.project.running =
            Some(Running { job, revision, hunks: Vec::new(), is_asked, has_bar: false, not_run: Vec::new() });
        true
    }

    /// Whether there can be checks of a proposal.
    pub(super) fn can_verify(&self, id: ProposalId) -> bool {
        self.checked_folder(id).is_some()
    }

    /// The folder of the workspace in which a proposal is checked.
    fn checked_folder(&self, id: ProposalId) -> Option<PathBuf> {
        let proposal = self.proposals.get(&id).filter(|_| self.config.checks.enabled)?;
        self.workspace.root_of(self.workspace.document(&proposal.uri)?.path.as_deref()?)
    }

    /// Finding the checks of a proposal's document.
    pub(super) fn look_up_job(&self, id: ProposalId) -> Option<LookUpJob> {
        let proposal = self.proposals.get(&id).filter(|_| self.config.checks.enabled)?;
        self.look_up_job_of(&proposal.uri)
    }

    /// Finding the checks of a document; none where it lies in no folder of the workspace.
    pub(super) fn look_up_job_of(&self, uri: &Uri) -> Option<LookUpJob> {
        let file = self.workspace.document(uri)?.path.clone()?;
        let folder = self.workspace.root_of(&file)?;
        Some(LookUpJob { folder, file, checks: self.config.checks.clone() })
    }

    /// The hunks that are open, on the text as it is; where none is, those that were accepted, on the text without them.
    fn project_ground(&self, id: ProposalId) -> Option<Ground> {
        let proposal = self.proposals.get(&id)?;
        let text = self.text_of(&proposal.uri)?;
        let revision = proposal.hunks.current_revision();
        let open: Vec<_> = proposal.hunks.live(revision).collect();
        if !open.is_empty() {
            let edits = open.iter().map(|hunk| Edit::new(hunk.range.clone(), hunk.new.as_str())).collect();
            let hunks = open.iter().map(|hunk| hunk.id).collect();
            return Some(Ground { base: text.clone(), edits, hunks });
        }
        let accepted: Vec<_> =
            proposal.hunks.hunks().filter(|hunk| hunk.status == Status::Accepted).collect();
        let out = accepted.iter().map(|hunk| Edit::new(hunk.range.clone(), hunk.old.as_str()));
        let out = ChangeSet::new(text.len(), out.collect()).ok().filter(|out| !out.is_identity())?;
        let (base, edits) = (text.apply(&out).ok()?, out.invert(text).ok()?);
        let hunks = accepted.iter().map(|hunk| hunk.id).collect();
        Some(Ground { base, edits: edits.edits().to_vec(), hunks })
    }

    /// It is known which checks there are: they start, or what waits for them goes on.
    pub(super) fn looked_up(&mut self, purpose: Purpose, looked: LookedUp) {
        let id = match purpose {
            Purpose::Project(id) => id,
            Purpose::Warm(id) => return self.warm_with(id, looked),
            Purpose::Trust(folder) => return self.looked_up_for_trust(folder, looked),
            _ => return,
        };
        let folder = self.checked_folder(id);
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Some(mut running) = proposal.project.running.take() else { return };
        if let (LookedUp::Trusted { others, may_ask, .. }, Some(folder)) = (&looked, &folder) {
            self.ask_commands(folder.clone(), others, *may_ask, running.is_asked);
        }
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        match looked {
            LookedUp::Trusted { trusted, commands, not_run, .. } if !commands.is_empty() => {
                running.not_run = not_run;
                return self.start_checks(id, running, trusted, commands);
            }
            LookedUp::Trusted { not_run, .. } => {
                proposal.project.say(&running, Verified { checks: Vec::new(), not_run });
            }
            LookedUp::NotTrusted { checkout, commands, is_declined, may_ask } => {
                proposal.project.seen.clear();
                let is_news = running.is_asked || !is_declined;
                if let Some(folder) = folder.filter(|_| is_news) {
                    self.ask_trust(folder, &checkout, &commands, may_ask, running.is_asked);
                }
            }
            LookedUp::Nothing => {
                proposal.project.seen.clear();
                if running.is_asked {
                    self.effects
                        .tell(Notice::info(format!("{id} was not checked: no check is known for its file")));
                }
            }
            LookedUp::Failed(why) => self.effects.tell(Notice::warning(format!(
                "{id} was not checked: {why}. Nobody knows whether its checkout is trusted"
            ))),
        }
        self.not_verifying(id);
    }

    fn start_checks(
        &mut self,
        id: ProposalId,
        running: Running,
        trusted: Trusted,
        commands: Vec<CheckCommand>,
    ) {
        let (Some(Ground { base, edits, hunks }), Some(LookUpJob { file, .. })) =
            (self.project_ground(id), self.look_up_job(id))
        else {
            return self.not_verifying(id);
        };
        let n_commands = commands.len();
        let snapshot = self.workspace.snapshot();
        let verify = VerifyJob { trusted, commands, snapshot, file, base, edits, hunks: hunks.clone() };
        let job = self.effects.start(Purpose::Project(id), Job::Verify(Box::new(verify)));
        let wait_s = self.config.checks.wait_s;
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        proposal.project.running = Some(Running { job, hunks, ..running });
        if let Phase::Verifying { timer, .. } = &mut proposal.phase {
            let wait = Job::Wait { after_ms: wait_s.saturating_mul(1_000) };
            *timer = Some(self.effects.start(Purpose::ProjectWait(id), wait));
            let said =
                format!("checking with {n_commands} of the project's commands, for {wait_s} s at most");
            self.effects.progress(id, Progress::Report(said));
        }
    }

    /// A check begins.
    pub(super) fn verifying(&mut self, purpose: Purpose, name: &str, number: usize, of: usize) {
        let Purpose::Project(id) = purpose else { return };
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let is_awaited = matches!(proposal.phase, Phase::Verifying { .. });
        let Some(running) = &mut proposal.project.running else { return };
        let said = format!("checking: {name} ({number} of {of})");
        if is_awaited || running.has_bar {
            return self.effects.progress(id, Progress::Report(said));
        }
        running.has_bar = true;
        self.effects.progress(id, Progress::Begin(said));
    }

    /// Checks are done: what they say is said of the hunks, and those that wait are offered or asked for again.
    pub(super) fn verified(&mut self, purpose: Purpose, verified: Verified) {
        let Purpose::Project(id) = purpose else { return };
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Some(running) = proposal.project.running.take() else { return };
        let is_bad = verified.is_bad();
        let found = verified.checks.iter().flat_map(|check| &check.findings);
        let what = counted(found.clone()).unwrap_or_else(|| "a check fails".to_owned());
        let findings: Vec<String> = found.map(|finding| finding.told.clone()).collect();
        proposal.found_by_project(&running.hunks, &verified);
        let summary = proposal.project.say(&running, verified);
        if running.is_asked {
            self.effects.tell(Notice::info(format!("{id}: {summary}")));
        }
        if running.has_bar {
            self.effects.end_progress(id, &summary);
        }
        let Some((revision, stream)) = self.end_verifying(id) else { return };
        match stream {
            Some(stream) if is_bad && self.can_ask_again(id, &stream) => {
                let wrong = Wrong { refusals: Vec::new(), findings, what };
                self.ask_again(id, revision, stream, wrong);
            }
            _ => self.offer(id, revision),
        }
    }

    /// Hunks that wait for checks are offered as they are.
    fn not_verifying(&mut self, id: ProposalId) {
        if let Some((revision, _)) = self.end_verifying(id) {
            self.offer(id, revision);
        }
    }

    /// Takes the answer out of the wait for checks.
    fn end_verifying(&mut self, id: ProposalId) -> Option<(RevisionId, Option<Box<Stream>>)> {
        let proposal = self.proposals.get_mut(&id)?;
        let Phase::Verifying { revision, stream, timer } = &mut proposal.phase else { return None };
        let (revision, stream) = (*revision, stream.take());
        timer.take().into_iter().for_each(|timer| self.effects.stop(timer));
        proposal.phase = Phase::Ready;
        Some((revision, stream))
    }

    /// The user does not want to wait for checks: the hunks are offered without.
    pub(super) fn stop_verifying(&mut self, id: ProposalId) {
        self.stop_project(id);
        self.not_verifying(id);
    }

    /// Ends a check that runs for a proposal.
    pub(super) fn stop_project(&mut self, id: ProposalId) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        let Some(running) = proposal.project.running.take() else { return };
        self.effects.stop(running.job);
        if !running.hunks.is_empty() {
            let cancelled = Said { lines: vec!["cancelled".to_owned()], n_made: 0, n_not_run: 1 };
            proposal.project.said.entry(running.revision.revision).or_insert(cancelled);
        }
        if running.has_bar {
            self.effects.end_progress(id, "checks cancelled");
        }
    }

    /// A check that broke says nothing.
    pub(super) fn project_failed(&mut self, id: ProposalId, what: &str) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        if let Some(running) = proposal.project.running.take() {
            let not_run = vec![format!("an internal error was contained: {what}")];
            proposal.project.say(&running, Verified { checks: Vec::new(), not_run });
            if running.has_bar {
                self.effects.end_progress(id, "checks failed");
            }
        }
        self.not_verifying(id);
    }

    /// Has what is left of each proposal checked again where something was decided since; ends what nobody needs any more.
    pub(super) fn verify_again(&mut self) {
        let ids: Vec<ProposalId> = self.proposals.keys().copied().collect();
        for id in ids {
            let Some(proposal) = self.proposals.get(&id) else { continue };
            let revision = proposal.hunks.current_revision();
            let is_ready = matches!(proposal.phase, Phase::Ready);
            let is_awaited = matches!(proposal.phase, Phase::Verifying { .. });
            if proposal.project.running.is_none() && !(is_ready && proposal.hunks.has_undecided()) {
                continue;
            }
            let seen = proposal.project.seen.get(&revision.revision);
            let has_changed = seen.is_some_and(|seen| *seen != proposal.standing());
            if let Some(running) = &proposal.project.running
                && !is_awaited
                && (!is_ready || running.revision != revision || has_changed && !running.is_asked)
            {
                self.stop_project(id);
            }
            let Some(proposal) = self.proposals.get(&id).filter(|_| is_ready && has_changed) else {
                continue;
            };
            let standing = proposal.standing();
            let has_pending = standing.iter().any(|(_, status)| *status == Status::Pending);
            // What the user asked for comes to its end first.
            if has_pending && !proposal.project.is_running() {
                let job = self.effects.start(Purpose::ProjectWait(id), Job::Wait { after_ms: QUIET_MS });
                let Some(proposal) = self.proposals.get_mut(&id) else { continue };
                proposal.project.seen.insert(revision.revision, standing);
                let (hunks, not_run) = (Vec::new(), Vec::new());
                let running = Running { job, revision, hunks, is_asked: false, has_bar: false, not_run };
                proposal.project.running = Some(running);
            }
        }
    }

    /// A wait of a proposal is over: for checks, or for decisions to come to an end.
    pub(super) fn project_waited(&mut self, id: ProposalId) {
        let Some(proposal) = self.proposals.get_mut(&id) else { return };
        match &mut proposal.phase {
            Phase::Verifying { timer, .. } => {
                // Hunks have waited long enough; the checks go on.
                *timer = None;
                self.not_verifying(id);
            }
            _ => {
                if let Some(Running { revision, .. }) = proposal.project.running.take() {
                    self.look_up(id, revision, false);
                }
            }
        }
    }

    /// More commands may run in a folder now: what is open in it is checked.
    pub(super) fn verify_in(&mut self, folder: &std::path::Path) {
        let ids: Vec<ProposalId> = self.proposals.keys().copied().collect();
        for id in ids {
            let is_in = self.checked_folder(id).is_some_and(|of| of == folder);
            let Some(proposal) = self.proposals.get(&id).filter(|_| is_in) else { continue };
            let is_open = matches!(proposal.phase, Phase::Ready) && proposal.hunks.has_undecided();
            let revision = proposal.hunks.current_revision();
            if is_open && proposal.project.running.is_none() {
                self.look_up(id, revision, false);
            } else if proposal.project.running.is_some()
                && let Some(proposal) = self.proposals.get_mut(&id)
            {
                // It does not know of what was said just now: as if something had been decided since.
                proposal.project.seen.insert(revision.revision, Vec::new());
            }
        }
    }
}

impl Project {
    pub(super) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Keeps what came of a check, and gives it in a line.
    fn say(&mut self, running: &Running, verified: Verified) -> String {
        let mut said = Said { n_made: verified.checks.len(), ..Said::default() };
        for check in &verified.checks {
            let took = check.took.as_secs_f32();
            said.lines.push(match counted(check.findings.iter()) {
                None => format!("✓ {} ({took:.1} s)", check.name),
                Some(what) => format!("⚠ {}: {what} ({took:.1} s)", check.name),
            });
        }
        for why in running.not_run.iter().chain(&verified.not_run) {
            said.n_not_run += 1;
            said.lines.push(format!("not run: {why}"));
        }
        let line = said.lines.join("; ");
        self.said.insert(running.revision.revision, said);
        line
    }

    /// What each command came to in a revision; nothing where none ran.
    pub(super) fn lines(&self, revision: RevisionId) -> &[String] {
        self.said.get(&revision.revision).map_or(&[], |said| said.lines.as_slice())
    }

    /// What there is to say of a hunk of a revision about which checks found this.
    pub(super) fn level(&self, hunk: HunkId, findings: &[ProjectFinding]) -> ProjectLevel {
        if self.running.as_ref().is_some_and(|running| running.hunks.contains(&hunk)) {
            return ProjectLevel::Running;
        }
        match (counted(findings.iter()), self.said.get(&hunk.revision)) {
            (Some(what), _) => ProjectLevel::Found { what, n_findings: findings.len() },
            (None, Some(Said { n_made: 0, n_not_run: 1.., .. })) => ProjectLevel::NotRun,
            (None, Some(Said { n_made: 1.., n_not_run, .. })) => {
                ProjectLevel::Passed { n_not_run: *n_not_run }
            }
            (None, Some(_) | None) => ProjectLevel::None,
        }
    }
}

impl Proposal {
    /// What checks found of hunks. What no single hunk is known to cause is said of each.
    fn found_by_project(&mut self, hunks: &[HunkId], verified: &Verified) {
        if verified.checks.is_empty() {
            return;
        }
        let all: Vec<&ProjectFinding> = verified.checks.iter().flat_map(|check| &check.findings).collect();
        for hunk in hunks {
            let of = all.iter().filter(|finding| finding.hunks.is_empty() || finding.hunks.contains(hunk));
            let of = of.map(|finding| (*finding).clone()).collect();
            let remarks = self.remarks.remove(hunk).unwrap_or_else(|| Remarks::new(Checked::default()));
            self.remarks.insert(*hunk, remarks.with_project(of));
        }
    }
}
