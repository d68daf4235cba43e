//! The project's own checks of hunks, as jobs: which there are, whether they may run, and what they say.
//!
//! Runs on values. Must never run anything of a checkout that is not trusted.

use std::path::{Path, PathBuf};
use std::time::Duration;

use edit::HunkId;
use syntax::Stop;
use text::{Edit, Text};
use verify::project::{
    CheckCommand, CheckReport, NewFinding, NotChecked, Offer, Origin, ProjectChecks, Proposed, offered,
};
use workspace::{Overlay, Snapshot, Trust, Trusted};

use crate::config::{ChecksConfig, workspace_commands};

/// What finding the checks of a document needs.
#[derive(Debug, Clone)]
pub struct LookUpJob {
    /// The folder of the workspace that it lies in.
    pub folder: PathBuf,
    /// The document's file.
    pub file: PathBuf,
    /// The user's settings.
    pub checks: ChecksConfig,
}

/// Which checks there are for a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookedUp {
    /// None is known.
    Nothing,
    /// There are some, and the user has not said that the checkout is trusted.
    NotTrusted {
        /// The checkout.
        checkout: PathBuf,
        /// What would run.
        commands: Vec<Asked>,
        /// The user was asked before and said no.
        is_declined: bool,
        /// Whether there is somebody to ask.
        may_ask: bool,
    },
    /// These may run.
    Trusted {
        /// The word for it.
        trusted: Trusted,
        /// The commands, in the order in which they run.
        commands: Vec<CheckCommand>,
        /// Why others do not run.
        not_run: Vec<String>,
        /// Commands of the checkout's own settings that the user has not said yes to.
        others: Vec<Asked>,
        /// Whether there is somebody to ask.
        may_ask: bool,
    },
    /// Nobody knows whether they may run.
    Failed(String),
}

/// A command as the user is asked about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// It as it would be typed.
    pub typed: String,
    /// What an answer is kept for, where the checkout's own settings name it: those can change.
    pub kept: Option<String>,
    /// The user said no.
    pub is_declined: bool,
}

impl Asked {
    /// A command that nobody was asked about.
    pub fn new(command: &CheckCommand) -> Asked {
        let typed = visible(&command.argv.join(" "));
        let is_own = command.origin == Origin::Workspace;
        let typed = match command.dir.as_str() {
            dir if is_own && !dir.is_empty() => format!("{typed} (in {})", visible(dir)),
            _ => typed,
        };
        let kept = is_own.then(|| format!("{:?} in {:?}", command.argv, command.dir));
        Asked { typed, kept, is_declined: false }
    }
}

/// The commands that the settings of a trusted folder name: those that may run, and the others.
pub fn said_of(
    trusted: &Trusted,
    state_dir: &Path,
    commands: Vec<CheckCommand>,
) -> Result<(Vec<CheckCommand>, Vec<Asked>), String> {
    let asked: Vec<Asked> = commands.iter().map(Asked::new).collect();
    let kept: Vec<String> = asked.iter().filter_map(|asked| asked.kept.clone()).collect();
    let said = trusted.said_of(state_dir, &kept).map_err(|error| error.to_string())?;
    let (mut allowed, mut others) = (Vec::new(), Vec::new());
    for ((command, asked), said) in commands.into_iter().zip(asked).zip(said) {
        match said {
            Some(true) => allowed.push(command),
            Some(false) | None => others.push(Asked { is_declined: said.is_some(), ..asked }),
        }
    }
    Ok((allowed, others))
}

/// The commands that a folder's own settings name for a change of a file, or all where there is none. Fails with what is wrong
/// with these settings. `folder` and `file` are real paths.
pub fn own_commands(folder: &Path, file: Option<&Path>) -> Result<Vec<CheckCommand>, String> {
    let named = workspace_commands(folder)?;
    Ok(named.iter().filter_map(|command| command.command(folder, file, Origin::Workspace)).collect())
}

impl LookUpJob {
    /// Looks at the project's files and at what the user said of the checkout; runs nothing. `search` is the search path for
    /// programs.
    pub fn run(&self, state_dir: &Path, search: &str, may_ask: bool) -> LookedUp {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (folder, file) = (real(&self.folder), real(&self.file));
        let trust = match Trust::of(state_dir, &folder) {
            Ok(trust) => trust,
            Err(error) => return LookedUp::Failed(error.to_string()),
        };
        let mut not_run = Vec::new();
        let mut commands = self.commands(&folder, &file, search, &mut not_run);
        let mut own = own_commands(&folder, Some(&file)).unwrap_or_else(|why| {
            not_run.push(why);
            Vec::new()
        });
        own.retain(|command| !self.checks.skip.contains(&command.name));
        match trust {
            _ if commands.is_empty() && own.is_empty() && not_run.is_empty() => LookedUp::Nothing,
            Trust::Granted(trusted) => match said_of(&trusted, state_dir, own) {
                Ok((allowed, others)) => {
                    commands.extend(allowed);
                    not_run.extend(others.iter().map(not_allowed));
                    LookedUp::Trusted { trusted, commands, not_run, others, may_ask }
                }
                Err(why) => LookedUp::Failed(why),
            },
            Trust::NotGranted { .. } if commands.is_empty() && own.is_empty() => LookedUp::Nothing,
            // What the checkout itself names comes first: of many commands only some are named.
            Trust::NotGranted { checkout, is_declined } => LookedUp::NotTrusted {
                checkout,
                commands: own.iter().chain(&commands).map(Asked::new).collect(),
                is_declined,
                may_ask,
            },
        }
    }

    fn commands(
        &self,
        folder: &Path,
        file: &Path,
        search: &str,
        not_run: &mut Vec<String>,
    ) -> Vec<CheckCommand> {
        let mut commands: Vec<CheckCommand> = Vec::new();
        let found = if self.checks.found { offered(folder, &[file.to_owned()], search) } else { Vec::new() };
        for Offer { command, missing } in found {
            match missing {
                Some(program) => not_run.push(format!("{}: {program} is not on PATH", command.name)),
                None => commands.push(command),
            }
        }
        let own = self.checks.commands.iter();
        commands.extend(own.filter_map(|command| command.command(folder, Some(file), Origin::User)));
        commands.retain(|command| !self.checks.skip.contains(&command.name));
        commands
    }
}

/// A text in which nothing is hidden from whoever reads it: neither by control characters nor by those that nobody sees.
fn visible(text: &str) -> String {
    let shown = |c: char| match c.escape_debug().next() {
        Some('\\') if !matches!(c, '\\' | '"' | '\'') => c.escape_debug().collect(),
        Some(_) | None => c.to_string(),
    };
    text.chars().map(shown).collect()
}

fn not_allowed(command: &Asked) -> String {
    let why = match command.is_declined {
        true => "you said that it may not run",
        false => "it is new or has changed in the checkout's settings, and you have not said that it may run",
    };
    format!("{}: {why}", command.typed)
}

/// What checking hunks needs.
#[derive(Debug, Clone)]
pub struct VerifyJob {
    /// That it may be done.
    pub trusted: Trusted,
    /// What to run.
    pub commands: Vec<CheckCommand>,
    /// All documents as they are.
    pub snapshot: Snapshot,
    /// The document's file.
    pub file: PathBuf,
    /// Its text without the hunks.
    pub base: Text,
    /// The hunks' edits, sorted and disjoint.
    pub edits: Vec<Edit>,
    /// Whose edits these are.
    pub hunks: Vec<HunkId>,
}

/// What checks said of hunks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// One for each check that was made.
    pub checks: Vec<VerifiedBy>,
    /// Why others were not.
    pub not_run: Vec<String>,
}

/// What one check said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedBy {
    /// Its name.
    pub name: String,
    /// How long it ran.
    pub took: Duration,
    /// What is new.
    pub findings: Vec<ProjectFinding>,
    /// Whether something of it is to be put right.
    pub is_bad: bool,
}

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFinding {
    /// What kind of thing: "type error", "failing test".
    pub word: &'static str,
    /// What people read.
    pub text: String,
    /// What a model is told: a line in words of our own, then what the tool printed and the line it is about.
    pub told: String,
    /// The hunks that cause it; none where that is not known.
    pub hunks: Vec<HunkId>,
}

impl VerifyJob {
    /// Makes the checks when those before them are done. `begin` is told the name of each, its number and how many there are.
    pub fn run(&self, checks: &ProjectChecks, stop: &Stop, begin: impl Fn(String, usize, usize)) -> Verified {
        let proposed =
            [Proposed { path: self.file.clone(), base: self.base.clone(), edits: self.edits.clone() }];
        let of = self.commands.len();
        let begin = |command: &CheckCommand| {
            let idx = self.commands.iter().position(|known| known == command).unwrap_or(0);
            begin(command.name.clone(), idx + 1, of);
        };
        let open = self.without_hunks();
        let made = checks.check_each(&self.commands, &open, &proposed, stop, begin);
        let mut verified = Verified::default();
        for (command, report) in made {
            match report {
                Ok(report) => verified.checks.push(self.verified_by(&command, report)),
                Err(NotChecked::Cancelled { .. }) => {}
                Err(why) => verified.not_run.push(why.to_string()),
            }
        }
        verified
    }

    /// The open documents, with the one that hunks are for without these.
    pub(crate) fn without_hunks(&self) -> Overlay {
        let mut open = self.open();
        open.insert(self.file.clone(), self.base.clone());
        open
    }

    /// The open documents. Of one that must not leave the machine, the copy has what the disk has, if that.
    fn open(&self) -> Overlay {
        let documents = self.snapshot.documents();
        let open = documents.filter_map(|document| Some((document.path.clone()?, document.text.clone())));
        open.filter(|(path, _)| self.snapshot.may_send(path).is_ok()).collect()
    }

    fn verified_by(&self, command: &CheckCommand, report: CheckReport) -> VerifiedBy {
        let is_bad = report.is_bad();
        let mut findings: Vec<ProjectFinding> =
            report.findings.iter().map(|found| self.finding(command, found)).collect();
        findings.extend(report.failure.map(|failure| ProjectFinding {
            word: "failing check",
            text: format!("{} fails now:\n{failure}", command.name),
            told: format!(
                "`{}` fails now, and did not before. The end of what it prints:\n{failure}",
                command.name
            ),
            hunks: Vec::new(),
        }));
        VerifiedBy { name: report.name, took: report.took, findings, is_bad }
    }

    fn finding(&self, command: &CheckCommand, found: &NewFinding) -> ProjectFinding {
        let word = command.word_for(&found.finding);
        let hunks = found.hunks.iter().filter_map(|at| self.hunks.get(at.hunk_idx)).copied().collect();
        let (path, line) = (&found.finding.path, found.finding.line + 1);
        let code = found.finding.code.as_ref().map_or_else(String::new, |code| format!(" {code}"));
        ProjectFinding {
            word,
            text: format!("new {word}: {}", found.finding),
            told: format!(
                "`{}`: new {word}{code} at line {line} of {path}. What it says, and that line:\n{}\n\n{}",
                command.name, found.finding.message, found.line
            ),
            hunks,
        }
    }
}

impl Verified {
    /// Whether something is to be put right.
    pub fn is_bad(&self) -> bool {
        self.checks.iter().any(|check| check.is_bad)
    }
}

/// "2 new type errors, 1 new warning"; none for nothing.
pub(crate) fn counted<'f>(findings: impl Iterator<Item = &'f ProjectFinding>) -> Option<String> {
    let mut words: Vec<(&'static str, usize)> = Vec::new();
    for finding in findings {
        match words.iter_mut().find(|(word, _)| *word == finding.word) {
            Some((_, n)) => *n += 1,
            None => words.push((finding.word, 1)),
        }
    }
    let said = words.iter().map(|(word, n)| match n {
        1 => format!("1 new {word}"),
        n => format!("{n} new {word}s"),
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join(", "))
}
