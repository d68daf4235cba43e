//! The thread that makes checks, one after the other.
//!
//! Owns the copy of the workspace and the supervisor. Must never touch the copy while a command runs in it.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use syntax::Stop;
use workspace::{ContentState, Dependencies, Overlay, Shadow, ShadowError, Trusted};

use super::causes::with_causes;
use super::new::{FileChange, FileChanges, new_findings};
use super::{CheckCommand, CheckOptions, CheckReport, CheckRequest, HunkAt, NewFinding, NotChecked, Origin};
use crate::run::{How, Order, Output, Supervisor, is_allowed, on_path, readable};
use crate::tools::plain;
use crate::{Places, ToolFinding};

/// Most that a command may print on either output.
const MAX_OUTPUT: usize = 16 << 20;

/// Runs without a proposal whose findings are kept.
const MAX_KEPT: usize = 16;

/// Lines and bytes of output that tell why a command fails.
const TAIL_LINES: usize = 12;
const TAIL_BYTES: usize = 2_000;

/// Of a line that a finding is about.
const MAX_LINE_CHARS: usize = 400;

/// A check to make, and who waits for it.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) request: CheckRequest,
    pub(super) stop: Stop,
    pub(super) tx: Sender<Result<CheckReport, NotChecked>>,
}

/// Makes checks until nobody can ask for one any more.
pub(super) fn work(trusted: &Trusted, options: &CheckOptions, rx: &Receiver<Work>) {
    let mut bench = None;
    while let Ok(Work { request, stop, tx }) = rx.recv() {
        let name = request.command.name.clone();
        let report = if stop.is_due() {
            Err(NotChecked::Cancelled { name })
        } else {
            match bench.take().map_or_else(|| Bench::new(trusted, options, &name), Ok) {
                Ok(mut ready) => {
                    let report = ready.check(&request, &stop);
                    // Without its supervisor the copy is gone, too.
                    if !matches!(report, Err(NotChecked::NoSupervisor { .. })) {
                        bench = Some(ready);
                    }
                    report
                }
                Err(not_checked) => Err(not_checked),
            }
        };
        // Whoever asked may have gone.
        let _ = tx.send(report);
    }
}

/// A copy of a workspace, and what runs commands in it.
struct Bench<'a> {
    options: &'a CheckOptions,
    shadow: Shadow,
    supervisor: Supervisor,
    /// What commands found without a proposal, oldest first.
    kept: Vec<Kept>,
}

struct Kept {
    command: CheckCommand,
    state: ContentState,
    ran: Ran,
}

/// What a command said.
#[derive(Debug, Clone)]
struct Ran {
    findings: Vec<ToolFinding>,
    is_success: bool,
    tail: String,
    took: Duration,
}

impl<'a> Bench<'a> {
    fn new(trusted: &Trusted, options: &'a CheckOptions, name: &str) -> Result<Bench<'a>, NotChecked> {
        let supervisor = Supervisor::start(&options.supervisor, &options.scratch)
            .map_err(|error| NotChecked::NoSupervisor { name: name.to_owned(), why: error.to_string() })?;
        let tree = supervisor.scratch().join("tree");
        let shadow = Shadow::new(trusted, &tree).map_err(|error| no_copy(name, error))?;
        for dir in ["tmp", "home", "build"] {
            let dir = supervisor.scratch().join(dir);
            std::fs::create_dir(&dir)
                .map_err(|source| no_copy(name, ShadowError::Io { path: dir, source }))?;
        }
        Ok(Bench { options, shadow, supervisor, kept: Vec::new() })
    }

    fn check(&mut self, request: &CheckRequest, stop: &Stop) -> Result<CheckReport, NotChecked> {
        let command = &request.command;
        let before = self.baseline(command, &request.open, stop)?;
        let (fails, failure, took, findings) = if request.proposed.is_empty() {
            let found = before.findings.iter().cloned();
            let findings = found.map(|finding| self.located(finding, request, None)).collect();
            (!before.is_success, before.failure(), before.took, findings)
        } else {
            self.compared(request, &before, stop)?
        };
        Ok(CheckReport {
            name: command.name.clone(),
            findings,
            failure,
            fails,
            confinement: self.supervisor.confinement(),
            took,
        })
    }

    /// What a command says with a proposal and did not say without it.
    fn compared(
        &mut self,
        request: &CheckRequest,
        before: &Ran,
        stop: &Stop,
    ) -> Result<(bool, Option<String>, Duration, Vec<NewFinding>), NotChecked> {
        let command = &request.command;
        let (overlay, changes) = self.laid_over(request, None);
        let after = self.run_on(command, &overlay, stop)?;
        let new = new_findings(&before.findings, after.findings.clone(), &changes);
        if let (Some(why), true, false) = (before.failure(), new.is_empty(), after.is_success) {
            // It fails anyway, so that it says nothing says nothing.
            return Err(NotChecked::FailsAnyway { name: command.name.clone(), why });
        }
        let failure = if new.is_empty() && before.is_success { after.failure() } else { None };
        let new = new.into_iter().map(|finding| self.located(finding, request, Some(&changes))).collect();
        let findings = with_causes(new, &changes, &request.proposed, after.took, |hunk| {
            let (overlay, _) = self.laid_over(request, Some(hunk));
            self.run_on(command, &overlay, stop).ok().map(|ran| ran.findings)
        });
        Ok((!after.is_success, failure, after.took, findings))
    }

    /// A finding with the line that it is about. That is never read in the copy: a command may have put a link in its place.
    fn located(
        &self,
        finding: ToolFinding,
        request: &CheckRequest,
        changes: Option<&FileChanges>,
    ) -> NewFinding {
        let path = self.shadow.root().join(&finding.path);
        let change = changes.and_then(|changes| changes.get(&finding.path));
        let line = match change.map(FileChange::after).or_else(|| request.open.get(&path)) {
            Some(text) => Some(text.line(finding.line)),
            None => workspace::read_file(&path)
                .ok()
                .and_then(|file| file.text.lines().nth(finding.line).map(str::to_owned)),
        };
        let line = line.unwrap_or_default();
        let line = line.trim_end_matches(['\r', '\n']).chars().take(MAX_LINE_CHARS).collect();
        NewFinding { finding, line, hunks: Vec::new() }
    }

    /// What a command says without a proposal.
    fn baseline(&mut self, command: &CheckCommand, open: &Overlay, stop: &Stop) -> Result<Ran, NotChecked> {
        let state = self.refresh(command, open, stop)?;
        let known = self.kept.iter().find(|kept| kept.command == *command && kept.state == state);
        if let Some(kept) = known {
            return Ok(kept.ran.clone());
        }
        let ran = self.run(command, stop)?;
        self.kept.retain(|kept| kept.command != *command);
        if self.kept.len() >= MAX_KEPT {
            self.kept.remove(0);
        }
        self.kept.push(Kept { command: command.clone(), state, ran: ran.clone() });
        Ok(ran)
    }

    /// The open documents with the hunks over them, all but one where one is to be left out.
    fn laid_over(&self, request: &CheckRequest, left_out: Option<HunkAt>) -> (Overlay, FileChanges) {
        let mut overlay = request.open.clone();
        let mut changes = BTreeMap::new();
        for (file_idx, file) in request.proposed.iter().enumerate() {
            let edits = file.edits.iter().cloned().enumerate();
            let edits: Vec<(usize, text::Edit)> = edits
                .filter(|(hunk_idx, _)| left_out != Some(HunkAt { file_idx, hunk_idx: *hunk_idx }))
                .collect();
            let Some(change) = FileChange::new(file_idx, &file.base, &edits) else { continue };
            overlay.insert(file.path.clone(), change.after().clone());
            let relative = self.shadow.relative(&file.path).and_then(|path| super::with_slashes(&path));
            changes.extend(relative.map(|path| (path, change)));
        }
        (overlay, changes)
    }

    fn run_on(&mut self, command: &CheckCommand, overlay: &Overlay, stop: &Stop) -> Result<Ran, NotChecked> {
        self.refresh(command, overlay, stop)?;
        self.run(command, stop)
    }

    fn refresh(
        &mut self,
        command: &CheckCommand,
        overlay: &Overlay,
        stop: &Stop,
    ) -> Result<ContentState, NotChecked> {
        let dependencies =
            if self.supervisor.confinement().files { Dependencies::Linked } else { Dependencies::LeftOut };
        self.shadow.refresh(overlay, dependencies, stop).map_err(|error| match error {
            ShadowError::Stopped => NotChecked::Cancelled { name: command.name.clone() },
            error => no_copy(&command.name, error),
        })
    }

    /// Runs a command in the copy as it is.
    fn run(&mut self, command: &CheckCommand, stop: &Stop) -> Result<Ran, NotChecked> {
        let name = || command.name.clone();
        let order = self.order(command)?;
        let begun = Instant::now();
        let output = self
            .supervisor
            .run(&order, stop)
            .map_err(|error| NotChecked::NoSupervisor { name: name(), why: error.to_string() })?;
        let why = match &output.how {
            How::Exited(_) => None,
            How::Cancelled => return Err(NotChecked::Cancelled { name: name() }),
            How::Signaled(signal) => Some(format!("signal {signal} ended it")),
            How::TimedOut => Some(format!("it ran for more than {} s", command.limit.as_secs_f32())),
            How::Flooded => Some(format!("it printed more than {} MiB", MAX_OUTPUT >> 20)),
            How::NotStarted(why) => Some(why.clone()),
        };
        match why {
            Some(why) => Err(NotChecked::Unfinished { name: name(), why }),
            None => Ok(self.read(command, &output, begun.elapsed())),
        }
    }

    fn read(&self, command: &CheckCommand, output: &Output, took: Duration) -> Ran {
        let is_file = |path: &str| self.shadow.is_file(path);
        let tree = self.shadow.tree().display().to_string();
        let places = Places::new(&tree, &command.dir, &is_file);
        let tool = command.argv.first().and_then(|program| program.rsplit('/').next()).unwrap_or_default();
        let findings = command.format.findings(tool, &output.stdout, &output.stderr, &places);
        // Some tools put a color back on an output that they say nothing on.
        let errors = plain(&output.stderr);
        let said = if errors.trim().is_empty() { plain(&output.stdout) } else { errors };
        let mut tail = tail(&said).replace(&tree, ".");
        if let (true, How::Exited(status)) = (tail.is_empty(), &output.how) {
            tail = format!("it ends with status {status} and says nothing");
        }
        Ran { findings, is_success: output.how == How::Exited(0), tail, took }
    }

    fn order(&self, command: &CheckCommand) -> Result<Order, NotChecked> {
        let scratch = self.supervisor.scratch();
        let tree = self.shadow.tree();
        let is_inside = Path::new(&command.dir).components().all(|part| matches!(part, Component::Normal(_)));
        if !is_inside {
            let why = format!("{} is not in the workspace", command.dir);
            return Err(NotChecked::NoCopy { name: command.name.clone(), why });
        }
        let mut argv = command.argv.clone();
        let env = environment(&self.options.env, scratch, &tree.join(&command.dir));
        let search = env.iter().find(|(name, _)| name == "PATH").map_or("", |(_, value)| value.as_str());
        let given = argv.first().cloned().unwrap_or_default();
        let program = if given.contains('/') {
            let relative = Path::new(&given);
            let packages =
                self.shadow.depended().iter().find(|depended| relative.starts_with(&depended.path));
            if let Some(packages) = packages.filter(|_| !self.supervisor.confinement().files) {
                let path = packages.path.clone();
                return Err(NotChecked::NeedsPackages { name: command.name.clone(), path });
            }
            tree.join(relative)
        } else {
            let missing = || NotChecked::Missing { name: command.name.clone(), program: given.clone() };
            on_path(&given, search).ok_or_else(missing)?
        };
        // A repository's settings must not make a directory of the user's readable by naming a program in it.
        let is_users = !given.contains('/') || command.origin == Origin::User;
        let mut readable = readable(&self.options.env, is_users.then_some(program.as_path()));
        readable.extend(self.shadow.depended().iter().map(|depended| depended.real.clone()));
        if let (Some(first), Some(program)) = (argv.first_mut(), program.to_str()) {
            program.clone_into(first);
        }
        Ok(Order {
            argv,
            dir: tree.join(&command.dir),
            env,
            readable,
            writable: vec![scratch.to_owned()],
            network: command.network,
            limit_ms: u64::try_from(command.limit.as_millis()).unwrap_or(u64::MAX),
            max_output: MAX_OUTPUT,
            emptied: vec![scratch.join("tmp"), scratch.join("home")],
        })
    }
}

impl Ran {
    /// Why it fails, where it has no place for that.
    fn failure(&self) -> Option<String> {
        (!self.is_success && self.findings.is_empty()).then(|| self.tail.clone())
    }
}

/// The environment of a command: what is allowed of the user's, with all that tools write inside of `scratch`.
fn environment(own: &[(String, String)], scratch: &Path, dir: &Path) -> Vec<(String, String)> {
    let own_home = own.iter().find(|(name, _)| name == "HOME").map(|(_, value)| PathBuf::from(value));
    let mut env: BTreeMap<String, String> =
        own.iter().filter(|(name, _)| is_allowed(name)).cloned().collect();
    if let Some(home) = own_home {
        // Tools find what they installed there by their own variables, because `HOME` is another.
        const IN_HOME: [(&str, &str); 6] = [
            ("CARGO_HOME", ".cargo"),
            ("RUSTUP_HOME", ".rustup"),
            ("PYENV_ROOT", ".pyenv"),
            ("PYTHONUSERBASE", ".local"),
            ("GOPATH", "go"),
            ("NVM_DIR", ".nvm"),
        ];
        for (name, below) in IN_HOME {
            let path = home.join(below);
            if path.is_dir()
                && let Some(path) = path.to_str()
            {
                env.entry(name.to_owned()).or_insert_with(|| path.to_owned());
            }
        }
    }
    let text = |path: PathBuf| path.to_str().unwrap_or_default().to_owned();
    let sources = [dir.join("src"), dir.to_owned()].map(text).join(":");
    let set = [
        ("HOME", text(scratch.join("home"))),
        ("TMPDIR", text(scratch.join("tmp"))),
        ("CARGO_TARGET_DIR", text(scratch.join("build/cargo"))),
        ("GOCACHE", text(scratch.join("build/go"))),
        ("GOTOOLCHAIN", "local".to_owned()),
        // Another text of the same length within a second would be taken for the one before.
        ("PYTHONDONTWRITEBYTECODE", "1".to_owned()),
        // What is installed for editing leads to the user's own sources.
        ("PYTHONPATH", sources),
        ("NO_COLOR", "1".to_owned()),
        ("CARGO_TERM_COLOR", "never".to_owned()),
        ("TERM", "dumb".to_owned()),
    ];
    env.extend(set.map(|(name, value)| (name.to_owned(), value)));
    env.into_iter().collect()
}

/// The end of an output.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.iter().skip(lines.len().saturating_sub(TAIL_LINES));
    let joined = last.copied().collect::<Vec<_>>().join("\n");
    let skipped = joined.chars().count().saturating_sub(TAIL_BYTES);
    joined.chars().skip(skipped).collect()
}

fn no_copy(name: &str, error: ShadowError) -> NotChecked {
    NotChecked::NoCopy { name: name.to_owned(), why: error.to_string() }
}
