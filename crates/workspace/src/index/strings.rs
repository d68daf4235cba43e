//! Strings, each kept once, under numbers that stay good.
//!
//! Owns their bytes. Finding one that is there is most of what putting a file into the index costs, and costs what memory
//! costs that is not in the cache: one look at the table and one at the text.

use std::hash::Hasher as _;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// Bytes of text in one piece, so that it never has to be copied to grow.
const PIECE_BYTES: usize = 64 << 10;

/// Strings by number, from 0.
#[derive(Debug, Default)]
pub(super) struct Strings {
    table: HashTable<Entry>,
    places: Vec<Place>,
    pieces: Vec<String>,
}

/// A string as the table knows it: its number, its hash and where its text stands.
#[derive(Debug, Clone, Copy)]
struct Entry {
    id: u32,
    hash: u32,
    place: Place,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    piece: u32,
    start: u32,
    len: u32,
}

impl Strings {
    /// The number of a string, a new one where it was not there.
    pub(super) fn intern(&mut self, string: &str) -> u32 {
        let hash = hash(string);
        if let Some(id) = self.find(string, hash) {
            return id;
        }
        let (id, place) = (self.places.len() as u32, self.keep(string));
        self.places.push(place);
        self.table.insert_unique(spread(hash), Entry { id, hash, place }, |entry| spread(entry.hash));
        id
    }

    pub(super) fn get(&self, string: &str) -> Option<u32> {
        self.find(string, hash(string))
    }

    /// The string with a number; empty where there is none.
    pub(super) fn text(&self, id: u32) -> &str {
        self.places.get(id as usize).map_or("", |place| text(&self.pieces, *place))
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    fn find(&self, string: &str, hash: u32) -> Option<u32> {
        let is_it = |entry: &Entry| entry.hash == hash && text(&self.pieces, entry.place) == string;
        self.table.find(spread(hash), is_it).map(|entry| entry.id)
    }

    fn keep(&mut self, string: &str) -> Place {
        if self.pieces.last().is_none_or(|piece| piece.capacity() - piece.len() < string.len()) {
            self.pieces.push(String::with_capacity(PIECE_BYTES.max(string.len())));
        }
        let piece = self.pieces.len().saturating_sub(1);
        let start = self.pieces.last_mut().map_or(0, |text| {
            text.push_str(string);
            text.len() - string.len()
        });
        Place { piece: piece as u32, start: start as u32, len: string.len() as u32 }
    }
}

fn text(pieces: &[String], place: Place) -> &str {
    let start = place.start as usize;
    let piece = pieces.get(place.piece as usize);
    piece.and_then(|piece| piece.get(start..start + place.len as usize)).unwrap_or("")
}

fn hash(string: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(string.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

/// The table takes its place from the low bits and a mark from the highest.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use super::Strings;

    #[test]
    fn each_string_has_one_number_and_its_own_text() {
        let mut strings = Strings::default();
        let texts: Vec<String> = (0..50_000).map(|n| format!("name{}", n % 30_000)).collect();
        let long = "long".repeat(40_000);
        let ids: Vec<u32> = texts.iter().map(|text| strings.intern(text)).collect();
        let long_id = strings.intern(&long);
        assert_eq!(strings.len(), 30_001);
        assert_eq!(strings.text(long_id), long);
        assert_eq!(strings.intern(""), 30_001);
        for (text, id) in texts.iter().zip(ids) {
            assert_eq!((strings.text(id), strings.get(text)), (text.as_str(), Some(id)));
        }
        assert_eq!((strings.get("name"), strings.text(40_000)), (None, ""));
    }
}
