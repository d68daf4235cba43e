//! Checks that every outside dependency is owned by one crate, or is shared on purpose.
//!
//! Owns the reading of the owners and the shared table. Must never judge arrows among our own crates.

use super::metadata::{Dependency, Package};
use super::{ARCHITECTURE, Finding, table};

const OWNED: &str = "Owners";
const SHARED: &str = "Shared";

/// The crate that compares with the outside world in tests and benches, and ships nothing.
const TESTS: &str = "e2e";

/// Who may use one outside dependency.
#[derive(Debug)]
struct Entry {
    /// The package's name; a trailing `*` stands for any ending.
    pattern: String,
    users: Users,
    line: usize,
}

#[derive(Debug)]
enum Users {
    Owner(String),
    Some(Vec<String>),
    All,
    Tests,
}

/// Findings where the owners in `architecture` and what `packages` use differ.
pub fn check(architecture: &str, packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let entries = match read(architecture) {
        Ok(entries) => entries,
        Err(message) => return vec![Finding::failure(ARCHITECTURE, None, message)],
    };
    for (idx, entry) in entries.iter().enumerate() {
        if entries.iter().take(idx).any(|earlier| earlier.pattern == entry.pattern) {
            let message = format!("{} has two owners: keep one row", entry.pattern);
            findings.push(Finding::failure(ARCHITECTURE, Some(entry.line), message));
        }
        let is_used = packages
            .iter()
            .flat_map(|package| &package.dependencies)
            .any(|dependency| entry.covers(dependency));
        if !is_used {
            findings.push(Finding::note(
                ARCHITECTURE,
                Some(entry.line),
                format!("nothing uses {}", entry.pattern),
            ));
        }
    }
    for package in packages {
        for dependency in package.dependencies.iter().filter(|dependency| !dependency.is_ours) {
            findings.extend(check_dependency(package, dependency, &entries));
        }
    }
    findings
}

fn check_dependency(package: &Package, dependency: &Dependency, entries: &[Entry]) -> Option<Finding> {
    let (user, name) = (&package.name, &dependency.name);
    let Some(entry) = entries.iter().find(|entry| entry.covers(dependency)) else {
        let message =
            format!("{user} uses {name}, which has no owner: add it to the tables of {ARCHITECTURE}");
        return Some(Finding::failure(&package.manifest, None, message));
    };
    let allowed = match &entry.users {
        Users::Owner(owner) => {
            (user == owner || user == TESTS).then_some(()).ok_or_else(|| format!("{owner} owns"))
        }
        Users::Some(users) => (users.contains(user) || user == TESTS)
            .then_some(())
            .ok_or_else(|| format!("{} share", users.join(", "))),
        Users::All => Ok(()),
        Users::Tests => {
            (dependency.is_dev || user == TESTS).then_some(()).ok_or_else(|| "only tests use".to_owned())
        }
    };
    let reason = allowed.err()?;
    let message = format!("{user} uses {name}, which {reason}: ask the owning crate for what is needed");
    Some(Finding::failure(&package.manifest, None, message))
}

fn read(architecture: &str) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    for title in [OWNED, SHARED] {
        let (_, rows) = table::under(architecture, title)
            .ok_or_else(|| format!("there is no table under the heading “{title}”"))?;
        for row in rows {
            let mut cells = row.cells.iter();
            let patterns = cells.next().cloned().unwrap_or_default();
            let users = cells.next().cloned().unwrap_or_default();
            for pattern in patterns.split(',').map(str::trim).filter(|pattern| !pattern.is_empty()) {
                let users = match (title, users.as_str()) {
                    (OWNED, owner) => Users::Owner(owner.to_owned()),
                    (_, "all") => Users::All,
                    (_, "tests") => Users::Tests,
                    (_, some) => Users::Some(some.split(',').map(|user| user.trim().to_owned()).collect()),
                };
                entries.push(Entry { pattern: pattern.to_owned(), users, line: row.line });
            }
        }
    }
    Ok(entries)
}

impl Entry {
    fn covers(&self, dependency: &Dependency) -> bool {
        !dependency.is_ours
            && match self.pattern.strip_suffix('*') {
                Some(start) => dependency.name.starts_with(start),
                None => dependency.name == self.pattern,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::super::metadata::tests::package;
    use super::*;
    use expect_test::{Expect, expect};

    const TABLES: &str = "\
## Owners
| dependency | owner |
|---|---|
| `ropey` | `text` |
| `tree-sitter*` | `syntax` |
## Shared
| dependency | users |
|---|---|
| `serde` | all |
| `tokio` | `model`, `server` |
| `fastrand` | tests |
";
    const USED: &str = "text: +ropey +serde ?fastrand";
    const ALSO: &str = "syntax: +tree-sitter +tree-sitter-rust";

    #[track_caller]
    fn check(tables: &str, packages: &[&str], expect: Expect) {
        let packages: Vec<Package> = packages.iter().map(|line| package(line)).collect();
        let findings: Vec<String> = super::check(tables, &packages).iter().map(Finding::to_string).collect();
        expect.assert_eq(&findings.join("\n"));
    }

    #[test]
    fn owned_and_shared_dependencies_are_fine() {
        check(TABLES, &[USED, ALSO, "model: +tokio"], expect![""]);
    }

    #[test]
    fn a_second_user_of_an_owned_dependency_fails() {
        check(
            TABLES,
            &[USED, ALSO, "model: +tokio", "edit: +ropey"],
            expect![
                "error: crates/edit/Cargo.toml: edit uses ropey, which text owns: ask the owning crate for what is needed"
            ],
        );
    }

    #[test]
    fn an_owned_dependency_in_the_tests_of_another_crate_fails() {
        check(
            TABLES,
            &[USED, ALSO, "model: +tokio", "edit: ?tree-sitter-go"],
            expect![
                "error: crates/edit/Cargo.toml: edit uses tree-sitter-go, which syntax owns: ask the owning crate for what is needed"
            ],
        );
    }

    #[test]
    fn a_dependency_without_an_owner_fails() {
        check(
            TABLES,
            &[USED, ALSO, "model: +tokio +reqwest"],
            expect![
                "error: crates/model/Cargo.toml: model uses reqwest, which has no owner: add it to the tables of crates/README.md"
            ],
        );
    }

    #[test]
    fn a_shared_dependency_outside_its_circle_fails() {
        check(
            TABLES,
            &[USED, ALSO, "model: +tokio", "edit: +tokio +fastrand"],
            expect![[r#"
                error: crates/edit/Cargo.toml: edit uses tokio, which model, server share: ask the owning crate for what is needed
                error: crates/edit/Cargo.toml: edit uses fastrand, which only tests use: ask the owning crate for what is needed"#]],
        );
    }

    #[test]
    fn the_end_to_end_tests_may_use_what_has_an_owner() {
        check(TABLES, &[USED, ALSO, "e2e: +tokio +ropey +tree-sitter-go"], expect![""]);
    }

    #[test]
    fn two_rows_for_one_dependency_fail() {
        check(
            &TABLES.replace("| `serde` | all |", "| `serde`, `ropey` | all |"),
            &[USED, ALSO, "model: +tokio"],
            expect!["error: crates/README.md:9: ropey has two owners: keep one row"],
        );
    }

    #[test]
    fn an_owned_dependency_that_nothing_uses_is_noted() {
        check(
            TABLES,
            &[USED, "model: +tokio"],
            expect!["note: crates/README.md:5: nothing uses tree-sitter*"],
        );
    }
}
