//! Fixtures for tests: files and cursors written inside one string.
//!
//! `//- /path` on a line of its own starts a file; `$0` marks the cursor, a second `$0` the end of a selection.

use std::ops::Range;

/// One file of a fixture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path as written; `/file` where the fixture names none.
    pub path: String,
    /// Content without markers.
    pub text: String,
    /// The cursor (empty range) or selection, where marked.
    pub range: Option<Range<usize>>,
}

/// The files of `fixture`, in order. Text before the first `//- ` line is one file of its own when it is not blank.
pub fn files(fixture: &str) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for line in crate::split_lines(fixture) {
        if let Some(path) = line.strip_prefix("//- ") {
            files.push(File { path: path.trim().to_owned(), text: String::new(), range: None });
            continue;
        }
        if files.is_empty() {
            files.push(File { path: "/file".to_owned(), text: String::new(), range: None });
        }
        if let Some(file) = files.last_mut() {
            file.text.push_str(line);
        }
    }
    if files.len() > 1
        && files.first().is_some_and(|file| file.path == "/file" && file.text.trim().is_empty())
    {
        files.remove(0);
    }
    for file in &mut files {
        (file.text, file.range) = cursor(&file.text);
    }
    files
}

/// `text` without its `$0` markers, and the range between them (empty for a single one).
pub fn cursor(text: &str) -> (String, Option<Range<usize>>) {
    let marks: Vec<usize> = text.match_indices("$0").map(|(offset, _)| offset).take(2).collect();
    let clean = text.replacen("$0", "", 2);
    let range = match marks.as_slice() {
        [] => None,
        [only] => Some(*only..*only),
        [start, end, ..] => Some(*start..end - 2),
    };
    (clean, range)
}
