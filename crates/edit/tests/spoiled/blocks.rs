//! Answers in search/replace blocks, spoiled.

use fastrand::Rng;
use text::{split_lines, unified_diff};

use super::case::{Base, Case, indent, map_lines};

type Pair = (String, String);

pub fn cases(base: &Base, rng: &mut Rng) -> Vec<Case> {
    let pairs = pairs(base);
    let mut cases = vec![
        base.replace("blocks", blocks(&pairs)),
        base.replace("blocks in fences", fenced(&pairs, "src/file")),
        base.replace("blocks, crlf answer", blocks(&pairs).replace('\n', "\r\n")),
        base.replace("blocks, crlf file", blocks(&pairs)).with_crlf(),
        base.replace("blocks out of order", blocks(&pairs.iter().rev().cloned().collect::<Vec<_>>())),
        base.replace("blocks sent twice", blocks(&[pairs.clone(), pairs.clone()].concat())),
        base.replace("tool arguments", tool(&pairs)),
        base.replace("blocks cut", blocks(&pairs)).cut(),
        base.replace("empty search", format!("<<<<<<< SEARCH\n=======\n{}>>>>>>> REPLACE\n", base.new))
            .refused(),
        base.replace("search from elsewhere", blocks(&[(elsewhere(), "x\n".to_owned())])).refused(),
        base.replace("search changes nothing", blocks(&[(pairs[0].0.clone(), pairs[0].0.clone())])).refused(),
    ];
    let both = |change: &dyn Fn(&str) -> String| -> Vec<Pair> {
        pairs.iter().map(|(search, replace)| (change(search), change(replace))).collect()
    };
    let searches = |change: &dyn Fn(&str) -> String| -> Vec<Pair> {
        pairs.iter().map(|(search, replace)| (change(search), replace.clone())).collect()
    };
    let n_common = |pair: &Pair| common_indent(&[pair.0.as_str(), pair.1.as_str()].concat());
    let outdented: Vec<Pair> = pairs
        .iter()
        .map(|pair| {
            let n = n_common(pair);
            (cut_indent(&pair.0, n), cut_indent(&pair.1, n))
        })
        .collect();
    cases.push(base.replace(
        "trailing blanks in the search",
        blocks(&searches(&|text| map_lines(text, |_, line| format!("{line}  ")))),
    ));
    cases.push(base.replace("outdented", blocks(&outdented)));
    let search_only: Vec<Pair> =
        pairs.iter().map(|pair| (cut_indent(&pair.0, n_common(pair)), pair.1.clone())).collect();
    cases.push(base.replace("search outdented", blocks(&search_only)));
    cases.push(base.replace("blocks with entities", blocks(&both(&escaped))));
    cases.push(base.replace("blocks with curly quotes", blocks(&both(&curly))));
    let first_only: Vec<Pair> = pairs
        .iter()
        .map(|(search, replace)| {
            let is_same = search.lines().next() == replace.lines().next();
            if is_same {
                (trim_first(search), trim_first(replace))
            } else {
                (search.clone(), replace.clone())
            }
        })
        .collect();
    cases.push(base.replace("first lines outdented", blocks(&first_only)));
    let numbered: Vec<Pair> =
        pairs.iter().map(|(search, replace)| (number(search), number(replace))).collect();
    cases.push(base.replace("blocks with numbers", blocks(&numbered)));
    let escaped_twice: Vec<Pair> =
        pairs.iter().map(|(search, replace)| (escape(search), escape(replace))).collect();
    cases.push(base.replace("escaped twice", blocks(&escaped_twice)));
    let no_blank = both(&|text| {
        text.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("{line}\n")).collect()
    });
    cases.push(Case { ignores_blank_lines: true, ..base.replace("blank lines dropped", blocks(&no_blank)) });
    cases.extend(slip(base, &pairs, rng));
    cases.extend(repeated(base));
    cases.extend(short(base, rng));
    cases
}

/// The edit as blocks whose search text stands once in the scope.
fn pairs(base: &Base) -> Vec<Pair> {
    for context in 1..40 {
        let pairs = hunks(&unified_diff(base.old(), &base.new, "a", "b", context));
        let is_unique = |search: &str| {
            let (lines, searched) = (trimmed(base.old()), trimmed(search));
            lines.windows(searched.len()).filter(|window| *window == searched).count() == 1
        };
        if pairs.iter().all(|(search, _)| is_unique(search)) {
            return pairs;
        }
    }
    vec![(base.old().to_owned(), base.new.clone())]
}

fn trimmed(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).collect()
}

fn hunks(diff: &str) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for line in split_lines(diff).into_iter().skip(2) {
        let (mark, content) = line.split_at(1);
        match (mark, pairs.last_mut()) {
            ("@", _) => pairs.push(Pair::default()),
            ("-", Some((search, _))) => search.push_str(content),
            ("+", Some((_, replace))) => replace.push_str(content),
            (" ", Some((search, replace))) => {
                search.push_str(content);
                replace.push_str(content);
            }
            other => panic!("{other:?} in a diff"),
        }
    }
    pairs
}

fn block((search, replace): &Pair) -> String {
    format!("<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE\n")
}

fn blocks(pairs: &[Pair]) -> String {
    pairs.iter().map(|pair| block(pair) + "\n").collect()
}

fn fenced(pairs: &[Pair], path: &str) -> String {
    let blocks: String = pairs.iter().map(|pair| format!("{path}\n```\n{}```\n\n", block(pair))).collect();
    format!("I change {} places.\n\n{blocks}That is all.\n", pairs.len())
}

fn tool(pairs: &[Pair]) -> String {
    let edits: Vec<_> = pairs
        .iter()
        .map(|(search, replace)| serde_json::json!({ "old_string": search, "new_string": replace }))
        .collect();
    serde_json::json!({ "edits": edits }).to_string()
}

fn elsewhere() -> String {
    "the quick brown fox = jumps(over)\nthe lazy dog = sleeps(on)\n".to_owned()
}

fn common_indent(text: &str) -> usize {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| indent(line).len()).min().unwrap_or(0)
}

fn cut_indent(text: &str, n: usize) -> String {
    map_lines(text, |_, line| line[n..].to_owned())
}

fn trim_first(text: &str) -> String {
    text.trim_start_matches([' ', '\t']).to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn curly(text: &str) -> String {
    text.replace('"', "”")
}

fn number(text: &str) -> String {
    text.lines().enumerate().map(|(idx, line)| format!("{:>3} | {line}\n", 7 + idx)).collect()
}

fn escape(text: &str) -> String {
    text.trim_end_matches('\n').replace('"', "\\\"").replace('\n', "\\n") + "\n"
}

/// Two letters of a word exchanged: in the search alone, or in a line of both that stays.
fn slip(base: &Base, pairs: &[Pair], rng: &mut Rng) -> Vec<Case> {
    let mut cases = Vec::new();
    let Some(at) = pairs.iter().position(|(search, _)| search.lines().count() >= 4) else { return cases };
    let (search, replace) = &pairs[at];
    let words: Vec<&str> = search
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| word.len() >= 6 && search.matches(*word).count() == 1)
        .collect();
    let Some(word) = (!words.is_empty()).then(|| words[rng.usize(0..words.len())]) else { return cases };
    let (a, b) = (word.chars().nth(2), word.chars().nth(3));
    let (Some(a), Some(b)) = (a, b) else { return cases };
    if a == b {
        return cases;
    }
    let wrong = format!("{}{b}{a}{}", &word[..2], &word[4..]);
    let line = search.lines().find(|line| line.contains(word)).expect("it stands in a line");
    let is_long = line.trim().len() >= 30;
    let mut with = pairs.to_vec();
    with[at] = (search.replace(word, &wrong), replace.clone());
    if is_long {
        cases.push(base.replace("a slip in the search", blocks(&with)));
    }
    if is_long && replace.lines().any(|other| other == line) {
        with[at] = (search.replace(word, &wrong), replace.replacen(line, &line.replace(word, &wrong), 1));
        cases.push(base.replace("a slip in a line that stays", blocks(&with)));
    }
    cases
}

/// A search text that stands in the scope twice.
fn repeated(base: &Base) -> Option<Case> {
    let lines = trimmed(base.old());
    let line = base.old().lines().find(|line| {
        let n = lines.iter().filter(|other| **other == line.trim()).count();
        n > 1 && !line.trim().is_empty()
    })?;
    let pair = (format!("{line}\n"), format!("{line}\n{line}\n"));
    Some(base.replace("search that stands twice", blocks(&[pair])).refused())
}

/// A piece of a line that stands once in the scope.
fn short(base: &Base, rng: &mut Rng) -> Option<Case> {
    let words: Vec<&str> = base
        .old()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| {
            word.len() >= 4 && base.old().matches(*word).count() == 1 && word.starts_with(char::is_alphabetic)
        })
        .collect();
    let word = (!words.is_empty()).then(|| words[rng.usize(0..words.len())])?;
    let after = format!("{}{}{}", base.above(), base.old().replace(word, &format!("{word}_x")), base.below());
    let case = base.replace("part of a line", blocks(&[(format!("{word}\n"), format!("{word}_x\n"))]));
    Some(Case { becomes: Some(after), ..case })
}
