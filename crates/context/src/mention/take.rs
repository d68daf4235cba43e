//! Takes what is mentioned, before anything else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use text::Text;
use workspace::{Document, NotSent};

use super::{Keyword, Symbol, Unmet, find_symbol, is_address};
use crate::budget::{Candidate, Selection};
use crate::excerpt::{Attachment, Why};
use crate::gather::Request;

/// The share of the budget, in percent, that a diff may have: it is often larger than all there is.
const DIFF_SHARE: usize = 50;
/// A line of text is rarely worth less than one token per so many bytes; what is larger than the budget is not tried.
const MAX_BYTES_PER_TOKEN: usize = 12;
/// Things reported about the document that are shown.
const MAX_DIAGNOSTICS: usize = 40;

/// Takes what the instructions mention; what the newest one mentions and cannot be shown comes back.
pub(crate) fn take_mentions(
    request: &Request<'_>,
    document: &Document,
    selection: &mut Selection,
) -> Vec<Unmet> {
    let root = document.path.as_deref().and_then(|path| request.snapshot.root_of(path)).map(Path::to_owned);
    let mut taking = Taking { request, document, root, selection };
    let mut unmet = Vec::new();
    for word in &request.mentions.newest {
        unmet.extend(taking.take(word).err());
    }
    for word in &request.mentions.earlier {
        // The user asks for something else now.
        let _ = taking.take(word);
    }
    unmet
}

struct Taking<'a> {
    request: &'a Request<'a>,
    document: &'a Document,
    root: Option<PathBuf>,
    selection: &'a mut Selection,
}

impl Taking<'_> {
    fn take(&mut self, word: &str) -> Result<(), Unmet> {
        match Keyword::of(word) {
            Some(Keyword::Diff) => return self.diff(),
            Some(Keyword::Diagnostics) => return self.diagnostics(),
            Some(Keyword::Url) => return self.page(word),
            None => {}
        }
        if looks_like_path(word) {
            let path = self.path(word)?.ok_or_else(|| Unmet::NoFile(word.to_owned()))?;
            return self.file(word, &path);
        }
        match find_symbol(self.request.index, word) {
            Symbol::Known(found) => self.symbol(word, &found),
            Symbol::Several(all) => Err(Unmet::Ambiguous(word.to_owned(), all)),
            Symbol::NotIn(members) => Err(Unmet::NoMember(word.to_owned(), members)),
            Symbol::Unknown => match self.plain_path(word) {
                Some(path) => self.file(word, &path),
                None => {
                    keyword_like(word).map_or(Ok(()), |keyword| Err(Unmet::Like(word.to_owned(), keyword)))
                }
            },
        }
    }

    /// The file that a word names: below the folder, or the only one whose path ends so.
    fn path(&self, word: &str) -> Result<Option<String>, Unmet> {
        let Some(root) = &self.root else { return Err(Unmet::NoFolder(word.to_owned())) };
        let wanted = word.replace('\\', "/");
        let wanted = wanted.trim_start_matches("./");
        let is_open = |path: &str| {
            let path = root.join(path);
            self.request.snapshot.documents().any(|open| open.path.as_deref() == Some(&path))
        };
        if is_open(wanted) || root.join(wanted).exists() {
            return Ok(Some(wanted.to_owned()));
        }
        let mut named = self.request.snapshot.files_named(root, wanted);
        match named.paths.len() {
            0 | 1 if !named.is_complete => Err(Unmet::TooManyFiles(word.to_owned())),
            0 | 1 => Ok(named.paths.pop()),
            _ => Err(Unmet::Ambiguous(word.to_owned(), named.paths)),
        }
    }

    /// A file right in the folder that has no ending, such as `Makefile`.
    fn plain_path(&self, word: &str) -> Option<String> {
        let is_file = self.root.as_ref().is_some_and(|root| root.join(word).is_file());
        is_file.then(|| word.to_owned())
    }

    fn text(&mut self, word: &str, path: &str) -> Result<Text, Unmet> {
        if let Some(text) = self.selection.text(path) {
            return Ok(text.clone());
        }
        let Some(root) = &self.root else { return Err(Unmet::NoFolder(word.to_owned())) };
        let read = self.request.snapshot.read_to_send(root, &root.join(path));
        let file = read.map_err(|error| match error {
            NotSent::Withheld(why) => Unmet::Withheld(word.to_owned(), why),
            NotSent::Unreadable(why) => Unmet::Unreadable(word.to_owned(), why.to_string()),
        })?;
        self.selection.add(path, Some(file.text.clone()));
        Ok(file.text)
    }

    /// As many of a file's lines as there is room for, from the first on.
    fn file(&mut self, word: &str, path: &str) -> Result<(), Unmet> {
        let text = self.text(word, path)?;
        let n_lines = text.n_lines();
        // What stands behind the last line break is no line.
        let n_lines = if n_lines > 1 && text.line(n_lines - 1).is_empty() { n_lines - 1 } else { n_lines };
        let mut parts: Vec<usize> = (1..=8).rev().map(|eighth| n_lines * eighth / 8).collect();
        parts.extend((4..16).map(|shift| n_lines >> shift));
        parts.push(1);
        parts.retain(|n| {
            *n > 0 && text.line_start(*n) <= self.request.budget.saturating_mul(MAX_BYTES_PER_TOKEN)
        });
        parts.dedup();
        for n in parts {
            let said =
                if n == n_lines { String::new() } else { format!(", its first {n} of {n_lines} lines") };
            let why = Why::Mentioned(format!("@{word}{said}"));
            if self.selection.take(path, &Candidate::new(0..n, why)) {
                return Ok(());
            }
        }
        Err(Unmet::NoRoom(word.to_owned()))
    }

    /// Definitions with their bodies, else their signatures.
    fn symbol(&mut self, word: &str, found: &[workspace::DefinitionId]) -> Result<(), Unmet> {
        let index = self.request.index;
        for id in found {
            let Some((file, definition)) = index.file(id.file).zip(index.definition(*id)) else { continue };
            let text = self.text(word, &file.path)?;
            if !text.line(definition.line as usize).contains(index.text(definition.name)) {
                let why = format!("{} is another than the one that was indexed; ask again", file.path);
                return Err(Unmet::Unreadable(word.to_owned(), why));
            }
            let all = definition.lines.start as usize..definition.lines.end as usize;
            let signature = definition.line as usize..definition.signature_end as usize;
            let why = Why::Mentioned(format!("@{word}"));
            if !self.selection.take(&file.path, &Candidate { choices: vec![all, signature], why }) {
                return Err(Unmet::NoRoom(word.to_owned()));
            }
        }
        Ok(())
    }

    fn diff(&mut self) -> Result<(), Unmet> {
        let diff = match &self.request.mentions.diff {
            Some(Ok(diff)) => diff,
            Some(Err(why)) => return Err(Unmet::NoDiff(why.clone())),
            None => return Err(Unmet::NoFolder("diff".to_owned())),
        };
        if diff.diff.is_empty() {
            return Err(Unmet::EmptyDiff(diff.n_left_out));
        }
        let mut left_out = Vec::new();
        if diff.n_left_out > 0 {
            left_out.push(match diff.n_left_out {
                1 => "1 file is left out".to_owned(),
                n => format!("{n} files are left out"),
            });
        }
        if diff.is_cut {
            left_out.push("the end is left out".to_owned());
        }
        let limit = self.request.budget * DIFF_SHARE / 100;
        let (text, n_cut) = first_lines(&diff.diff, limit, self.request.count);
        if text.is_empty() {
            return Err(Unmet::NoRoom("diff".to_owned()));
        }
        if n_cut > 0 {
            left_out.push(format!("{n_cut} more lines are left out"));
        }
        let why = ["mentioned: @diff".to_owned()].into_iter().chain(left_out).collect::<Vec<_>>().join("; ");
        self.attach("Changes that are not committed", text, why, "diff")
    }

    fn diagnostics(&mut self) -> Result<(), Unmet> {
        let mut said = self.request.mentions.diagnostics.clone();
        if let Some(tree) = self.document.current_tree() {
            let errors = syntax::errors(tree, &self.document.text);
            said.extend(errors.iter().map(|error| format!("line {}: {}", error.line + 1, error.message)));
        }
        if said.is_empty() {
            return Err(Unmet::NoDiagnostics);
        }
        said.truncate(MAX_DIAGNOSTICS);
        let limit = self.request.budget * DIFF_SHARE / 100;
        let (text, _) = first_lines(&(said.join("\n") + "\n"), limit, self.request.count);
        let title = format!("Reported about {}", self.request.snapshot.display_path(&self.document.uri));
        self.attach(&title, text, "mentioned: @diagnostics".to_owned(), "diagnostics")
    }

    fn page(&mut self, word: &str) -> Result<(), Unmet> {
        if !is_address(word) {
            return Err(Unmet::NoAddress);
        }
        let read = self.request.mentions.pages.as_ref().and_then(|pages| pages.get(word));
        let text = match read {
            Some(Ok(text)) => text,
            Some(Err(why)) => return Err(Unmet::NoPage(word.to_owned(), why.clone())),
            None => return Err(Unmet::PagesOff(word.to_owned())),
        };
        let limit = self.request.budget * DIFF_SHARE / 100;
        let (mut shown, n_cut) = first_lines(text, limit, self.request.count);
        let mut why = format!("mentioned: @{word}");
        if shown.is_empty() {
            // JSON that a server sends is often one line. No text has more tokens than bytes.
            shown = text.get(..text.floor_char_boundary(limit)).unwrap_or_default().to_owned() + "…\n";
            why.push_str("; the rest is left out");
        } else if n_cut > 0 {
            let _ = write!(why, "; {n_cut} more lines are left out");
        }
        self.attach(&format!("The page {word}"), shown, why, word)
    }

    fn attach(&mut self, title: &str, text: String, why: String, word: &str) -> Result<(), Unmet> {
        let tokens = (self.request.count)(&text) + (self.request.count)(title) + (self.request.count)(&why);
        if text.is_empty() || !self.selection.spend(tokens) {
            return Err(Unmet::NoRoom(word.to_owned()));
        }
        self.selection.attach(Attachment { title: title.to_owned(), text, why, tokens });
        Ok(())
    }
}

/// The first lines of a text that a limit allows, and how many were not.
fn first_lines(text: &str, limit: usize, count: fn(&str) -> usize) -> (String, usize) {
    let (mut shown, mut tokens, mut n_shown) = (String::new(), 0, 0);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for line in &lines {
        tokens += count(line) + 1;
        if tokens > limit {
            break;
        }
        shown.push_str(line);
        n_shown += 1;
    }
    (shown, lines.len() - n_shown)
}

/// Whether only a path is written so: with a slash, or with the ending of a file.
fn looks_like_path(word: &str) -> bool {
    const ENDINGS: [&str; 16] = [
        "md", "txt", "json", "toml", "yaml", "yml", "xml", "csv", "ini", "cfg", "lock", "svg", "proto",
        "vue", "env", "gradle",
    ];
    let ending = word.rsplit_once('.').map(|(_, ending)| ending);
    let is_ending = |ending: &str| ENDINGS.contains(&ending) || syntax::language_for("", word).is_some();
    word.contains(['/', '\\']) || ending.is_some_and(is_ending)
}

/// The keyword that a word was perhaps meant to be, one that is no name of the project.
fn keyword_like(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    if lower == "file" || lower == "symbol" {
        return Some("src/name.py` or `@name");
    }
    let stem = lower.trim_end_matches('s');
    Keyword::ALL.into_iter().map(Keyword::name).find(|name| name.trim_end_matches('s') == stem)
}
