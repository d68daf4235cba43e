//! Whole answers, spoiled.

use edit::Ending;
use fastrand::Rng;
use text::{diff_lines, split_lines, unified_diff};

use super::case::{Base, Case, fence, indent, map_lines};

pub fn cases(base: &Base, rng: &mut Rng) -> Vec<Case> {
    let new = base.new.as_str();
    let mut cases = vec![
        base.rewrite("clean", fence(new)),
        base.rewrite("no fence", new.to_owned()),
        base.rewrite("no fence, no last newline", new.trim_end().to_owned()),
        base.rewrite(
            "prose around",
            format!("Here is the new version:\n\n{}\nI kept the rest.\n", fence(new)),
        ),
        base.rewrite(
            "thought",
            format!("<think>\nFirst I thought of\n{}but no.\n</think>\n{}", fence(base.old()), fence(new)),
        ),
        base.rewrite("blank lines around", format!("```\n\n\n{new}\n\n```\n")),
        base.rewrite("crlf answer", fence(new).replace('\n', "\r\n")),
        base.rewrite("crlf file", fence(new)).with_crlf(),
        base.rewrite("longer fence", format!("`````\n{new}`````\n")),
        base.rewrite(
            "an example behind",
            format!("{}\nUse it like this:\n\n```\nexample = 1\n```\n", fence(new)),
        ),
        base.rewrite("dedented", fence(&dedented(base, new))),
        base.rewrite("deeper", fence(&map_lines(new, |_, line| deeper(base, line)))),
        base.rewrite("first line dedented", fence(new.trim_start_matches([' ', '\t']))),
        base.rewrite("entities", fence(&escaped(new))),
        base.rewrite("curly quotes", fence(&curly(new))),
        base.rewrite("whole file", fence(&base.after())),
        base.rewrite("context repeated", fence(&with_context(base, rng.usize(1..4)))),
        base.rewrite("unified diff", unified(base, "diff", rng.usize(0..4))),
        base.rewrite("unified diff, unmarked", unified(base, "", 3)),
        base.rewrite("patch", patch(base)),
        base.rewrite("json", format!("```json\n{}\n```\n", serde_json::json!({ "rewrite": new }))),
        base.rewrite("unchanged", fence(base.old())).refused(),
        base.rewrite("prose only", "I need to know more: should it throw, or return nothing?\n".to_owned())
            .refused(),
        base.rewrite("said no change", "NO CHANGE: it does so already.\n".to_owned()).refused(),
        base.rewrite("empty fence", fence("")).refused(),
        base.rewrite("neighbor", fence(neighbor(base))).refused(),
        base.rewrite("no end of the stream", fence(new)).cut(),
    ];
    for (kind, number) in [("numbers |", " | "), ("numbers :", ": "), ("numbers tab", "\t")] {
        let first = base.above().matches('\n').count() + 1;
        let numbered: String = new
            .lines()
            .enumerate()
            .map(|(idx, line)| format!("{:>4}{number}{line}\n", first + idx))
            .collect();
        cases.push(base.rewrite(kind, fence(&numbered)));
    }
    cases.extend(tabs_exchanged(base).map(|text| base.rewrite("tabs exchanged", fence(&text))));
    cases.extend(elided(base, true).map(|text| base.rewrite("elided between lines that stay", fence(&text))));
    cases.extend(
        elided(base, false).map(|text| base.rewrite("elided beside a change", fence(&text)).refused()),
    );
    cases.extend(truncated(base, rng));
    cases
}

fn dedented(base: &Base, text: &str) -> String {
    map_lines(text, |_, line| line.strip_prefix(base.indent()).unwrap_or(line.trim_start()).to_owned())
}

fn deeper(base: &Base, line: &str) -> String {
    if base.text.contains("\n\t") { format!("\t{line}") } else { format!("    {line}") }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn curly(text: &str) -> String {
    let mut is_open = false;
    text.chars()
        .map(|c| match c {
            '"' => {
                is_open = !is_open;
                if is_open { '“' } else { '”' }
            }
            c => c,
        })
        .collect()
}

/// The new text with lines of the file above and below.
fn with_context(base: &Base, n: usize) -> String {
    let (above, below) = (split_lines(base.above()), split_lines(base.below()));
    let above = &above[above.len().saturating_sub(n)..];
    let below = &below[..n.min(below.len())];
    format!("{}{}{}", above.concat(), base.new, below.concat())
}

fn unified(base: &Base, info: &str, context: usize) -> String {
    let diff = unified_diff(&base.text, &base.after(), "a/file", "b/file", context.max(1));
    format!("```{info}\n{diff}```\n")
}

fn patch(base: &Base) -> String {
    let diff = unified_diff(&base.text, &base.after(), "a", "b", 3);
    let hunks: String = split_lines(&diff)
        .into_iter()
        .skip(2)
        .map(|line| if line.starts_with("@@") { "@@\n".to_owned() } else { line.to_owned() })
        .collect();
    format!("*** Begin Patch\n*** Update File: file\n{hunks}*** End Patch\n")
}

/// Lines of the file that stand above the scope: another definition, or a part of one.
fn neighbor(base: &Base) -> &str {
    let above = base.above().trim_end();
    let start = above.rfind("\n\n").map_or(0, |at| at + 2);
    &base.text[start..above.len() + 1]
}

fn tabs_exchanged(base: &Base) -> Option<String> {
    let has_tabs = base.text.contains("\n\t");
    let exchanged = map_lines(&base.new, |_, line| {
        let blanks = indent(line);
        let rest = &line[blanks.len()..];
        if has_tabs {
            format!("{}{rest}", blanks.replace('\t', "    "))
        } else {
            format!("{}{rest}", "\t".repeat(blanks.len() / 4) + &" ".repeat(blanks.len() % 4))
        }
    });
    // A width that does not come out even is no indentation that anybody would write.
    (exchanged != base.new
        && !exchanged.contains("\t ")
        && !exchanged.lines().any(|line| line.starts_with("  ") && !has_tabs))
    .then_some(exchanged)
}

/// The new text with unchanged lines left out, between two lines on each side that stay or right beside a change.
fn elided(base: &Base, is_anchored: bool) -> Option<String> {
    let (old, new) = (base.old(), base.new.as_str());
    let changes = diff_lines(old, new);
    let mut start = 0;
    for end in changes.iter().map(|change| change.new.start).chain([new.len()]) {
        let same = new.get(start..end).unwrap_or("");
        let lines = split_lines(same);
        let is_inner = start > 0 && end < new.len();
        let keep = if is_anchored { 2 } else { 0 };
        if lines.len() >= 2 * keep + 2 && (is_anchored || is_inner) {
            let (head, tail) = (lines[..keep].concat(), lines[lines.len() - keep..].concat());
            let left_out = lines[keep..lines.len() - keep].concat();
            let solid = |text: &str| text.lines().filter(|line| line.trim().len() > 1).count();
            let is_unique = |text: &str| keep == 0 || solid(text) >= 1 && old.matches(text).count() == 1;
            if is_unique(&head) && is_unique(&tail) && solid(&left_out) > 0 {
                let marker = format!("{}{}\n", indent(&left_out), comment(&base.path));
                return Some(format!("{}{head}{marker}{tail}{}", &new[..start], &new[end..]));
            }
        }
        start =
            changes.iter().find(|change| change.new.start == end).map_or(new.len(), |change| change.new.end);
    }
    None
}

fn comment(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("py" | "rb" | "sh") => "# ... existing code ...",
        Some("lua") => "-- ... existing code ...",
        _ => "// ... existing code ...",
    }
}

/// The new text cut off inside: with the stream said to be cut, and as if it were whole.
fn truncated(base: &Base, rng: &mut Rng) -> Vec<Case> {
    let lines = split_lines(&base.new);
    let n = rng.usize(1..lines.len() - 1);
    let head = lines[..n].concat();
    let cut = base.rewrite("cut stream", format!("```\n{head}")).cut();
    let mut cases = vec![cut];
    // Where only the indentation says what belongs together, a shorter text may be meant.
    let ends_by_bracket = base.new.trim_end().ends_with('}');
    if ends_by_bracket {
        cases.push(base.rewrite("cut off, fence closed", fence(&head)).refused());
        let unclosed = Case {
            ending: Ending::Complete,
            ..base.rewrite("cut off, said to be whole", format!("```\n{head}"))
        };
        cases.push(unclosed.refused());
    }
    cases
}
