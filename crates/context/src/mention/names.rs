//! What can be mentioned in a folder, to complete what is being typed.
//!
//! Made in a job from an index and shared as it is; looking something up touches no file and no index.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use workspace::{FileKind, Index};

use super::{Keyword, Symbol, find_symbol};

/// Files and symbols, each.
const MAX_NAMES: usize = 100_000;
/// A name that more definitions have means none of them to anybody.
const MAX_SAME: usize = 60;
/// Names with the same beginning that are compared.
const MAX_COMPARED: usize = 5_000;

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// A word with a meaning of its own.
    Keyword,
    /// A file.
    File,
    /// A definition.
    Symbol,
}

/// Something that can be mentioned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// What is written behind the `@`.
    pub text: String,
    /// What it is of.
    pub kind: NameKind,
    /// The file that it is or stands in; for a keyword, what it stands for.
    pub detail: String,
}

/// The names of one folder's index.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    names: Vec<Name>,
    /// Beginnings in lower case, sorted, each with the place of its name.
    keys: Vec<(String, usize)>,
    /// The index had not seen all files of the folder yet.
    pub is_partial: bool,
}

impl Names {
    /// The names of an index: files by their paths, and symbols that one word, or one with its type, means.
    pub fn of(index: &Index) -> Names {
        let files = index.files().filter(|(_, file)| file.kind != FileKind::Generated).take(MAX_NAMES);
        let mut names: Vec<Name> = files.map(|(_, file)| file_name(&file.path)).collect();
        let mut seen = FxHashSet::default();
        let mut n_left = MAX_NAMES;
        for definition in index.files().flat_map(|(_, file)| file.definitions.iter()) {
            if n_left == 0 || !seen.insert(definition.name) {
                continue;
            }
            n_left -= 1;
            if index.n_definitions_of(definition.name) > MAX_SAME {
                continue;
            }
            let name = index.text(definition.name);
            let found = find_symbol(index, name);
            let words = match found {
                Symbol::Known(_) => vec![name.to_owned()],
                Symbol::Several(all) => {
                    all.into_iter().filter(|word| word.contains('.') && !word.contains('/')).collect()
                }
                Symbol::Unknown | Symbol::NotIn(_) => Vec::new(),
            };
            for text in words {
                if let Symbol::Known(ids) = find_symbol(index, &text)
                    && let Some(file) = ids.first().and_then(|id| index.file(id.file))
                {
                    names.push(Name { text, kind: NameKind::Symbol, detail: file.path.to_string() });
                }
            }
        }
        Names::new(names)
    }

    fn new(names: Vec<Name>) -> Names {
        let mut keys: Vec<(String, usize)> = Vec::new();
        for (idx, name) in names.iter().enumerate() {
            let text = name.text.trim_matches('"').to_lowercase();
            // A path is found by the name of its file, a member by its own.
            let last = text.rsplit(['/']).next().unwrap_or(&text);
            let last =
                if name.kind == NameKind::Symbol { text.rsplit('.').next().unwrap_or(last) } else { last };
            if last != text {
                keys.push((last.to_owned(), idx));
            }
            keys.push((text, idx));
        }
        keys.sort_unstable();
        Names { names, keys, is_partial: false }
    }

    /// At most `limit` names that begin with what is typed, the likeliest first: keywords, then what is spelled alike, what
    /// is open or stands in an open file, and what is short. `open` are paths of open documents.
    pub fn completions(&self, typed: &str, open: &BTreeSet<String>, limit: usize) -> Vec<Name> {
        let typed = typed.trim_start_matches('"');
        let lower = typed.to_lowercase();
        let start = self.keys.partition_point(|(key, _)| key.as_str() < lower.as_str());
        let alike = self.keys.iter().skip(start).take_while(|(key, _)| key.starts_with(&lower));
        let places: BTreeSet<usize> = alike.take(MAX_COMPARED).map(|(_, idx)| *idx).collect();
        let known = places.into_iter().filter_map(|idx| self.names.get(idx).cloned());
        let keywords = Keyword::ALL.into_iter().filter(|keyword| *keyword != Keyword::Url).map(keyword_name);
        let is_alike = |name: &Name| name.text.starts_with(&lower);
        let mut found: Vec<Name> = keywords.filter(is_alike).collect();
        let is_open_alike = |path: &&String| {
            let path = path.to_lowercase();
            path.starts_with(&lower) || path.rsplit('/').next().is_some_and(|name| name.starts_with(&lower))
        };
        found.extend(open.iter().filter(is_open_alike).map(|path| file_name(path)));
        let is_new = |name: &Name| name.kind != NameKind::File || !open.contains(&name.detail);
        found.extend(known.filter(is_new));
        found.sort_by_cached_key(|name| {
            let last = name.text.rsplit(['/', '.']).next().unwrap_or(&name.text);
            let is_exact = name.text.starts_with(typed) || last.starts_with(typed);
            let is_open = open.contains(&name.detail);
            (name.kind != NameKind::Keyword, !is_exact, !is_open, name.text.len(), name.text.clone())
        });
        found.truncate(limit);
        found
    }
}

/// Where a mention is being typed at the end of a line's beginning, and what of it there is.
pub fn typed_mention(before: &str) -> Option<(usize, &str)> {
    let at = before.rfind('@')?;
    let typed = before.get(at + 1..)?;
    // Nothing typed is a mention as soon as a letter follows.
    let probe = if typed.is_empty() { format!("{before}x") } else { before.to_owned() };
    let is_last = |range: &std::ops::Range<usize>| range.start == at && range.end + 1 >= probe.len();
    let is_quoted = typed.strip_prefix('"').is_some_and(|quoted| !quoted.contains('"'));
    let probe_quoted = format!("{before}\"");
    let is_open_quote = is_quoted && super::ranges(&probe_quoted).iter().any(|range| range.start == at);
    (super::ranges(&probe).iter().any(is_last) || is_open_quote).then_some((at, typed))
}

fn file_name(path: &str) -> Name {
    let is_plain = path.chars().all(|c| c.is_alphanumeric() || "_./-".contains(c));
    let text = if is_plain && path.contains(['.', '/']) { path.to_owned() } else { format!("\"{path}\"") };
    Name { text, kind: NameKind::File, detail: path.to_owned() }
}

fn keyword_name(keyword: Keyword) -> Name {
    let detail = match keyword {
        Keyword::Diff => "what is not committed",
        Keyword::Diagnostics => "what is reported about this document",
        Keyword::Url => "",
    };
    Name { text: keyword.name().to_owned(), kind: NameKind::Keyword, detail: detail.to_owned() }
}
