//! Receipts: what was sent to whom, what of it the provider counted, and how it ended. No content unless the user wants it.
//!
//! Owns two tables of the database. Both are bounded: what is older or more than the limits goes with the next receipt.

use std::ops::Range;
use std::path::Path;

use rusqlite::{Row, Transaction, TransactionBehavior, params};

use crate::database::now;
use crate::{Error, Store};

pub(crate) const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS sends (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, time INTEGER NOT NULL, revision TEXT NOT NULL,
        endpoint TEXT NOT NULL, protocol TEXT NOT NULL, model TEXT NOT NULL, n_hidden INTEGER,
        estimated_tokens INTEGER NOT NULL, input_tokens INTEGER, cached_tokens INTEGER, output_tokens INTEGER,
        cost REAL, end TEXT NOT NULL, content TEXT);
    CREATE INDEX IF NOT EXISTS sends_by_time ON sends (time);
    CREATE TABLE IF NOT EXISTS sent_files (
        send INTEGER NOT NULL, path TEXT NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL,
        why TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS sent_files_by_send ON sent_files (send);
    CREATE TABLE IF NOT EXISTS sent_instead (send INTEGER PRIMARY KEY, whom TEXT NOT NULL);
";

/// Seconds for which a receipt is kept: a year, and a month to look back at it.
const KEEP_S: i64 = 400 * DAY_S;

/// How many receipts are kept.
const MAX_RECEIPTS: i64 = 20_000;

const DAY_S: i64 = 24 * 3600;

/// The end of a request that is under way.
pub const UNDER_WAY: &str = "under way";

/// The end of a request whose session was gone before its answer ended.
pub const LOST: &str = "lost";

/// One request that was sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Receipt {
    /// Names the request; a receipt of the same name takes the place of the one before, unless it is [`UNDER_WAY`].
    pub name: String,
    /// Label of the revision that was asked for, such as `p1.r2`.
    pub revision: String,
    /// Host that it went to, and port where that is not the usual one.
    pub endpoint: String,
    /// The wire format.
    pub protocol: String,
    /// The model.
    pub model: String,
    /// Who could not answer, in whose place this model was asked, and why.
    pub instead_of: Option<String>,
    /// What was shown of which files.
    pub shown: Vec<ShownLines>,
    /// Secrets that were hidden in it, where that is known.
    pub n_hidden: Option<u64>,
    /// Tokens of the prompt as they were estimated before it was sent.
    pub estimated_tokens: u64,
    /// Tokens of the prompt as the provider counted.
    pub input_tokens: Option<u64>,
    /// Of those, how many came from the provider's cache.
    pub cached_tokens: Option<u64>,
    /// Tokens of the answer as the provider counted.
    pub output_tokens: Option<u64>,
    /// US dollars, where the price is known.
    pub cost: Option<f64>,
    /// How it ended, in a word or two.
    pub end: String,
    /// The messages that were sent; only where the user's settings ask for it.
    pub content: Option<String>,
}

/// Lines of a file that were shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLines {
    /// The path as the user knows it.
    pub path: String,
    /// Zero-based lines.
    pub lines: Range<usize>,
    /// Why.
    pub why: String,
}

/// A receipt and when it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptReceipt {
    /// Seconds since 1970, UTC, at which the request was sent.
    pub time: i64,
    /// The receipt.
    pub receipt: Receipt,
}

/// What some requests came to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spent {
    /// How many.
    pub n_requests: u64,
    /// Tokens in, as far as they were counted.
    pub input_tokens: u64,
    /// Tokens out, as far as they were counted.
    pub output_tokens: u64,
    /// US dollars of those whose price is known.
    pub cost: f64,
    /// How many have no known price.
    pub n_unpriced: u64,
}

/// Keeps a receipt in the state directory's database with the time of now.
pub fn keep_receipt(state_dir: &Path, receipt: &Receipt) -> Result<(), Error> {
    Store::open(state_dir)?.keep_receipt(receipt, now())
}

/// What the requests of today came to; a day begins at midnight UTC.
pub fn spent_today(state_dir: &Path) -> Result<Spent, Error> {
    let now = now();
    Store::open(state_dir)?.spent_since(now - now.rem_euclid(DAY_S))
}

impl Store {
    /// Keeps a receipt. `now` is in seconds since 1970; a receipt that takes another's place keeps its time.
    pub fn keep_receipt(&self, receipt: &Receipt, now: i64) -> Result<(), Error> {
        let keep = || -> Result<(), rusqlite::Error> {
            let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
            insert(&transaction, receipt, now)?;
            let old = "SELECT id FROM sends WHERE time < ?1 OR id <= (SELECT max(id) FROM sends) - ?2";
            for (table, id) in [("sent_files", "send"), ("sent_instead", "send"), ("sends", "id")] {
                let delete = format!("DELETE FROM {table} WHERE {id} IN ({old})");
                transaction.execute(&delete, params![now - KEEP_S, MAX_RECEIPTS])?;
            }
            transaction.commit()
        };
        keep().map_err(|source| self.failed(source))
    }

    /// At most `limit` receipts since a time in seconds since 1970, newest first.
    pub fn receipts(&self, since: i64, limit: usize) -> Result<Vec<KeptReceipt>, Error> {
        let read = || -> Result<Vec<KeptReceipt>, rusqlite::Error> {
            let mut statement = self.connection.prepare(
                "SELECT id, time, name, revision, endpoint, protocol, model, n_hidden, estimated_tokens, input_tokens,
                    cached_tokens, output_tokens, cost, end, content, whom
                 FROM sends LEFT JOIN sent_instead ON send = id WHERE time >= ? ORDER BY id DESC LIMIT ?",
            )?;
            let mut files = self.connection.prepare(
                "SELECT path, first_line, last_line, why FROM sent_files WHERE send = ? ORDER BY rowid",
            )?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = statement.query_map(params![since, limit], |row| Ok((row.get(0)?, kept(row)?)))?;
            let mut found = Vec::new();
            for row in rows {
                let (id, mut kept): (i64, KeptReceipt) = row?;
                kept.receipt.shown = files.query_map([id], shown_lines)?.collect::<Result<_, _>>()?;
                found.push(kept);
            }
            Ok(found)
        };
        read().map_err(|source| self.failed(source))
    }

    /// What the requests since a time in seconds since 1970 came to.
    pub fn spent_since(&self, since: i64) -> Result<Spent, Error> {
        let query = format!("SELECT {SPENT} FROM sends WHERE time >= ?");
        self.connection.query_row(&query, [since], |row| spent(row, 0)).map_err(|source| self.failed(source))
    }

    /// The same for each day, by the seconds since 1970 at which it begins (UTC); days without a request are left out.
    pub fn spent_by_day(&self, since: i64) -> Result<Vec<(i64, Spent)>, Error> {
        let read = || -> Result<Vec<(i64, Spent)>, rusqlite::Error> {
            // Times are not negative.
            let mut statement = self.connection.prepare(&format!(
                "SELECT time - time % {DAY_S} AS day, {SPENT} FROM sends WHERE time >= ? GROUP BY day ORDER BY day"
            ))?;
            let days = statement.query_map([since], |row| Ok((row.get(0)?, spent(row, 1)?)))?;
            days.collect()
        };
        read().map_err(|source| self.failed(source))
    }
}

/// The columns of a [`Spent`].
const SPENT: &str = "count(*), coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0),
    coalesce(sum(cost), 0.0), count(*) - count(cost)";

/// What a row has in the columns of [`SPENT`], from `first` on.
fn spent(row: &Row<'_>, first: usize) -> Result<Spent, rusqlite::Error> {
    let number = |idx: usize| Ok::<_, rusqlite::Error>(row.get::<_, i64>(first + idx)?.unsigned_abs());
    Ok(Spent {
        n_requests: number(0)?,
        input_tokens: number(1)?,
        output_tokens: number(2)?,
        cost: row.get(first + 3)?,
        n_unpriced: number(4)?,
    })
}

/// Puts a receipt in, or in the place of the one of its name.
fn insert(transaction: &Transaction<'_>, receipt: &Receipt, now: i64) -> Result<(), rusqlite::Error> {
    let tokens = |tokens: Option<u64>| tokens.map(count);
    let n_changed = transaction.execute(
        "INSERT INTO sends (name, time, revision, endpoint, protocol, model, n_hidden, estimated_tokens,
            input_tokens, cached_tokens, output_tokens, cost, end, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (name) DO UPDATE SET input_tokens = ?9, cached_tokens = ?10, output_tokens = ?11, cost = ?12,
            end = ?13 WHERE ?13 <> ?15",
        params![
            receipt.name,
            now,
            receipt.revision,
            receipt.endpoint,
            receipt.protocol,
            receipt.model,
            tokens(receipt.n_hidden),
            count(receipt.estimated_tokens),
            tokens(receipt.input_tokens),
            tokens(receipt.cached_tokens),
            tokens(receipt.output_tokens),
            receipt.cost,
            receipt.end,
            receipt.content,
            UNDER_WAY,
        ],
    )?;
    if n_changed == 0 {
        return Ok(());
    }
    let id: i64 =
        transaction.query_row("SELECT id FROM sends WHERE name = ?", [&receipt.name], |row| row.get(0))?;
    transaction.execute("DELETE FROM sent_files WHERE send = ?", [id])?;
    if let Some(whom) = &receipt.instead_of {
        transaction
            .execute("INSERT OR REPLACE INTO sent_instead (send, whom) VALUES (?, ?)", params![id, whom])?;
    }
    let mut statement = transaction
        .prepare("INSERT INTO sent_files (send, path, first_line, last_line, why) VALUES (?, ?, ?, ?, ?)")?;
    for ShownLines { path, lines, why } in &receipt.shown {
        statement.execute(params![id, path, count(lines.start as u64), count(lines.end as u64), why])?;
    }
    Ok(())
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn kept(row: &Row<'_>) -> Result<KeptReceipt, rusqlite::Error> {
    let tokens = |idx| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(idx)?.map(i64::unsigned_abs));
    let receipt = Receipt {
        name: row.get(2)?,
        revision: row.get(3)?,
        endpoint: row.get(4)?,
        protocol: row.get(5)?,
        model: row.get(6)?,
        instead_of: row.get(15)?,
        shown: Vec::new(),
        n_hidden: tokens(7)?,
        estimated_tokens: tokens(8)?.unwrap_or(0),
        input_tokens: tokens(9)?,
        cached_tokens: tokens(10)?,
        output_tokens: tokens(11)?,
        cost: row.get(12)?,
        end: row.get(13)?,
        content: row.get(14)?,
    };
    Ok(KeptReceipt { time: row.get(1)?, receipt })
}

fn shown_lines(row: &Row<'_>) -> Result<ShownLines, rusqlite::Error> {
    let line = |idx| Ok::<_, rusqlite::Error>(usize::try_from(row.get::<_, i64>(idx)?).unwrap_or(0));
    Ok(ShownLines { path: row.get(0)?, lines: line(1)?..line(2)?, why: row.get(3)? })
}
