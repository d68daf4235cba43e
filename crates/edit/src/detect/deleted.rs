//! Comments, error handling and log calls that go, unless it was asked for.
//!
//! What is moved or worded anew stays: it is looked for in the whole change, and counted, not compared.

use std::collections::BTreeSet;
use std::ops::Range;

use syntax::{Comment, Site, SiteKind};
use text::Text;

use super::change::{Change, Hunk, Side};
use super::lines::{is_substantive, shown, words};
use super::request::Request;
use super::stub::is_unwritten;
use super::{DetectionKind, Found};

/// Words that say that error handling is what the request is about.
const ERRORS: [&str; 22] = [
    "error",
    "exception",
    "catch",
    "except",
    "throw",
    "rescue",
    "fail",
    "failure",
    "panic",
    "unwrap",
    "try",
    "validate",
    "validation",
    "guard",
    "crash",
    "handle",
    "handling",
    "finally",
    "strict",
    "abort",
    "null",
    "optional",
];
const LOGS: [&str; 14] = [
    "log", "logger", "logging", "print", "debug", "output", "console", "noise", "noisy", "trace", "quiet",
    "silent", "verbose", "stderr",
];
const COMMENTS: [&str; 8] =
    ["comment", "docstring", "doc", "docs", "documentation", "javadoc", "license", "translate"];
/// What a comment begins with that is there to be removed one day.
const REMINDERS: [&str; 4] = ["todo", "fixme", "xxx", "hack"];
/// What an instruction to us begins with; it goes with the answer to it.
const DIRECTIVES: [&str; 3] = ["ai:", "ai?", "ai!"];

pub(super) fn detect(change: &Change, request: &Request) -> Found {
    let mut found = Found::new();
    if !request.mentions(&COMMENTS) {
        found.extend(comments(change, request));
        found.extend(lines_of_comments(change, request));
    }
    if !request.mentions(&ERRORS) {
        found.extend(lost(
            change,
            request,
            &[SiteKind::Handler, SiteKind::Raised],
            DetectionKind::ErrorHandling,
        ));
        found.extend(unwrapped(change));
    }
    if !request.mentions(&LOGS) {
        found.extend(lost(change, request, &[SiteKind::Log], DetectionKind::Logging));
    }
    found
}

/// Whether a hunk takes whole code away in a request that asks for it.
fn is_asked_removal(request: &Request, hunk: &Hunk) -> bool {
    request.removes() && hunk.only_removes()
}

fn comments(change: &Change, request: &Request) -> Found {
    // Only what goes or comes is joined: of a block of lines, one may go and the others stay.
    let of = |side: &Side, is_in: &dyn Fn(&Comment) -> bool| {
        joined(side.comments.iter().filter(|comment| is_in(comment)).cloned(), &side.text)
    };
    let added = |hunk: &Hunk| of(&change.new, &|comment| hunk.adds(&comment.range));
    let mut kept: Vec<Vec<String>> = change.hunks.iter().flat_map(added).map(|new| plain(&new)).collect();
    let whole = WholeFunctions::new(change);
    let stood: Vec<Vec<String>> = change.old.comments.iter().map(plain).collect();
    let mut found = Found::new();
    for hunk in &change.hunks {
        let mut gone: Vec<Comment> = Vec::new();
        for comment in of(&change.old, &|comment| hunk.removes(&comment.range)) {
            let same = plain(&comment);
            match kept.iter().position(|kept| *kept == same) {
                Some(idx) => drop(kept.swap_remove(idx)),
                None => gone.push(comment),
            }
        }
        let mut new = added(hunk);
        new.retain(|comment| !stood.contains(&plain(comment)));
        // One that is worded anew takes the place of one that goes; most likely the one it shares words with.
        for comment in gone {
            let n_shared = |new: &Comment| {
                let new = plain(new);
                plain(&comment).iter().filter(|word| word.len() > 3 && new.contains(word)).count()
            };
            let likest = (0..new.len()).max_by_key(|idx| new.get(*idx).map_or(0, n_shared));
            if let Some(idx) = likest {
                new.swap_remove(idx);
            } else if !is_asked_removal(request, hunk)
                && !whole.holds(&comment.range)
                && !is_due(&comment, hunk, request)
            {
                let message = format!("removes the comment {}", shown(change.old.at(&comment.range)));
                let place = new_place(hunk, &comment);
                found.push((hunk.idx, change.remark(DetectionKind::Comment, &place, message)));
            }
        }
    }
    found
}

/// Lines that go from inside a comment that stays.
fn lines_of_comments(change: &Change, request: &Request) -> Found {
    let inside = |side: &Side, run: &Range<usize>| -> Vec<Range<usize>> {
        let is_inside = |line: &Range<usize>| {
            let is_written = !words(side.at(line)).is_empty();
            let mut comments = side.comments.iter();
            is_written && comments.any(|c| c.range.start < line.start && line.start < c.range.end)
        };
        let starts = side.comments.iter().any(|comment| run.contains(&comment.range.start));
        let lines = if starts { Vec::new() } else { side.lines_in(run) };
        lines.into_iter().filter(is_inside).collect()
    };
    let mut found = Found::new();
    for hunk in change.hunks.iter().filter(|hunk| !is_asked_removal(request, hunk)) {
        for run in &hunk.runs {
            let Some(line) = inside(&change.old, &run.old).into_iter().next() else { continue };
            let moved = change.hunks.iter().any(|hunk| {
                let mut runs = hunk.runs.iter();
                runs.any(|run| change.new.at(&run.new).contains(change.old.at(&line).trim()))
            });
            if inside(&change.new, &run.new).is_empty() && !moved {
                let message = format!("removes {} from a comment", shown(change.old.at(&line)));
                let place = run.new.start..run.new.start;
                found.push((hunk.idx, change.remark(DetectionKind::Comment, &place, message)));
            }
        }
    }
    found
}

/// Functions that go as a whole: what stood in them went with them, for all to see.
struct WholeFunctions(Vec<Range<usize>>);

impl WholeFunctions {
    fn new(change: &Change) -> WholeFunctions {
        let names: BTreeSet<&str> = change.new.bodies().iter().map(|body| body.name.as_str()).collect();
        let is_gone = |range: &Range<usize>| {
            let mut runs = change.hunks.iter().filter(|hunk| hunk.only_removes()).flat_map(|hunk| &hunk.runs);
            runs.any(|run| run.old.start <= range.start && range.end <= run.old.end)
        };
        let gone = change.old.bodies().iter().filter(|body| {
            !body.name.is_empty() && !names.contains(body.name.as_str()) && is_gone(&body.range)
        });
        WholeFunctions(gone.map(|body| body.range.clone()).collect())
    }

    fn holds(&self, range: &Range<usize>) -> bool {
        self.0.iter().any(|function| function.start <= range.start && range.end <= function.end)
    }
}

/// Where a comment that is gone would stand afterwards.
fn new_place(hunk: &Hunk, comment: &Comment) -> Range<usize> {
    let run = hunk.runs.iter().find(|run| run.old.contains(&comment.range.start));
    run.map_or(hunk.new.start..hunk.new.start, |run| run.new.start..run.new.start)
}

fn plain(comment: &Comment) -> Vec<String> {
    comment.lines.iter().flat_map(|line| words(line)).collect()
}

/// Whether a comment goes for a good reason: it is empty, a reminder of what is done now, or about what is to change.
fn is_due(comment: &Comment, hunk: &Hunk, request: &Request) -> bool {
    let words = plain(comment);
    let is_reminder = words.first().is_some_and(|word| REMINDERS.contains(&word.as_str()));
    let n_long = words.iter().filter(|word| word.len() > 3).count();
    let n_shared = request.n_shared(&words);
    let is_directive = comment.lines.iter().any(|line| {
        let line = line.to_lowercase();
        DIRECTIVES.iter().any(|marker| line.starts_with(marker))
    });
    words.is_empty()
        || is_directive
        || is_reminder && !hunk.only_removes()
        || n_shared >= 2 && 2 * n_shared >= n_long
        || n_long == 0 && words.len() < 2
}

/// Sites of some kinds of which a hunk has fewer than before, and no other hunk has more.
fn lost(change: &Change, request: &Request, kinds: &[SiteKind], kind: DetectionKind) -> Found {
    let of_kind = |site: &&Site| kinds.contains(&site.kind);
    let whole = WholeFunctions::new(change);
    let mut found = Found::new();
    let mut n_spare = 0;
    let mut candidates: Vec<(usize, &Site)> = Vec::new();
    for hunk in &change.hunks {
        let mut added: Vec<&Site> =
            change.new.sites.iter().filter(of_kind).filter(|site| hunk.adds(&site.range)).collect();
        let removed = change.old.sites.iter().filter(of_kind).filter(|site| {
            hunk.removes(&site.range) && !whole.holds(&site.range) && !is_unwritten(&site.label)
        });
        let mut gone: Vec<&Site> = Vec::new();
        for site in removed {
            match added.iter().position(|added| added.label == site.label) {
                Some(idx) => drop(added.swap_remove(idx)),
                None => gone.push(site),
            }
        }
        n_spare += added.len().saturating_sub(gone.len());
        let n_gone = gone.len().saturating_sub(added.len());
        if n_gone > 0 && !is_asked_removal(request, hunk) && !passes_on(change, hunk) {
            candidates.extend(gone.into_iter().take(n_gone).map(|site| (hunk.idx, site)));
        }
    }
    // What one hunk has more of, another may have given: from the last on, as helpers go in front.
    candidates.truncate(candidates.len().saturating_sub(n_spare));
    for (idx, site) in candidates {
        let Some(hunk) = change.hunks.iter().find(|hunk| hunk.idx == idx) else { continue };
        let what = match site.kind {
            SiteKind::Handler => "the error handling",
            SiteKind::Passed | SiteKind::Raised => "the error",
            SiteKind::Log => "the output",
            SiteKind::Test => "the test",
        };
        let message = format!("removes {what} {}", shown(&site.label));
        let place = hunk.new.start..hunk.new.start;
        found.push((idx, change.remark(kind, &place, message)));
    }
    found
}

/// Whether a Go function gives its error on instead of looking at it: `return f()`.
fn passes_on(change: &Change, hunk: &Hunk) -> bool {
    let added: String = hunk.runs.iter().map(|run| change.new.at(&run.new)).collect();
    let ignores = added.contains(", _ ") || added.contains("_ =");
    change.language_name() == "Go"
        && !ignores
        && added.lines().map(str::trim).any(|line| line.starts_with("return ") && line.ends_with(')'))
}

/// `?` that became `unwrap`.
fn unwrapped(change: &Change) -> Found {
    let mut found = Found::new();
    if change.language_name() != "Rust" {
        return found;
    }
    for hunk in &change.hunks {
        let count = |sites: &[Site], is_in: &dyn Fn(&Site) -> bool| {
            sites.iter().filter(|site| site.kind == SiteKind::Passed && is_in(site)).count()
        };
        let n_before = count(&change.old.sites, &|site| hunk.removes(&site.range));
        let n_after = count(&change.new.sites, &|site| hunk.adds(&site.range));
        let unwraps = |text: &str| text.matches(".unwrap()").count() + text.matches(".expect(").count();
        let old: usize = hunk.runs.iter().map(|run| unwraps(change.old.at(&run.old))).sum();
        let new: usize = hunk.runs.iter().map(|run| unwraps(change.new.at(&run.new))).sum();
        if n_after < n_before && new > old {
            let lines = hunk.runs.iter().flat_map(|run| change.new.lines_in(&run.new));
            let line = lines
                .into_iter()
                .find(|line| unwraps(change.new.at(line)) > 0 && is_substantive(change.new.at(line)));
            let place = line.unwrap_or(hunk.new.clone());
            let message = "panics where it passed the error on with `?`".to_owned();
            found.push((hunk.idx, change.remark(DetectionKind::ErrorHandling, &place, message)));
        }
    }
    found
}

/// Comments with those on neighboring lines, each alone on its line, made one.
fn joined(comments: impl Iterator<Item = Comment>, text: &Text) -> Vec<Comment> {
    let is_alone = |comment: &Comment| {
        let start = text.line_start(text.line_of(comment.range.start));
        text.slice(start..comment.range.start).trim().is_empty()
    };
    let mut joined: Vec<Comment> = Vec::new();
    for comment in comments {
        if let Some(last) = joined.last_mut() {
            let is_next =
                text.line_of(last.range.end.saturating_sub(1)) + 1 == text.line_of(comment.range.start);
            if is_next && is_alone(last) && is_alone(&comment) {
                last.range.end = comment.range.end;
                last.lines.extend(comment.lines);
                continue;
            }
        }
        joined.push(comment);
    }
    joined
}
