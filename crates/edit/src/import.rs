//! Where a new import goes.
//!
//! Owns the choice of its line. Must never change a line that is there.

mod block;

use std::ops::Range;

use syntax::{Import, Imported, Stop, Tree, import_list};
use text::{Edit, LineEnding, Text, with_line_ending};

/// The edit that puts `import_line` among the imports of `text`, whose tree is `tree`; none where it is imported already.
///
/// Of several names, those that are imported already are left out. The edit only inserts whole lines, with the text's own
/// line ending.
pub fn import_edit(text: &Text, tree: &Tree, import_line: &str) -> Option<Edit> {
    let line = match import_line.trim() {
        "" => return None,
        spec if tree.language().name() == "Go" && !spec.starts_with("import") => &format!("import {spec}"),
        line => line,
    };
    let known = import_list(tree, text);
    let wanted = Wanted::new(line, tree)?;
    if (0..text.n_lines()).any(|number| text.line(number).trim_end() == line) {
        return None;
    }
    let wanted = wanted.without(&known)?;
    let ending = text.line_ending();
    if tree.language().name() == "Go"
        && let Some(edit) = in_parentheses(text, &known, &wanted, ending)
    {
        return Some(edit);
    }
    let place = block::place(text, tree, &known, &wanted);
    Some(inserted(text, &place, &wanted.line, ending))
}

/// An import that is to be there.
struct Wanted {
    line: String,
    imports: Vec<Import>,
}

/// A line to insert in front of, and where blank lines belong.
struct Place {
    line: usize,
    blank_before: bool,
    blank_behind: bool,
}

impl Wanted {
    fn new(line: &str, tree: &Tree) -> Option<Wanted> {
        let text = Text::from(line);
        let tree = Tree::parse(tree.language(), &text, &Stop::never()).ok()?;
        Some(Wanted { line: line.to_owned(), imports: import_list(&tree, &text) })
    }

    fn names(&self) -> impl Iterator<Item = &Imported> {
        self.imports.iter().flat_map(|import| &import.names)
    }

    /// The module that it is of, as far as it can be told.
    fn module(&self) -> Option<String> {
        let everything = self.imports.iter().find_map(|import| import.everything_of.clone());
        everything.or_else(|| self.names().next().map(module))
    }

    /// It without the names that are imported already; none when nothing is left.
    fn without(self, known: &[Import]) -> Option<Wanted> {
        let has_everything =
            |module: &str| known.iter().any(|import| import.everything_of.as_deref() == Some(module));
        let is_known = |name: &Imported| {
            let same = |known: &Imported| {
                known.module == name.module && known.name == name.name && (known.bound == name.bound)
            };
            known.iter().flat_map(|import| &import.names).any(same) || has_everything(&name.module)
        };
        let everything: Vec<&str> =
            self.imports.iter().filter_map(|import| import.everything_of.as_deref()).collect();
        let n_names = self.names().count();
        let missing = self.names().filter(|name| !is_known(name)).count();
        let has_all = !everything.is_empty() && everything.iter().all(|module| has_everything(module));
        if has_all || n_names > 0 && missing == 0 && everything.is_empty() {
            return None;
        }
        if missing == n_names {
            return Some(self);
        }
        let line = self.names().filter(|name| is_known(name)).fold(self.line.clone(), |line, name| {
            left_out(&line, self.line.get(name.range.clone()).unwrap_or_default())
        });
        Some(Wanted { line, imports: self.imports })
    }
}

/// The module of something imported, for comparison with others.
fn module(name: &Imported) -> String {
    if name.module.is_empty() { name.name.clone() } else { name.module.clone() }
}

/// A list of names without one of them and the comma that goes with it.
fn left_out(line: &str, name: &str) -> String {
    let is_name = |at: &usize| {
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let (front, back) = (line.get(..*at).unwrap_or(""), line.get(at + name.len()..).unwrap_or(""));
        !is_part(front.chars().next_back()) && !is_part(back.chars().next())
    };
    // The names stand behind the module.
    let Some(at) = line.match_indices(name).map(|(at, _)| at).filter(is_name).last() else {
        return line.to_owned();
    };
    let (front, back) = (line.get(..at).unwrap_or(""), line.get(at + name.len()..).unwrap_or(""));
    match back.trim_start().strip_prefix(',') {
        Some(back) => format!("{front}{}", back.trim_start()),
        None => {
            let front = front.trim_end();
            format!("{}{back}", front.strip_suffix(',').unwrap_or(front))
        }
    }
}

/// In Go: a line of the first list in parentheses.
fn in_parentheses(text: &Text, known: &[Import], wanted: &Wanted, ending: LineEnding) -> Option<Edit> {
    let list = known.iter().find(|import| text.slice(import.range.clone()).trim_end().ends_with(')'))?;
    let spec = wanted.line.strip_prefix("import").unwrap_or(&wanted.line).trim();
    let spec = spec.strip_prefix('(').and_then(|spec| spec.strip_suffix(')')).unwrap_or(spec);
    let specs: Vec<&str> = spec.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_standard = |path: &str| !path.split('/').next().unwrap_or(path).contains('.');
    let path = wanted.names().next().map(|name| name.name.clone())?;
    // The group of its kind, or else the last one.
    let last = list.names.iter().rev().find(|name| is_standard(&name.name) == is_standard(&path));
    let last = last.or_else(|| list.names.last())?;
    let line = text.line_of(last.range.start);
    let content = text.line(line);
    let indent = content.get(..content.len() - content.trim_start().len())?;
    // A list on one line has no line of its own to add.
    if line == text.line_of(list.range.start) {
        return None;
    }
    let group: Vec<(usize, &str)> =
        list.names.iter().map(|name| (text.line_of(name.range.start), name.name.as_str())).collect();
    let at = block::sorted_line(&group, line, &path);
    let offset = text.line_start(at);
    let lines = specs.iter().map(|spec| format!("{indent}{spec}{}", ending.as_str()));
    Some(Edit::new(offset..offset, lines.collect::<String>()))
}

/// The insertion of `import` as whole lines.
fn inserted(text: &Text, place: &Place, import: &str, ending: LineEnding) -> Edit {
    let end = ending.as_str();
    let offset = text.line_start(place.line);
    let last = text.slice(offset.saturating_sub(1)..offset);
    let is_open = offset == text.len() && !last.is_empty() && !last.ends_with(['\n', '\r']);
    let mut new = String::new();
    if is_open {
        new.push_str(end);
    }
    if place.blank_before {
        new.push_str(end);
    }
    new.push_str(&with_line_ending(import, ending));
    if !is_open {
        new.push_str(end);
    }
    if place.blank_behind {
        new.push_str(end);
    }
    Edit::new(offset..offset, new)
}

/// The lines that a range touches.
fn lines_of(text: &Text, range: &Range<usize>) -> Range<usize> {
    let first = text.line_of(range.start);
    first..text.line_of(range.end.saturating_sub(1).max(range.start)) + 1
}
