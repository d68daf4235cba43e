//! Writes the committed files that are made from other files, or says which of them are out of date.
//!
//! Owns the list of generators. Must never write a file that a person also edits, except between its own marks.

mod commands;
mod hash;
mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo;

/// One committed file, or a part of one, and how it is made.
struct Generator {
    name: &'static str,
    /// The file, relative to the top of the tree.
    output: &'static str,
    /// The new text of the whole file, given its present text.
    make: fn(&Inputs<'_>, Option<&str>) -> Result<Made>,
}

const GENERATORS: &[Generator] = &[
    Generator { name: "configuration schema", output: schema::SETTINGS, make: schema::settings },
    Generator { name: "message schema", output: schema::MESSAGES, make: schema::messages },
    Generator { name: "table of commands", output: commands::OUTPUT, make: commands::make },
    Generator { name: "protocol hash", output: hash::OUTPUT, make: hash::make },
];

/// What a generator made.
enum Made {
    /// The whole file.
    Text(String),
    /// Nothing: the source does not exist yet, with the reason.
    Nothing(String),
}

/// What generators may read.
struct Inputs<'a> {
    root: &'a Path,
    /// The built binary; without it, cargo builds and runs one.
    binary: Option<&'a Path>,
}

/// What a run of the generators found.
#[derive(Debug, Default)]
pub struct Report {
    /// Files whose text differed; written unless only checked.
    pub changed: Vec<PathBuf>,
    /// Generators without a source, with the reason.
    pub skipped: Vec<String>,
}

/// Runs every generator on the tree at `root` and writes what changed, unless `is_check`.
///
/// `binary` is the built `hunkwise`, if there is one. Fails if a source is broken or a file cannot be written.
pub fn run(root: &Path, binary: Option<&Path>, is_check: bool) -> Result<Report> {
    let inputs = Inputs { root, binary };
    let mut report = Report::default();
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for generator in GENERATORS {
        let present = match files.get(generator.output) {
            Some(text) => Some(text.clone()),
            None => read(&root.join(generator.output))?,
        };
        let made = (generator.make)(&inputs, present.as_deref())
            .with_context(|| format!("make the {} in {}", generator.name, generator.output))?;
        match made {
            Made::Text(text) => {
                files.insert(generator.output, text);
            }
            Made::Nothing(reason) => report.skipped.push(format!("{}: {reason}", generator.name)),
        }
    }
    for (output, text) in files {
        let path = root.join(output);
        if read(&path)?.as_deref() != Some(text.as_str()) {
            if !is_check {
                fs::write(&path, &text).with_context(|| format!("write {}", path.display()))?;
            }
            report.changed.push(PathBuf::from(output));
        }
    }
    Ok(report)
}

/// The text of a file with LF endings, or `None` if there is no such file.
fn read(path: &Path) -> Result<Option<String>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    Ok(Some(text.replace("\r\n", "\n")))
}

impl Inputs<'_> {
    /// What `hunkwise SUBCOMMAND` prints, or why it prints nothing.
    fn printed(&self, subcommand: &str) -> Result<Result<String, String>> {
        let mut command = match self.binary {
            Some(binary) => Command::new(binary),
            None => {
                let mut command = cargo::command(self.root);
                command.args(["run", "--quiet", "--package", "hunkwise", "--"]);
                command
            }
        };
        let output =
            command.arg(subcommand).output().with_context(|| format!("run hunkwise {subcommand}"))?;
        let text = String::from_utf8(output.stdout)
            .with_context(|| format!("read what hunkwise {subcommand} prints"))?;
        if output.status.success() && !text.trim().is_empty() {
            return Ok(Ok(text.replace("\r\n", "\n")));
        }
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        let complaint = complaint.lines().last().unwrap_or("it printed nothing").trim();
        Ok(Err(format!("hunkwise {subcommand}: {complaint}")))
    }
}

/// `document` with the text between the marks of `name` replaced; fails if the marks are not there.
fn replace_between(document: &str, name: &str, text: &str) -> Result<String> {
    let (begin, end) = marks(name);
    let found =
        document.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let Some((before, after)) = found else {
        bail!("put `{begin}` and `{end}` on lines of their own where the text belongs");
    };
    Ok(format!("{before}{begin}\n{}\n{end}{after}", text.trim_end()))
}

fn marks(name: &str) -> (String, String) {
    (format!("<!-- {name}: generated by `cargo xtask codegen` -->"), format!("<!-- {name}: end -->"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_text_between_the_marks_changes() {
        let (begin, end) = marks("list");
        let document = format!("above\n{begin}\nold\nold\n{end}\nbelow\n");
        let replaced = replace_between(&document, "list", "new\n").unwrap();
        assert_eq!(replaced, format!("above\n{begin}\nnew\n{end}\nbelow\n"));
        assert_eq!(replace_between(&replaced, "list", "new\n").unwrap(), replaced);
    }

    #[test]
    fn missing_marks_are_an_error_that_shows_them() {
        let error = replace_between("text\n", "list", "new").unwrap_err().to_string();
        assert!(error.contains(&marks("list").0), "{error}");
    }
}
