//! Rules files: what a project keeps to tell AI tools and editors how its code should be written.
//!
//! Owns where they lie, from the workspace's folder down to the directory of a document. Must never follow a link out of the
//! folder, nor hand out what may not be sent. Which of them speak of the document is not decided here.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Snapshot, Uri};

/// Directories above a document that are looked at, the nearest.
const MAX_DIRS: usize = 32;
/// Rules files of one request.
const MAX_FILES: usize = 100;
/// Entries looked at in one directory of rules, with those below it.
const MAX_ENTRIES: usize = 500;
/// How deep directories of rules are nested.
const MAX_DEPTH: usize = 4;
/// Larger files are no rules: this is some 60,000 tokens.
const MAX_FILE_BYTES: usize = 256 * 1024;

/// Whose convention a rules file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RulesKind {
    /// `AGENTS.md`.
    Agents,
    /// `CLAUDE.md`.
    Claude,
    /// `.cursor/rules/*.mdc` and `.cursorrules`.
    Cursor,
    /// `.github/copilot-instructions.md` and `.github/instructions/*.instructions.md`.
    Copilot,
    /// `.junie/guidelines.md` and `.aiassistant/rules/*.md`.
    Jetbrains,
    /// `.editorconfig`.
    EditorConfig,
}

impl RulesKind {
    /// All of them, in the order in which the files of one directory are given.
    pub const ALL: [RulesKind; 6] = [
        RulesKind::Agents,
        RulesKind::Claude,
        RulesKind::Cursor,
        RulesKind::Copilot,
        RulesKind::Jetbrains,
        RulesKind::EditorConfig,
    ];

    /// Files with a fixed name, and directories with the ending of the files in them.
    fn places(self) -> (&'static [&'static str], &'static [(&'static str, &'static str)]) {
        match self {
            RulesKind::Agents => (&["AGENTS.md"], &[]),
            RulesKind::Claude => (&["CLAUDE.md"], &[]),
            RulesKind::Cursor => (&[".cursorrules"], &[(".cursor/rules", ".mdc")]),
            RulesKind::Copilot => {
                (&[".github/copilot-instructions.md"], &[(".github/instructions", ".instructions.md")])
            }
            RulesKind::Jetbrains => (&[".junie/guidelines.md"], &[(".aiassistant/rules", ".md")]),
            RulesKind::EditorConfig => (&[".editorconfig"], &[]),
        }
    }
}

/// A rules file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesFile {
    /// Whose convention it follows.
    pub kind: RulesKind,
    /// Its path below the folder, with `/`.
    pub path: String,
    /// The directory that it is kept for, below the folder, with `/`; empty for the folder itself.
    pub dir: String,
    /// Its text.
    pub text: String,
}

/// The rules files of these kinds on the way from a document's folder to the document: those of outer directories first,
/// each file once. None for a document outside of the workspace's folders.
pub fn rules_files(snapshot: &Snapshot, uri: &Uri, kinds: &[RulesKind]) -> Vec<RulesFile> {
    let Some(path) = snapshot.document(uri).and_then(|document| document.path.clone()) else {
        return Vec::new();
    };
    let Some(root) = snapshot.root_of(&path).map(Path::to_owned) else { return Vec::new() };
    let mut dirs: Vec<&Path> =
        path.ancestors().skip(1).take_while(|dir| dir.starts_with(&root)).take(MAX_DIRS).collect();
    dirs.reverse();
    let mut found = Found { snapshot, root: &root, seen: HashSet::new(), files: Vec::new() };
    for dir in dirs {
        for kind in RulesKind::ALL.into_iter().filter(|kind| kinds.contains(kind)) {
            let (names, folders) = kind.places();
            names.iter().for_each(|name| found.add(kind, dir, &dir.join(name)));
            for (folder, ending) in folders {
                let mut inside = Vec::new();
                let mut n_left = MAX_ENTRIES;
                list(&dir.join(folder), ending, MAX_DEPTH, &mut n_left, &mut inside);
                inside.iter().for_each(|path| found.add(kind, dir, path));
            }
        }
    }
    found.files
}

struct Found<'a> {
    snapshot: &'a Snapshot,
    root: &'a Path,
    /// Where the files really lie: one is often a link to another.
    seen: HashSet<PathBuf>,
    files: Vec<RulesFile>,
}

impl Found<'_> {
    fn add(&mut self, kind: RulesKind, dir: &Path, path: &Path) {
        let is_small = fs::metadata(path).map_or(true, |data| data.len() <= MAX_FILE_BYTES as u64);
        if self.files.len() >= MAX_FILES || !is_small {
            return;
        }
        let Ok(file) = self.snapshot.read_to_send(self.root, path) else { return };
        if file.text.len() > MAX_FILE_BYTES || !self.seen.insert(file.real) {
            return;
        }
        let (path, dir) = (below(self.root, path), below(self.root, dir));
        self.files.push(RulesFile { kind, path, dir, text: file.text.to_string() });
    }
}

/// The files below a directory whose name has an ending, by path. Links to directories are not followed.
fn list(dir: &Path, ending: &str, depth: usize, n_left: &mut usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    let mut entries: Vec<_> = entries.flatten().take(*n_left).collect();
    *n_left -= entries.len();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth > 1 {
            list(&entry.path(), ending, depth - 1, n_left, found);
        } else if !kind.is_dir() && entry.file_name().to_string_lossy().ends_with(ending) {
            found.push(entry.path());
        }
    }
}

fn below(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    relative.display().to_string().replace('\\', "/")
}
