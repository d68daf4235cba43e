//! Whether the checkout of a document is trusted: asked once, kept in the user's state.

use std::path::{Path, PathBuf};

use workspace::Uri;

use crate::effect::{Answer, EdgeEffect};
use crate::job::{Job, TrustWord};
use crate::notice::Notice;
use crate::place::Target;
use crate::project::{Asked, LookedUp};

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
            LookedUp::Trusted { others, may_ask, .. } if !others.is_empty() => {
                self.ask_commands(folder, &others, may_ask, true);
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
        commands: &[Asked],
        may_ask: bool,
        is_wanted: bool,
    ) {
        if !self.disk.asked_of(checkout, &[]) && !is_wanted {
            return;
        }
        let Named { typed, kept } = named(commands);
        let checkout = checkout.display();
        if !may_ask {
            return self.effects.tell(Notice::info(format!(
                "syntax was checked, {typed} was not run: {checkout} is not trusted. `hunkwise check --trust` in it says that it is"
            )));
        }
        let token = self.effects.token();
        let choices = vec!["Trust and check".to_owned(), "Do not trust".to_owned()];
        let words = [TrustWord::Trusted(kept), TrustWord::NotTrusted];
        self.instructions.choose(token, words.map(|word| Choice::Trust(folder.clone(), word)).to_vec());
        let title = format!(
            "Checking what is proposed runs code of {checkout}, on a copy: {typed}. Do you trust this checkout, now and later?"
        );
        self.effects.edge(EdgeEffect::Choose { token, title, choices });
    }

    /// Asks whether commands may run that a trusted checkout names and that are not those the user said yes to. By itself only
    /// about new ones, once.
    pub(super) fn ask_commands(
        &mut self,
        folder: PathBuf,
        commands: &[Asked],
        may_ask: bool,
        is_wanted: bool,
    ) {
        let is_asked = |command: &&Asked| is_wanted || !command.is_declined;
        let commands: Vec<Asked> = commands.iter().filter(is_asked).cloned().collect();
        if commands.is_empty() || !self.disk.asked_of(&folder, &commands) && !is_wanted {
            return;
        }
        let Named { typed, kept } = named(&commands);
        let shown = folder.display();
        if !may_ask {
            return self.effects.tell(Notice::info(format!(
                "{typed} was not run: the settings of {shown} name it, and you have not said that it may run. `hunkwise check --trust` in it says so"
            )));
        }
        let token = self.effects.token();
        let choices = vec!["Run them".to_owned(), "Do not run them".to_owned()];
        let words = [true, false].map(|may_run| TrustWord::Commands(kept.clone(), may_run));
        self.instructions.choose(token, words.map(|word| Choice::Trust(folder.clone(), word)).to_vec());
        let title = format!(
            "The settings of {shown} name commands that are new or have changed; they would run on a copy: {typed}. May they run, now and later?"
        );
        self.effects.edge(EdgeEffect::Choose { token, title, choices });
    }

    /// The user has said something of the checkout of a folder.
    pub(super) fn keep_trust(&mut self, folder: PathBuf, word: TrustWord) {
        self.effects.start(Purpose::Record, Job::Trust(folder, word));
    }

    pub(super) fn trust_kept(&mut self, folder: &Path, word: &TrustWord) {
        let what = match word {
            TrustWord::Trusted(_) | TrustWord::Commands(_, true) => return self.verify_in(folder),
            TrustWord::NotTrusted => "the project's own checks",
            TrustWord::Commands(_, false) => "these commands",
        };
        self.effects.tell(Notice::info(format!(
            "{what} do not run in {}; the command `hunkwise.trust` asks again",
            folder.display()
        )));
    }
}

/// Commands in a question.
struct Named {
    typed: String,
    /// What a yes is kept for: only what is named.
    kept: Vec<String>,
}

fn named(commands: &[Asked]) -> Named {
    let shown = || commands.iter().take(MAX_NAMED);
    let typed: Vec<&str> = shown().map(|command| command.typed.as_str()).collect();
    let more = match commands.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let kept = shown().filter_map(|command| command.kept.clone()).collect();
    Named { typed: typed.join(", ") + &more, kept }
}
