//! A scope of 200 lines that arrives in pieces of 20 bytes: reading it, placing its blocks as they close, settling the whole.

use std::time::Duration;

use edit::{AnswerParser, Ending, Format, Site, place, settle};
use syntax::{Stop, Tree, error_count, language_for};
use text::{ChangeSet, Edit, Text, diff_lines};

use super::{fastest, row};

const ROUNDS: usize = 30;
/// Bytes of a piece.
const PIECE: usize = 20;

/// Prints a line for each language and format.
pub fn measure() {
    for (path, header, line, footer) in [
        ("a.py", "def f(a):\n", "    a = call_{n}(a, \"text {n}\")\n", ""),
        ("a.ts", "export function f(a: number) {\n", "  a = call{n}(a, \"text {n}\");\n", "}\n"),
        ("a.go", "func f(a int) {\n", "\ta = call{n}(a, \"text {n}\")\n", "}\n"),
        ("a.rs", "fn f(mut a: u32) {\n", "    a = call_{n}(a, \"text {n}\");\n", "}\n"),
    ] {
        let lines: Vec<String> = (0..200).map(|n| line.replace("{n}", &n.to_string())).collect();
        let old = format!("{header}{}{footer}", lines.concat());
        // Every tenth line changes.
        let changed = |idx: usize| lines[idx].replace("text", "other text");
        let new: String =
            (0..200).map(|idx| if idx % 10 == 3 { changed(idx) } else { lines[idx].clone() }).collect();
        let new = format!("{header}{new}{footer}");
        let blocks: String = (3..200)
            .step_by(10)
            .map(|idx| format!("<<<<<<< SEARCH\n{}=======\n{}>>>>>>> REPLACE\n\n", lines[idx], changed(idx)))
            .collect();
        let text = Text::from(old.as_str());
        let language = language_for("", path).expect("a known language");
        let tree = Tree::parse(language, &text, &Stop::never()).expect("nothing stops it");
        let site = Site::new(&text, &(0..text.len()), Some(tree.clone()));
        let bare = Site::new(&text, &(0..text.len()), None);
        for (name, format, answer) in [
            ("rewritten", Format::Rewrite, format!("```\n{new}```\n")),
            ("in 20 blocks", Format::SearchReplace, blocks),
        ] {
            let (mut ours, mut floor): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let floor_of = || {
                    let n_changes = diff_lines(&old, &new).len();
                    let change =
                        ChangeSet::single(old.len(), Edit::new(0..old.len(), new.as_str())).expect("fits");
                    let after = text.apply(&change).expect("fits");
                    let tree = tree.edited(&change, &text, &after).reparse(&after, &Stop::never());
                    tree.is_ok_and(|tree| error_count(&tree) < n_changes)
                };
                let (mine, least) = fastest(|| streamed(&answer, format, &site, &bare), floor_of);
                ours.push(mine);
                floor.push(least);
            }
            row(&format!("200 lines of {path} {name}, streamed"), &mut ours, &mut floor);
        }
    }
}

/// What the session does from the first piece to the settled answer.
fn streamed(answer: &str, format: Format, site: &Site, bare: &Site) -> bool {
    let mut parser = AnswerParser::new(format);
    let mut placed = Vec::new();
    for piece in answer.as_bytes().chunks(PIECE) {
        // The answers are ASCII.
        for block in parser.push(std::str::from_utf8(piece).expect("ASCII")) {
            placed = place(&block, bare, &placed).expect("each block has its place");
        }
    }
    let rest = parser.finish(Ending::Complete);
    let settled = settle(site, &rest.blocks, placed);
    assert!(
        settled.unfit.is_none() && settled.refusals.is_empty() && settled.edits.len() == 20,
        "{settled:?}"
    );
    true
}
