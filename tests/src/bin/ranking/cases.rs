//! From cases to samples: the features of the definitions that come into question, and which of them were needed.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::Result;
use context::rank::{Answered, Asked, FEATURES, Features, Recent, features, names_of_answer};
use e2e::{Before, Repo, read_cases, string, visit_cases};
use serde_json::Value;
use workspace::FileId;

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

pub(crate) fn samples(mirrors: &Path, files: &[String]) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    visit_cases(mirrors, &read_cases(files)?, |case, repo| {
        samples.extend(sample(repo, case)?);
        Ok(())
    })?;
    Ok(samples)
}

fn sample(repo: &mut Repo, case: &Value) -> Result<Option<Sample>> {
    let Some(before) = Before::of(case, repo)? else { return Ok(None) };
    let recent = recent(case);
    let Some(file) = repo.index.file_id(&before.path) else { return Ok(None) };
    let instruction = string(case, "instruction");
    let asked = Asked {
        file,
        tree: Some(&before.tree),
        text: &before.text,
        scope: before.scope.clone(),
        instruction: &instruction,
        recent: &recent,
    };
    let ranked = context::rank::rank(&repo.index, &asked);
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
    let (by_answer, unknown) = second_step(repo, case, &before, file, &labels, needed.len())?;
    let all = features(&repo.index, &asked);
    let step = (all.len() / N_OTHERS).max(1);
    let mut candidates = Vec::new();
    let mut paths: HashMap<String, usize> = HashMap::new();
    let mut containers: HashMap<(String, String), usize> = HashMap::new();
    for (idx, (id, features)) in all.into_iter().enumerate() {
        let Some((file, definition)) = repo.index.file(id.file).zip(repo.index.definition(id)) else {
            continue;
        };
        let path = file.path.to_string();
        let name = repo.index.text(definition.name).to_owned();
        let label = labels.get(&(path.clone(), u64::from(definition.line) + 1, name)).copied();
        if label.is_none() && !likely.contains(&id) && idx % step != 0 {
            continue;
        }
        let more = definition.signature_end.saturating_sub(definition.line + 1).min(5) as f32 * 8.0;
        let n_paths = paths.len();
        let container = definition.container.map(|container| {
            let n_containers = containers.len();
            let key = (path.clone(), repo.index.text(container).to_owned());
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

/// Which needed names the second step finds, with the function as the commit left it for an answer.
fn second_step(
    repo: &Repo,
    case: &Value,
    before: &Before,
    file: FileId,
    labels: &HashMap<(String, u64, String), usize>,
    n_needed: usize,
) -> Result<(Vec<bool>, Vec<String>)> {
    let mut found = vec![false; n_needed];
    let Some(after) = before.with(&string(case, "new_scope"))? else { return Ok((found, Vec::new())) };
    let used = syntax::references(&before.tree, &before.text, &before.scope);
    let line = before.text.line_of(before.scope.start);
    let answered = Answered {
        tree: &after.tree,
        text: &after.text,
        scope: after.scope.clone(),
        others: Vec::new(),
        line,
    };
    let names = names_of_answer(&repo.index, file, &answered, &used);
    for id in names.known {
        let Some((file, definition)) = repo.index.file(id.file).zip(repo.index.definition(id)) else {
            continue;
        };
        let name = repo.index.text(definition.name).to_owned();
        let label = labels.get(&(file.path.to_string(), u64::from(definition.line) + 1, name));
        if let Some(slot) = label.and_then(|label| found.get_mut(*label)) {
            *slot = true;
        }
    }
    Ok((found, names.unknown.into_iter().map(|unknown| unknown.name).collect()))
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
