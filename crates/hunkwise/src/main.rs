//! The binary: the language server, and the same loop in a terminal.

mod args;
mod check;
mod client;
mod context;
mod demo;
mod diff;
mod doctor;
mod edit;
mod init;
mod log;
mod lsp;
mod out;
mod preview;
mod provider;
mod receipts;
mod record;
mod review;
mod shown;
mod target;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{CommandFactory, Parser};

use args::{Args, Command};

/// What a command came to, as the shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done as asked.
    Done,
    /// Nothing was changed: no hunk was accepted, or there was none.
    Unchanged,
    /// The model could not be asked or did not answer.
    NoAnswer,
    /// A file could not be written; the message says what was kept.
    NotWritten,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        // 2 is clap's, for wrong usage.
        ExitCode::from(match outcome {
            Outcome::Done => 0,
            Outcome::Unchanged => 1,
            Outcome::NoAnswer => 3,
            Outcome::NotWritten => 4,
        })
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let result = match args.command {
        Command::Lsp(lsp) => lsp::run(&lsp, None),
        Command::Edit(edit) => edit::run(&edit, None),
        Command::Record(record) => record::run(&record),
        Command::Context(context) => context::run(&context),
        Command::Check(check) => check::run(&check),
        Command::Supervise(supervise) => return check::run_supervisor(&supervise),
        Command::Demo(demo) => demo::run(&demo),
        Command::Init(init) => init::run(&init),
        Command::Log(log) => receipts::run(&log),
        Command::Doctor => doctor::run(),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "hunkwise", &mut script);
            out::raw(&String::from_utf8_lossy(&script));
            Ok(Outcome::Done)
        }
        Command::Man { dir } => man(&dir),
        Command::Schema => schema(&session::config::schema()),
        Command::Messages => schema(&server::lsp_ext::messages()),
        Command::Commands => {
            out::raw(&server::commands::table());
            Ok(Outcome::Done)
        }
    };
    match result {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            out::failure(&error);
            ExitCode::from(5)
        }
    }
}

fn man(dir: &Path) -> anyhow::Result<Outcome> {
    let dir_shown = dir.display();
    clap_mangen::generate_to(Args::command(), dir)
        .with_context(|| format!("write the manual pages into {dir_shown}"))?;
    Ok(Outcome::Done)
}

fn schema(schema: &impl serde::Serialize) -> anyhow::Result<Outcome> {
    out::line(&serde_json::to_string_pretty(schema)?);
    Ok(Outcome::Done)
}
