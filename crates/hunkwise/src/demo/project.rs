//! The demo's projects, embedded: files, recorded answers and the script.

use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

/// One embedded demo.
pub(super) struct Embedded {
    script: &'static str,
    recorded: &'static str,
    files: &'static [(&'static str, &'static str)],
}

macro_rules! embedded {
    ($folder:literal: $($file:literal),+ $(,)?) => {
        Embedded {
            script: include_str!(concat!("../../../../fixtures/workspaces/", $folder, "/demo.toml")),
            recorded: include_str!(concat!("../../../../fixtures/workspaces/", $folder, "/recorded.toml")),
            files: &[$(($file, include_str!(concat!("../../../../fixtures/workspaces/", $folder, "/project/", $file)))),+],
        }
    };
}

/// The demos, by preference.
pub(super) static ALL: [Embedded; 2] = [
    embedded!(
        "demo-python":
        "README.md", "march.txt", "tests/__init__.py", "tests/test_log.py", "tests/test_report.py",
        "worklog/__init__.py", "worklog/__main__.py", "worklog/log.py", "worklog/report.py",
    ),
    embedded!(
        "demo-javascript":
        "README.md", "package.json", "src/price.js", "src/products.js", "test/price.test.js",
    ),
];

/// What happens in a demo.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    pub(super) title: String,
    pub(super) language: String,
    pub(super) tests: Tests,
    pub(super) ask: Ask,
    pub(super) decisions: Vec<Scripted>,
}

/// How the project's tests are run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tests {
    /// Names of the program, the first found is used.
    pub(super) programs: Vec<String>,
    pub(super) args: Vec<String>,
}

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    pub(super) file: String,
    /// One-based.
    pub(super) line: usize,
    pub(super) instruction: String,
}

/// What is decided about the hunk whose new text contains `hunk`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scripted {
    pub(super) hunk: String,
    pub(super) decision: Choice,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) instruction: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Choice {
    Accept,
    Reject,
    Refine,
}

impl Embedded {
    /// The script.
    pub(super) fn script(&self) -> anyhow::Result<Script> {
        toml::from_str(self.script).context("read the demo's script")
    }

    /// The recorded answers.
    pub(super) fn recording(&self) -> anyhow::Result<model::recorded::Recording> {
        model::recorded::Recording::from_toml(self.recorded).context("read the demo's recorded answers")
    }

    /// Writes the project into an empty directory.
    pub(super) fn write(&self, dir: &Path) -> anyhow::Result<()> {
        for (name, text) in self.files {
            let path = dir.join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).with_context(|| format!("make {}", parent.display()))?;
            }
            std::fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
        }
        Ok(())
    }
}
