//! Any text at all as an answer about real code: bytes outside of the scope never change, and what is applied parses no worse.

use edit::{Site, hunks_within, resolve};
use fastrand::Rng;
use syntax::{Stop, Tree, error_count, language_for};
use text::{ChangeSet, Text, split_lines};

use super::case::Base;
use super::{blocks, rewrites, soak};

/// What is put into answers.
const PIECES: [&str; 24] = [
    "```\n",
    "```\n\n```\n",
    "<<<<<<< SEARCH\n",
    "=======\n",
    ">>>>>>> REPLACE\n",
    "<think>",
    "</think>\n",
    "{",
    "}",
    "(",
    ")",
    "\"",
    "'",
    "\"\"\"\n",
    "    ",
    "\t",
    "\r\n",
    "\r",
    "é",
    "“",
    "&lt;",
    "# ... existing code ...\n",
    "@@ -1,2 +1,2 @@\n",
    "\0",
];

#[test]
fn a_mangled_answer_changes_nothing_outside_of_the_scope() {
    let bases = Base::all();
    let mut rng = Rng::with_seed(41);
    let rounds = 4_000 * soak();
    let (mut n_applied, mut n_refused, mut n_parsed) = (0_usize, 0_usize, 0_usize);
    for round in 0..rounds {
        let base = &bases[rng.usize(0..bases.len())];
        let cases = if rng.bool() { rewrites::cases(base, &mut rng) } else { blocks::cases(base, &mut rng) };
        let case = &cases[rng.usize(0..cases.len())];
        let answer = mangled(&case.answer, &case.text, &mut rng);
        let text = Text::from(case.text.as_str());
        let scope = if rng.u8(0..4) == 0 { any_lines(&case.text, &mut rng) } else { case.scope.clone() };
        let tree = language_for("", &case.path)
            .filter(|_| rng.u8(0..4) > 0)
            .map(|language| Tree::parse(language, &text, &Stop::never()).expect("nothing stops it"));
        let site = Site::new(&text, &scope, tree.clone());
        let Ok(settled) = resolve(&answer, case.format, case.ending, &site) else {
            n_refused += 1;
            continue;
        };
        let is_added = |edit: &text::Edit| edit.range.is_empty() && !edit.text.trim().is_empty();
        assert!(settled.imports.iter().all(is_added), "round {round}: an import only adds lines");
        let edits = settled.edits;
        let changes = ChangeSet::new(text.len(), edits.clone()).expect("sorted and disjoint");
        let after = text.apply(&changes).expect("fits");
        let (before, found) = (&case.text, after.to_string());
        let is_same = found.starts_with(&before[..scope.start])
            && found.ends_with(&before[scope.end..])
            && found.len() + scope.len() >= before.len();
        assert!(is_same, "round {round}: {} changes text outside of {scope:?} with {answer:?}", case.path);
        let hunks = ChangeSet::new(text.len(), hunks_within(&text, edits, &scope)).expect("sorted");
        assert_eq!(text.apply(&hunks).expect("fits").to_string(), found, "round {round}");
        if let Some(tree) = tree {
            let reparsed = Tree::parse(tree.language(), &after, &Stop::never()).expect("nothing stops it");
            // A reparse that starts from the tree before may recover elsewhere than one that does not; it is the first that counts.
            let follows = tree
                .edited(&changes, &text, &after)
                .reparse(&after, &Stop::never())
                .expect("nothing stops it");
            let n_errors = error_count(&reparsed).min(error_count(&follows));
            assert!(
                n_errors <= error_count(&tree),
                "round {round}: {} parses worse with {answer:?}",
                case.path
            );
            n_parsed += 1;
        }
        n_applied += 1;
    }
    assert!(n_applied > rounds / 20 && n_refused > rounds / 20, "{n_applied} applied, {n_refused} refused");
    eprintln!(
        "counts: mangled answers {rounds} ({n_applied} applied, of them {n_parsed} parsed; {n_refused} refused)"
    );
}

/// `answer` with pieces put in, and lines removed, repeated, exchanged or taken from the file.
fn mangled(answer: &str, file: &str, rng: &mut Rng) -> String {
    let mut lines: Vec<String> = split_lines(answer).into_iter().map(str::to_owned).collect();
    let file_lines = split_lines(file);
    for _ in 0..rng.usize(0..4) {
        let at = rng.usize(0..=lines.len());
        match rng.u8(0..7) {
            0 => lines.insert(at, PIECES[rng.usize(0..PIECES.len())].to_owned()),
            1 => lines.insert(at, file_lines[rng.usize(0..file_lines.len())].to_owned()),
            2 if at < lines.len() => drop(lines.remove(at)),
            3 if at < lines.len() => lines.insert(at, lines[at].clone()),
            4 if at + 1 < lines.len() => lines.swap(at, at + 1),
            5 if at < lines.len() => {
                let piece = PIECES[rng.usize(0..PIECES.len())];
                let line = &mut lines[at];
                let inside =
                    (0..=rng.usize(0..=line.len())).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
                line.insert_str(inside, piece);
            }
            _ => lines.truncate(at),
        }
    }
    lines.concat()
}

/// Some whole lines.
fn any_lines(text: &str, rng: &mut Rng) -> std::ops::Range<usize> {
    let mut starts = vec![0];
    for line in split_lines(text) {
        starts.push(starts[starts.len() - 1] + line.len());
    }
    let (a, b) = (rng.usize(0..starts.len()), rng.usize(0..starts.len()));
    starts[a.min(b)]..starts[a.max(b)]
}
