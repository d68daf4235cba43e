//! Numbers that are given out once, whoever asks for them.
//!
//! Owns a file of the state directory that holds the last one. Small and read at once, so that a server need not wait for
//! the database before it has numbers.

use std::fs::OpenOptions;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use crate::Error;
use crate::files::private_dir;

/// Gives out `n` numbers in a row, and says the first of them; they begin at 1. After the last that there is they begin again.
pub fn take_numbers(state_dir: &Path, n: u32) -> Result<u32, Error> {
    private_dir(state_dir)?;
    let path = state_dir.join("numbers");
    let failed = |what| {
        let path = path.clone();
        move |source| Error::Io { what, path, source }
    };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).map_err(failed("open"))?;
    file.lock().map_err(failed("lock"))?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed("read"))?;
    let last: u32 = match text.trim() {
        "" => 0,
        text => text
            .parse()
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
            .map_err(failed("read"))?,
    };
    let (first, last) = match last.checked_add(n) {
        Some(next) => (last + 1, next),
        None => (1, n),
    };
    file.seek(SeekFrom::Start(0)).map_err(failed("write"))?;
    // As long as any other, so that it is written over the one before as a whole.
    file.write_all(format!("{last:010}\n").as_bytes()).map_err(failed("write"))?;
    Ok(first)
}
