//! The files of the tree as tidy sees them.
//!
//! Owns the question which files belong to the tree: those that git tracks or would track. Must never follow a link.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The files of a tree: path with `/` → text, or `None` where a file is not UTF-8.
#[derive(Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, Option<String>>,
}

/// One file with text.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The path relative to the top of the tree.
    pub path: &'a str,
    /// The whole text.
    pub text: &'a str,
}

impl Tree {
    /// Reads every file under `root` that git does not ignore. Fails outside a git checkout.
    pub fn read(root: &Path) -> Result<Tree> {
        let output = Command::new("git")
            // A container's checkout often belongs to another user.
            .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("list the files of the tree: start git")?;
        if !output.status.success() {
            bail!("list the files of {}: {}", root.display(), String::from_utf8_lossy(&output.stderr).trim());
        }
        let list =
            String::from_utf8(output.stdout).context("list the files of the tree: a name is not UTF-8")?;
        let mut files = BTreeMap::new();
        for path in list.split('\0').filter(|path| !path.is_empty()) {
            // Links are judged where they lead; a deleted file that git still tracks is not in the tree.
            let file = root.join(path);
            if fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_file()) {
                let bytes = fs::read(&file).with_context(|| format!("read {}", file.display()))?;
                files.insert(path.to_owned(), String::from_utf8(bytes).ok());
            }
        }
        Ok(Tree { files })
    }

    /// A tree of these files, for tests.
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned()))).collect();
        Tree { files }
    }

    /// Every path, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The text of a file, if it is there and is text.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).and_then(|text| text.as_deref())
    }

    /// Every file that is text.
    pub fn texts(&self) -> impl Iterator<Item = Source<'_>> {
        self.files.iter().filter_map(|(path, text)| Some(Source { path, text: text.as_deref()? }))
    }

    /// Every Rust file that is ours; what lies under `fixtures` is input of tests.
    pub fn rust(&self) -> impl Iterator<Item = Source<'_>> {
        self.texts().filter(|source| {
            source.path.ends_with(".rs") && !source.path.split('/').any(|part| part == "fixtures")
        })
    }
}

impl<'a> Source<'a> {
    /// The file's own name.
    pub fn name(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Whether the whole file is test code: integration tests, and modules called `tests`.
    pub fn is_test(&self) -> bool {
        self.name() == "tests.rs" || self.path.split('/').any(|part| part == "tests")
    }

    /// The lines with their one-based number and whether they are test code.
    ///
    /// A test module runs to the end of its file: clippy refuses items after it.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &'a str, bool)> {
        let first_test = if self.is_test() { Some(0) } else { test_module(self.text) };
        self.text
            .lines()
            .enumerate()
            .map(move |(idx, line)| (idx + 1, line, first_test.is_some_and(|first| idx >= first)))
    }
}

/// The index of the line where an inline test module begins.
fn test_module(text: &str) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().enumerate().position(|(idx, line)| {
        line.trim() == "#[cfg(test)]"
            && lines
                .iter()
                .skip(idx + 1)
                .map(|line| line.trim())
                .find(|line| !line.starts_with("#["))
                .is_some_and(|line| line.contains("mod ") && line.ends_with('{'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_module_runs_to_the_end_of_the_file() {
        let text = "fn a() {}\n#[cfg(test)]\nuse b;\n#[cfg(test)]\n#[allow(x)]\nmod tests {\n}\n";
        let source = Source { path: "crates/a/src/lib.rs", text };
        let tests: Vec<usize> =
            source.lines().filter(|(_, _, is_test)| *is_test).map(|(line, ..)| line).collect();
        assert_eq!(tests, [4, 5, 6, 7]);
    }

    #[test]
    fn a_module_in_its_own_file_leaves_the_rest_alone() {
        let source = Source { path: "crates/a/src/lib.rs", text: "#[cfg(test)]\nmod tests;\nfn a() {}\n" };
        assert!(source.lines().all(|(_, _, is_test)| !is_test));
    }
}
