//! Checks the rules of the tree that the compiler cannot see.
//!
//! Owns the list of checks and what a finding is. Each check is a function from text to findings, so that its tests need no
//! files. Must never change a file.

mod arrows;
mod manifests;
mod metadata;
mod names;
mod owners;
pub mod protocol;
mod size;
mod sources;
mod table;
mod test_code;
mod top_level;
pub mod tree;
mod words;

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};

use tree::Tree;

/// Where the arrows, the owners and the shared dependencies are written down.
pub const ARCHITECTURE: &str = "crates/README.md";

/// One place where the tree breaks a rule, or comes near to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, relative to the top of the tree, with `/`.
    pub path: String,
    /// The line, one-based, where there is one.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
    /// Whether the finding only informs.
    pub is_note: bool,
}

impl Finding {
    fn failure(path: &str, line: Option<usize>, message: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, message: message.into(), is_note: false }
    }

    fn note(path: &str, line: Option<usize>, message: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, message: message.into(), is_note: true }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_note { "note" } else { "error" };
        match self.line {
            Some(line) => write!(f, "{kind}: {}:{line}: {}", self.path, self.message),
            None => write!(f, "{kind}: {}: {}", self.path, self.message),
        }
    }
}

/// Every finding in the tree at `root`, failures first. Fails if the tree or cargo's metadata cannot be read.
pub fn run(root: &Path) -> Result<Vec<Finding>> {
    let tree = Tree::read(root)?;
    let packages = metadata::read(root)?;
    let architecture =
        tree.text(ARCHITECTURE).with_context(|| format!("{ARCHITECTURE} is not in the tree"))?;
    let mut findings = Vec::new();
    findings.extend(arrows::check(architecture, &packages));
    findings.extend(owners::check(architecture, &packages));
    findings.extend(manifests::check(&tree, &packages));
    findings.extend(size::check(&tree));
    findings.extend(sources::check(&tree));
    findings.extend(names::check(&tree));
    findings.extend(words::check(&tree));
    findings.extend(protocol::check(&tree));
    findings.extend(test_code::check(&tree));
    findings.extend(top_level::check(&tree));
    findings.sort_by(|a, b| (a.is_note, &a.path, a.line).cmp(&(b.is_note, &b.path, b.line)));
    Ok(findings)
}
