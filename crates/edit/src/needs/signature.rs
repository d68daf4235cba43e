//! Functions whose parameters change, and the calls that change with them.

use std::collections::BTreeMap;

use syntax::{Call, Parameter, Signature};

use super::side::{Side, Sides};
use super::{Needs, Tie};

impl Sides<'_> {
    /// A changed call needs the changed signature; a signature that breaks old calls needs the hunks that change them.
    pub(super) fn called(&self, needs: &mut Needs) {
        let (old, new) = (self.before.calls_by_hunk(), self.after.calls_by_hunk());
        for (before, after) in self.changed_signatures() {
            let name = before.name.as_str();
            let hunk = self.after.hunk_at(&after.range).or_else(|| self.before.hunk_at(&before.range));
            let Some(hunk) = hunk else { continue };
            let is_breaking = breaks(&before.parameters, &after.parameters);
            for user in (0..self.after.places.len()).filter(|user| *user != hunk) {
                let calls = |of: &[BTreeMap<&str, Vec<&str>>]| -> Vec<String> {
                    let of = of.get(user).and_then(|of| of.get(name));
                    of.into_iter().flatten().map(|arguments| (*arguments).to_owned()).collect()
                };
                let (old, new) = (calls(&old), calls(&new));
                if old == new {
                    continue;
                }
                let is_new = |call: &&String| !old.contains(call);
                let needs_new = |call: &String| uses_new(call, &before.parameters, &after.parameters);
                if new.iter().filter(is_new).any(|call| is_breaking || needs_new(call)) {
                    needs.add(user, hunk, Tie::Signature(name.to_owned()));
                }
                if is_breaking && !old.is_empty() {
                    needs.add(hunk, user, Tie::Calls(name.to_owned()));
                }
            }
        }
    }

    /// Signatures that are there before and after with other parameters. Of several of one name, the first goes with the first.
    fn changed_signatures(&self) -> Vec<(&Signature, &Signature)> {
        let mut changed = Vec::new();
        let mut n_seen: BTreeMap<&str, usize> = BTreeMap::new();
        let same = |name: &str, side: &Side<'_>| {
            side.names.signatures.iter().filter(|signature| signature.name == name).count()
        };
        for before in &self.before.names.signatures {
            let name = before.name.as_str();
            let seen = n_seen.entry(name).or_default();
            let after = self.after.names.signatures.iter().filter(|after| after.name == name).nth(*seen);
            *seen += 1;
            let after = after.filter(|after| after.parameters != before.parameters);
            let is_paired = after.is_some() && same(name, &self.before) == same(name, &self.after);
            changed.extend(after.filter(|_| is_paired).map(|after| (before, after)));
        }
        changed
    }
}

impl Side<'_> {
    /// The arguments of the calls in each hunk's text, by the name called.
    fn calls_by_hunk(&self) -> Vec<BTreeMap<&str, Vec<&str>>> {
        let mut calls = vec![BTreeMap::new(); self.places.len()];
        for Call { name, range, arguments } in &self.names.calls {
            // A call can begin in front of a hunk and end behind it.
            let touched = self.places.iter().zip(&mut calls);
            let touched = touched.filter(|(place, _)| place.start < range.end && range.start < place.end);
            for (_, calls) in touched {
                let calls: &mut BTreeMap<&str, Vec<&str>> = calls;
                calls.entry(name.as_str()).or_default().push(arguments.as_str());
            }
        }
        calls
    }
}

/// Whether calls made for `before` may not fit `after`: more than optional parameters at the end.
fn breaks(before: &[Parameter], after: &[Parameter]) -> bool {
    let Some((same, more)) = after.split_at_checked(before.len()) else { return true };
    let fits =
        |(old, new): (&Parameter, &Parameter)| old.name == new.name && (new.is_optional || !old.is_optional);
    !before.iter().zip(same).all(fits) || !more.iter().all(|parameter| parameter.is_optional)
}

/// Whether a call passes something to a parameter that was not there before.
fn uses_new(arguments: &str, before: &[Parameter], after: &[Parameter]) -> bool {
    let added = after.iter().filter(|parameter| before.iter().all(|known| known.name != parameter.name));
    let mut depth = 0_usize;
    let mut n_commas = 0;
    for c in arguments.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 1 => n_commas += 1,
            _ => {}
        }
    }
    n_commas + 1 > before.len() && !added.clone().collect::<Vec<_>>().is_empty() && arguments != "()"
        || added.into_iter().any(|added| arguments.contains(&format!("{}=", added.name)))
}
