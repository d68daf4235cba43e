//! Whether the checkout of a document is trusted: asked once, kept in the user's state.

use std::path::{Path, PathBuf};

use workspace::Uri;

use crate::effect::{Answer, EdgeEffect};
use crate::job::Job;
use crate::notice::Notice;
use crate::place::Target;
use crate::project::LookedUp;

use super::decide::gone;
use super::effects::Purpose;
use super::instruct::Choice;
use super::{Done, Session};

/// How many commands a question names.
const MAX_NAMED: usize = 6;

impl Session {
    /// The user wants to say whether a checkout is trusted.
    pub(super) fn trust(&mut self, target: &Target) -> Done {
        let uri = self.document_of(target)?;
        let Some(job) = self.look_up_job_of(&uri) else {
            return Err(Notice::info(format!(
                "{uri} is not open or lies in no folder of the workspace, so there is no checkout to trust. Nothing was changed"
            )));
        };
        self.effects.start(Purpose::Trust(job.folder.clone()), Job::LookUp(Box::new(job)));
        Ok(Answer::Done)
    }

    /// The document that a target is in.
    fn document_of(&self, target: &Target) -> Result<Uri, Notice> {
        match target {
            Target::File(uri) => Ok(uri.clone()),
            Target::Place(place) => Ok(place.uri.clone()),
            Target::All => {
                let first = self.workspace.uris().into_iter().next();
                first.ok_or_else(|| {
                    Notice::info("no document is open; open one of the checkout and try again")
                })
            }
            Target::Proposal(_) | Target::Revision(_) | Target::Hunk(_) => {
                let id = self.proposal_of(target)?;
                self.proposals
                    .get(&id)
                    .map(|proposal| proposal.uri.clone())
                    .ok_or_else(|| gone(&id.to_string()))
            }
        }
    }

    pub(super) fn looked_up_for_trust(&mut self, folder: PathBuf, looked: LookedUp) {
        match looked {
            LookedUp::NotTrusted { checkout, commands, may_ask, .. } => {
                self.ask_trust(folder, &checkout, &commands, may_ask, true);
            }
            LookedUp::Trusted { .. } => self.effects.tell(Notice::info(format!(
                "{} is trusted already; `hunkwise check --revoke` in it takes that back",
                folder.display()
            ))),
            LookedUp::Nothing => self.effects.tell(Notice::info(format!(
                "no check is known for this file in {}, so nothing would run; nothing was changed",
                folder.display()
            ))),
            LookedUp::Failed(why) => {
                self.effects.tell(Notice::warning(format!("{why}; no check runs in {}", folder.display())));
            }
        }
    }

    /// Asks whether a checkout is trusted: once, unless the user wants to be asked.
    pub(super) fn ask_trust(
        &mut self,
        folder: PathBuf,
        checkout: &Path,
        commands: &[String],
        may_ask: bool,
        is_wanted: bool,
    ) {
        if !self.disk.asked_of(checkout) && !is_wanted {
            return;
        }
        let named = commands.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = match commands.len().saturating_sub(MAX_NAMED) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let checkout = checkout.display();
        if !may_ask {
            return self.effects.tell(Notice::info(format!(
                "syntax was checked, {named}{more} was not run: {checkout} is not trusted. `hunkwise check --trust` in it says that it is"
            )));
        }
        let token = self.effects.token();
        let choices = vec!["Trust and check".to_owned(), "Do not trust".to_owned()];
        self.instructions.choose(token, vec![Choice::Trust(folder.clone()), Choice::Distrust(folder)]);
        let title = format!(
            "Checking what is proposed runs code of {checkout}, on a copy: {named}{more}. Do you trust this checkout, now and later?"
        );
        self.effects.edge(EdgeEffect::Choose { token, title, choices });
    }

    /// The user has said whether the checkout of a folder is trusted.
    pub(super) fn keep_trust(&mut self, folder: PathBuf, is_trusted: bool) {
        self.effects.start(Purpose::Record, Job::Trust(folder, is_trusted));
    }

    pub(super) fn trust_kept(&mut self, folder: &Path, is_trusted: bool) {
        if is_trusted {
            return self.verify_in(folder);
        }
        self.effects.tell(Notice::info(format!(
            "the project's own checks do not run in {}; the command `hunkwise.trust` asks again",
            folder.display()
        )));
    }
}
