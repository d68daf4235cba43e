//! How far a hunk was checked, level by level, in few words: syntax, names, the project's own checks.
//!
//! Owns these words, for every place that shows them. Must never claim a level that nobody looked at.

use std::fmt;

use edit::Status;

use crate::view::HunkView;

/// How far a hunk was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    /// The text with it alone was parsed, and parses no worse than before.
    pub parses: bool,
    /// The names that it brings.
    pub names: NamesLevel,
    /// The project's own checks; their findings are among the hunk's others.
    pub project: ProjectLevel,
}

/// What is known of the names in a hunk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NamesLevel {
    /// Nothing is said of them: their language has no list of names here, or findings say more.
    #[default]
    None,
    /// They were not looked up in all files of the folder.
    NotChecked,
    /// They were looked up in all files of the folder, and nothing is to be said of them.
    Passed,
}

/// What the project's own checks say of a hunk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ProjectLevel {
    /// There are none, or they may not run.
    #[default]
    None,
    /// They run.
    Running,
    /// They find nothing new.
    Passed {
        /// How many others could not run.
        n_not_run: usize,
    },
    /// They find something.
    Found {
        /// "2 new type errors"
        what: String,
        /// How many of the hunk's findings are theirs.
        n_findings: usize,
    },
    /// They could not run.
    NotRun,
}

impl fmt::Display for NamesLevel {
    /// A few words; none where nothing is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NamesLevel::None => "",
            NamesLevel::NotChecked => "names not checked",
            NamesLevel::Passed => "✓ names",
        })
    }
}

impl fmt::Display for ProjectLevel {
    /// A few words; none where nothing is checked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProjectLevel::None => Ok(()),
            ProjectLevel::Running => f.write_str("… checks"),
            ProjectLevel::Passed { n_not_run: 0 } => f.write_str("✓ checks"),
            ProjectLevel::Passed { n_not_run } => write!(f, "✓ checks ({n_not_run} not run)"),
            ProjectLevel::Found { what, .. } => write!(f, "⚠ {what}"),
            ProjectLevel::NotRun => f.write_str("checks not run"),
        }
    }
}

impl HunkView {
    /// What is known of it: "✓ parses · ✓ names · ⚠ 2 new type errors"; empty for nothing. Findings of our own and needs are
    /// counted.
    pub fn badge(&self) -> String {
        self.badge_with(|own| match own.len() {
            1 => "⚠ 1 finding".to_owned(),
            n_findings => format!("⚠ {n_findings} findings"),
        })
    }

    /// As [`HunkView::badge`], where nothing else says what a single finding is.
    pub fn badge_in_full(&self) -> String {
        self.badge_with(|own| match own {
            [finding] => format!("⚠ {finding}"),
            findings => format!("⚠ {} findings", findings.len()),
        })
    }

    fn badge_with(&self, word: impl Fn(&[String]) -> String) -> String {
        let is_settled = self.status != Status::Provisional && self.status != Status::Stale;
        let (parses, names) = match is_settled {
            true => (self.levels.parses, self.levels.names),
            false => (false, NamesLevel::None),
        };
        let own = self.own_findings();
        let own = if own.is_empty() { String::new() } else { word(&own) };
        let parses = if parses { "✓ parses" } else { "" };
        let levels = [parses.to_owned(), names.to_string(), own, self.levels.project.to_string()];
        levels.into_iter().filter(|level| !level.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// What is to be said of it that no command of the project says, with what it needs.
    fn own_findings(&self) -> Vec<String> {
        let n_project = match &self.levels.project {
            ProjectLevel::Found { n_findings, .. } => *n_findings,
            ProjectLevel::None
            | ProjectLevel::Running
            | ProjectLevel::Passed { .. }
            | ProjectLevel::NotRun => 0,
        };
        // Those of the project's own checks come last, and are counted apart.
        let n_own = self.findings.len().saturating_sub(n_project);
        let needs = self.needs.iter().map(ToString::to_string);
        self.findings.iter().take(n_own).cloned().chain(needs).collect()
    }
}
