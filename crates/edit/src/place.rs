//! Placement: what an answer means for one scope of a text, or the reason why it means nothing there.
//!
//! Owns which lines of an answer may enter a text. The model's copy of a line that did not change never does: the change is
//! carried onto the file's own lines. Each tolerance is a rule with a name and a module; nothing else is guessed. Never
//! reaches outside the scope, never takes the first of several places.

mod align;
mod carry;
mod definition;
mod diff;
mod elision;
mod elsewhere;
mod gate;
mod indent;
mod lines;
mod literal;
mod merge;
mod near;
mod nearest;
mod numbers;
mod outside;
mod rewrite;
mod search;
mod site;
mod strings;
mod twin;
mod typed;

use text::{ChangeSet, Edit};

use crate::{Answer, AnswerParser, Block, Ending, Format, Reason, Refusal};
use search::Lines;
pub use site::Site;
use site::View;

/// What the blocks of an answer come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settled {
    /// The edits of the blocks that have a place: sorted, disjoint, inside the scope.
    pub edits: Vec<Edit>,
    /// Edits outside of the scope that add imports.
    pub imports: Vec<Edit>,
    /// Other edits outside of the scope.
    pub outside: Vec<Edit>,
    /// Why the other blocks have no place.
    pub refusals: Vec<Refusal>,
    /// Why the text with all edits must not be offered as it is. That it does not parse may be all that is wrong with it.
    pub unfit: Option<Refusal>,
}

/// What a whole answer means for `site`: every edit, or every reason against it.
///
/// `answer` is the model's text as it came, `format` what was asked for. No edits and no refusals: nothing has to change.
/// Imports that the answer adds come with it; any other change outside of the scope is a reason against it here.
pub fn resolve(answer: &str, format: Format, ending: Ending, site: &Site) -> Result<Settled, Vec<Refusal>> {
    let mut parser = AnswerParser::new(format);
    let mut blocks = parser.push(answer);
    let Answer { blocks: rest, problems, .. } = parser.finish(ending);
    blocks.extend(rest);
    let settled = settle(site, &blocks, Vec::new());
    let refusals: Vec<Refusal> = problems.into_iter().chain(settled.reasons_against()).collect();
    if refusals.is_empty() { Ok(settled) } else { Err(refusals) }
}

impl Settled {
    /// Why not all of the answer is a change of the scope and of the imports.
    pub fn reasons_against(&self) -> Vec<Refusal> {
        self.refusals.iter().chain(&self.unfit).cloned().chain(Settled::refused(&self.outside)).collect()
    }

    /// The reason against it where nothing outside of the scope may change, imports included.
    pub fn outside_refused(&self) -> Option<Refusal> {
        Settled::refused(&self.outside).or_else(|| Settled::refused(&self.imports))
    }

    fn refused(outside: &[Edit]) -> Option<Refusal> {
        let edit = outside.first()?;
        let line = edit.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("").to_owned();
        Some(Reason::Outside { line }.into())
    }

    /// The edits of the scope and of the imports, sorted.
    pub fn with_imports(&self) -> Vec<Edit> {
        let mut all: Vec<Edit> = self.edits.iter().chain(&self.imports).cloned().collect();
        all.sort_by_key(|edit| (edit.range.start, edit.range.end));
        all
    }

    /// Of a whole text whose only fault is that it does not parse, the edits that it comes to.
    fn show_what_does_not_parse(&mut self, site: &Site, blocks: &[Block]) {
        let ([block], [refusal]) = (blocks, self.refusals.as_slice()) else { return };
        if !matches!(refusal.reason, Reason::Syntax { .. }) {
            return;
        }
        if let Ok(edits) = place(block, &site.with_errors(), &[])
            && !edits.is_empty()
        {
            self.edits = edits;
            self.unfit = self.refusals.pop();
        }
    }

    /// Takes what a block comes to outside of the scope, unless it touches what is there already.
    fn take(&mut self, found: elsewhere::Elsewhere) -> Result<(), Refusal> {
        let known = || self.imports.iter().chain(&self.outside);
        let is_new = |edit: &Edit| !known().any(|known| known == edit);
        let imports: Vec<Edit> = found.imports.into_iter().filter(is_new).collect();
        let outside: Vec<Edit> = found.outside.into_iter().filter(is_new).collect();
        let mut fresh = imports.iter().chain(&outside);
        if fresh.any(|edit| known().any(|known| site::collides(&edit.range, &known.range))) {
            return Err(Reason::Overlap.into());
        }
        self.edits = found.edits;
        self.imports.extend(imports);
        self.outside.extend(outside);
        Ok(())
    }
}

/// Places `blocks` one after the other behind those `placed` before, and looks at the result as a whole.
///
/// What reaches out of the scope is told apart.
pub fn settle(site: &Site, blocks: &[Block], placed: Vec<Edit>) -> Settled {
    let is_first = placed.is_empty();
    let mut settled = Settled { edits: placed, ..Settled::default() };
    for block in blocks {
        match place(block, site, &settled.edits) {
            Ok(edits) => settled.edits = edits,
            Err(refusal) => {
                let found = elsewhere::place(block, site, &settled.edits, &refusal);
                let taken = found.map(|found| settled.take(found));
                settled.refusals.extend(match taken {
                    None => Some(refusal),
                    Some(taken) => taken.err(),
                });
            }
        }
    }
    // One whole text went through the gate when it was placed.
    let is_whole = |block: &Block| match block {
        Block::OneOf { readings, .. } => readings.iter().all(|reading| len(reading) > 0),
        other => len(other) > 0,
    };
    let is_checked = is_first && matches!(blocks, [only] if is_whole(only));
    if !is_checked {
        settled.unfit = gate::check(site, &settled.edits).err();
    }
    if settled.unfit.is_none()
        && let Err(refusal) = gate::check_all(site, &settled)
    {
        settled.imports.clear();
        settled.outside.clear();
        settled.refusals.push(refusal);
    }
    if is_first && settled.edits.is_empty() {
        settled.show_what_does_not_parse(site, blocks);
    }
    settled
}

/// The edits `placed` so far together with those that `block` means: sorted, disjoint, inside the scope.
///
/// A block refers to the text as it was shown; where it does not fit that, to the text with the edits so far. Refused is
/// what has not exactly one place, what contradicts an earlier block, and what a file must not get. Line endings are those of
/// the document.
pub fn place(block: &Block, site: &Site, placed: &[Edit]) -> Result<Vec<Edit>, Refusal> {
    match block {
        Block::Several { blocks } => {
            let mut total = placed.to_vec();
            for block in blocks {
                total = place(block, site, &total)?;
            }
            Ok(total)
        }
        Block::OneOf { readings, is_first_plain: true } if site.subject().is_none() => match readings.first()
        {
            Some(plain) => place(plain, site, placed),
            None => Err(Reason::NoCode.into()),
        },
        Block::OneOf { readings, .. } => one_of(readings, site, placed),
        Block::Rewrite { .. }
        | Block::Bare { .. }
        | Block::Replace { .. }
        | Block::Literal { .. }
        | Block::Diff { .. } => {
            let refusal = match alone(block, site).and_then(|edits| together(site, placed, edits)) {
                Ok(total) => return Ok(total),
                Err(refusal) => refusal,
            };
            let is_dependent =
                matches!(refusal.reason, Reason::NotFound | Reason::Overlap | Reason::TooShort);
            let after = (is_dependent && !placed.is_empty()).then(|| behind(block, site, placed)).flatten();
            after.ok_or(refusal)
        }
    }
}

/// The edits of one block on the text as it was shown.
fn alone(block: &Block, site: &Site) -> Result<Vec<Edit>, Refusal> {
    let content = site.content();
    let lines = lines::lines_of(&content, site.scope().start);
    let view = View::new(site, &lines);
    let placed = match block {
        Block::Rewrite { text } => rewrite::place(&view, text)?,
        Block::Bare { text } if site.subject().is_some() => {
            rewrite::place(&view, text).map_err(|_| Refusal::new(Reason::NoCode))?
        }
        Block::Bare { .. } => return Err(Reason::NoCode.into()),
        Block::Replace { search, replace } => search::place(&view, &Lines::new(search, replace))?,
        Block::Literal { search, replace } => literal::place(&view, search, replace)?,
        Block::Diff { changes } => return diff::place(&view, changes),
        Block::Several { .. } | Block::OneOf { .. } => return Err(Reason::NoCode.into()),
    };
    view.confirm(placed)
}

/// The edits of a block that refers to what earlier blocks made of the text.
fn behind(block: &Block, site: &Site, placed: &[Edit]) -> Option<Vec<Edit>> {
    let first = ChangeSet::new(site.text().len(), placed.to_vec()).ok()?;
    let after = site.after(&first)?;
    let edits = alone(block, &after).ok()?;
    let second = ChangeSet::new(after.text().len(), edits).ok()?;
    let total = first.compose(&second).ok()?;
    Some(total.edits().iter().filter(|edit| !site.text().is_at(&edit.range, &edit.text)).cloned().collect())
}

/// `placed` and `edits`, if they do not touch the same text.
fn together(site: &Site, placed: &[Edit], edits: Vec<Edit>) -> Result<Vec<Edit>, Refusal> {
    if edits.iter().any(|edit| placed.iter().any(|placed| site::collides(&edit.range, &placed.range))) {
        return Err(Reason::Overlap.into());
    }
    let mut total = placed.to_vec();
    total.extend(edits);
    total.sort_by_key(|edit| (edit.range.start, edit.range.end));
    match ChangeSet::new(site.text().len(), total.clone()) {
        Ok(_) => Ok(total),
        Err(_) => Err(Reason::Overlap.into()),
    }
}

/// The only one of several readings that fits.
fn one_of(readings: &[Block], site: &Site, placed: &[Edit]) -> Result<Vec<Edit>, Refusal> {
    if let Some(block) = search::longest_exact(readings, site) {
        return place(block, site, placed);
    }
    // From the shortest on: what begins or ends with a whole definition and goes on is none itself, and what holds a reading
    // that fits inside is the one that is meant.
    let mut readings: Vec<&Block> = readings.iter().collect();
    readings.sort_by_key(|reading| len(reading));
    let mut fitting: Vec<(&str, Vec<Edit>)> = Vec::new();
    let mut refusals: Vec<Refusal> = Vec::new();
    for reading in readings {
        let whole = match reading {
            Block::Rewrite { text } => text.as_str(),
            _ => "",
        };
        let goes_on = |(held, _): &(&str, Vec<Edit>)| {
            !held.is_empty()
                && (whole.starts_with(held) || whole.ends_with(held))
                && lines::is_fenced_part(whole, held)
        };
        if site.subject().is_some() && fitting.iter().any(goes_on) {
            continue;
        }
        let edits = place(reading, site, placed).and_then(|edits| match whole {
            // A whole text went through the gate when it was placed.
            "" => gate::check(site, &edits).map(|()| edits),
            _ if placed.is_empty() => Ok(edits),
            _ => gate::check(site, &edits).map(|()| edits),
        });
        match edits {
            Ok(edits) if fitting.iter().any(|(_, known)| *known == edits) => {}
            Ok(edits) => {
                fitting.retain(|(held, _)| held.is_empty() || !lines::is_fenced_part(whole, held));
                fitting.push((whole, edits));
            }
            Err(refusal) => refusals.push(refusal),
        }
    }
    let mut fitting: Vec<Vec<Edit>> = fitting.into_iter().map(|(_, edits)| edits).collect();
    match (fitting.len(), fitting.pop()) {
        (1, Some(edits)) => Ok(edits),
        (0, _) | (_, None) => {
            let says_more = |refusal: &Refusal| {
                !matches!(
                    refusal.reason,
                    Reason::NotOne { n_found: 0, .. } | Reason::Unrelated | Reason::EmptyRewrite
                )
            };
            let best = refusals.iter().position(says_more).unwrap_or(0);
            Err(if refusals.is_empty() { Reason::NoCode.into() } else { refusals.swap_remove(best) })
        }
        (n_readings, Some(_)) => Err(Reason::SeveralReadings { n_readings }.into()),
    }
}

/// Bytes of a whole text; 0 for other blocks.
fn len(block: &Block) -> usize {
    match block {
        Block::Rewrite { text } | Block::Bare { text } => text.len(),
        Block::Replace { .. }
        | Block::Literal { .. }
        | Block::Diff { .. }
        | Block::Several { .. }
        | Block::OneOf { .. } => 0,
    }
}
