//! Names that a hunk takes away: what still used them has to change with it.

use std::collections::BTreeMap;

use syntax::{Binding, BindingKind, Use};

use super::side::Sides;
use super::{Needs, Tie};

impl Sides<'_> {
    /// A hunk that takes a name away needs the hunks that stop using it, or the one that gives it elsewhere.
    pub(super) fn taken_away(&self, needs: &mut Needs) {
        let (given, given_after) = (self.before.given(), self.after.given());
        let kept = self.after.given_by_hunk();
        let still_used = self.after.used_by_hunk();
        let mut uses: BTreeMap<&str, Vec<&Use>> = BTreeMap::new();
        for found in &self.before.names.uses {
            uses.entry(found.name.as_str()).or_default().push(found);
        }
        for binding in &self.before.names.bindings {
            let name = binding.name.as_str();
            let Some(hunk) = self.before.hunk_at(&binding.range) else { continue };
            if kept.get(hunk).is_some_and(|kept| kept.contains(name)) {
                continue;
            }
            let elsewhere = self.moved_to(binding, hunk, &given_after);
            if let Some(elsewhere) = elsewhere {
                needs.add(elsewhere, hunk, Tie::Removal(name.to_owned()));
            }
            for found in uses.get(name).into_iter().flatten() {
                let meant = self.seen(&given, found, &[found.range.start]);
                let is_meant = meant.iter().any(|meant| meant.range == binding.range);
                let is_gone = meant.iter().all(|meant| self.before.hunk_at(&meant.range) == Some(hunk));
                let user = self.before.hunk_at(&found.range);
                if !is_meant || !is_gone || user == Some(hunk) {
                    continue;
                }
                let stops = |user: usize| still_used.get(user).is_some_and(|used| !used.contains(name));
                match (user.filter(|user| stops(*user)), elsewhere) {
                    (Some(user), _) => needs.add(hunk, user, Tie::Uses(name.to_owned())),
                    (None, Some(elsewhere)) => needs.add(hunk, elsewhere, Tie::Definition(name.to_owned())),
                    (None, None) => {}
                }
            }
        }
    }

    /// The other hunk that gives a name of the whole text that `hunk` takes away.
    fn moved_to(
        &self,
        binding: &Binding,
        hunk: usize,
        given: &BTreeMap<&str, Vec<&Binding>>,
    ) -> Option<usize> {
        let is_kind = |kind| matches!(kind, BindingKind::Definition | BindingKind::Import);
        if !is_kind(binding.kind) {
            return None;
        }
        let others = given.get(binding.name.as_str()).into_iter().flatten();
        let mut others =
            others.filter(|other| is_kind(other.kind)).map(|other| self.after.hunk_at(&other.range));
        others.find_map(|other| other.filter(|other| *other != hunk))
    }

    /// Where an import without a use does not compile: the import needs its use, and the end of the use the end of the import.
    pub(super) fn unused_imports(&self, needs: &mut Needs) {
        for (side, is_before) in [(&self.after, false), (&self.before, true)] {
            let imports = side.names.bindings.iter().filter(|binding| binding.kind == BindingKind::Import);
            for import in imports.filter(|import| !matches!(import.name.as_str(), "_" | ".")) {
                let Some(hunk) = side.hunk_at(&import.range) else { continue };
                let other = if is_before { &self.after } else { &self.before };
                if other
                    .names
                    .bindings
                    .iter()
                    .any(|known| known.name == import.name && known.kind == import.kind)
                {
                    continue;
                }
                let uses =
                    side.names.uses.iter().filter(|found| found.name == import.name && !found.is_member);
                let users: Vec<Option<usize>> = uses.map(|found| side.hunk_at(&found.range)).collect();
                let Some(Some(first)) = users.first() else { continue };
                let is_only = users.iter().all(|user| user == &Some(*first));
                if is_before && is_only {
                    needs.add(*first, hunk, Tie::Removal(import.name.clone()));
                } else if !is_before && users.iter().all(|user| user.is_some_and(|user| user != hunk)) {
                    needs.add(hunk, *first, Tie::Uses(import.name.clone()));
                }
            }
        }
    }
}
