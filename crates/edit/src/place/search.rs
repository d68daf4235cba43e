//! A search/replace block: where in the scope its search text stands, by one rule after the other.
//!
//! The first rule that finds the text decides, and it must find it once. What the rules after the first forgive never enters
//! the file: the change is carried onto the scope's own lines.

use super::lines::{contents, is_blank};
use super::merge::Blanks;
use super::site::{Placed, Site, View};
use super::{carry, elision, gate, indent, literal, near, nearest, numbers, typed};
use crate::{Block, Reason, Refusal};

/// Fewer characters than this, blanks aside, are found by their exact lines only.
const MIN_LOOSE_CHARS: usize = 8;

/// The lines of a block.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    search: Vec<String>,
    replace: Vec<String>,
}

impl Lines {
    pub(super) fn new(search: &str, replace: &str) -> Lines {
        let lines = |text: &str| -> Vec<String> { contents(text).into_iter().map(str::to_owned).collect() };
        Lines { search: lines(search), replace: lines(replace) }
    }

    /// Without blank lines that both halves end with.
    fn without_shared_end(mut self) -> Lines {
        let ends_blank = |lines: &[String]| lines.last().is_some_and(|line| is_blank(line));
        while self.search.len() > 1 && ends_blank(&self.search) && ends_blank(&self.replace) {
            self.search.pop();
            self.replace.pop();
        }
        self
    }

    /// Without blank lines that both halves begin or end with.
    fn without_shared_border(&self) -> Lines {
        let (mut search, mut replace) = (self.search.as_slice(), self.replace.as_slice());
        while let ([a, rest_a @ ..], [b, rest_b @ ..]) = (search, replace)
            && is_blank(a)
            && is_blank(b)
        {
            (search, replace) = (rest_a, rest_b);
        }
        while let ([rest_a @ .., a], [rest_b @ .., b]) = (search, replace)
            && is_blank(a)
            && is_blank(b)
        {
            (search, replace) = (rest_a, rest_b);
        }
        Lines { search: search.to_vec(), replace: replace.to_vec() }
    }

    fn all(&self) -> Vec<&String> {
        self.search.iter().chain(&self.replace).collect()
    }

    /// Both halves, each line through `read`.
    fn mapped(&self, read: impl Fn(&[String]) -> Option<Vec<String>>) -> Option<Lines> {
        Some(Lines { search: read(&self.search)?, replace: read(&self.replace)? })
    }
}

/// The edits that put the replacement of a block in place of its search text.
pub(super) fn place(view: &View<'_>, block: &Lines) -> Result<Placed, Refusal> {
    if block.search.iter().all(|line| is_blank(line)) {
        return Err(Reason::EmptySearch.into());
    }
    let own = view.contents();
    let plain;
    let block = match without_numbers(&own, block) {
        Some(stripped) => {
            plain = stripped;
            &plain
        }
        None => block,
    };
    let shorter;
    let block = if windows(&own, &block.search, str::to_owned).is_empty() {
        shorter = block.clone().without_shared_end();
        &shorter
    } else {
        block
    };
    if let Some(found) = found(view, block) {
        return found.and_then(|placed| typed_as_meant(view, block, placed));
    }
    // The block says the same in another spelling: line numbers, escapes, marks, placeholders.
    if let Some(plain) = respelled(view, &own, block)? {
        return found(view, &plain).unwrap_or_else(|| Err(not_found(view, block)));
    }
    if let Some(placed) = elided(view, &own, block)? {
        return Ok(placed);
    }
    let near = near::windows(&own, &block.search);
    match near.as_slice() {
        [] => Err(not_found(view, block)),
        [start] => {
            let window = *start..start + block.search.len();
            let lines = own.get(window.clone()).unwrap_or_default();
            if !near::is_slip(view, lines, &block.search) {
                return Err(not_found(view, block));
            }
            near::check(lines, &block.search, &block.replace)?;
            let new = carry::onto(lines, &block.search, &block.replace, |line| line.trim().to_owned())?;
            Ok(view.merged(window, &new, Blanks::Exact))
        }
        several => Err(ambiguous(view, block, several)),
    }
}

/// The block whose replacement alone has line numbers, without them: behind one stands a line of the search text.
fn without_numbers(own: &[&str], block: &Lines) -> Option<Lines> {
    let replace = numbers::stripped(&block.replace, own)?;
    let is_searched = |line: &String| !is_blank(line) && block.search.contains(line);
    replace.iter().any(is_searched).then(|| Lines { replace, ..block.clone() })
}

/// What was `placed`, or the same with typed marks where the replacement alone has others and does not fit with them.
fn typed_as_meant(view: &View<'_>, block: &Lines, placed: Placed) -> Result<Placed, Refusal> {
    let own = view.contents();
    let (typed, is_sure) = match view.site.marks().read(&own, &block.replace) {
        typed::Reading::AsIs | typed::Reading::Mixed(_) => return Ok(placed),
        typed::Reading::Typed(typed) => (typed, true),
        typed::Reading::Either(typed, _) => (typed, false),
    };
    if !is_sure
        && !matches!(
            gate::check(view.site, &placed.edits),
            Err(Refusal { reason: Reason::Syntax { .. }, .. })
        )
    {
        return Ok(placed);
    }
    let block = Lines { replace: typed, ..block.clone() };
    found(view, &block).unwrap_or(Ok(placed))
}

/// Of readings that are all search/replace blocks, the one with the longest search text among those found line by line.
pub(super) fn longest_exact<'a>(readings: &'a [Block], site: &Site) -> Option<&'a Block> {
    let content = site.content();
    let own = contents(&content);
    let search_of = |block: &Block| match block {
        Block::Replace { search, .. } => Some(contents(search).len()),
        Block::Rewrite { .. }
        | Block::Bare { .. }
        | Block::Literal { .. }
        | Block::Diff { .. }
        | Block::Several { .. }
        | Block::OneOf { .. } => None,
    };
    if readings.iter().any(|block| search_of(block).is_none()) {
        return None;
    }
    let is_found = |block: &&Block| match block {
        Block::Replace { search, .. } => {
            let search = contents(search);
            own.windows(search.len().max(1)).any(|window| window == search)
        }
        _ => false,
    };
    readings.iter().filter(is_found).max_by_key(|block| search_of(block))
}

/// The place of the search text as it is spelled: exact lines, a part of a line, lines but for their blanks.
fn found(view: &View<'_>, block: &Lines) -> Option<Result<Placed, Refusal>> {
    let own = view.contents();
    let exact = windows(&own, &block.search, str::to_owned);
    if let [start] = exact.as_slice() {
        return Some(Ok(view.merged(*start..start + block.search.len(), &block.replace, Blanks::Exact)));
    }
    if exact.len() > 1 {
        return Some(Err(ambiguous(view, block, &exact)));
    }
    // Whole lines but for their indentation are no part of a line: lines that come or go beside them are indented too.
    let is_whole = (block.replace.is_empty() || block.search.len() == 1 && block.replace.len() > 1)
        && windows(&own, &block.search, |line| line.trim().to_owned()).len() == 1;
    match literal::words(view, &block.search.join("\n"), &block.replace.join("\n")) {
        Some(Ok(_)) if is_whole => {}
        Some(part) => return Some(part),
        None => {}
    }
    let keys: [fn(&str) -> String; 2] = [|line| line.trim_end().to_owned(), |line| line.trim().to_owned()];
    for key in keys {
        let places = windows(&own, &block.search, key);
        match places.as_slice() {
            [] => {}
            [start] => return Some(carried(view, &own, block, *start, key)),
            several => return Some(Err(ambiguous(view, block, several))),
        }
    }
    without_blank_lines(view, &own, block)
}

/// The first lines of the windows of `own` that agree with `search` by `key`.
fn windows(own: &[&str], search: &[String], key: fn(&str) -> String) -> Vec<usize> {
    let keys: Vec<String> = own.iter().map(|line| key(line)).collect();
    let wanted: Vec<String> = search.iter().map(|line| key(line)).collect();
    let places = keys.windows(wanted.len().max(1)).enumerate().filter(|(_, window)| *window == wanted);
    places.map(|(idx, _)| idx).collect()
}

fn carried(
    view: &View<'_>,
    own: &[&str],
    block: &Lines,
    start: usize,
    key: fn(&str) -> String,
) -> Result<Placed, Refusal> {
    if block.search.iter().map(|line| line.trim().chars().count()).sum::<usize>() < MIN_LOOSE_CHARS {
        return Err(Refusal::new(Reason::TooShort).searched(&block.search));
    }
    let window = start..start + block.search.len();
    let new = carry::onto(own.get(window.clone()).unwrap_or_default(), &block.search, &block.replace, key)?;
    indent::check(own, &new)?;
    Ok(view.merged(window, &new, Blanks::Exact))
}

/// The place of the search text when blank lines are left out or put in between.
fn without_blank_lines(view: &View<'_>, own: &[&str], block: &Lines) -> Option<Result<Placed, Refusal>> {
    let solid: Vec<(usize, &str)> = own
        .iter()
        .enumerate()
        .filter(|(_, line)| !is_blank(line))
        .map(|(idx, line)| (idx, line.trim()))
        .collect();
    let searched: Vec<&str> =
        block.search.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    if searched.len() < 2 {
        return None;
    }
    let block = &block.without_shared_border();
    let is_match =
        |window: &[(usize, &str)]| window.iter().map(|(_, line)| *line).eq(searched.iter().copied());
    let places: Vec<&[(usize, &str)]> =
        solid.windows(searched.len()).filter(|window| is_match(window)).collect();
    let [place] = places.as_slice() else {
        let starts: Vec<usize> =
            places.iter().filter_map(|place| place.first()).map(|(idx, _)| *idx).collect();
        return (!starts.is_empty()).then(|| Err(ambiguous(view, block, &starts)));
    };
    let window = place.first()?.0..place.last()?.0 + 1;
    let lines = own.get(window.clone())?;
    // The search text with the scope's blank lines, and the replacement with those between lines that stay together.
    let mut rest = block.search.iter().filter(|line| !is_blank(line));
    let search: Vec<String> = lines
        .iter()
        .map(|line| if is_blank(line) { String::new() } else { rest.next().cloned().unwrap_or_default() })
        .collect();
    let trimmed =
        |lines: &[String]| -> Vec<String> { lines.iter().map(|line| line.trim().to_owned()).collect() };
    let pairs = super::align::pairs(&trimmed(&search), &trimmed(&block.replace));
    let mut replace = Vec::new();
    for (idx, line) in block.replace.iter().enumerate() {
        let old = pairs.iter().find(|(_, new)| *new == idx).map(|(old, _)| *old);
        let before = idx.checked_sub(1).and_then(|idx| pairs.iter().find(|(_, new)| *new == idx));
        if let (Some(old), Some((before, _))) = (old, before) {
            let between = lines.get(before + 1..old).unwrap_or_default();
            if between.iter().all(|line| is_blank(line)) {
                replace.extend(between.iter().map(|line| (*line).to_owned()));
            }
        }
        replace.push(line.clone());
    }
    let block = Lines { search, replace };
    Some(carried(view, own, &block, window.start, |line| line.trim().to_owned()))
}

/// The block without line numbers, escapes or typographic marks; none if it has none.
fn respelled(view: &View<'_>, own: &[&str], block: &Lines) -> Result<Option<Lines>, Refusal> {
    let numbered = |lines: &[String]| match lines {
        [] => Some(Vec::new()),
        lines => numbers::stripped(lines, own),
    };
    if let Some(plain) = block.mapped(numbered) {
        return Ok(Some(plain));
    }
    if let [only] = block.search.as_slice()
        && only.contains("\\n")
    {
        let replace = block.replace.join("\n");
        let plain =
            |backslashes| Lines::new(&unescaped(only, backslashes), &unescaped(&replace, backslashes));
        // Some models escape backslashes as well.
        let is_found = |plain: &Lines| found(view, plain).is_some();
        let plain = Some(plain(true)).filter(is_found).unwrap_or_else(|| plain(false));
        return match split_string(&plain.replace).filter(|_| is_found(&plain)) {
            // Nothing tells an escape that belongs into a string from one that was written for a line ending.
            Some(line) => Err(Reason::Escaped { line }.into()),
            None => Ok(Some(plain)),
        };
    }
    match view.site.marks().read(own, &block.all()) {
        typed::Reading::AsIs => Ok(None),
        typed::Reading::Mixed(line) => Err(Reason::Escaped { line }.into()),
        typed::Reading::Typed(lines) | typed::Reading::Either(lines, _) => {
            let (search, replace) = lines.split_at(block.search.len());
            Ok(Some(Lines { search: search.to_vec(), replace: replace.to_vec() }))
        }
    }
}

/// Text that was escaped once more than it should have been.
fn unescaped(text: &str, backslashes: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = match chars.peek().filter(|_| c == '\\') {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('"') => '"',
            Some('\\') if backslashes => '\\',
            Some(_) | None => {
                plain.push(c);
                continue;
            }
        };
        chars.next();
        plain.push(escaped);
    }
    plain
}

/// The first of two lines in a row that both hold half of a string.
fn split_string(lines: &[String]) -> Option<String> {
    let is_half = |line: &String, quote: char| line.matches(quote).count() % 2 == 1;
    lines.iter().zip(lines.iter().skip(1)).find_map(|(line, next)| {
        let is_split = ['"', '\''].iter().any(|quote| is_half(line, *quote) && is_half(next, *quote));
        is_split.then(|| line.clone())
    })
}

/// A block with one placeholder in both halves, between lines that stand once in the scope.
fn elided(view: &View<'_>, own: &[&str], block: &Lines) -> Result<Option<Placed>, Refusal> {
    let markers = |lines: &[String]| -> Vec<usize> {
        lines.iter().enumerate().filter(|(_, line)| elision::is_elision(line)).map(|(idx, _)| idx).collect()
    };
    let (searched, replaced) = (markers(&block.search), markers(&block.replace));
    let ([searched], [replaced]) = (searched.as_slice(), replaced.as_slice()) else { return Ok(None) };
    let at = |lines: &[String], idx: usize| lines.get(idx).map(|line| line.trim().to_owned());
    if at(&block.search, *searched) != at(&block.replace, *replaced) {
        return Ok(None);
    }
    let refuse = || {
        let line = block.search.get(*searched).cloned().unwrap_or_default();
        Refusal::new(Reason::Elision { line }).searched(&block.search)
    };
    let (head, tail) = halves(&block.search, *searched);
    if head.is_empty() || tail.is_empty() {
        return Err(refuse());
    }
    let only = |lines: &[String]| match windows(own, lines, str::to_owned).as_slice() {
        [start] => Some(*start),
        _ => None,
    };
    let (Some(start), Some(end)) = (only(head), only(tail)) else { return Err(refuse()) };
    let between = start + head.len()..end;
    if between.start > between.end {
        return Err(refuse());
    }
    let (new_head, new_tail) = halves(&block.replace, *replaced);
    let mut new = new_head.to_vec();
    new.extend(own.get(between).unwrap_or_default().iter().map(|line| (*line).to_owned()));
    new.extend(new_tail.iter().cloned());
    Ok(Some(view.merged(start..end + tail.len(), &new, Blanks::Exact)))
}

fn halves(lines: &[String], at: usize) -> (&[String], &[String]) {
    (lines.get(..at).unwrap_or_default(), lines.get(at + 1..).unwrap_or_default())
}

fn ambiguous(view: &View<'_>, block: &Lines, starts: &[usize]) -> Refusal {
    let mut refusal = Refusal::new(Reason::Ambiguous).searched(&block.search);
    refusal.matches = starts.iter().map(|idx| view.first_line() + idx).collect();
    refusal
}

fn not_found(view: &View<'_>, block: &Lines) -> Refusal {
    let search: Vec<&str> = block.search.iter().map(String::as_str).collect();
    let mut refusal = Refusal::new(Reason::NotFound).searched(&search);
    refusal.nearest = nearest::nearest(view.lines, &search, view.first_line()).map(Box::new);
    refusal
}
