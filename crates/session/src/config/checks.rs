//! Settings of the project's own checks.
//!
//! Owns the reading of commands. Those of a workspace's file count only where the checkout is trusted: they are read apart
//! from all other settings, when a check is about to be made.

use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use verify::Format;
use verify::project::{CheckCommand, DEFAULT_LIMIT, Origin};

/// The project's own checks of what is proposed. Only in the user's file, but for `commands`, which a workspace's file may
/// set for the time when its checkout is trusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChecksConfig {
    /// Whether checks run on what is proposed in a trusted checkout.
    pub enabled: bool,
    /// Whether commands count that are found by the project's own files, such as `cargo check`.
    pub found: bool,
    /// Names of commands that do not run, such as `cargo test`.
    pub skip: Vec<String>,
    /// Seconds that hunks are kept back for checks. Then they are offered, and what checks say comes later.
    pub wait_s: u64,
    /// How often the model is asked again about one request by itself, whatever was wrong with its answer: 2 at most.
    pub repairs: u32,
    /// Commands besides those found.
    pub commands: Vec<CommandConfig>,
}

impl Default for ChecksConfig {
    fn default() -> ChecksConfig {
        ChecksConfig {
            enabled: true,
            found: true,
            skip: Vec::new(),
            wait_s: 60,
            repairs: 2,
            commands: Vec::new(),
        }
    }
}

/// A command to check with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandConfig {
    /// What it is called.
    pub name: String,
    /// Program and arguments; no shell reads them. A program with a slash lies below the folder.
    pub run: Vec<String>,
    /// The directory that it runs in, below the folder; the folder itself where it is left out.
    #[serde(default)]
    pub dir: String,
    /// What it prints: lines (`FILE:LINE:COLUMN: MESSAGE`), sarif, cargo, tsc, eslint, ruff, mypy, pytest, go or javac.
    #[serde(default = "lines")]
    #[schemars(with = "String")]
    pub format: Format,
    /// Whether it may use TCP; only in the user's file.
    #[serde(default)]
    pub network: bool,
    /// Longest run in seconds; 120 where it is left out.
    #[serde(default)]
    pub limit_s: Option<u64>,
    /// Only for changes of files with these endings, such as `py`; of all where it is left out.
    #[serde(default)]
    pub endings: Vec<String>,
    /// Only in this folder, absolute; in every trusted one where it is left out.
    #[serde(default)]
    pub folder: Option<PathBuf>,
}

fn lines() -> Format {
    Format::Lines
}

impl CommandConfig {
    /// The command, if it is meant for a change of this file, or of any, in this folder, both by their real paths.
    pub(crate) fn command(&self, folder: &Path, file: Option<&Path>, origin: Origin) -> Option<CheckCommand> {
        let ending = file.and_then(Path::extension).and_then(|ending| ending.to_str()).unwrap_or("");
        let is_meant = self.endings.is_empty()
            || file.is_none()
            || self.endings.iter().any(|known| known.trim_start_matches('.').eq_ignore_ascii_case(ending));
        let is_here =
            self.folder.as_ref().is_none_or(|known| known.canonicalize().is_ok_and(|known| known == folder));
        let limit = self.limit_s.map_or(DEFAULT_LIMIT, Duration::from_secs);
        (is_meant && is_here && !self.run.is_empty()).then(|| CheckCommand {
            name: self.name.clone(),
            argv: self.run.clone(),
            dir: self.dir.trim_matches('/').to_owned(),
            format: self.format,
            network: self.network && origin == Origin::User,
            limit,
            origin,
        })
    }
}

/// The part of a workspace's file that counts once its checkout is trusted.
#[derive(Default, Deserialize)]
struct WorkspaceFile {
    #[serde(default)]
    checks: WorkspaceChecks,
}

#[derive(Default, Deserialize)]
struct WorkspaceChecks {
    #[serde(default)]
    commands: Vec<CommandConfig>,
}

/// The commands of a folder's own settings file; none where there is no such file. Fails with what is wrong with it.
pub(crate) fn workspace_commands(folder: &Path) -> Result<Vec<CommandConfig>, String> {
    let path = folder.join(super::workspace_file_name());
    let Ok(file) = workspace::read_file(&path) else { return Ok(Vec::new()) };
    match toml::from_str::<WorkspaceFile>(&file.text) {
        Ok(file) => Ok(file.checks.commands),
        Err(error) => Err(format!("{}: {}", path.display(), error.message())),
    }
}
