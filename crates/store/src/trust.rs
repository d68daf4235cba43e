//! Which checkouts the user trusts. Bytes in, bytes out.

use rusqlite::{OptionalExtension as _, params};

use crate::database::now;
use crate::{Error, Store};

pub(crate) const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS trusted (root BLOB PRIMARY KEY, identity TEXT NOT NULL, time INTEGER NOT NULL);
";

impl Store {
    /// Whether trust is kept for a checkout of this identity.
    pub fn is_trusted(&self, root: &[u8], identity: &str) -> Result<bool, Error> {
        let kept: Option<String> = self
            .connection
            .query_row("SELECT identity FROM trusted WHERE root = ?", [root], |row| row.get(0))
            .optional()
            .map_err(|source| self.failed(source))?;
        Ok(kept.is_some_and(|kept| kept == identity))
    }

    /// Keeps trust in a checkout, in place of what was kept for its path.
    pub fn put_trust(&self, root: &[u8], identity: &str) -> Result<(), Error> {
        self.connection
            .execute(
                "INSERT OR REPLACE INTO trusted (root, identity, time) VALUES (?, ?, ?)",
                params![root, identity, now()],
            )
            .map(|_| ())
            .map_err(|source| self.failed(source))
    }

    /// Forgets it; says whether there was any.
    pub fn remove_trust(&self, root: &[u8]) -> Result<bool, Error> {
        self.connection
            .execute("DELETE FROM trusted WHERE root = ?", [root])
            .map(|n_removed| n_removed > 0)
            .map_err(|source| self.failed(source))
    }

    /// Forgets all that is kept for what begins so.
    pub fn remove_trust_below(&self, beginning: &[u8]) -> Result<(), Error> {
        self.connection
            .execute("DELETE FROM trusted WHERE substr(root, 1, length(?1)) = ?1", [beginning])
            .map(|_| ())
            .map_err(|source| self.failed(source))
    }
}
