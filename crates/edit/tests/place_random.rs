//! Random answers on random scopes: bytes outside never change, unchanged lines keep theirs, and what is placed is exact.

use std::ops::Range;

use edit::{AnswerParser, Block, Ending, Format, Reason, Site, hunks_within, place};
use fastrand::Rng;
use text::{ChangeSet, Edit, LineEnding, Text, split_lines};

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(0..from.len())]
}

/// A document of `n` lines with mixed endings, and the range of some of its lines.
fn document(rng: &mut Rng, contents: &[String]) -> (String, Range<usize>) {
    let endings: &[&str] = match rng.usize(0..4) {
        0 => &["\n"],
        1 => &["\r\n"],
        2 => &["\n", "\r\n"],
        _ => &["\n", "\r\n", "\r"],
    };
    let mut document = String::new();
    for (idx, line) in contents.iter().enumerate() {
        document.push_str(line);
        if idx + 1 < contents.len() || rng.bool() {
            document.push_str(pick(rng, endings));
        }
    }
    let mut starts = vec![0];
    for line in split_lines(&document) {
        starts.push(starts.last().copied().unwrap_or(0) + line.len());
    }
    let (a, b) = (rng.usize(0..starts.len()), rng.usize(0..starts.len()));
    (document.clone(), starts[a.min(b)]..starts[a.max(b)])
}

fn content(line: &str) -> &str {
    line.strip_suffix("\r\n").or_else(|| line.strip_suffix(['\n', '\r'])).unwrap_or(line)
}

fn apply(text: &Text, edits: Vec<Edit>) -> String {
    text.apply(&ChangeSet::new(text.len(), edits).expect("sorted")).expect("fits").to_string()
}

/// Checks that only `scope` changed and gives what stands there now.
fn inside<'a>(before: &str, after: &'a str, scope: &Range<usize>, round: usize) -> &'a str {
    let tail = &before[scope.end..];
    assert!(after.starts_with(&before[..scope.start]), "round {round}: text in front of the scope changed");
    assert!(after.ends_with(tail), "round {round}: text behind the scope changed");
    &after[scope.start..after.len() - tail.len()]
}

#[test]
fn any_answer_is_placed_inside_the_scope_or_refused() {
    const PIECES: [&str; 30] = [
        "```",
        "```\n",
        "````\n",
        "\n",
        "\r\n",
        "\r",
        "a",
        "  b",
        "é",
        "{",
        "}",
        "<<<<<<< SEARCH\n",
        "=======\n",
        ">>>>>>> REPLACE\n",
        "<think>",
        "</think>",
        "# ...",
        "\t",
        " ",
        "a\n",
        "b\n",
        "  c\n",
        "    d\n",
        "1 | a\n",
        "\"\"\"",
        "&lt;",
        "“",
        "end\n",
        "\0",
        "\u{2028}",
    ];
    let mut rng = Rng::with_seed(21);
    let rounds = 30_000 * soak();
    let (mut n_applied, mut n_refused) = (0_usize, 0_usize);
    for round in 0..rounds {
        let lines: Vec<String> = (0..rng.usize(0..9))
            .map(|_| {
                pick(&mut rng, &["a", "b", "  c", "    d", "", "é", "{", "}", "  c  ", "\ta"]).to_owned()
            })
            .collect();
        let (document, scope) = document(&mut rng, &lines);
        let text = Text::from(document.as_str());
        let noise: String = (0..rng.usize(0..10)).map(|_| pick(&mut rng, &PIECES)).collect();
        let search: String =
            split_lines(&document[scope.clone()]).iter().take(rng.usize(0..4)).copied().collect();
        let answer = match rng.usize(0..4) {
            0 => noise,
            1 => format!("```\n{}{noise}\n```\n", &document[scope.clone()]),
            2 => format!("``````\n{noise}\n``````\n"),
            _ => format!("<<<<<<< SEARCH\n{search}\n=======\n{noise}\n>>>>>>> REPLACE\n"),
        };
        let format = if rng.bool() { Format::Rewrite } else { Format::SearchReplace };
        let mut parser = AnswerParser::new(format);
        let mut blocks = parser.push(&answer);
        let end = parser.finish(Ending::Complete);
        blocks.extend(end.blocks);
        n_refused += end.problems.len();
        let mut edits: Vec<Edit> = Vec::new();
        let site = Site::new(&text, &scope, None);
        for block in &blocks {
            match place(block, &site, &edits) {
                Ok(total) => {
                    n_applied += usize::from(total != edits);
                    edits = total;
                }
                Err(_) => n_refused += 1,
            }
        }
        let after = apply(&text, edits.clone());
        inside(&document, &after, &scope, round);
        let hunks = hunks_within(&text, edits, &scope);
        assert_eq!(apply(&text, hunks), after, "round {round}: hunks of {answer:?} on {document:?}");
    }
    assert!(n_applied > rounds / 20 && n_refused > rounds / 20, "{n_applied} applied, {n_refused} refused");
    eprintln!("counts: random answers {rounds} ({n_applied} applied, {n_refused} refused)");
}

#[test]
fn a_rewrite_is_exact_and_keeps_the_bytes_of_unchanged_lines() {
    let mut rng = Rng::with_seed(22);
    let rounds = 20_000 * soak();
    let (mut n_applied, mut n_kept) = (0_usize, 0_usize);
    for round in 0..rounds {
        // Every line is unique, so that it is clear which one stayed.
        let lines: Vec<String> = (0..rng.usize(1..16))
            .map(|idx| {
                format!("{}line {idx}{}", pick(&mut rng, &["", "  "]), pick(&mut rng, &["", "", " ", "\t"]))
            })
            .collect();
        let (document, scope) = document(&mut rng, &lines);
        let old = split_lines(&document[scope.clone()]);
        let mut new: Vec<String> = Vec::new();
        for (idx, line) in old.iter().enumerate() {
            match rng.usize(0..8) {
                0 if idx > 0 => {}
                1 => new.push(format!("{} changed", content(line).trim_end())),
                2 => new.extend([content(line).trim_end().to_owned(), format!("  new {idx}")]),
                _ => new.push(content(line).trim_end().to_owned()),
            }
        }
        let block = Block::Rewrite { text: new.iter().map(|line| format!("{line}\n")).collect() };
        let text = Text::from(document.as_str());
        let edits = match place(&block, &Site::new(&text, &scope, None), &[]) {
            Ok(edits) => edits,
            Err(refusal) => {
                let is_gate = matches!(
                    refusal.reason,
                    Reason::PartOfScope | Reason::EmptyRewrite | Reason::Indentation
                );
                assert!(is_gate, "round {round}: {refusal} for {new:?} on {document:?}");
                continue;
            }
        };
        let after = apply(&text, edits);
        let found = split_lines(inside(&document, &after, &scope, round));
        let trimmed: Vec<&str> = found.iter().map(|line| content(line).trim_end()).collect();
        assert_eq!(trimmed, new, "round {round}");
        let last = old.last().copied().unwrap_or("");
        for line in &found {
            let Some(was) = old.iter().find(|old| content(old).trim_end() == content(line).trim_end()) else {
                continue;
            };
            // The last line of a text without a final newline gets an ending when something follows it.
            let was_open = *was == last && LineEnding::of_line(was).is_none();
            assert!(
                line == was || was_open && content(line) == *was,
                "round {round}: {was:?} became {line:?}"
            );
            n_kept += 1;
        }
        let is_closed = |lines: &[&str]| lines.last().is_some_and(|line| LineEnding::of_line(line).is_some());
        let dropped_last =
            !found.iter().any(|line| content(line).trim_end().starts_with(content(last).trim_end()));
        assert!(
            is_closed(&found) == is_closed(&old) || dropped_last,
            "round {round}: final newline of {document:?}"
        );
        n_applied += 1;
    }
    assert!(n_applied > rounds / 2, "{n_applied} of {rounds}");
    eprintln!("counts: random rewrites {rounds} ({n_applied} applied, {n_kept} unchanged lines)");
}

#[test]
fn a_block_is_placed_at_its_only_place_or_refused() {
    let mut rng = Rng::with_seed(23);
    let rounds = 30_000 * soak();
    let (mut n_applied, mut n_refused) = (0_usize, 0_usize);
    for round in 0..rounds {
        let lines: Vec<String> = (0..rng.usize(1..14))
            .map(|_| pick(&mut rng, &["a", "b", "c", "d", "e ", "f", " g", ""]).to_owned())
            .collect();
        let (document, scope) = document(&mut rng, &lines);
        let old: Vec<&str> = split_lines(&document[scope.clone()]).into_iter().map(content).collect();
        let len = rng.usize(1..4);
        let from = rng.usize(0..=old.len());
        let mut search: Vec<&str> = old.iter().skip(from).take(len).copied().collect();
        if rng.usize(0..8) == 0 {
            search.push("x");
        }
        let replace: Vec<&str> = (0..rng.usize(0..4))
            .map(|_| if rng.bool() { search.get(rng.usize(0..4)).copied().unwrap_or("y") } else { "z" })
            .collect();
        let join = |lines: &[&str]| -> String { lines.iter().map(|line| format!("{line}\n")).collect() };
        let block = Block::Replace { search: join(&search), replace: join(&replace) };
        let text = Text::from(document.as_str());
        let starts: Vec<usize> = if search.is_empty() {
            Vec::new()
        } else {
            old.windows(search.len())
                .enumerate()
                .filter(|(_, window)| *window == search)
                .map(|(at, _)| at)
                .collect()
        };
        match (place(&block, &Site::new(&text, &scope, None), &[]), starts.as_slice()) {
            (Ok(edits), [at]) => {
                let after = apply(&text, edits);
                let found: Vec<&str> =
                    split_lines(inside(&document, &after, &scope, round)).into_iter().map(content).collect();
                let mut expected = old.clone();
                expected.splice(*at..at + search.len(), replace.iter().copied());
                assert_eq!(found, expected, "round {round}: {block:?} on {document:?}");
                n_applied += 1;
            }
            // A piece that is part of a line, or ends inside one.
            (Ok(edits), []) => {
                let flat: String = split_lines(&document[scope.clone()])
                    .iter()
                    .map(|line| {
                        if LineEnding::of_line(line).is_some() {
                            format!("{}\n", content(line))
                        } else {
                            (*line).to_owned()
                        }
                    })
                    .collect();
                let (search, replace) = (search.join("\n"), replace.join("\n"));
                assert_eq!(flat.matches(&search).count(), 1, "round {round}: {block:?} on {document:?}");
                let after = apply(&text, edits);
                let found: Vec<&str> =
                    split_lines(inside(&document, &after, &scope, round)).into_iter().map(content).collect();
                let expected = flat.replace(&search, &replace);
                let expected: Vec<&str> = split_lines(&expected).into_iter().map(content).collect();
                assert_eq!(found, expected, "round {round}: {block:?} on {document:?}");
                n_applied += 1;
            }
            (Ok(edits), places) => {
                panic!("round {round}: {edits:?} with {places:?} for {block:?} on {document:?}")
            }
            (Err(refusal), places) => {
                if places.len() > 1 && refusal.reason == Reason::Ambiguous {
                    assert_eq!(refusal.n_matches(), places.len(), "round {round}");
                }
                let is_blank = search.iter().all(|line| line.trim().is_empty());
                let is_ending = refusal.reason == Reason::LineEndings;
                assert!(
                    places.len() != 1 || is_blank || is_ending,
                    "round {round}: {refusal} on {document:?}"
                );
                n_refused += 1;
            }
        }
    }
    assert!(n_applied > rounds / 10 && n_refused > rounds / 10, "{n_applied} applied, {n_refused} refused");
    eprintln!("counts: random blocks {rounds} ({n_applied} applied, {n_refused} refused)");
}
