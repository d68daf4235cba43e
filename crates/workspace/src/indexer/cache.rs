//! What is kept of an index between two runs: which content each file had, the facts of each content, and what the last
//! commits wrote.
//!
//! Owns the form of what is kept. Everything in it can be made again, so that whatever goes wrong is a line of the log and a
//! file that is read once more.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{CachedFacts, CachedFile, Store};
use syntax::Language;

use super::read::{Content, Hash};
use super::walk::Stamp;
use crate::Commits;

/// The sources that decide, beside [`syntax::facts_form`], what is kept of a content and in which form.
const SOURCES: [&str; 5] = [
    include_str!("cache.rs"),
    include_str!("kind.rs"),
    include_str!("read.rs"),
    include_str!("../lately.rs"),
    include_str!("../index/commits.rs"),
];

/// What is kept follows the code: facts of another form are not found, and go when they are old.
static FORM: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = blake3::Hasher::new();
    for source in SOURCES {
        hasher.update(source.as_bytes());
    }
    let own = hasher.finalize().to_hex();
    format!("{} {}", syntax::facts_form(), own.get(..16).unwrap_or_default())
});

/// Bytes in front of the facts that tell whether they are what was kept.
const CHECK_BYTES: usize = 8;

/// Bytes that are written at once: little enough for another server not to wait.
const BATCH_BYTES: usize = 4 << 20;

/// What a file held when it was read last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) size: u64,
    pub(crate) stamp: Option<Stamp>,
    pub(crate) hash: Hash,
}

/// Something to keep.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) path: String,
    pub(crate) row: Row,
    /// The facts, where they are not kept yet.
    pub(crate) facts: Option<(String, Vec<u8>)>,
}

/// The cache of one folder.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    state_dir: PathBuf,
    root: String,
}

/// One connection to a cache, for one thread; opened when it is asked first. Gives nothing once anything fails.
pub(crate) struct Connection {
    cache: Cache,
    /// None before it is opened; nothing in it once anything failed.
    store: Option<Option<Store>>,
}

impl Cache {
    /// The cache in a state directory; none if the root's path is not UTF-8.
    pub(crate) fn new(state_dir: &Path, root: &Path) -> Option<Cache> {
        Some(Cache { state_dir: state_dir.to_owned(), root: root.to_str()?.to_owned() })
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection { cache: self.clone(), store: None }
    }

    /// Under what the last commits up to one are kept: they are told by their paths below the root.
    fn name_of_commits(&self, head: &str) -> (Hash, String) {
        let name = format!("{head} {}", self.root);
        (*blake3::hash(name.as_bytes()).as_bytes(), format!("{} commits", *FORM))
    }

    /// The database; a damaged one is made anew.
    fn open(&self) -> Option<Store> {
        let store = Store::open(&self.state_dir);
        store.inspect_err(|error| tracing::warn!(%error, "the index is not kept")).ok()
    }
}

/// The name of the form in which the facts of a language are kept.
pub(crate) fn form(language: Language) -> String {
    format!("{} {}", *FORM, language.name())
}

impl Connection {
    /// What is known of all files of the folder, by path.
    pub(crate) fn rows(&mut self) -> HashMap<String, Row> {
        let root = self.cache.root.clone();
        let files = self.try_with(|store| store.cached_files(&root)).unwrap_or_default();
        let rows = files.into_iter().map(|file| {
            let stamp = Stamp { mtime_ns: file.mtime_ns, ctime_ns: file.ctime_ns };
            let stamp = Some(stamp).filter(|stamp| stamp.mtime_ns != 0);
            (file.path, Row { size: file.size, stamp, hash: file.hash })
        });
        rows.collect()
    }

    /// What is known of a content.
    pub(crate) fn content(&mut self, hash: &Hash, form: &str) -> Option<Content> {
        let bytes = self.try_with(|store| store.cached_facts(hash, form)).flatten()?;
        decode(&bytes, hash, form)
    }

    /// What the commits up to one wrote.
    pub(crate) fn commits(&mut self, head: &str) -> Option<Commits> {
        let (hash, form) = self.cache.name_of_commits(head);
        let bytes = self.try_with(|store| store.cached_facts(&hash, &form)).flatten()?;
        decode(&bytes, &hash, &form)
    }

    /// Keeps what the commits up to one wrote.
    pub(crate) fn put_commits(&mut self, head: &str, commits: &Commits) {
        let (root, (hash, form)) = (self.cache.root.clone(), self.cache.name_of_commits(head));
        let Some(content) = encode(commits, &hash, &form) else { return };
        self.try_with(|store| store.put_cached(&root, &[], &[CachedFacts { hash, form, content }]));
    }

    /// Keeps what was read, in some short transactions.
    pub(crate) fn put(&mut self, kept: Vec<Kept>) {
        let root = self.cache.root.clone();
        let (mut files, mut facts, mut n_bytes) = (Vec::new(), Vec::new(), 0);
        let mut kept = kept.into_iter().peekable();
        while let Some(Kept { path, row, facts: content }) = kept.next() {
            let stamp = row.stamp.unwrap_or(Stamp { mtime_ns: 0, ctime_ns: 0 });
            let (mtime_ns, ctime_ns) = (stamp.mtime_ns, stamp.ctime_ns);
            n_bytes += path.len();
            files.push(CachedFile { path, size: row.size, mtime_ns, ctime_ns, hash: row.hash });
            if let Some((form, content)) = content {
                n_bytes += content.len();
                facts.push(CachedFacts { hash: row.hash, form, content });
            }
            if n_bytes > BATCH_BYTES || kept.peek().is_none() {
                self.try_with(|store| store.put_cached(&root, &files, &facts));
                (files, facts, n_bytes) = (Vec::new(), Vec::new(), 0);
            }
        }
    }

    /// Forgets files that are gone; their facts stay for a while.
    pub(crate) fn forget(&mut self, paths: &[String]) {
        let root = self.cache.root.clone();
        self.try_with(|store| store.forget_cached(&root, paths));
    }

    /// Drops what nobody has used for long.
    pub(crate) fn prune(&mut self) {
        let root = self.cache.root.clone();
        self.try_with(|store| store.prune_cached(&root, &format!("{} ", *FORM)));
    }

    fn try_with<T>(&mut self, work: impl FnOnce(&mut Store) -> Result<T, store::Error>) -> Option<T> {
        let store = self.store.get_or_insert_with(|| self.cache.open()).as_mut()?;
        match work(store) {
            Ok(done) => Some(done),
            Err(error) => {
                tracing::warn!(%error, "the index is not kept");
                self.store = Some(None);
                if error.is_damage() {
                    store::replace_damaged(&self.cache.state_dir);
                }
                None
            }
        }
    }
}

/// The bytes that are kept of what is known under a hash.
pub(crate) fn encode(content: &impl Serialize, hash: &Hash, form: &str) -> Option<Vec<u8>> {
    let content = postcard::to_stdvec(content).ok()?;
    let check = check(&content, hash, form);
    Some([check.get(..CHECK_BYTES)?, &content].concat())
}

/// What these bytes say; none if they are not what was kept for this hash and form.
fn decode<T: DeserializeOwned>(bytes: &[u8], hash: &Hash, form: &str) -> Option<T> {
    let (kept, content) = bytes.split_at_checked(CHECK_BYTES)?;
    if !check(content, hash, form).starts_with(kept) {
        return None;
    }
    postcard::from_bytes(content).ok()
}

/// Says for bytes under which name they were kept, too: a damaged database can give those of another.
fn check(content: &[u8], hash: &Hash, form: &str) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(hash).update(form.as_bytes()).update(content);
    *hasher.finalize().as_bytes()
}
