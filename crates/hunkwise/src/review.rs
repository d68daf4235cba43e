//! Reviewing a proposal in the terminal, hunk by hunk, like `git add -p`.

use std::io::{Read as _, Seek as _, Write as _};
use std::process::Command;

use anyhow::Context as _;
use session::{HunkView, Status};

use crate::client::{Client, Listener};
use crate::{diff, out};

/// Progress of a request on standard error.
pub(crate) struct Ticker;

impl Listener for Ticker {
    fn progress(&mut self, text: &str) {
        out::note(text);
    }

    fn hunk(&mut self, hunk: &HunkView) {
        out::note(&format!("hunk {} at line {}: {}", hunk.number, hunk.range.start.line + 1, hunk.summary));
    }

    fn choose(&mut self, question: &str, choices: &[String]) -> Option<usize> {
        let numbered = choices.iter().enumerate().map(|(idx, choice)| format!("{}: {choice}", idx + 1));
        let answer = out::ask(&format!("{question} [{}]", numbered.collect::<Vec<_>>().join(", ")))?;
        let answer = answer.trim();
        let number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        // A question with two choices is a yes or a no.
        match answer.to_lowercase().as_str() {
            "y" | "yes" => Some(0),
            "n" | "no" => Some(1),
            _ => number,
        }
        .filter(|idx| *idx < choices.len())
    }
}

/// What the user wants of a hunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Accept it.
    Yes,
    /// Accept it with what it needs.
    With,
    /// Reject it, with an optional reason.
    No(Option<String>),
    /// Edit it by hand.
    Edit,
    /// Ask for another version.
    Refine(String),
    /// Reject all that changes nothing but blanks, line breaks or quotes.
    DropNoise,
    /// Accept it and all that follow.
    All,
    /// Stop; what was accepted stays.
    Quit,
}

/// Who decides.
pub(crate) trait Reviewer {
    /// The decision on a hunk, while `n_noise` pending hunks are noise.
    fn decide(&mut self, hunk: &HunkView, n_noise: usize) -> Decision;
}

/// A person at the prompt.
pub(crate) struct Person;

impl Reviewer for Person {
    fn decide(&mut self, hunk: &HunkView, n_noise: usize) -> Decision {
        let keys = if n_noise > 0 { "y,n,e,r,d,a,q,?" } else { "y,n,e,r,a,q,?" };
        loop {
            let question = format!("({}/{}) Accept this hunk [{keys}]?", hunk.number, hunk.of);
            let Some(answer) = out::ask(&question) else { return Decision::Quit };
            let (key, rest) = answer.trim().split_once(char::is_whitespace).unwrap_or((answer.trim(), ""));
            let rest = rest.trim();
            match key {
                "y" if hunk.needs.is_empty() => return Decision::Yes,
                "y" => match with_needs(hunk) {
                    Some(decision) => return decision,
                    None => continue,
                },
                "n" => return Decision::No((!rest.is_empty()).then(|| rest.to_owned())),
                "e" => return Decision::Edit,
                "r" if !rest.is_empty() => return Decision::Refine(rest.to_owned()),
                "r" => match out::ask("What should change in this hunk?") {
                    Some(text) if !text.trim().is_empty() => return Decision::Refine(text.trim().to_owned()),
                    Some(_) => {}
                    None => return Decision::Quit,
                },
                "d" if n_noise > 0 => return Decision::DropNoise,
                "a" => return Decision::All,
                "q" => return Decision::Quit,
                _ => out::line(HELP),
            }
        }
    }
}

/// Whether to take what a hunk needs, too; none for another answer to the hunk.
fn with_needs(hunk: &HunkView) -> Option<Decision> {
    let needs: Vec<String> = hunk.needs.iter().map(ToString::to_string).collect();
    out::note(&format!("! {}", needs.join("; ")));
    let answer = out::ask("Accept what it needs, too [y: yes, n: only this hunk, other: back]?");
    match answer.as_deref().map(str::trim) {
        Some("y") => Some(Decision::With),
        Some("n") => Some(Decision::Yes),
        Some(_) => None,
        None => Some(Decision::Quit),
    }
}

const HELP: &str = "y - accept this hunk; where it needs others, you are asked about them
n - reject this hunk (n REASON tells the model why, should you refine)
e - edit this hunk by hand, then accept or reject it
r - refine this hunk: say what should change (r TEXT), every other hunk stays as it is
d - drop every hunk that changes nothing but blanks, line breaks or quotes, where there is one
a - accept this hunk and all that follow, without those outside of the scope
q - stop here; accepted hunks stay, the others are left out
? - this help";

/// Accepts whatever comes.
pub(crate) struct Everything;

impl Reviewer for Everything {
    fn decide(&mut self, _: &HunkView, _: usize) -> Decision {
        Decision::All
    }
}

/// Goes through the pending hunks until all are decided or the reviewer stops. Returns how many were accepted.
pub(crate) async fn review(client: &mut Client, reviewer: &mut impl Reviewer) -> anyhow::Result<usize> {
    let mut accepts_all = false;
    let mut n_accepted = 0;
    while let Some(hunk) = next(client, accepts_all) {
        if !accepts_all {
            show(&hunk);
        }
        let decision = if accepts_all { Decision::Yes } else { reviewer.decide(&hunk, n_noise(client)) };
        let n_before = client.n_accepted();
        let done = match decision {
            Decision::Yes => client.accept(hunk.id).await,
            Decision::With => client.accept_with(hunk.id).await,
            Decision::All => {
                accepts_all = true;
                if hunk.is_on { client.accept(hunk.id).await } else { Ok(()) }
            }
            Decision::DropNoise => client.drop_noise(hunk.id.proposal).await,
            Decision::No(reason) => client.reject(hunk.id, reason).await,
            Decision::Refine(text) => client.refine(hunk.id, &text, &mut Ticker).await.map(|_| ()),
            Decision::Edit => match edited(&hunk.new)? {
                Some(text) => client.revise(hunk.id, text, &mut Ticker).await.map(|_| ()),
                None => Ok(()),
            },
            Decision::Quit => break,
        };
        n_accepted += client.n_accepted().saturating_sub(n_before);
        for notice in client.take_notices() {
            out::note(&notice);
        }
        if let Err(error) = done {
            out::error(&format!("{error:#}"));
            // What cannot be accepted would else be asked about for ever.
            if accepts_all {
                client.reject(hunk.id, None).await?;
            }
        }
    }
    if accepts_all {
        tell_left(client);
    }
    Ok(n_accepted)
}

/// The next hunk to decide; `of_all` when only those are meant that need not be named.
fn next(client: &Client, of_all: bool) -> Option<HunkView> {
    let mut hunks = client.view()?.hunks.iter();
    hunks.find(|hunk| hunk.status == Status::Pending && (hunk.is_on || !of_all)).cloned()
}

/// Says which hunks were left because they have to be named.
fn tell_left(client: &Client) {
    let hunks = client.view().into_iter().flat_map(|view| &view.hunks);
    for hunk in hunks.filter(|hunk| hunk.status == Status::Pending) {
        let line = hunk.range.start.line + 1;
        out::note(&format!("hunk {} at line {line} is left out: {}", hunk.number, hunk.summary));
    }
}

/// How many pending hunks are noise.
fn n_noise(client: &Client) -> usize {
    let is_noise = |hunk: &&HunkView| hunk.is_noise && hunk.status == Status::Pending;
    client.view().map_or(0, |view| view.hunks.iter().filter(is_noise).count())
}

fn show(hunk: &HunkView) {
    out::line("");
    out::diff(&diff::hunk(hunk));
    let badge = hunk.badge();
    if !badge.is_empty() {
        out::note(&badge);
    }
    for finding in hunk.findings.iter() {
        out::note(&format!("! {finding}"));
    }
    for need in &hunk.needs {
        out::note(&format!("! {need}"));
    }
}

/// A hunk's text after the user's editor; none when it was left as it is or the editor failed.
fn edited(text: &str) -> anyhow::Result<Option<String>> {
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .filter(|editor| !editor.is_empty());
    let Some(editor) = editor else {
        out::error("no editor to edit the hunk with; set VISUAL or EDITOR. The hunk is still pending");
        return Ok(None);
    };
    let mut file = tempfile::Builder::new()
        .prefix("hunkwise-")
        .suffix(".txt")
        .tempfile()
        .context("make a file for the hunk")?;
    file.write_all(text.as_bytes()).context("write the hunk for the editor")?;
    file.flush()?;
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let status = Command::new(program)
        .args(words)
        .arg(file.path())
        .status()
        .with_context(|| format!("run {editor}"))?;
    if !status.success() {
        out::error(&format!("{editor} ended with {status}; the hunk is still pending as it was"));
        return Ok(None);
    }
    // Editors replace the file as often as they write into it.
    let mut edited = String::new();
    match std::fs::File::open(file.path()) {
        Ok(mut written) => written.read_to_string(&mut edited).context("read the edited hunk")?,
        Err(_) => {
            file.rewind()?;
            file.read_to_string(&mut edited).context("read the edited hunk")?
        }
    };
    Ok((edited != text).then_some(edited))
}
