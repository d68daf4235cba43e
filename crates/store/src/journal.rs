//! Proposals that are not decided, each in the hands of one session: a later one takes over what a session that is gone has
//! left. Bytes in, bytes out.
//!
//! Owns one table of the database, whose `root` is the path of the document, and whose `name` begins with the session. Must
//! never give one row to two sessions, nor that of one that is alive to another.

use std::path::Path;

use rusqlite::{Transaction, TransactionBehavior, params};

use crate::database::now;
use crate::live::is_alive;
use crate::{Error, Store};

pub(crate) const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS journal (
        root TEXT NOT NULL, name TEXT NOT NULL, time INTEGER NOT NULL, content BLOB NOT NULL,
        PRIMARY KEY (root, name));
";

/// Seconds for which a row is kept after it was last written or taken over.
const KEEP_S: i64 = 14 * 24 * 3600;

/// Which row it is, for the session that has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowId {
    /// Path of the document.
    pub root: String,
    /// Its name, which is unique for the document and session.
    pub name: String,
}

/// What sessions that are gone have left of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Names, as they are to be taken over by, and contents; in the order in which they were written first.
    pub rows: Vec<(String, Vec<u8>)>,
    /// Rows that sessions which are alive have.
    pub n_living: usize,
}

impl Store {
    /// Writes rows of a session, each in place of what was there, and removes others, all at once.
    pub fn keep_rows(&self, owner: &str, put: &[(RowId, Vec<u8>)], remove: &[RowId]) -> Result<(), Error> {
        let keep = || -> Result<(), rusqlite::Error> {
            let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
            let now = now();
            for (RowId { root, name }, content) in put {
                transaction.execute(
                    "INSERT INTO journal (root, name, time, content) VALUES (?, ?, ?, ?)
                     ON CONFLICT (root, name) DO UPDATE SET time = excluded.time, content = excluded.content",
                    params![root, owned(owner, name), now, content],
                )?;
            }
            for RowId { root, name } in remove {
                let remove = "DELETE FROM journal WHERE root = ? AND name = ?";
                transaction.execute(remove, params![root, owned(owner, name)])?;
            }
            transaction.execute("DELETE FROM journal WHERE time < ?", [now - KEEP_S])?;
            transaction.commit()
        };
        keep().map_err(|source| self.failed(source))
    }

    /// What sessions other than `owner` have left of a document and not come back to.
    pub fn left_rows(&self, state_dir: &Path, owner: &str, root: &str) -> Result<Left, Error> {
        let read = || -> Result<Vec<(String, Vec<u8>)>, rusqlite::Error> {
            let mut statement = self
                .connection
                .prepare("SELECT name, content FROM journal WHERE root = ? AND time >= ? ORDER BY rowid")?;
            let rows =
                statement.query_map(params![root, now() - KEEP_S], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        let mut left = Left::default();
        for (name, content) in read().map_err(|source| self.failed(source))? {
            match owner_of(&name) {
                of if of == owner => {}
                of if is_alive(state_dir, of) => left.n_living += 1,
                _ => left.rows.push((name, content)),
            }
        }
        Ok(left)
    }

    /// Takes a row that is left over for a session, which has it by the same name from then on. False where another was first.
    pub fn take_row(&self, owner: &str, root: &str, name: &str) -> Result<bool, Error> {
        let take = "UPDATE journal SET name = ?1, time = ?2 WHERE root = ?3 AND name = ?4";
        let taken = self.connection.execute(take, params![owned(owner, name), now(), root, name]);
        Ok(taken.map_err(|source| self.failed(source))? > 0)
    }

    /// Removes all that `owner` has, and what sessions that are gone have left.
    pub fn remove_rows(&self, state_dir: &Path, owner: &str) -> Result<(), Error> {
        let remove = || -> Result<(), rusqlite::Error> {
            let names = {
                let mut statement = self.connection.prepare("SELECT root, name FROM journal")?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.collect::<Result<Vec<(String, String)>, _>>()?
            };
            for (root, name) in names {
                let of = owner_of(&name);
                if of == owner || !is_alive(state_dir, of) {
                    let remove = "DELETE FROM journal WHERE root = ? AND name = ?";
                    self.connection.execute(remove, params![root, name])?;
                }
            }
            Ok(())
        };
        remove().map_err(|source| self.failed(source))
    }
}

/// The name of a row in the database.
fn owned(owner: &str, name: &str) -> String {
    format!("{owner}-{name}")
}

/// The session that a row belongs to.
fn owner_of(name: &str) -> &str {
    name.split_once('-').map_or(name, |(owner, _)| owner)
}
