//! What an index says of its files, in a few bytes each: two indexes that say the same have the same, whatever was put into
//! them in which order.
//!
//! Owns what counts. Ids do not show.

use std::fmt;
use std::ops::Bound;

use super::{FileId, Index, IndexedFile, NameId};

/// Stands for what an index says.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 16]);

impl Index {
    /// The fingerprint of what is known of a file, its path included.
    pub fn fingerprint_of(&self, id: FileId) -> Option<Fingerprint> {
        Some(self.fingerprint(self.file(id)?))
    }

    /// The next files behind a path, from the first without one, and their fingerprints.
    pub(crate) fn fingerprints(&self, behind: Option<&str>, n_files: usize) -> Vec<(Box<str>, Fingerprint)> {
        let from = behind.map_or(Bound::Unbounded, Bound::Excluded);
        let files = self.by_path.range::<str, _>((from, Bound::Unbounded)).take(n_files);
        files.filter_map(|(path, id)| Some((path.clone(), self.fingerprint_of(*id)?))).collect()
    }

    fn fingerprint(&self, file: &IndexedFile) -> Fingerprint {
        let mut said = Said::default();
        said.text(&file.path);
        said.text(file.language.name());
        said.text(&format!("{:?}", file.kind));
        let mut parts: Vec<&str> = file.parts.iter().map(|part| self.part_text(*part)).collect();
        parts.sort_unstable();
        said.texts(parts.into_iter());
        let texts = |names: &[NameId]| -> Vec<&str> { names.iter().map(|name| self.text(*name)).collect() };
        let optional = |name: Option<NameId>| name.map(|name| self.text(name));
        for definition in &file.definitions {
            said.text(self.text(definition.name));
            said.texts(optional(definition.container).into_iter());
            said.text(&format!("{:?}", definition.kind));
            let lines = &definition.lines;
            said.numbers(&[definition.line, lines.start, lines.end, definition.signature_end]);
            said.numbers(&[u32::from(definition.n_bytes)]);
            said.texts(texts(file.signature_of(definition)).into_iter());
            said.texts(texts(file.words_of(definition)).into_iter());
        }
        said.end();
        for import in &file.imports {
            said.text(self.text(import.module));
            said.texts(optional(import.bound).into_iter());
            said.texts(optional(import.name).into_iter());
            said.numbers(&[import.line]);
        }
        said.end();
        for (name, count) in &file.words {
            said.text(self.text(*name));
            said.numbers(&[*count]);
        }
        said.fingerprint()
    }
}

impl Fingerprint {
    /// The fingerprint of a whole index, from those of its files in the order of their paths.
    pub fn of_all(files: &[(Box<str>, Fingerprint)]) -> Fingerprint {
        let mut said = Said::default();
        for (_, Fingerprint(bytes)) in files {
            said.0.update(bytes);
        }
        said.fingerprint()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What was said, so that no two lists of values come to the same bytes.
#[derive(Default)]
struct Said(blake3::Hasher);

impl Said {
    fn text(&mut self, text: &str) {
        self.0.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    }

    fn texts<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        let texts: Vec<&str> = texts.collect();
        self.numbers(&[texts.len() as u32]);
        texts.into_iter().for_each(|text| self.text(text));
    }

    fn numbers(&mut self, numbers: &[u32]) {
        numbers.iter().for_each(|number| {
            self.0.update(&number.to_le_bytes());
        });
    }

    /// Ends a list whose length was not said: no text is as long.
    fn end(&mut self) {
        self.0.update(&u64::MAX.to_le_bytes());
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut bytes = [0; 16];
        self.0.finalize_xof().fill(&mut bytes);
        Fingerprint(bytes)
    }
}
