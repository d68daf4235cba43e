//! Whether a rules file is meant for a path, as its tool's convention says.

use workspace::{RulesFile, RulesKind, matches_glob};

use super::front_matter::FrontMatter;

/// Where the text of a file begins that is meant for a path below the same folder; none for one that is not.
///
/// A file that waits to be chosen by name, or by a model from its description, is meant for no path.
pub(super) fn applies_to(file: &RulesFile, path: &str) -> Option<usize> {
    let below = match file.dir.as_str() {
        "" => path,
        dir => path.strip_prefix(dir)?.strip_prefix('/')?,
    };
    match file.kind {
        RulesKind::Agents | RulesKind::Claude | RulesKind::EditorConfig => Some(0),
        RulesKind::Cursor if file.path.ends_with(".mdc") => {
            let front = FrontMatter::of(&file.text);
            let is_meant = front.value("alwaysApply") == "true" || any_name(&front.values("globs"), below);
            is_meant.then_some(front.end)
        }
        RulesKind::Copilot if file.path.ends_with(".instructions.md") => {
            let front = FrontMatter::of(&file.text);
            let patterns = front.values("applyTo");
            patterns.iter().any(|pattern| matches_glob(pattern, below)).then_some(front.end)
        }
        RulesKind::Jetbrains => {
            let front = FrontMatter::of(&file.text);
            let is_meant = match front.value("apply") {
                "" | "always" => true,
                "by file patterns" => any_name(&front.values("patterns"), below),
                _ => false,
            };
            is_meant.then_some(front.end)
        }
        RulesKind::Cursor | RulesKind::Copilot => Some(0),
    }
}

/// Whether one of the patterns matches; one without `/` is of a name, in whatever directory.
fn any_name(patterns: &[&str], path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    patterns.iter().any(|pattern| matches_glob(pattern, if pattern.contains('/') { path } else { name }))
}
