//! What an index of files is made from, kept between two runs: which content a file had, and what was read from a content.
//!
//! Owns two tables of the database. All of it can be made again. Contents are known by their hash, so that a file that is
//! renamed or was there before needs no reading.

use rusqlite::{OptionalExtension as _, Transaction, TransactionBehavior, params};

use crate::database::now;
use crate::{Error, Store};

pub(crate) const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS indexed_files (
        root TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        ctime_ns INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (root, path)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS indexed_roots (root TEXT PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS indexed_facts (
        id INTEGER PRIMARY KEY, hash BLOB NOT NULL, form TEXT NOT NULL, time INTEGER NOT NULL,
        content BLOB NOT NULL, UNIQUE (hash, form));
";

/// Seconds for which the facts of a content that no file has any more are kept: a branch that was left is often come back to.
const KEEP_FACTS_S: i64 = 14 * 24 * 3600;

/// Seconds for which the files of a folder that nobody opens are kept.
const KEEP_ROOT_S: i64 = 60 * 24 * 3600;

/// Bytes in the database from which facts of no use are dropped at once.
const MAX_BYTES: i64 = 2 << 30;

/// A file as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedFile {
    /// Its path below the root.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// When it was written, as the file system tells; 0 if that says nothing about its content.
    pub mtime_ns: i64,
    /// When anything about it changed; 0 where there is no such thing.
    pub ctime_ns: i64,
    /// Of its content.
    pub hash: [u8; 32],
}

/// What was read from a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedFacts {
    /// Of the content.
    pub hash: [u8; 32],
    /// How it was read, and in what form the result is.
    pub form: String,
    /// The result.
    pub content: Vec<u8>,
}

impl Store {
    /// All that is known of the files below a root, by path.
    pub fn cached_files(&self, root: &str) -> Result<Vec<CachedFile>, Error> {
        let read = || {
            let mut statement = self.connection.prepare(
                "SELECT path, size, mtime_ns, ctime_ns, hash FROM indexed_files WHERE root = ? ORDER BY path",
            )?;
            let rows = statement.query_map([root], |row| {
                Ok(CachedFile {
                    path: row.get(0)?,
                    size: row.get::<_, i64>(1)?.unsigned_abs(),
                    mtime_ns: row.get(2)?,
                    ctime_ns: row.get(3)?,
                    hash: row.get(4)?,
                })
            })?;
            rows.collect::<Result<Vec<CachedFile>, _>>()
        };
        read().map_err(|source| self.failed(source))
    }

    /// What was read from a content in a form.
    pub fn cached_facts(&self, hash: &[u8; 32], form: &str) -> Result<Option<Vec<u8>>, Error> {
        let read = || {
            let mut statement = self
                .connection
                .prepare_cached("SELECT content FROM indexed_facts WHERE hash = ? AND form = ?")?;
            statement.query_row(params![hash, form], |row| row.get(0)).optional()
        };
        read().map_err(|source| self.failed(source))
    }

    /// Keeps files and facts, in place of what was there, at once.
    pub fn put_cached(
        &mut self,
        root: &str,
        files: &[CachedFile],
        facts: &[CachedFacts],
    ) -> Result<(), Error> {
        self.write(|transaction| {
            let now = now();
            let mut touch = transaction.prepare_cached(
                "UPDATE indexed_facts SET time = ?1 WHERE hash =
                 (SELECT hash FROM indexed_files WHERE root = ?2 AND path = ?3 AND hash <> ?4)",
            )?;
            let mut file = transaction.prepare_cached(
                "INSERT OR REPLACE INTO indexed_files (root, path, size, mtime_ns, ctime_ns, hash) VALUES (?, ?, ?, ?, ?, ?)",
            )?;
            for CachedFile { path, size, mtime_ns, ctime_ns, hash } in files {
                touch.execute(params![now, root, path, hash])?;
                let size = i64::try_from(*size).unwrap_or(i64::MAX);
                file.execute(params![root, path, size, mtime_ns, ctime_ns, hash])?;
            }
            let mut insert = transaction.prepare_cached(
                "INSERT INTO indexed_facts (hash, form, time, content) VALUES (?, ?, ?, ?)
                 ON CONFLICT (hash, form) DO UPDATE SET time = excluded.time, content = excluded.content",
            )?;
            for CachedFacts { hash, form, content } in facts {
                insert.execute(params![hash, form, now, content])?;
            }
            transaction.execute("INSERT OR REPLACE INTO indexed_roots (root, time) VALUES (?, ?)", params![root, now])?;
            Ok(())
        })
    }

    /// Forgets files. What was read from them stays for two weeks.
    pub fn forget_cached(&mut self, root: &str, paths: &[String]) -> Result<(), Error> {
        self.write(|transaction| {
            let now = now();
            let mut touch = transaction.prepare_cached(
                "UPDATE indexed_facts SET time = ?1 WHERE hash =
                 (SELECT hash FROM indexed_files WHERE root = ?2 AND path = ?3)",
            )?;
            let mut forget =
                transaction.prepare_cached("DELETE FROM indexed_files WHERE root = ? AND path = ?")?;
            for path in paths {
                touch.execute(params![now, root, path])?;
                forget.execute(params![root, path])?;
            }
            Ok(())
        })
    }

    /// Says that a root is used, and drops the files of roots that nobody has opened for 60 days, and facts that are of no use
    /// and two weeks old: those that no file has had since, and those whose form does not begin with `form`. When the database
    /// is over 2 GiB, all of these at once. Gives how many facts went.
    pub fn prune_cached(&mut self, root: &str, form: &str) -> Result<usize, Error> {
        self.prune_at(root, form, now(), MAX_BYTES)
    }

    fn prune_at(&mut self, root: &str, form: &str, now: i64, max_bytes: i64) -> Result<usize, Error> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT OR REPLACE INTO indexed_roots (root, time) VALUES (?, ?)",
                params![root, now],
            )?;
            let n_bytes: i64 = transaction.query_row(
                // Pages that are free are used before the file grows.
                "SELECT (page_count - freelist_count) * page_size
                 FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()",
                [],
                |row| row.get(0),
            )?;
            let before = if n_bytes > max_bytes { now + 1 } else { now - KEEP_FACTS_S };
            let old = now - KEEP_ROOT_S;
            transaction.execute(
                "DELETE FROM indexed_files WHERE root IN (SELECT root FROM indexed_roots WHERE time < ?)",
                [old],
            )?;
            transaction.execute("DELETE FROM indexed_roots WHERE time < ?", [old])?;
            transaction.execute(
                "DELETE FROM indexed_facts WHERE time < ?1
                 AND (substr(form, 1, length(?2)) <> ?2 OR hash NOT IN (SELECT hash FROM indexed_files))",
                params![before, form],
            )
        })
    }

    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<T, Error> {
        let path = self.path.clone();
        let write = || {
            // At once, so that two writers wait for each other and none fails.
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        write().map_err(|source| Error::Database { path, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3600;

    #[test]
    fn what_nobody_has_used_for_long_goes() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let file = CachedFile { path: "a".to_owned(), size: 1, mtime_ns: 1, ctime_ns: 1, hash: [1; 32] };
        let facts = |hash| CachedFacts { hash: [hash; 32], form: "py".to_owned(), content: vec![hash] };
        store.put_cached("/a", &[file], &[facts(1), facts(2)]).unwrap();
        let mut prune = |days| store.prune_at("/b", "py", now() + days * DAY, MAX_BYTES).unwrap();
        assert_eq!((prune(13), prune(15)), (0, 1));
        assert!(store.cached_facts(&[1; 32], "py").unwrap().is_some());
        assert_eq!(store.prune_at("/b", "py", now() + 61 * DAY, MAX_BYTES).unwrap(), 1);
        assert_eq!(store.cached_files("/a").unwrap(), []);
    }

    #[test]
    fn facts_of_another_form_go_when_they_are_old() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let file = CachedFile { path: "a".to_owned(), size: 1, mtime_ns: 1, ctime_ns: 1, hash: [1; 32] };
        let facts = |form: &str| CachedFacts { hash: [1; 32], form: form.to_owned(), content: vec![1] };
        store.put_cached("/a", &[file], &[facts("1 py"), facts("2 py"), facts("2 rs")]).unwrap();
        let mut prune = |days| store.prune_at("/a", "2 ", now() + days * DAY, MAX_BYTES).unwrap();
        assert_eq!((prune(13), prune(15), prune(16)), (0, 1, 0));
        assert_eq!(store.cached_facts(&[1; 32], "1 py").unwrap(), None);
        assert!(store.cached_facts(&[1; 32], "2 py").unwrap().is_some());
    }

    #[test]
    fn free_space_in_the_database_does_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(dir.path()).unwrap();
        let facts = |hash, n_bytes| CachedFacts {
            hash: [hash; 32],
            form: "py".to_owned(),
            content: vec![hash; n_bytes],
        };
        let mut prune = |put: CachedFacts| {
            store.put_cached("/a", &[], &[put]).unwrap();
            store.prune_at("/a", "py", now(), 1 << 20).unwrap()
        };
        assert_eq!(prune(facts(1, 2 << 20)), 1);
        assert_eq!(prune(facts(2, 1)), 0);
    }
}
