//! From cases to samples: the features of the definitions that come into question, and which of them were needed.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use context::rank::{Answered, Asked, FEATURES, Features, Recent, features, names_of_answer};
use serde_json::Value;
use syntax::{Facts, Stop, Tree};
use text::{ChangeSet, Edit, Text};
use workspace::{Commits, Index, indexed_as};

use crate::git::Git;

/// Candidates with the most to speak for them that are kept of a case, and as many of the others, at random.
const N_LIKELY: usize = 2_500;
const N_OTHERS: usize = 1_000;

/// One case.
#[derive(Clone)]
pub(crate) struct Sample {
    pub(crate) id: String,
    pub(crate) repo: String,
    pub(crate) fold: usize,
    /// For each name needed, whether it is new.
    pub(crate) needed: Vec<bool>,
    pub(crate) names: Vec<String>,
    /// Needed names whose definition the changed function leads to, once it is there.
    pub(crate) by_answer: Vec<bool>,
    /// Names of the changed function that the index does not know: all of them are real.
    pub(crate) unknown: Vec<String>,
    pub(crate) candidates: Vec<Candidate>,
}

/// A definition that comes into question.
#[derive(Clone)]
pub(crate) struct Candidate {
    pub(crate) features: Features,
    /// Which needed name it defines.
    pub(crate) label: Option<usize>,
    pub(crate) n_tokens: f32,
    /// A number for its file, and the tokens of its path.
    pub(crate) path: (usize, f32),
    /// A number for its container in the file, and the tokens of the container's line.
    pub(crate) container: Option<(usize, f32)>,
}

impl Sample {
    /// The same where nothing is known of recent edits.
    pub(crate) fn without_recent(&self) -> Sample {
        let mut sample = self.clone();
        for (idx, name) in FEATURES.iter().enumerate() {
            if name.starts_with("recent_") {
                sample.candidates.iter_mut().for_each(|candidate| candidate.features[idx] = 0.0);
            }
        }
        sample
    }
}

/// What is kept of a repository from case to case.
struct Repo {
    git: Git,
    index: Index,
    blobs: HashMap<String, String>,
    facts: HashMap<(String, &'static str), Arc<Facts>>,
}

pub(crate) fn samples(mirrors: &Path, files: &[String]) -> Result<Vec<Sample>> {
    let mut cases: Vec<Value> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| format!("read {file}"))?;
        for line in text.lines().filter(|line| !line.is_empty()) {
            cases.push(serde_json::from_str(line).with_context(|| format!("read a case of {file}"))?);
        }
    }
    cases.sort_by_key(|case| (string(case, "repo"), case["time"].as_i64()));
    let mut samples = Vec::new();
    let mut current: Option<(String, Repo)> = None;
    for (idx, case) in cases.iter().enumerate() {
        let name = string(case, "repo");
        if current.as_ref().is_none_or(|(known, _)| *known != name) {
            let git = Git::open(&mirrors.join(name.replace('/', "+")).join("repo"))?;
            let repo = Repo { git, index: Index::default(), blobs: HashMap::new(), facts: HashMap::new() };
            current = Some((name.clone(), repo));
        }
        let Some((_, repo)) = &mut current else { continue };
        repo.check_out(&string(case, "parent"))?;
        samples.extend(repo.sample(case)?);
        if idx % 50 == 49 {
            eprintln!("{} of {} cases", idx + 1, cases.len());
        }
    }
    Ok(samples)
}

fn string(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

impl Repo {
    /// Makes the index that of a commit.
    fn check_out(&mut self, commit: &str) -> Result<()> {
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

    fn sample(&mut self, case: &Value) -> Result<Option<Sample>> {
        let path = string(case, "path");
        let Some(blob) = self.blobs.get(&path).cloned() else { return Ok(None) };
        let Some(source) = self.git.text(&blob)? else { return Ok(None) };
        let text = Text::from(&*source);
        let Some(language) = syntax::language_for("", &path) else { return Ok(None) };
        let tree = Tree::parse(language, &text, &Stop::never()).ok();
        let line = |key: &str| case[key].as_u64().unwrap_or(1) as usize;
        let scope = text.line_start(line("start_line") - 1)..text.line_start(line("end_line"));
        let recent = recent(case);
        let Some(file) = self.index.file_id(&path) else { return Ok(None) };
        let instruction = string(case, "instruction");
        let asked = Asked {
            file,
            tree: tree.as_ref(),
            text: &text,
            scope,
            instruction: &instruction,
            recent: &recent,
        };
        let ranked = context::rank::rank(&self.index, &asked);
        let likely: HashSet<_> = ranked.iter().take(N_LIKELY).map(|ranked| ranked.id).collect();
        let (mut needed, mut names) = (Vec::new(), Vec::new());
        let mut labels: HashMap<(String, u64, String), usize> = HashMap::new();
        for name in case["needed"].as_array().into_iter().flatten() {
            for place in name["defs"].as_array().into_iter().flatten() {
                let key = (string(place, "path"), place["line"].as_u64().unwrap_or(0), string(name, "name"));
                labels.insert(key, needed.len());
            }
            needed.push(name["status"] == "new");
            names.push(format!("{} {}", string(name, "name"), name["defs"][0]));
        }
        let (by_answer, unknown) = self.second_step(case, &text, &asked, &labels, needed.len())?;
        let all = features(&self.index, &asked);
        let step = (all.len() / N_OTHERS).max(1);
        let mut candidates = Vec::new();
        let mut paths: HashMap<String, usize> = HashMap::new();
        let mut containers: HashMap<(String, String), usize> = HashMap::new();
        for (idx, (id, features)) in all.into_iter().enumerate() {
            let Some((file, definition)) = self.index.file(id.file).zip(self.index.definition(id)) else {
                continue;
            };
            let path = file.path.to_string();
            let name = self.index.text(definition.name).to_owned();
            let label = labels.get(&(path.clone(), u64::from(definition.line) + 1, name)).copied();
            if label.is_none() && !likely.contains(&id) && idx % step != 0 {
                continue;
            }
            let more = definition.signature_end.saturating_sub(definition.line + 1).min(5) as f32 * 8.0;
            let n_paths = paths.len();
            let container = definition.container.map(|container| {
                let n_containers = containers.len();
                let key = (path.clone(), self.index.text(container).to_owned());
                let n_tokens = (key.1.len() as f32 + 12.0) / 4.0;
                (*containers.entry(key).or_insert(n_containers), n_tokens)
            });
            candidates.push(Candidate {
                features,
                label,
                n_tokens: ((f32::from(definition.n_bytes.min(240)) + more) / 4.0).ceil(),
                path: (*paths.entry(path.clone()).or_insert(n_paths), (path.len() as f32 / 4.0).ceil() + 2.0),
                container,
            });
        }
        let fold = case["commit"].as_str().and_then(|commit| commit.bytes().last()).unwrap_or(0) as usize;
        Ok(Some(Sample {
            id: string(case, "id"),
            repo: string(case, "repo"),
            fold,
            needed,
            names,
            by_answer,
            unknown,
            candidates,
        }))
    }
}

impl Repo {
    /// Which needed names the second step finds, with the function as the commit left it for an answer.
    fn second_step(
        &self,
        case: &Value,
        text: &Text,
        asked: &Asked<'_>,
        labels: &HashMap<(String, u64, String), usize>,
        n_needed: usize,
    ) -> Result<(Vec<bool>, Vec<String>)> {
        let mut found = vec![false; n_needed];
        let Some(tree) = asked.tree else { return Ok((found, Vec::new())) };
        let new = format!("{}\n", string(case, "new_scope"));
        let indent = text.slice(asked.scope.clone());
        let indent: String = indent.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        let new = format!("{indent}{new}");
        let scope = asked.scope.start..asked.scope.start + new.len();
        let changes = ChangeSet::single(text.len(), Edit::new(asked.scope.clone(), new))?;
        let after = text.apply(&changes)?;
        let Ok(after_tree) = Tree::parse(tree.language(), &after, &Stop::never()) else {
            return Ok((found, Vec::new()));
        };
        let before = syntax::references(tree, text, &asked.scope);
        let answered = Answered { tree: &after_tree, text: &after, scope };
        let names = names_of_answer(&self.index, asked.file, &answered, &before);
        for id in names.known {
            let Some((file, definition)) = self.index.file(id.file).zip(self.index.definition(id)) else {
                continue;
            };
            let name = self.index.text(definition.name).to_owned();
            let label = labels.get(&(file.path.to_string(), u64::from(definition.line) + 1, name));
            if let Some(slot) = label.and_then(|label| found.get_mut(*label)) {
                *slot = true;
            }
        }
        Ok((found, names.unknown.into_iter().map(|unknown| unknown.name).collect()))
    }
}

/// What the same commit wrote in other files.
fn recent(case: &Value) -> Recent {
    let mut recent = Recent::default();
    for hunk in case["session"].as_array().into_iter().flatten().filter(|hunk| hunk["kind"] != "same") {
        recent.words.extend(workspace::words(hunk["added"].as_str().unwrap_or_default()).map(str::to_owned));
        recent.paths.push(string(hunk, "path"));
    }
    recent
}
