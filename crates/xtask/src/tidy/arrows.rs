//! Compares the arrows table with what the manifests say.
//!
//! Owns the rule that a crate reaches only what its row allows. Must never judge outside dependencies.

use std::collections::BTreeSet;

use super::metadata::Package;
use super::{ARCHITECTURE, Finding, table};

const TITLE: &str = "Arrows";

/// Crates that nothing may use, not even in tests.
const TOP: &[&str] = &["xtask", "e2e"];

/// Findings where the table in `architecture` and `packages` differ.
pub fn check(architecture: &str, packages: &[Package]) -> Vec<Finding> {
    let Some((header, rows)) = table::under(architecture, TITLE) else {
        return vec![Finding::failure(
            ARCHITECTURE,
            None,
            format!("there is no table under the heading “{TITLE}”"),
        )];
    };
    let mut findings = Vec::new();
    let mut arrows = BTreeSet::new();
    let mut named = BTreeSet::new();
    for column in header.cells.iter().skip(1).filter(|column| !is_ours(packages, column)) {
        findings.push(Finding::failure(
            ARCHITECTURE,
            Some(header.line),
            format!("{column} is no crate of the tree"),
        ));
    }
    for row in &rows {
        let name = row.cells.first().cloned().unwrap_or_default();
        if !is_ours(packages, &name) {
            findings.push(Finding::failure(
                ARCHITECTURE,
                Some(row.line),
                format!("{name} is no crate of the tree"),
            ));
        }
        for (column, cell) in header.cells.iter().zip(&row.cells).skip(1) {
            if !cell.is_empty() {
                arrows.insert((name.clone(), column.clone()));
            }
        }
        named.insert(name);
    }
    for package in packages {
        if !named.contains(&package.name) {
            let message = format!("{} has no row in the arrows table of {ARCHITECTURE}", package.name);
            findings.push(Finding::failure(&package.manifest, None, message));
        }
        findings.extend(check_package(package, &arrows));
    }
    // The top crates may look at everything; whether they do says nothing.
    for (from, to) in arrows.iter().filter(|(from, _)| !TOP.contains(&from.as_str())) {
        let package = packages.iter().find(|package| package.name == *from);
        if package
            .is_some_and(|package| !package.dependencies.iter().any(|dependency| dependency.name == *to))
        {
            findings.push(Finding::note(
                ARCHITECTURE,
                None,
                format!("the arrow {from} → {to} is allowed but not used"),
            ));
        }
    }
    findings
}

fn check_package(package: &Package, arrows: &BTreeSet<(String, String)>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for dependency in package.dependencies.iter().filter(|dependency| dependency.is_ours) {
        let arrow = (package.name.clone(), dependency.name.clone());
        let (from, to) = (&arrow.0, &arrow.1);
        if TOP.contains(&to.as_str()) {
            findings.push(Finding::failure(
                &package.manifest,
                None,
                format!("{from} uses {to}, which nothing may use"),
            ));
        } else if !dependency.is_dev && !arrows.contains(&arrow) {
            let message = format!(
                "{from} uses {to}, which the arrows table of {ARCHITECTURE} does not allow: move the code to where the \
                 arrow points, or change the table in a commit of its own"
            );
            findings.push(Finding::failure(&package.manifest, None, message));
        }
    }
    findings
}

fn is_ours(packages: &[Package], name: &str) -> bool {
    packages.iter().any(|package| package.name == name)
}

#[cfg(test)]
mod tests {
    use super::super::metadata::tests::package;
    use super::*;
    use expect_test::{Expect, expect};

    const TABLE: &str = "\
## Arrows
| may use → | text | syntax | store |
|---|---|---|---|
| text | | | |
| syntax | ● | | |
| store | | | |
";

    #[track_caller]
    fn check(table: &str, packages: &[&str], expect: Expect) {
        let packages: Vec<Package> = packages.iter().map(|line| package(line)).collect();
        let findings: Vec<String> = super::check(table, &packages).iter().map(Finding::to_string).collect();
        expect.assert_eq(&findings.join("\n"));
    }

    #[test]
    fn the_arrows_of_the_table_are_fine() {
        check(TABLE, &["text:", "syntax: text", "store:"], expect![""]);
    }

    #[test]
    fn an_arrow_outside_the_table_fails() {
        check(
            TABLE,
            &["text: store", "syntax: text", "store:"],
            expect![[
                r#"error: crates/text/Cargo.toml: text uses store, which the arrows table of crates/README.md does not allow: move the code to where the arrow points, or change the table in a commit of its own"#
            ]],
        );
    }

    #[test]
    fn an_arrow_that_turns_back_fails() {
        check(
            TABLE,
            &["text: syntax", "syntax: text", "store:"],
            expect![[
                r#"error: crates/text/Cargo.toml: text uses syntax, which the arrows table of crates/README.md does not allow: move the code to where the arrow points, or change the table in a commit of its own"#
            ]],
        );
    }

    #[test]
    fn tests_may_use_any_crate_but_the_top() {
        check(
            &format!("{TABLE}| e2e | | | ● |\n"),
            &["text: ~store ~e2e", "syntax: text", "store:", "e2e: store"],
            expect!["error: crates/text/Cargo.toml: text uses e2e, which nothing may use"],
        );
    }

    #[test]
    fn a_crate_without_a_row_fails() {
        check(
            TABLE,
            &["text:", "syntax: text", "store:", "edit:"],
            expect!["error: crates/edit/Cargo.toml: edit has no row in the arrows table of crates/README.md"],
        );
    }

    #[test]
    fn a_row_and_a_column_without_a_crate_fail() {
        check(
            TABLE,
            &["text:", "syntax: text"],
            expect![[r#"
                error: crates/README.md:2: store is no crate of the tree
                error: crates/README.md:6: store is no crate of the tree"#]],
        );
    }

    #[test]
    fn an_arrow_that_nobody_uses_is_noted() {
        check(
            TABLE,
            &["text:", "syntax:", "store:"],
            expect!["note: crates/README.md: the arrow syntax → text is allowed but not used"],
        );
    }

    #[test]
    fn a_missing_table_fails() {
        check(
            "# Other\n",
            &[],
            expect!["error: crates/README.md: there is no table under the heading “Arrows”"],
        );
    }
}
