//! One file read from disk for the index, within its limits.
//!
//! Owns what a file has to be to be indexed. A file is read only if it is a regular one when it is opened: no link is
//! followed, no pipe waited for.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use syntax::{Facts, Language, Stop};

use super::kind::is_generated;
use super::report::{LeftOut, Limits};
use super::walk::Stamp;

/// A file that changed as lately before it was read may have changed once more within the same stamp: file systems count in
/// steps of up to this.
const RACY: Duration = Duration::from_secs(2);

/// How long the parse of one file may take: 4 MiB of any language take a second, only what is made to be slow takes longer.
const FILE_TIME: Duration = Duration::from_secs(10);

/// The hash of a file's bytes.
pub(crate) type Hash = [u8; 32];

/// What a file holds.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) hash: Hash,
    pub(crate) size: u64,
    /// When it changed last; none if that was just now, so that the next change might not show.
    pub(crate) stamp: Option<Stamp>,
}

/// What is known of a source.
#[derive(Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Content {
    pub(crate) is_generated: bool,
    pub(crate) facts: Facts,
}

/// A file is no source.
#[derive(Debug)]
pub(crate) enum NoSource {
    /// There is none any more.
    Gone,
    /// Why not, and when it changed last, as for [`Source`].
    LeftOut(LeftOut, Option<Stamp>),
}

/// Reads a file. What a stamp of it is good for is judged by the time before it is opened.
pub(crate) fn read(path: &Path, limits: &Limits) -> Result<Source, NoSource> {
    let now = SystemTime::now();
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => NoSource::Gone,
        _ => NoSource::LeftOut(LeftOut::Unreadable, None),
    };
    let file = open_itself(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(NoSource::LeftOut(LeftOut::NotAFile, None));
    }
    let stamp = Some(Stamp::of(&metadata)).filter(|stamp| is_settled(*stamp, now));
    if metadata.len() > limits.file_bytes {
        return Err(NoSource::LeftOut(LeftOut::TooLarge, stamp));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    file.take(limits.file_bytes + 1).read_to_end(&mut bytes).map_err(failed)?;
    let size = bytes.len() as u64;
    let hash = *blake3::hash(&bytes).as_bytes();
    let stamp = stamp.filter(|_| size == metadata.len());
    let text = source(bytes, limits).map_err(|reason| NoSource::LeftOut(reason, stamp))?;
    Ok(Source { text, hash, size, stamp })
}

/// The text of a file's bytes, if it is one that is indexed.
fn source(bytes: Vec<u8>, limits: &Limits) -> Result<String, LeftOut> {
    if bytes.len() as u64 > limits.file_bytes {
        return Err(LeftOut::TooLarge);
    }
    if bytes.contains(&0) {
        return Err(LeftOut::Binary);
    }
    let text = String::from_utf8(bytes).map_err(|_| LeftOut::NotUtf8)?;
    if text.len() > limits.line_bytes && text.lines().any(|line| line.len() > limits.line_bytes) {
        return Err(LeftOut::LongLine);
    }
    Ok(text)
}

/// The facts of a source; none if the work was stopped.
pub(crate) fn content(language: Language, text: &str, stop: &Stop) -> Option<Result<Content, LeftOut>> {
    let read = || Facts::read(language, text, &stop.within(FILE_TIME));
    // A grammar or a rule that fails on one file must not end the index of all others.
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
        Ok(Ok(facts)) => Some(Ok(Content { is_generated: is_generated(text), facts })),
        Ok(Err(_)) if stop.is_due() => None,
        Ok(Err(_)) | Err(_) => Some(Err(LeftOut::TooSlow)),
    }
}

/// Whether the next change of a file will show in its stamp.
pub(crate) fn is_settled(stamp: Stamp, now: SystemTime) -> bool {
    let since = now.checked_sub(RACY).and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.is_some_and(|since| i128::from(stamp.newest_ns()) < since.as_nanos() as i128)
}

/// Opens what lies at a path: no link is followed, no pipe waited for.
#[cfg(unix)]
pub(crate) fn open_itself(path: &Path) -> std::io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    // The bits are those of the system, which are never negative.
    let flags = (OFlags::NONBLOCK | OFlags::NOFOLLOW).bits() as i32;
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

/// Opens what lies at a path.
#[cfg(not(unix))]
pub(crate) fn open_itself(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).open(path)
}
