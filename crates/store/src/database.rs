//! The one embedded database of a state directory. Two processes may use it at once (write-ahead log).

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::Connection;

use crate::files::private_dir;
use crate::{Error, index_cache, journal, receipts, trust};

/// Version of the tables below. A database of another version is moved aside; of what it holds only
/// undecided proposals cannot be made again.
const SCHEMA_VERSION: i64 = 1;

/// How long one process waits for another's write.
const BUSY: Duration = Duration::from_secs(5);

/// An open database.
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
}

impl Store {
    /// Opens the database of a state directory, making both where they are missing. A damaged one is moved aside and made anew.
    pub fn open(state_dir: &Path) -> Result<Store, Error> {
        private_dir(state_dir)?;
        let path = state_dir.join("hunkwise.db");
        match connect(&path) {
            Ok(connection) => Ok(Store { connection, path }),
            Err(error) if is_damaged(&error) => {
                move_aside(&path, &error);
                let connection =
                    connect(&path).map_err(|source| Error::Database { path: path.clone(), source })?;
                Ok(Store { connection, path })
            }
            Err(source) => Err(Error::Database { path, source }),
        }
    }

    pub(crate) fn failed(&self, source: rusqlite::Error) -> Error {
        Error::Database { path: self.path.clone(), source }
    }
}

/// Makes a state directory's database anew if a look at all of it finds damage; else leaves it. For after an error that said
/// so while it was used: another process may have made it anew already.
pub fn replace_damaged(state_dir: &Path) {
    let path = state_dir.join("hunkwise.db");
    let check = |connection: Connection| {
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))
    };
    match connect(&path).and_then(check) {
        Ok(found) if found == "ok" => {}
        Ok(found) => move_aside(&path, &found),
        Err(error) if is_damaged(&error) => move_aside(&path, &error),
        Err(error) => tracing::warn!(path = %path.display(), %error, "the database is not checked"),
    }
}

fn move_aside(path: &Path, damage: &dyn std::fmt::Display) {
    tracing::warn!(path = %path.display(), %damage, "the database is moved aside and made anew");
    let aside = path.with_extension(format!("damaged-{}", now()));
    let _ = std::fs::rename(path, &aside);
    for beside in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(with_suffix(path, beside));
    }
}

fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    // Answers with the mode as a row.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    // What is deleted was a user's text: nothing of it stays in the file's free pages.
    connection.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON")?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version != 0 && version != SCHEMA_VERSION {
        return Err(rusqlite::Error::InvalidQuery);
    }
    connection.execute_batch(journal::TABLES)?;
    connection.execute_batch(receipts::TABLES)?;
    connection.execute_batch(index_cache::TABLES)?;
    connection.execute_batch(trust::TABLES)?;
    if version == 0 {
        connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    private_file(path);
    Ok(connection)
}

/// Whether the file is no database of ours, as opposed to one that cannot be used at the moment.
pub(crate) fn is_damaged(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error, rusqlite::Error::InvalidQuery)
        || matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(unix)]
fn private_file(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    // The directory keeps others out already; this is the second lock.
    let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
}

#[cfg(not(unix))]
fn private_file(_: &Path) {}

pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or_default()
}
