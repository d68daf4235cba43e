//! The words of a transcript's script.

use session::{Target, Uri};

/// Words of a line; a quoted one may hold blanks and `\n`, `\r`, `\"`.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let Some(quoted) = rest.strip_prefix('"') else {
            let end = rest.find(' ').unwrap_or(rest.len());
            words.push(rest[..end].to_owned());
            rest = rest[end..].trim_start();
            continue;
        };
        let mut word = String::new();
        let mut chars = quoted.char_indices();
        let end = loop {
            match chars.next().expect("a closing quote") {
                (at, '"') => break at + 1,
                (_, '\\') => word.push(match chars.next().expect("an escape").1 {
                    'n' => '\n',
                    'r' => '\r',
                    other => other,
                }),
                (_, other) => word.push(other),
            }
        };
        words.push(word);
        rest = quoted[end..].trim_start();
    }
    words
}

/// What a command is about; files by their names.
pub fn target(word: &str) -> Target {
    match word.strip_prefix("file@") {
        Some(name) => Target::File(uri(name)),
        None => word.parse().expect("a target"),
    }
}

/// The URI of a document by its name: of a file, if that begins with `/`.
pub fn uri(name: &str) -> Uri {
    // With a drive it is a path on every system.
    let scheme = if name.starts_with('/') { "file:///c:" } else { "untitled:" };
    Uri::from(format!("{scheme}{name}").as_str())
}
