//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

/// Iterative AI edits, reviewed hunk by hunk, in any editor.
#[derive(Debug, Parser)]
#[command(name = "hunkwise", version, about, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the language server on standard input and output
    Lsp(LspArgs),
    /// Ask for an edit of a file and review it hunk by hunk in the terminal
    ///
    /// Exit codes: 0 the file was changed (or the diff printed), 1 nothing was changed, 2 wrong usage, 3 no answer from the
    /// model, 4 the file could not be written, 5 another failure.
    Edit(EditArgs),
    /// Show what a model would be shown for some lines of a file besides them, and why
    Context(ContextArgs),
    /// Run the project's own checks on a copy of it: compilers, linters, tests
    ///
    /// Nothing runs before you have said that the checkout is trusted. Exit codes: 0 nothing was found, 1 something was, or
    /// the checkout is not trusted, 2 wrong usage, 5 another failure.
    Check(CheckArgs),
    /// Run commands for another process of this program
    #[command(hide = true)]
    Supervise(SuperviseArgs),
    /// Show the whole loop on a small project with recorded answers: no key, network or editor
    Demo(DemoArgs),
    /// Run `edit` or `lsp` and keep what models answer in a file, without keys, hosts and home paths
    ///
    /// The file can be given to `demo --answers` and to tests: it is read as the recorded model's answers.
    Record(RecordArgs),
    /// Set up a model: provider, key, a test call, your settings file
    Init(InitArgs),
    /// Show what was sent to which model, what it came to, and what each day came to
    Log(LogArgs),
    /// Say which model, key source, files, languages and editors there are
    Doctor,
    /// Print shell completions
    Completions {
        /// For which shell
        shell: Shell,
    },
    /// Write the manual pages, one for each command, into a folder
    #[command(hide = true)]
    Man {
        /// The folder; it has to exist
        dir: PathBuf,
    },
    /// Print the JSON schema of the settings
    Schema,
    /// Print the JSON schema of the language server's custom messages
    Messages,
    /// Print a table of the language server's commands
    Commands,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LspArgs {
    /// Use standard input and output; this is the default and here for clients that pass it
    #[arg(long)]
    pub(crate) stdio: bool,
    /// Listen on a port of this machine for one client, for debugging
    #[arg(long, value_name = "PORT", conflicts_with = "stdio")]
    pub(crate) socket: Option<u16>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditArgs {
    /// File, with the line or lines the edit is about: src/app.py:42 or src/app.py:40-60
    #[arg(value_name = "PATH[:LINE[-LINE]]")]
    pub(crate) target: String,
    /// What to change
    #[arg(short, long, value_name = "INSTRUCTION")]
    pub(crate) message: String,
    /// Print a unified diff of the proposal instead of reviewing it; writes nothing
    #[arg(long, conflicts_with = "yes")]
    pub(crate) diff: bool,
    /// Accept every hunk without asking
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Print what would be sent, to whom, why and at which price, and send nothing
    #[arg(long, conflicts_with_all = ["diff", "yes"])]
    pub(crate) dry_run: bool,
    /// Print that as a JSON object
    #[arg(long, requires = "dry_run")]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LogArgs {
    /// Only what was sent since: a date such as 2026-11-25 (UTC), days such as 7d, or hours such as 12h
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// At most so many, the newest
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,
    /// Print a JSON list
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ContextArgs {
    /// File, with the line or lines the request is about: src/app.py:42 or src/app.py:40-60
    #[arg(value_name = "PATH[:LINE[-LINE]]", required_unless_present = "file")]
    pub(crate) target: Option<String>,
    /// The same as an option, for programs; relative to the workspace
    #[arg(long, value_name = "PATH", conflicts_with = "target", requires_all = ["start", "end"])]
    pub(crate) file: Option<PathBuf>,
    /// First line, from 1
    #[arg(long, value_name = "LINE")]
    pub(crate) start: Option<usize>,
    /// Last line
    #[arg(long, value_name = "LINE")]
    pub(crate) end: Option<usize>,
    /// What is to be changed
    #[arg(short, long, default_value = "")]
    pub(crate) instruction: String,
    /// Folder whose files may be shown; the checkout that the file lies in if left out
    #[arg(long, value_name = "DIR")]
    pub(crate) workspace: Option<PathBuf>,
    /// Tokens to spend
    #[arg(long, value_name = "TOKENS", default_value_t = 4_000)]
    pub(crate) budget: usize,
    /// Print a JSON list of path, start_line, end_line, text, why and tokens (4 bytes each), most needed first
    #[arg(long)]
    pub(crate) json: bool,
    /// Read what was edited before from standard input: a JSON object with `recent_edits`, a list of path and added
    #[arg(long)]
    pub(crate) recent: bool,
    /// Say on standard error how long it took
    #[arg(long)]
    pub(crate) timing: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// File or folder; the checks of the projects nearest to it are run
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Trust the checkout, now and later
    #[arg(long, conflicts_with = "revoke")]
    pub(crate) trust: bool,
    /// Take trust back and run nothing
    #[arg(long)]
    pub(crate) revoke: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SuperviseArgs {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<OsString>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// Take the recorded decisions even on a terminal
    #[arg(long)]
    pub(crate) scripted: bool,
    /// Keep the demo project in this directory instead of a temporary one
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
    /// Take the model's answers from this file, as `record` writes it
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RecordArgs {
    /// New file for the answers (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
    #[command(subcommand)]
    pub(crate) command: Recorded,
}

/// What can be recorded.
#[derive(Debug, Subcommand)]
pub(crate) enum Recorded {
    /// Run the language server on standard input and output
    Lsp(LspArgs),
    /// Ask for an edit of a file and review it hunk by hunk in the terminal
    Edit(EditArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct InitArgs {
    /// Protocol: anthropic-messages, openai-chat, openai-responses, gemini or ollama
    #[arg(long)]
    pub(crate) protocol: Option<String>,
    /// Base URL of the provider
    #[arg(long)]
    pub(crate) base_url: Option<String>,
    /// Model
    #[arg(long)]
    pub(crate) model: Option<String>,
    /// Name of the environment variable that holds the key
    #[arg(long)]
    pub(crate) api_key_env: Option<String>,
    /// Do not make a test call
    #[arg(long)]
    pub(crate) no_call: bool,
    /// Write the settings without asking
    #[arg(short, long)]
    pub(crate) yes: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Args;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}
