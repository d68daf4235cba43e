//! Answers as models spoil them, made from whole edits in many languages: each is placed right or refused, never wrong.
//!
//! An edit is a file of `fixtures/edits`: the text with its scope marked, and the scope's new text.

mod blocks;
mod case;
mod mangled;
mod rewrites;

use std::collections::BTreeMap;

use fastrand::Rng;

use case::{Base, Case, Verdict};

/// How many times the usual number of cases to run.
fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

#[derive(Default)]
struct Tally {
    n_right: usize,
    refused: Vec<String>,
}

#[test]
fn a_spoiled_answer_is_placed_right_or_refused() {
    let bases = Base::all();
    let mut rng = Rng::with_seed(31);
    let mut tally: BTreeMap<(&'static str, bool), Tally> = BTreeMap::new();
    let mut wrong = Vec::new();
    for _ in 0..4 * soak() {
        for base in &bases {
            let cases: Vec<Case> =
                rewrites::cases(base, &mut rng).into_iter().chain(blocks::cases(base, &mut rng)).collect();
            for case in cases {
                let tally = tally.entry((case.kind, case.must_apply())).or_default();
                match case.verdict() {
                    Verdict::Right => tally.n_right += 1,
                    Verdict::Refused(why) => tally.refused.push(format!("{}: {why}", base.path)),
                    Verdict::Wrong(result) => {
                        wrong.push(format!(
                            "{} of {}\n--- answer\n{}\n--- result\n{result}",
                            case.kind, base.path, case.answer
                        ));
                    }
                }
            }
        }
    }
    let (mut n_all, mut n_right) = (0, 0);
    for ((kind, must_apply), tally) in &tally {
        let n = tally.n_right + tally.refused.len();
        if *must_apply {
            n_all += n;
            n_right += tally.n_right;
        }
        if let Some(first) = tally.refused.first() {
            eprintln!("{kind}: {} of {n} refused, as {first}", tally.refused.len());
        }
    }
    let n_refusals: usize =
        tally.iter().filter(|((_, must_apply), _)| !must_apply).map(|(_, tally)| tally.n_right).sum();
    eprintln!(
        "counts: spoiled answers placed right {n_right} of {n_all}, rightly refused {n_refusals}, wrong {}",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{} of the answers are placed wrong, as {}", wrong.len(), wrong[0]);
    assert!(n_right * 100 >= n_all * 97, "{n_right} of {n_all}");
}
