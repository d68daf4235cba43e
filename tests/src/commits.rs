//! Cases made of real commits: a commit that changed one function, in a bare clone, with the index of any commit's files.
//!
//! Owns how a case is read and how an index becomes that of a commit. Nothing is checked out.

mod git;

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::Value;
use syntax::{Facts, Language, Stop, Tree};
use text::{ChangeSet, Edit, Text};
use workspace::{Commits, Index, indexed_as};

pub use git::Git;

/// A clone, and the index of the files of one of its commits.
pub struct Repo {
    /// The clone.
    pub git: Git,
    /// The index of the commit that was asked for last.
    pub index: Index,
    /// The blob of each indexed file, by path.
    pub blobs: HashMap<String, String>,
    facts: HashMap<(String, &'static str), Arc<Facts>>,
}

/// The file of a case, and the function in it as it was.
pub struct Before {
    /// Its path in the repository.
    pub path: String,
    /// Its language.
    pub language: Language,
    /// Its text.
    pub text: Text,
    /// Its tree.
    pub tree: Tree,
    /// The bytes of the function's lines.
    pub scope: Range<usize>,
}

/// The file with another text of the function.
pub struct After {
    /// Its text.
    pub text: Text,
    /// Its tree.
    pub tree: Tree,
    /// The bytes of the function's lines.
    pub scope: Range<usize>,
}

/// The cases of some files, one JSON object a line, ordered by repository and time.
pub fn read_cases(files: &[String]) -> Result<Vec<Value>> {
    let mut cases: Vec<Value> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| format!("read {file}"))?;
        for line in text.lines().filter(|line| !line.is_empty()) {
            cases.push(serde_json::from_str(line).with_context(|| format!("read a case of {file}"))?);
        }
    }
    cases.sort_by_key(|case| (string(case, "repo"), case["time"].as_i64()));
    Ok(cases)
}

/// Calls `see` with each case and the clone that it comes from, as of the commit before it; clones are at
/// `mirrors/owner+name/repo`. Tells on standard error how far it is: it takes minutes.
// Only programs call it.
#[expect(clippy::print_stderr)]
pub fn visit_cases(
    mirrors: &Path,
    cases: &[Value],
    mut see: impl FnMut(&Value, &mut Repo) -> Result<()>,
) -> Result<()> {
    let mut current: Option<(String, Repo)> = None;
    for (idx, case) in cases.iter().enumerate() {
        let name = string(case, "repo");
        if current.as_ref().is_none_or(|(known, _)| *known != name) {
            let git = Git::open(&mirrors.join(name.replace('/', "+")).join("repo"))?;
            let repo = Repo { git, index: Index::default(), blobs: HashMap::new(), facts: HashMap::new() };
            current = Some((name, repo));
        }
        let Some((_, repo)) = &mut current else { continue };
        repo.check_out(&string(case, "parent"))?;
        see(case, repo)?;
        if idx % 50 == 49 {
            eprintln!("{} of {} cases", idx + 1, cases.len());
        }
    }
    Ok(())
}

/// A string of a JSON object; empty where there is none.
pub fn string(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

impl Repo {
    /// Makes the index that of a commit.
    pub fn check_out(&mut self, commit: &str) -> Result<()> {
        let files = self.git.files(commit)?;
        let wanted: HashMap<String, String> =
            files.into_iter().filter(|(path, _)| indexed_as(path).is_some()).collect();
        let gone: Vec<String> =
            self.blobs.keys().filter(|path| !wanted.contains_key(*path)).cloned().collect();
        for path in gone {
            self.index.remove(&path);
            self.blobs.remove(&path);
        }
        for (path, blob) in wanted {
            if self.blobs.get(&path) == Some(&blob) {
                continue;
            }
            let Some((language, kind)) = indexed_as(&path) else { continue };
            let key = (blob.clone(), language.name());
            let facts = match self.facts.get(&key) {
                Some(facts) => facts.clone(),
                None => {
                    let Some(text) = self.git.text(&blob)? else { continue };
                    let Ok(facts) = Facts::read(language, &text, &Stop::never()) else { continue };
                    let facts = Arc::new(facts);
                    self.facts.insert(key, facts.clone());
                    facts
                }
            };
            self.index.insert(&path, language, kind, &facts);
            self.blobs.insert(path, blob);
        }
        let log = self.git.log(commit)?;
        self.index.set_commits(&Commits::read(&log, |path| indexed_as(path).is_some()));
        Ok(())
    }

    /// Has a file of the commit say something else, until the next commit is asked for.
    pub fn replace(&mut self, file: &Before) {
        let Some((language, kind)) = indexed_as(&file.path) else { return };
        self.index.insert(&file.path, language, kind, &Facts::of(&file.tree, &file.text));
        self.blobs.insert(file.path.clone(), String::new());
    }

    /// The text of a file of the commit; none where it is not indexed or no text.
    pub fn text(&mut self, path: &str) -> Result<Option<Arc<str>>> {
        match self.blobs.get(path).cloned() {
            Some(blob) => self.git.text(&blob),
            None => Ok(None),
        }
    }
}

impl Before {
    /// The file of a case as it is in the index; none where it is not there.
    pub fn of(case: &Value, repo: &mut Repo) -> Result<Option<Before>> {
        let path = string(case, "path");
        let Some(source) = repo.text(&path)? else { return Ok(None) };
        let text = Text::from(&*source);
        let Some(language) = syntax::language_for("", &path) else { return Ok(None) };
        let Ok(tree) = Tree::parse(language, &text, &Stop::never()) else { return Ok(None) };
        let line = |key: &str| case[key].as_u64().unwrap_or(1) as usize;
        let scope = text.line_start(line("start_line") - 1)..text.line_start(line("end_line"));
        Ok(Some(Before { path, language, text, tree, scope }))
    }

    /// The file with the function as the commit left it, indented as it was.
    pub fn with(&self, new_scope: &str) -> Result<Option<After>> {
        let old = self.text.slice(self.scope.clone());
        let indent: String = old.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        let new = format!("{indent}{new_scope}\n");
        let scope = self.scope.start..self.scope.start + new.len();
        let changes = ChangeSet::single(self.text.len(), Edit::new(self.scope.clone(), new))?;
        let text = self.text.apply(&changes)?;
        let tree = Tree::parse(self.language, &text, &Stop::never());
        Ok(tree.ok().map(|tree| After { text, tree, scope }))
    }
}
