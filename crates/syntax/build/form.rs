//! One short hash over everything that decides what the facts of a text are: sources and queries of this crate, and which
//! tree-sitter and grammars it is built with.
//!
//! Shared by the build script and its test. All sources count, not only those that facts are made in: which ones these are
//! would be a list to keep, and a form too many costs one reading of the files.

use std::fs;
use std::io::Result;
use std::path::{Path, PathBuf};

/// What [`of`] finds.
pub struct Form {
    /// 16 hexadecimal digits.
    pub hash: String,
    /// The files and directories that it was made from.
    pub inputs: Vec<PathBuf>,
}

/// The form of the crate in a directory. Versions come from the lock file above it; where there is none, as in a packaged
/// crate, from its manifest.
pub fn of(crate_dir: &Path) -> Result<Form> {
    let mut inputs = vec![crate_dir.join("src"), crate_dir.join("queries")];
    let mut hash = Fnv::default();
    for dir in &inputs {
        for path in files(dir)? {
            let relative = path.strip_prefix(crate_dir).unwrap_or(&path);
            hash.add(relative.to_string_lossy().replace('\\', "/").as_bytes());
            hash.add(&fs::read(&path)?);
        }
    }
    let lock = crate_dir.ancestors().map(|dir| dir.join("Cargo.lock")).find(|lock| lock.is_file());
    let versions = lock.unwrap_or_else(|| crate_dir.join("Cargo.toml"));
    hash.add(parsers(&fs::read_to_string(&versions)?).as_bytes());
    inputs.push(versions);
    Ok(Form { hash: format!("{:016x}", hash.0), inputs })
}

/// The lines about tree-sitter and grammars, with the one behind each: of a lock file that is the version.
fn parsers(text: &str) -> String {
    let mut lines = text.lines().peekable();
    let mut found = String::new();
    while let Some(line) = lines.next() {
        let is_package = line.starts_with("name = ") || !line.starts_with(' ');
        if is_package && line.contains("tree-sitter") {
            found.extend([line, "\n", lines.peek().copied().unwrap_or_default(), "\n"]);
        }
    }
    found
}

/// All files below a directory, by path.
fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![dir.to_owned()];
    while let Some(dir) = pending.pop() {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let list = if entry.file_type()?.is_dir() { &mut pending } else { &mut found };
            list.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// FNV-1a: the same for all compilers and systems, which the standard hasher does not promise.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Adds bytes and their end; line endings count as one byte.
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().filter(|byte| **byte != b'\r').chain(&[0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
