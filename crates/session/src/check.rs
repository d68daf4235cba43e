//! The check of hunks before they are offered: what is wrong with each, and what they need of each other.
//!
//! Runs in a job, on values. Must never ask what became of the hunks meanwhile.

use edit::{Needs, Tie};
use syntax::{Language, ParseStopped, Stop};
use text::Edit;
use verify::{Finding, FindingKind};

use crate::job::{CheckJob, Checked, Checks};
use crate::level::NamesLevel;
use crate::names::NamesCheck;

impl CheckJob {
    /// What there is to say of the hunks. Where `stop` ends a parse, each hunk says that it was not checked.
    pub fn run(&self, stop: &Stop) -> Checks {
        let mut checks = self.run_again(stop);
        let packages = workspace::packages(&self.snapshot, &self.uri);
        let asked =
            edit::Asked { language: self.language, instructions: &self.instructions, packages: &packages };
        let detections = edit::detect(&self.text, self.tree.as_ref(), &self.edits, &asked, stop);
        for (checked, detections) in checks.hunks.iter_mut().zip(detections) {
            checked.detections = detections;
        }
        checks
    }

    /// What the hunks break and what they need, without what detectors say: these compare all that an answer changed, and
    /// after an accept or a reject only a part of it is left.
    pub fn run_again(&self, stop: &Stop) -> Checks {
        let needs = Needs::none(self.edits.len() + self.rejected.len());
        let mut checks = Checks { hunks: self.each(stop), needs, needs_outside: false };
        let Some(language) = self.language else { return checks };
        if let Ok(needs) = self.needs(language, stop) {
            checks.needs = needs;
        }
        for (idx, checked) in checks.hunks.iter_mut().enumerate() {
            // The hunks that are needed say more than that there are some.
            let is_told = checks.needs.of(idx).iter().any(|need| need.tie == Tie::Parse);
            checked.findings.retain(|finding| !is_told || finding.kind != FindingKind::NeedsOthers);
        }
        checks.needs_outside = self.needs_outside(language, &checks.needs, stop).unwrap_or(false);
        checks
    }

    /// What each edit breaks, and the names in it that nothing has.
    fn each(&self, stop: &Stop) -> Vec<Checked> {
        let Some(language) = self.language else { return vec![Checked::default(); self.edits.len()] };
        let findings = verify::per_hunk(language, &self.text, self.tree.as_ref(), &self.edits, stop);
        let checked = findings.into_iter();
        let checked =
            checked.map(|findings| Checked { parses: findings.is_empty(), findings, ..Checked::default() });
        self.with_names(checked.collect(), language, stop)
    }

    /// Where the text does not parse, what stands in place of a name is anyone's guess.
    fn with_names(&self, mut checked: Vec<Checked>, language: Language, stop: &Stop) -> Vec<Checked> {
        let parses = |finding: &Finding| finding.kind == FindingKind::NeedsOthers;
        if !checked.iter().flat_map(|checked| &checked.findings).all(parses) {
            return checked;
        }
        let names = NamesCheck {
            snapshot: &self.snapshot,
            uri: &self.uri,
            indexer: self.indexer.as_deref(),
            language,
            text: &self.text,
            tree: self.tree.as_ref(),
            edits: &self.edits,
            outside: &self.outside,
        };
        let (findings, level) = names.findings(stop);
        for (checked, names) in checked.iter_mut().zip(findings) {
            checked.names = if names.is_empty() { level } else { NamesLevel::None };
            checked.findings.extend(names);
        }
        checked
    }

    fn needs(&self, language: Language, stop: &Stop) -> Result<Needs, ParseStopped> {
        let all: Vec<Edit> = self.edits.iter().chain(&self.rejected).cloned().collect();
        let mut needs = edit::needs_until(&self.text, self.tree.as_ref(), &all, language, stop)?;
        let with = verify::parses_with(language, &self.text, self.tree.as_ref(), &self.edits, stop)?;
        for (hunk, with) in with.into_iter().enumerate() {
            with.into_iter().for_each(|other| needs.add(hunk, other, Tie::Parse));
        }
        self.widen(&mut needs, language, stop)?;
        Ok(needs)
    }

    /// Where all hunks parse, but not those that one needs by name, that one needs all.
    fn widen(&self, needs: &mut Needs, language: Language, stop: &Stop) -> Result<(), ParseStopped> {
        let n_live = self.edits.len();
        let parses =
            |edits: &[Edit]| verify::subset_parses(language, &self.text, self.tree.as_ref(), edits, stop);
        let has_needs = (0..n_live).any(|hunk| !needs.of(hunk).is_empty());
        if !has_needs || !parses(&self.edits)? {
            return Ok(());
        }
        for hunk in 0..n_live {
            let closure = needs.closure(hunk);
            let n_members = closure.iter().filter(|member| **member < n_live).count();
            if n_members < 2 || n_members == n_live {
                continue;
            }
            let members = self.edits.iter().enumerate().filter(|(idx, _)| closure.contains(idx));
            let members: Vec<Edit> = members.map(|(_, edit)| edit.clone()).collect();
            if !parses(&members)? {
                (0..n_live).for_each(|other| needs.add(hunk, other, Tie::Parse));
            }
        }
        Ok(())
    }

    /// Whether the hunks that are accepted together when none is named do not parse, though all hunks do.
    fn needs_outside(&self, language: Language, needs: &Needs, stop: &Stop) -> Result<bool, ParseStopped> {
        let is_outside = |idx: usize| self.outside.get(idx).copied().unwrap_or(false);
        let is_on = |idx: usize| {
            !is_outside(idx)
                || (0..self.edits.len())
                    .any(|user| !is_outside(user) && needs.imports(user).any(|on| on == idx))
        };
        let on = self.edits.iter().enumerate().filter(|(idx, _)| is_on(*idx));
        let on: Vec<Edit> = on.map(|(_, edit)| edit.clone()).collect();
        if on.len() == self.edits.len() || on.is_empty() {
            return Ok(false);
        }
        Ok(!verify::subset_parses(language, &self.text, self.tree.as_ref(), &on, stop)?)
    }
}
