//! What the last commits wrote: which files they changed, and which words stand in the lines that they added.
//!
//! Owns how it is read from what git prints. What was written lately is likely to be used next.

use rustc_hash::FxHashMap;

use super::words::words;

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

/// Where a line of a patch stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Before the first lines of a file.
    Head,
    /// Among the lines of a file, which may be used or not.
    Lines { is_used: bool },
}

impl Commits {
    /// Reads what `git log -p` prints with a line of one byte 1 before each commit. Files that `may_use` refuses are passed
    /// over.
    pub fn read(log: &str, may_use: impl Fn(&str) -> bool) -> Commits {
        let mut commits = Commits::default();
        let (mut n_commits, mut part) = (0_u32, Part::Head);
        // The path that a head names.
        let mut path = None;
        for line in log.lines() {
            let age = n_commits.saturating_sub(1);
            if line == "\u{1}" {
                n_commits += 1;
            } else if line.starts_with("diff --git ") {
                (part, path) = (Part::Head, None);
            } else if line.starts_with("@@ ") {
                part = Part::Lines { is_used: path.is_some() };
            } else if part == Part::Head {
                // A path with bytes that need it stands in quotes, and one with a blank has a tab behind it.
                let named = line.strip_prefix("+++ b/").map(|named| named.trim_end_matches('\t'));
                let named = named.filter(|named| may_use(named));
                if let Some(named) = named {
                    commits.files.entry(named.into()).or_insert(age);
                    path = Some(named);
                }
            } else if let (Part::Lines { is_used: true }, Some(added)) = (part, line.strip_prefix('+')) {
                commits.add(added, age);
            }
        }
        commits
    }

    fn add(&mut self, line: &str, age: u32) {
        for word in words(line) {
            if self.words.len() < MAX_WORDS && !self.words.contains_key(word) {
                self.words.insert(word.into(), age);
            }
        }
    }

    /// Forgets the words that `is_kept` refuses.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.words.retain(|word, _| is_kept(word));
    }
}

#[cfg(test)]
mod tests {
    use super::Commits;

    #[test]
    fn a_line_that_looks_like_a_head_is_a_line() {
        let log = "\u{1}\n\ndiff --git a/.env b/.env\n--- /dev/null\n+++ b/.env\n@@ -0,0 +1,2 @@\n+++ b/a.py\n+hidden\n\
                   diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@ def before():\n-old\n+new\n\
                   \u{1}\n\ndiff --git a/b.py b/b.py\n--- a/b.py\n+++ b/b.py\n@@ -1 +1 @@\n+\u{1}older new\n";
        let commits = Commits::read(log, |path| path.ends_with(".py"));
        let mut words: Vec<_> = commits.words.iter().map(|(word, age)| (&**word, *age)).collect();
        words.sort_unstable();
        assert_eq!(words, [("new", 0), ("older", 1)]);
        let mut files: Vec<_> = commits.files.iter().map(|(path, age)| (&**path, *age)).collect();
        files.sort_unstable();
        assert_eq!(files, [("a.py", 0), ("b.py", 1)]);
    }
}
