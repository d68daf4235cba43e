//! What the last commits wrote: which files they changed, and which words stand in the lines that they added.
//!
//! Owns how it is read from what git prints. What was written lately is likely to be used next.

use rustc_hash::FxHashMap;

use super::words::words;

/// Commits that are looked at: more add nothing that was measured.
pub(crate) const N_COMMITS: u32 = 30;

/// Words that are kept; a commit of everything has no bearing on anything.
const MAX_WORDS: usize = 20_000;

/// What the last commits wrote, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Commits {
    /// By path: how many commits later than its last change there are.
    pub(super) files: FxHashMap<Box<str>, u32>,
    /// By word: how many commits later than the last that added it there are.
    pub(super) words: FxHashMap<Box<str>, u32>,
}

impl Commits {
    /// Reads what `git log -p` prints with a byte 1 before each commit. Files that `may_use` refuses are passed over.
    pub fn read(log: &str, may_use: impl Fn(&str) -> bool) -> Commits {
        let mut commits = Commits::default();
        for (commit, age) in log.split('\u{1}').skip(1).zip(0..N_COMMITS) {
            let mut is_used = false;
            for line in commit.lines() {
                if let Some(path) = line.strip_prefix("+++ ") {
                    // A path with bytes that need it stands in quotes.
                    let path = path.strip_prefix("b/").filter(|path| may_use(path));
                    is_used = path.is_some();
                    path.into_iter().for_each(|path| {
                        commits.files.entry(path.into()).or_insert(age);
                    });
                } else if line.starts_with("diff --git ") {
                    is_used = false;
                } else if let Some(added) = line.strip_prefix('+').filter(|_| is_used) {
                    for word in words(added) {
                        if !commits.words.contains_key(word) && commits.words.len() < MAX_WORDS {
                            commits.words.insert(word.into(), age);
                        }
                    }
                }
            }
        }
        commits
    }

    /// Forgets the words that `is_kept` refuses.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.words.retain(|word, _| is_kept(word));
    }
}
