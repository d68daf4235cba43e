//! A simulated model: reads what a request shows, changes some of its lines, and answers in the format asked for.

use fastrand::Rng;
use model::{Event, Request, Stop, Usage};
use session::Outcome;

/// An answer under way.
pub struct Answering {
    /// What it still sends, the next first.
    pub rest: std::collections::VecDeque<Outcome>,
    /// What it comes to, if it is whole.
    pub meant: Option<Meant>,
}

/// What a whole answer comes to; lines end with `\n`.
#[derive(Debug, Clone)]
pub struct Meant {
    /// For the message of a failure.
    #[allow(dead_code)]
    pub shown: String,
    pub becomes: String,
}

/// Answers a request. `line` makes a line of text that is nowhere else, with the indentation of another.
pub fn answer(request: &Request, rng: &mut Rng, line: &mut impl FnMut(&str) -> String) -> Answering {
    let shown = shown(&request.messages[0].text);
    let lines: Vec<&str> = shown.lines().collect();
    let is_rewrite = is_rewrite(&request.messages.last().expect("a question").text);
    let changes = changes(&lines, rng, line);
    let (mut text, mut meant) =
        if is_rewrite { rewrite(&lines, &changes) } else { search_replace(&lines, &changes) };
    if rng.u8(0..4) == 0 {
        text = format!("Here it is: é漢.\n\n{text}\nThat is all.\n");
    }
    match rng.u8(0..24) {
        0 => (text, meant) = ("NO CHANGE: it is fine already.\n".to_owned(), None),
        1 => {
            text = "<<<<<<< SEARCH\nthis line is nowhere\n=======\nx\n>>>>>>> REPLACE\n".to_owned();
            meant = None;
        }
        2 => {
            let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.truncate(middle);
            meant = None;
        }
        _ => {}
    }
    let (end, is_whole) = end(rng);
    let mut rest: std::collections::VecDeque<Outcome> =
        deltas(&text, rng).into_iter().map(Outcome::Streamed).collect();
    if !is_whole {
        rest.truncate(rng.usize(0..=rest.len()));
        meant = None;
    }
    rest.push_back(end);
    let meant = meant.map(|becomes| Meant { shown, becomes });
    Answering { rest, meant }
}

fn end(rng: &mut Rng) -> (Outcome, bool) {
    let usage = Usage { input_tokens: Some(5), output_tokens: Some(7), ..Usage::default() };
    let ended = |stop: Stop| Outcome::Streamed(Event::End { stop, usage });
    match rng.u8(0..40) {
        0 => (ended(Stop::MaxTokens), false),
        1 => (ended(Stop::Refusal(String::new())), false),
        2 => (Outcome::StreamFailed(model::Error::CutOff { cause: "the line went dead".to_owned() }), false),
        3 => (Outcome::Panicked("here".to_owned()), false),
        _ => (ended(Stop::Complete), true),
    }
}

/// The answer in pieces, cut between any two characters.
fn deltas(text: &str, rng: &mut Rng) -> Vec<Event> {
    let most = [2, 30, 200, 2000][rng.usize(0..4)];
    let chars: Vec<char> = text.chars().collect();
    let mut events = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let end = (at + rng.usize(1..=most)).min(chars.len());
        events.push(Event::Text(chars[at..end].iter().collect()));
        if rng.u8(0..20) == 0 {
            events.push(Event::Reasoning("hm".to_owned()));
        }
        at = end;
    }
    events
}

/// The part of a request that may change: the hunk where there is one, else the scope.
fn shown(question: &str) -> String {
    let heading = if question.contains("\n## Hunk\n") { "\n## Hunk\n" } else { "\n## Scope in " };
    let from = question.rfind(heading).expect("a request shows a scope");
    let mut lines = question[from..].lines().skip_while(|line| !line.starts_with("```"));
    let open = lines.next().expect("a fence");
    let fence: String = open.chars().take_while(|c| *c == '`').collect();
    lines.take_while(|line| *line != fence).map(|line| format!("{line}\n")).collect()
}

pub fn is_rewrite(question: &str) -> bool {
    question.contains("Answer with the complete new text of the scope")
}

/// Which lines become what, in order.
fn changes(
    lines: &[&str],
    rng: &mut Rng,
    line: &mut impl FnMut(&str) -> String,
) -> Vec<(usize, Vec<String>)> {
    let mut changes = Vec::new();
    let rarely = if lines.len() > 80 { 25 } else { rng.u8(2..7) };
    for (idx, old) in lines.iter().enumerate() {
        if rng.u8(0..rarely) != 0 || old.trim().is_empty() {
            continue;
        }
        let new = match rng.u8(0..6) {
            0 => Vec::new(),
            1 => vec![(*old).to_owned(), line(old)],
            2 => vec![line(old), (*old).to_owned()],
            3 => vec![line(old), line(old)],
            _ => vec![line(old)],
        };
        changes.push((idx, new));
    }
    // An answer that empties the scope is another matter.
    if changes.len() == lines.len() && changes.iter().all(|(_, new)| new.is_empty()) {
        changes.clear();
    }
    changes
}

fn becomes(lines: &[&str], changes: &[(usize, Vec<String>)]) -> String {
    let mut out = String::new();
    for (idx, old) in lines.iter().enumerate() {
        match changes.iter().find(|(changed, _)| *changed == idx) {
            Some((_, new)) => new.iter().for_each(|new| {
                out.push_str(new);
                out.push('\n');
            }),
            None => {
                out.push_str(old);
                out.push('\n');
            }
        }
    }
    out
}

fn rewrite(lines: &[&str], changes: &[(usize, Vec<String>)]) -> (String, Option<String>) {
    let becomes = becomes(lines, changes);
    (format!("```python\n{becomes}```\n"), Some(becomes))
}

fn search_replace(lines: &[&str], changes: &[(usize, Vec<String>)]) -> (String, Option<String>) {
    let mut out = String::new();
    for (idx, new) in changes {
        let new: String = new.iter().map(|line| format!("{line}\n")).collect();
        out.push_str(&format!("<<<<<<< SEARCH\n{}\n=======\n{new}>>>>>>> REPLACE\n\n", lines[*idx]));
    }
    let is_unique = |idx: usize| lines.iter().filter(|line| line.trim() == lines[idx].trim()).count() == 1;
    let is_clear = !changes.is_empty() && changes.iter().all(|(idx, _)| is_unique(*idx));
    (out, is_clear.then(|| becomes(lines, changes)))
}
