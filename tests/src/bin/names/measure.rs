//! What the check says of real functions, and of the same with one name changed.

use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::Result;
use context::rank::{self, names_of_answer};
use e2e::{After, Before, Repo, string};
use serde_json::Value;
use syntax::{Facts, Reference, Stop, Tree};
use text::{ChangeSet, Edit};
use verify::names::{Answered, Invention, NewName, Source, inventions};
use workspace::{FileKind, Index};

use crate::mutate::{MUTATIONS, Mutation, mutated};
use crate::table::{Mutant, Row, Target};

/// The mutations of a run are the same each time.
const SEED: u64 = 6;
/// Names that are tried before a kind of mutation is given up for a case.
const MAX_TRIES: usize = 12;

pub(crate) struct Measure {
    random: fastrand::Rng,
    rows: Vec<Row>,
    times: Vec<Duration>,
    lists: bool,
}

impl Measure {
    pub(crate) fn new() -> Measure {
        let lists = std::env::var_os("NAMES_LIST").is_some();
        Measure { random: fastrand::Rng::with_seed(SEED), rows: Vec::new(), times: Vec::new(), lists }
    }

    pub(crate) fn case(&mut self, case: &Value, repo: &mut Repo) -> Result<()> {
        let Some(before) = Before::of(case, repo)? else { return Ok(()) };
        let Some(after) = before.with(&string(case, "new_scope"))? else { return Ok(()) };
        let mut row = Row::new(before.language.name());
        let id = string(case, "id");
        let told = self.told(&Folder::whole(&repo.index), &before, &after);
        row.n_told_before = told.len();
        self.list(&id, "before", &told);
        let alone = alone(&before);
        for mutation in MUTATIONS {
            self.mutant(&id, mutation, [&repo.index, &alone], &before, &after, &mut row)?;
        }
        if let Some((before, after)) = at_commit(case, repo, &before)? {
            let told = self.told(&Folder::whole(&repo.index), &before, &after);
            row.n_told_at = told.len();
            self.list(&id, "own", &told);
            let told = told_of(&Folder { index: &self::alone(&before), is_whole: false }, &before, &after);
            row.n_told_alone = told.len();
            self.list(&id, "alone", &told);
            self.rows.push(row);
        }
        Ok(())
    }

    pub(crate) fn print(&mut self) {
        crate::table::print(&self.rows, &mut self.times);
    }

    fn list(&self, id: &str, workspace: &str, told: &[Invention]) {
        for told in told.iter().filter(|_| self.lists) {
            println!("TOLD {id} {workspace} {} near {}", told.name, told.nearest.join(" "));
        }
    }

    /// Changes the name of one use, and looks whether it is told.
    fn mutant(
        &mut self,
        id: &str,
        mutation: Mutation,
        [index, alone]: [&Index; 2],
        before: &Before,
        after: &After,
        row: &mut Row,
    ) -> Result<()> {
        let references = syntax::references(&after.tree, &after.text, &after.scope);
        let uses: Vec<&Reference> = references.uses.iter().filter(|used| used.name.len() > 2).collect();
        let is_snake = matches!(before.language.name(), "Python" | "Rust");
        for _ in 0..MAX_TRIES {
            if uses.is_empty() {
                return Ok(());
            }
            let used = uses[self.random.usize(..uses.len())];
            let Some(name) = mutated(&used.name, mutation, is_snake, &mut self.random) else { continue };
            // One that there is would be no invention.
            let is_real = index.name(&name).is_some_and(|name| index.stands_somewhere(name))
                || references.bound.contains(&name);
            if is_real {
                continue;
            }
            let Some(mutant) = changed(after, &used.range, &name)? else { continue };
            let told = self.told(&Folder::whole(index), before, &mutant);
            let told_alone = told_of(&Folder { index: alone, is_whole: false }, before, &mutant);
            let is_in = |told: &[Invention]| told.iter().any(|told| told.name == name);
            let is_found = is_in(&told);
            let is_bound = !used.is_member && references.bound.contains(&used.name);
            let is_defined = index.name(&used.name).is_some_and(|name| index.n_definitions_of(name) > 0);
            let target = match (is_bound, is_defined) {
                (true, _) => Target::Variable,
                (false, true) => Target::Defined,
                (false, false) => Target::Other,
            };
            row.mutants.push(Mutant {
                mutation,
                target,
                is_member: used.is_member,
                is_found,
                is_found_alone: is_in(&told_alone),
            });
            if self.lists && !is_found {
                println!(
                    "MISSED {id} {mutation:?} {target:?} {}.{} -> {name}",
                    used.receiver.join("."),
                    used.name
                );
            }
            return Ok(());
        }
        Ok(())
    }

    fn told(&mut self, folder: &Folder<'_>, before: &Before, after: &After) -> Vec<Invention> {
        let started = Instant::now();
        let told = told_of(folder, before, after);
        self.times.push(started.elapsed());
        told
    }
}

/// The file as the commit has it but for the function, and with it, in the folder of the commit; none where the function does
/// not stand in it as it should.
fn at_commit(case: &Value, repo: &mut Repo, before: &Before) -> Result<Option<(Before, After)>> {
    let old = before.text.slice(before.scope.clone());
    repo.check_out(&string(case, "commit"))?;
    let new_scope = string(case, "new_scope");
    let Some(source) = repo.text(&before.path)? else { return Ok(None) };
    let Some(at) = source.find(&new_scope) else { return Ok(None) };
    let start = source[..at].rfind('\n').map_or(0, |line| line + 1);
    let behind = at + new_scope.len();
    let end = source[behind..].find('\n').map_or(source.len(), |end| behind + end + 1);
    let text = text::Text::from(format!("{}{old}{}", &source[..start], &source[end..]));
    let Ok(tree) = Tree::parse(before.language, &text, &Stop::never()) else { return Ok(None) };
    let scope = start..start + old.len();
    let before = Before { path: before.path.clone(), language: before.language, text, tree, scope };
    repo.replace(&before);
    Ok(before.with(&new_scope)?.map(|after| (before, after)))
}

/// What is known of a folder.
struct Folder<'a> {
    index: &'a Index,
    is_whole: bool,
}

impl Folder<'_> {
    fn whole(index: &Index) -> Folder<'_> {
        Folder { index, is_whole: true }
    }
}

/// An index of one file.
fn alone(file: &Before) -> Index {
    let mut index = Index::default();
    let facts = Facts::of(&file.tree, &file.text);
    index.insert(&file.path, file.language, FileKind::Source, &facts);
    index
}

fn told_of(folder: &Folder<'_>, before: &Before, after: &After) -> Vec<Invention> {
    let Folder { index, is_whole } = *folder;
    let Some(file) = index.file_id(&before.path) else { return Vec::new() };
    let used = syntax::references(&before.tree, &before.text, &before.scope);
    let line = before.text.line_of(before.scope.start);
    let answered = rank::Answered {
        tree: &after.tree,
        text: &after.text,
        scope: after.scope.clone(),
        others: Vec::new(),
        line,
    };
    let names = names_of_answer(index, file, &answered, &used).unknown;
    let names: Vec<NewName> = names
        .into_iter()
        .map(|name| NewName {
            name: name.name,
            is_member: name.is_member,
            ranges: name.ranges,
            source: match name.origin {
                rank::Origin::Files => Source::Files,
                rank::Origin::Partly => Source::Partly,
                rank::Origin::Library(module) => Source::Library(module),
                rank::Origin::Unknown => Source::Unknown,
            },
        })
        .collect();
    let answered =
        Answered { language: before.language, before: &before.text, after: &after.text, index, is_whole };
    inventions(&answered, &names)
}

fn changed(after: &After, range: &Range<usize>, name: &str) -> Result<Option<After>> {
    let changes = ChangeSet::single(after.text.len(), Edit::new(range.clone(), name))?;
    let text = after.text.apply(&changes)?;
    let Ok(tree) = after.tree.edited(&changes, &after.text, &text).reparse(&text, &Stop::never()) else {
        return Ok(None);
    };
    let scope = after.scope.start..after.scope.end + name.len() - range.len();
    Ok(Some(After { text, tree, scope }))
}
