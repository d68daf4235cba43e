//! Random folders and random changes of them: what is indexed is what may be sent, and an index that was kept up to date says
//! what a new one says.

#[path = "indexer/content.rs"]
mod content;
#[path = "indexer/tree.rs"]
mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use content::content;
use fastrand::Rng;
use syntax::{Facts, Stop, language_for};
use text::Encoding;
use workspace::{Fingerprint, Indexer, IndexerOptions, Limits, Uri, Workspace};

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

/// What the walk leaves out whatever the rules say.
fn is_skipped(relative: &Path) -> bool {
    let mut dirs = relative.parent().into_iter().flat_map(Path::components);
    dirs.any(|dir| matches!(dir.as_os_str().to_str(), Some("vendor" | "build" | ".git")))
}

fn is_code(path: &Path) -> bool {
    let language = language_for("", path.to_str().expect("UTF-8"));
    language.is_some_and(|language| !["JSON", "Markdown"].contains(&language.name()))
}

#[test]
fn what_is_indexed_is_what_may_be_sent() {
    let (n_trees, mut n_files, mut n_withheld) = (40 * soak(), 0, 0);
    for seed in 0..n_trees {
        let mut rng = Rng::with_seed(seed as u64);
        let dir = tempfile::tempdir().expect("a folder");
        for _ in 0..rng.usize(1..40) {
            tree::write(&dir.path().join(tree::path(&mut rng)), b"a = 1\n");
        }
        for _ in 0..rng.usize(0..5) {
            tree::write(&dir.path().join(tree::ignore_file(&mut rng)), tree::rules(&mut rng).as_bytes());
        }
        let mut workspace = Workspace::new(Encoding::Utf16);
        // Mostly the whole of it, else a folder in a checkout, a folder in a folder, or a link.
        let links = tempfile::tempdir().expect("a folder");
        let (around, root) = match rng.usize(0..8) {
            0 => (vec![], dir.path().join("a")),
            1 => {
                fs::create_dir_all(dir.path().join(".git/info")).expect("a folder");
                let rules = tree::rules(&mut rng);
                fs::write(dir.path().join(".git/info/exclude"), rules).expect("rules");
                (vec![], dir.path().join("a/c"))
            }
            2 => (vec![dir.path().to_owned()], dir.path().join("a")),
            #[cfg(unix)]
            3 => {
                fs::create_dir_all(dir.path().join(".git")).expect("a folder");
                fs::create_dir_all(dir.path().join("a")).expect("a folder");
                let link = links.path().join("link");
                std::os::unix::fs::symlink(dir.path().join("a"), &link).expect("a link");
                (vec![], link)
            }
            _ => (vec![], dir.path().to_owned()),
        };
        fs::create_dir_all(&root).expect("a folder");
        let roots = around.iter().chain([&root]);
        workspace.set_roots(roots.map(|root| Uri::from_path(root).expect("it can be had")).collect());
        let relative = |path: &PathBuf| path.strip_prefix(&root).expect("it can be had").to_owned();
        let all: Vec<PathBuf> = tree::files(&root);
        let code: Vec<&PathBuf> =
            all.iter().filter(|path| is_code(path) && !is_skipped(&relative(path))).collect();
        let may: Vec<PathBuf> =
            code.iter().filter(|path| workspace.may_send(path).is_ok()).map(|path| relative(path)).collect();
        let indexer = Indexer::new(&root, IndexerOptions { outer: around, ..IndexerOptions::default() });
        indexer.update(&Stop::never());
        let index = indexer.index().read();
        let mut indexed: Vec<PathBuf> = index.files().map(|(_, file)| PathBuf::from(&*file.path)).collect();
        indexed.sort();
        assert_eq!(indexed, may, "seed {seed}");
        n_files += may.len();
        n_withheld += code.len() - may.len();
        drop(links);
    }
    assert!(n_files > n_trees && n_withheld > n_trees, "{n_files} {n_withheld}");
    println!("counts: walked trees {n_trees}, indexed files {n_files}, withheld files {n_withheld}");
}

/// A folder that changes, and two indexes that follow it: one keeps a cache and is started anew now and then.
struct Desk {
    rng: Rng,
    dir: tempfile::TempDir,
    state: tempfile::TempDir,
    cached: Indexer,
    bare: Indexer,
    /// Open documents and their texts.
    open: BTreeMap<PathBuf, String>,
    limits: Limits,
    /// What indexes with a fingerprint said.
    said: BTreeMap<String, String>,
}

impl Desk {
    fn new(seed: u64) -> Desk {
        let mut rng = Rng::with_seed(seed);
        let (dir, state) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let limits = Limits {
            line_bytes: 150,
            n_files: if rng.bool() { 8 } else { 1_000 },
            total_bytes: if rng.bool() { 700 } else { 1 << 30 },
            ..Limits::default()
        };
        let bare = indexer(dir.path(), None, limits);
        let cached = indexer(dir.path(), Some(state.path()), limits);
        Desk { rng, dir, state, cached, bare, open: BTreeMap::new(), limits, said: BTreeMap::new() }
    }

    fn file(&mut self) -> PathBuf {
        let files = tree::files(self.dir.path());
        match files.is_empty() || self.rng.usize(0..4) == 0 {
            true => self.dir.path().join(tree::path(&mut self.rng)),
            false => files[self.rng.usize(0..files.len())].clone(),
        }
    }

    /// Changes something on disk or in the editor, and tells of it as a watcher and an editor would.
    fn step(&mut self) {
        let mut told: Vec<PathBuf> = Vec::new();
        match self.rng.usize(0..20) {
            0..4 => {
                let path = self.file();
                tree::write(&path, &tree::source(&mut self.rng));
                told.push(path);
            }
            4..6 => {
                let path = self.file();
                let _ = fs::remove_file(&path);
                told.push(path);
            }
            6..8 => {
                let (from, to) = (self.file(), self.dir.path().join(tree::path(&mut self.rng)));
                fs::create_dir_all(to.parent().expect("a folder")).unwrap_or_default();
                let _ = fs::rename(&from, &to);
                told.extend([from, to.parent().expect("a folder").to_owned(), to]);
            }
            8 => {
                let (from, to) = (
                    self.dir.path().join(tree::dir(&mut self.rng)),
                    self.dir.path().join(tree::dir(&mut self.rng)),
                );
                fs::create_dir_all(to.parent().expect("a folder")).unwrap_or_default();
                let _ = fs::rename(&from, &to);
                told.extend([from, to.parent().expect("a folder").to_owned(), to]);
            }
            9 => {
                let path = self.dir.path().join(tree::dir(&mut self.rng));
                let _ = fs::remove_dir_all(&path);
                told.push(path);
            }
            10 | 11 => {
                let path = self.dir.path().join(tree::ignore_file(&mut self.rng));
                match self.rng.bool() {
                    true => tree::write(&path, tree::rules(&mut self.rng).as_bytes()),
                    false => fs::remove_file(&path).unwrap_or_default(),
                }
                told.push(path);
            }
            12 => {
                // Another branch.
                for _ in 0..self.rng.usize(5..40) {
                    let path = self.dir.path().join(tree::path(&mut self.rng));
                    match self.rng.usize(0..4) {
                        0 => fs::remove_file(&path).unwrap_or_default(),
                        _ => tree::write(&path, &tree::source(&mut self.rng)),
                    }
                    told.extend(path.ancestors().take(4).map(Path::to_owned));
                }
                if self.rng.bool() {
                    told = vec![PathBuf::new()];
                }
            }
            13..17 => {
                let path = self.file();
                if is_code(&path) {
                    let text = String::from_utf8_lossy(&tree::source(&mut self.rng)).into_owned();
                    for indexer in [&self.cached, &self.bare] {
                        set_open(indexer, &path, &text);
                    }
                    self.open.insert(path, text);
                }
            }
            17 => {
                if let Some(path) = self.open.keys().next().cloned() {
                    self.open.remove(&path);
                    for indexer in [&self.cached, &self.bare] {
                        indexer.closed(&path);
                    }
                }
            }
            18 => {
                // Stopped before anything or, with luck, in the middle.
                let cancel = Arc::new(AtomicBool::new(self.rng.bool()));
                let limit = std::time::Duration::from_micros(self.rng.u64(0..900));
                self.cached.update(&Stop::new(Some(limit), Some(cancel.clone())));
                self.bare.update(&Stop::new(Some(limit), Some(cancel)));
            }
            _ => {
                self.cached = indexer(self.dir.path(), Some(self.state.path()), self.limits);
                for (path, text) in &self.open {
                    set_open(&self.cached, path, text);
                }
            }
        }
        self.cached.touched(&told);
        self.bare.touched(&told);
    }

    fn check(&mut self, what: &str) {
        let fresh = indexer(self.dir.path(), None, self.limits);
        for (path, text) in &self.open {
            set_open(&fresh, path, text);
        }
        let wanted = fresh.update(&Stop::never());
        let expect = content(&fresh.index().read());
        let prints = fresh.index().fingerprints();
        let said =
            self.said.entry(Fingerprint::of_all(&prints).to_string()).or_insert_with(|| expect.clone());
        assert!(*said == expect, "{what}: one fingerprint for two contents:\n{said}\nand\n{expect}");
        for (name, indexer) in [("with a cache", &self.cached), ("without", &self.bare)] {
            let report = indexer.update(&Stop::never());
            assert!(report.is_complete, "{what} {name}");
            let found = content(&indexer.index().read());
            assert!(found == expect, "{what} {name}:\n{found}\ninstead of\n{expect}");
            assert_eq!(indexer.index().fingerprints(), prints, "{what} {name}");
            assert_eq!(report.n_indexed, wanted.n_indexed, "{what} {name}");
            assert_eq!(report.left_out, wanted.left_out, "{what} {name}");
        }
    }
}

fn indexer(root: &Path, state_dir: Option<&Path>, limits: Limits) -> Indexer {
    let options =
        IndexerOptions { state_dir: state_dir.map(Path::to_owned), limits, ..IndexerOptions::default() };
    Indexer::new(root, options)
}

fn set_open(indexer: &Indexer, path: &Path, text: &str) {
    let language = language_for("", path.to_str().expect("UTF-8")).expect("it can be had");
    let facts = Facts::read(language, text, &Stop::never()).expect("it can be had");
    indexer.set_open(path, language, text, facts);
}

#[test]
fn an_index_that_follows_changes_says_what_a_new_one_says() {
    let (n_seeds, n_steps) = (6 * soak(), 120);
    for seed in 0..n_seeds {
        let mut desk = Desk::new(seed as u64);
        for step in 0..n_steps {
            desk.step();
            if step % 4 == 3 {
                desk.check(&format!("seed {seed} step {step}"));
            }
        }
    }
    println!("counts: changes followed {}", n_seeds * n_steps);
}
