//! `hunkwise check`: the project's own checks on the files as they are, and the supervisor that runs them.
//!
//! Must never run anything before the user has said that the checkout is trusted.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use session::checks::{
    CheckCommand, CheckOptions, CheckRequest, Offer, ProjectChecks, offered, own_env, supervise,
};
use session::driver::CheckSetup;
use session::project::{Asked, own_commands, said_of};
use session::{Severity, Stop};
use workspace::{Trust, Trusted};

use crate::args::{CheckArgs, SuperviseArgs};
use crate::{Outcome, out};

pub(crate) fn run(args: &CheckArgs) -> Result<Outcome> {
    let path = args.path.canonicalize().with_context(|| format!("find {}", args.path.display()))?;
    let root = workspace::checkout_root(&path);
    let state_dir = store::state_dir().context("no state directory; set HUNKWISE_STATE_DIR")?;
    if args.revoke {
        let was_trusted = Trust::revoke(&state_dir, &root)?;
        let is_no_longer = if was_trusted { "is trusted no longer" } else { "was not trusted" };
        out::line(&format!("{} {is_no_longer}", root.display()));
        return Ok(Outcome::Done);
    }
    let env = own_env();
    let search = env.iter().find(|(name, _)| name == "PATH").map_or("", |(_, value)| value.as_str());
    let files: Vec<PathBuf> = if path.is_file() { vec![path.clone()] } else { Vec::new() };
    let folder = if path.is_dir() { &path } else { &root };
    let mut offers = offered(folder, &files, search);
    let own = own_commands(folder, files.first().map(PathBuf::as_path)).map_err(anyhow::Error::msg)?;
    if offers.is_empty() && own.is_empty() {
        out::note(&format!("no check is known for {}", path.display()));
        return Ok(Outcome::Done);
    }
    let found = offers.iter().map(|offer| Asked::new(&offer.command));
    let asked: Vec<Asked> = own.iter().map(Asked::new).chain(found).collect();
    let Some(trusted) = trusted(&state_dir, folder, &asked, args.trust)? else {
        return Ok(Outcome::Unchanged);
    };
    let allowed = allowed(&trusted, &state_dir, own, args.trust)?;
    offers.extend(allowed.into_iter().map(|command| Offer { command, missing: None }));
    let options = CheckOptions { supervisor: supervisor()?, scratch: store::scratch_dir(&state_dir)?, env };
    let checks = ProjectChecks::new(trusted, options);
    let mut is_clean = true;
    for offer in offers {
        is_clean &= one(&checks, offer);
    }
    checks.close();
    Ok(if is_clean { Outcome::Done } else { Outcome::Unchanged })
}

/// How checks of what is proposed run: with this program as their supervisor. `may_ask` says whether there is an editor that
/// asks the user.
pub(crate) fn setup(may_ask: bool) -> Option<CheckSetup> {
    supervisor().ok().map(|supervisor| CheckSetup { supervisor, may_ask })
}

fn supervisor() -> Result<Vec<OsString>> {
    let program = std::env::current_exe().context("find this program")?;
    Ok(vec![program.into_os_string(), "supervise".into()])
}

/// Runs as the process that ends with this one's input.
pub(crate) fn run_supervisor(args: &SuperviseArgs) -> ExitCode {
    supervise(&args.arguments)
}

/// The checkout, if the user trusts it or says now that they do.
fn trusted(state_dir: &Path, folder: &Path, commands: &[Asked], is_given: bool) -> Result<Option<Trusted>> {
    let checkout = match Trust::of(state_dir, folder)? {
        Trust::Granted(trusted) => return Ok(Some(trusted)),
        Trust::NotGranted { checkout, .. } => checkout,
    };
    let grant = || -> Result<Option<Trusted>> {
        let trusted = Trust::grant(state_dir, folder)?;
        trusted.say_of(state_dir, &kept(commands), true)?;
        Ok(Some(trusted))
    };
    if is_given {
        return grant();
    }
    out::line(&format!("Checks run code of {}:", checkout.display()));
    commands.iter().for_each(|command| out::line(&format!("  {}", command.typed)));
    if !out::is_interactive() {
        out::error("nothing was run: the checkout is not trusted; add --trust if you trust it");
        return Ok(None);
    }
    let answer = out::ask("Trust this checkout and run them, now and later? [y/N]").unwrap_or_default();
    if is_yes(&answer) {
        return grant();
    }
    out::note("nothing was run");
    Ok(None)
}

/// Those of the commands that the checkout's own settings name that the user says yes to, now or before.
fn allowed(
    trusted: &Trusted,
    state_dir: &Path,
    own: Vec<CheckCommand>,
    is_given: bool,
) -> Result<Vec<CheckCommand>> {
    let said_of = |own| said_of(trusted, state_dir, own).map_err(anyhow::Error::msg);
    let (allowed, others) = said_of(own.clone())?;
    if others.is_empty() {
        return Ok(allowed);
    }
    out::line("Commands of the checkout's settings that are new or have changed:");
    others.iter().for_each(|command| out::line(&format!("  {}", command.typed)));
    let is_given = is_given
        || out::is_interactive()
            && is_yes(&out::ask("May they run, now and later? [y/N]").unwrap_or_default());
    if !is_given {
        out::note("they were not run; --trust says that they may");
        return Ok(allowed);
    }
    trusted.say_of(state_dir, &kept(&others), true)?;
    Ok(said_of(own)?.0)
}

fn kept(commands: &[Asked]) -> Vec<String> {
    commands.iter().filter_map(|command| command.kept.clone()).collect()
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim(), "y" | "Y" | "yes")
}

/// Makes one check and says what came of it; whether it found nothing.
fn one(checks: &ProjectChecks, offer: Offer) -> bool {
    out::heading(&offer.command.name);
    if let Some(program) = &offer.missing {
        out::line(&format!("not run: {program} is not on PATH"));
        return true;
    }
    let request = CheckRequest { command: offer.command, open: Default::default(), proposed: Vec::new() };
    match checks.check(request, &Stop::never()) {
        Ok(report) => {
            report.findings.iter().for_each(|found| out::line(&found.finding.to_string()));
            if let Some(failure) = &report.failure {
                out::line(&format!("fails:\n{failure}"));
            }
            let took = report.took.as_secs_f32();
            out::note(&format!("{took:.1} s; {}", report.confinement.describe()));
            let is_bad = report.findings.iter().any(|found| found.finding.severity > Severity::Information);
            report.failure.is_none() && !is_bad
        }
        Err(not_checked) => {
            out::line(&not_checked.to_string());
            true
        }
    }
}
