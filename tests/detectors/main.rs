//! How often the detectors say what a reviewer would want to be told, on the labelled hunks of `fixtures/detectors`.
//!
//! Prints precision and recall per kind, for the cases that detectors are tuned on and for those that are held back.
//! `HUNKWISE_MISSES=1` also prints where the tuned ones differ. Must never show the held ones: whoever sees them tunes on them.

mod cases;
mod score;

use std::collections::BTreeSet;
use std::path::Path;

use cases::Case;
use edit::{Asked, DetectionKind};
use score::Score;
use syntax::Stop;

/// What is to hold on all cases together, and on those that are held back alone.
const MIN_PRECISION: f64 = 0.95;
const MIN_RECALL: f64 = 0.85;

fn detected(case: &Case) -> Vec<Vec<edit::Detection>> {
    let packages: BTreeSet<String> = case.packages.iter().cloned().collect();
    let asked = Asked {
        language: syntax::language_for("", &case.file),
        instructions: std::slice::from_ref(&case.ask),
        packages: &packages,
    };
    edit::detect(&case.before(), None, &case.edits(), &asked, &Stop::never())
}

#[test]
fn the_labelled_hunks_are_told_apart() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/detectors");
    let cases = cases::read(&root);
    let n_hunks: usize = cases.iter().map(|case| case.hunks.len()).sum();
    assert!(n_hunks >= 150, "{n_hunks} labelled hunks");
    let shows_misses = std::env::var_os("HUNKWISE_MISSES").is_some();

    let (mut tuned, mut held) = (Score::default(), Score::default());
    for case in &cases {
        let score = if case.is_held() { &mut held } else { &mut tuned };
        for (hunk, detections) in case.hunks.iter().zip(detected(case)) {
            let found: BTreeSet<DetectionKind> = detections.iter().map(|detection| detection.kind).collect();
            score.add(&hunk.labels, &found);
            if shows_misses && !case.is_held() && found != hunk.labels {
                let said: Vec<String> = detections.iter().map(ToString::to_string).collect();
                println!(
                    "{} line {}: expected {}, found {}: {}",
                    case.name,
                    hunk.line,
                    score::labels(&hunk.labels),
                    score::labels(&found),
                    said.join("; ")
                );
            }
        }
    }
    println!("{}", score::table(&tuned, &held));
    let all = tuned.with(&held);
    for (name, score) in [("all", &all), ("held", &held)] {
        let (precision, recall) = (score.overall().precision(), score.overall().recall());
        assert!(precision >= MIN_PRECISION, "{name}: precision {precision:.3}");
        assert!(recall >= MIN_RECALL, "{name}: recall {recall:.3}");
    }
    println!("counts: labelled hunks {n_hunks}");
}

#[test]
fn a_case_says_before_after_and_labels() {
    let text = "== a/b\nfile: x.py\nask: Do it\n one\n@ comment, literal\n-two\n+2\n three\n@ clean\n+four\n";
    let case = &cases::parse(text)[0];
    let shown: Vec<String> = case.edits().iter().map(|edit| format!("{edit:?}")).collect();
    let labels: Vec<String> = case.hunks.iter().map(|hunk| score::labels(&hunk.labels)).collect();
    assert_eq!(case.before().to_string(), "one\ntwo\nthree\n");
    assert_eq!(shown, ["Edit { range: 4..8, text: \"2\\n\" }", "Edit { range: 14..14, text: \"four\\n\" }"]);
    assert_eq!(labels, ["comment literal", "clean"]);
}
