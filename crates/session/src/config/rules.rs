//! Which rules files of a project are read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workspace::RulesKind;

/// All rules files, none, or those of some tools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected true, false or a list of agents, claude, cursor, copilot, jetbrains, editorconfig"
)]
pub enum RulesSetting {
    /// All or none.
    All(bool),
    /// These.
    Only(Vec<RulesName>),
}

/// Whose rules files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RulesName {
    /// `AGENTS.md`
    Agents,
    /// `CLAUDE.md`
    Claude,
    /// `.cursor/rules/*.mdc`, `.cursorrules`
    Cursor,
    /// `.github/copilot-instructions.md`, `.github/instructions/*.instructions.md`
    Copilot,
    /// `.junie/guidelines.md`, `.aiassistant/rules/*.md`
    Jetbrains,
    /// `.editorconfig`
    EditorConfig,
}

impl RulesSetting {
    /// The kinds of files that are read.
    pub fn kinds(&self) -> Vec<RulesKind> {
        match self {
            RulesSetting::All(true) => RulesKind::ALL.to_vec(),
            RulesSetting::All(false) => Vec::new(),
            RulesSetting::Only(names) => names.iter().map(|name| name.kind()).collect(),
        }
    }
}

impl RulesName {
    fn kind(self) -> RulesKind {
        match self {
            RulesName::Agents => RulesKind::Agents,
            RulesName::Claude => RulesKind::Claude,
            RulesName::Cursor => RulesKind::Cursor,
            RulesName::Copilot => RulesKind::Copilot,
            RulesName::Jetbrains => RulesKind::Jetbrains,
            RulesName::EditorConfig => RulesKind::EditorConfig,
        }
    }
}
