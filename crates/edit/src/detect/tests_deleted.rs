//! Tests that go or are skipped, unless it was asked for.

use syntax::{Site, SiteKind};

use super::change::{Change, Side};
use super::lines::{is_substantive, shown};
use super::request::Request;
use super::{DetectionKind, Found};

/// Words that ask for tests to become fewer.
const MERGING: [&str; 12] = [
    "merge",
    "combine",
    "table",
    "parametrize",
    "parameterize",
    "join",
    "unify",
    "consolidate",
    "single",
    "dedupe",
    "deduplicate",
    "collapse",
];
/// What a line begins with that takes a test out.
const SKIPS: [&str; 17] = [
    "#[ignore",
    "@pytest.mark.skip",
    "@unittest.skip",
    "@skip",
    "@Disabled",
    "@Ignore",
    "[Ignore",
    "t.Skip(",
    "t.SkipNow(",
    "it.skip(",
    "test.skip(",
    "describe.skip(",
    "xit(",
    "xdescribe(",
    "pytest.skip(",
    "self.skipTest(",
    "throw XCTSkip(",
];

pub(super) fn detect(change: &Change, request: &Request) -> Found {
    let mut found = skipped(change, request);
    if request.mentions(&MERGING) || request.mentions(&["test", "spec"]) && request.removes() {
        return found;
    }
    let new: Vec<&Site> = tests(&change.new);
    for hunk in &change.hunks {
        if request.removes() && hunk.only_removes() && !request.mentions(&["test"]) {
            continue;
        }
        for test in tests(&change.old).into_iter().filter(|test| hunk.removes(&test.range)) {
            let stands = new
                .iter()
                .any(|new| new.label == test.label || is_alike(&change.old, test, &change.new, new));
            if !stands && !request.names(&test.label) {
                let message = format!("removes the test {}", shown(&test.label));
                let place = hunk.new.start..hunk.new.start;
                found.push((hunk.idx, change.remark(DetectionKind::Test, &place, message)));
            }
        }
    }
    found
}

fn tests(side: &Side) -> Vec<&Site> {
    side.sites.iter().filter(|site| site.kind == SiteKind::Test).collect()
}

/// Whether at least half of a test's lines behind the first stand in another one.
fn is_alike(old_side: &Side, old: &Site, new_side: &Side, new: &Site) -> bool {
    let body = |side: &Side, site: &Site| -> Vec<String> {
        let lines = side.at(&site.range).lines().skip(1).map(|line| line.trim().to_owned());
        lines.filter(|line| is_substantive(line)).collect()
    };
    let (old, new) = (body(old_side, old), body(new_side, new));
    let n_kept = old.iter().filter(|line| new.contains(line)).count();
    n_kept > 0 && 2 * n_kept >= old.len()
}

fn skipped(change: &Change, request: &Request) -> Found {
    let mut found = Found::new();
    if request.mentions(&["skip", "ignore", "disable", "flaky"]) {
        return found;
    }
    let is_skip = |line: &str| SKIPS.iter().any(|skip| line.starts_with(skip));
    for hunk in &change.hunks {
        let stood =
            hunk.runs.iter().any(|run| change.old.at(&run.old).lines().any(|line| is_skip(line.trim())));
        let lines = hunk.runs.iter().flat_map(|run| change.new.lines_in(&run.new));
        let skip = lines.into_iter().find(|line| is_skip(change.new.at(line).trim()));
        if let Some(line) = skip.filter(|_| !stood) {
            let message = format!("takes a test out with {}", shown(change.new.at(&line)));
            found.push((hunk.idx, change.remark(DetectionKind::Test, &line, message)));
        }
    }
    found
}
