//! Archives whose bytes follow from what is in them: sorted, of one time, of nobody.
//!
//! Owns their form and the sums of files. Must never decide what goes in.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use sha2::{Digest as _, Sha256};

/// The time of everything that is packed, in seconds since 1970: the first day that a ZIP can hold in every time zone.
pub const TIME_S: u64 = 315_619_200;

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path below the archive's only folder, with `/`.
    pub path: String,
    /// Whether it may be run.
    pub is_executable: bool,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Entry {
    /// A file that is only read.
    pub fn data(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Entry {
        Entry { path: path.into(), is_executable: false, bytes: bytes.into() }
    }

    /// A program.
    pub fn program(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Entry {
        Entry { path: path.into(), is_executable: true, bytes: bytes.into() }
    }
}

/// A `.tar.gz` of `entries` in a folder; the same for the same entries, in whatever order.
pub fn pack(folder: &str, mut entries: Vec<Entry>) -> Result<Vec<u8>> {
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    let gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    let mut tar = tar::Builder::new(gzip);
    for entry in entries {
        let mut header = tar::Header::new_ustar();
        header.set_size(entry.bytes.len() as u64);
        header.set_mode(if entry.is_executable { 0o755 } else { 0o644 });
        header.set_mtime(TIME_S);
        header.set_uid(0);
        header.set_gid(0);
        let path = format!("{folder}/{}", entry.path);
        tar.append_data(&mut header, &path, entry.bytes.as_slice())
            .with_context(|| format!("pack {path}"))?;
    }
    tar.into_inner().and_then(flate2::write::GzEncoder::finish).context("end the archive")
}

/// Writes what is in an archive below a directory.
pub fn unpack(bytes: &[u8], to: &Path) -> Result<()> {
    tar::Archive::new(GzDecoder::new(bytes)).unpack(to).with_context(|| format!("unpack to {}", to.display()))
}

/// The files of an archive, without its folder's name.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry>> {
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    let mut entries = Vec::new();
    for entry in archive.entries().context("read the archive")? {
        let mut entry = entry.context("read the archive")?;
        let path = entry.path().context("read a path of the archive")?.to_string_lossy().into_owned();
        let path = path.split_once('/').map_or(path.clone(), |(_, path)| path.to_owned());
        let is_executable = entry.header().mode().context("read a mode of the archive")? & 0o100 != 0;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).with_context(|| format!("unpack {path}"))?;
        entries.push(Entry { path, is_executable, bytes });
    }
    Ok(entries)
}

/// The SHA-256 of bytes, in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Vec<Entry> {
        vec![
            Entry::data("man/hunkwise.1", "page"),
            Entry::program("hunkwise", "program"),
            Entry::data("README.md", "read"),
        ]
    }

    #[test]
    fn the_bytes_follow_from_the_entries_alone() {
        let mut turned = some();
        turned.reverse();
        let packed = pack("hunkwise-1", some()).unwrap();
        assert_eq!(packed, pack("hunkwise-1", turned).unwrap());
        // The time and the system of a gzip.
        assert_eq!(packed[4..10], [0, 0, 0, 0, 2, 255]);
    }

    #[test]
    fn what_was_packed_comes_back_sorted_with_its_modes() {
        let packed = pack("hunkwise-1", some()).unwrap();
        let mut sorted = some();
        sorted.sort_by(|one, other| one.path.cmp(&other.path));
        assert_eq!(entries(&packed).unwrap(), sorted);
        let mut archive = tar::Archive::new(GzDecoder::new(packed.as_slice()));
        for entry in archive.entries().unwrap() {
            let entry = entry.unwrap();
            let header = entry.header();
            assert!(entry.path().unwrap().starts_with("hunkwise-1"));
            assert_eq!(
                (header.uid().unwrap(), header.gid().unwrap(), header.mtime().unwrap()),
                (0, 0, TIME_S)
            );
        }
        let dir = tempfile::tempdir().unwrap();
        unpack(&packed, dir.path()).unwrap();
        assert_eq!(std::fs::read_to_string(dir.path().join("hunkwise-1/man/hunkwise.1")).unwrap(), "page");
    }

    #[test]
    fn sums_are_those_that_sha256sum_prints() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
