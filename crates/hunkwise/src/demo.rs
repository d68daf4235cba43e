//! `hunkwise demo`: the loop of `edit` on a small project, with recorded answers over the true wire format.

mod project;
mod tests_run;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use model::recorded::{RecordedModel, Recording};
use session::{HunkView, ProposalState, Uri};

use crate::args::DemoArgs;
use crate::client::{self, Client};
use crate::review::{Decision, Person, Reviewer, Ticker, review};
use crate::{Outcome, diff, out};
use project::{Choice, Embedded, Script, Scripted};

pub(crate) fn run(args: &DemoArgs) -> anyhow::Result<Outcome> {
    let (embedded, script, program) = choose()?;
    let temporary = tempfile::Builder::new()
        .prefix("hunkwise-demo-")
        .tempdir()
        .context("make a directory for the demo")?;
    let dir = match &args.keep {
        None => temporary.path().to_owned(),
        Some(dir) => kept(dir)?,
    };
    embedded.write(&dir)?;
    let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
    let is_scripted = args.scripted || !out::is_interactive();
    let recording = match &args.answers {
        None => embedded.recording()?,
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
            Recording::from_toml(&text).with_context(|| format!("read {}", file.display()))?
        }
    };
    runtime.block_on(demo(recording, &script, &program, &dir, is_scripted))
}

/// The first demo whose tests can be run here.
fn choose() -> anyhow::Result<(&'static Embedded, Script, String)> {
    let mut missing = Vec::new();
    for embedded in &project::ALL {
        let script = embedded.script()?;
        match tests_run::program(&script.tests) {
            Some(program) => return Ok((embedded, script, program)),
            None => missing.push(script.language),
        }
    }
    bail!(
        "the demo runs its project's tests, and found none of: {}; install one and run it again",
        missing.join(", ")
    )
}

fn kept(dir: &Path) -> anyhow::Result<PathBuf> {
    let is_free = !dir.exists()
        || std::fs::read_dir(dir).with_context(|| format!("look into {}", dir.display()))?.next().is_none();
    anyhow::ensure!(is_free, "{} is not empty; nothing was written. Name a new directory", dir.display());
    std::fs::create_dir_all(dir).with_context(|| format!("make {}", dir.display()))?;
    std::path::absolute(dir).with_context(|| format!("find {}", dir.display()))
}

async fn demo(
    recording: Recording,
    script: &Script,
    program: &str,
    dir: &Path,
    is_scripted: bool,
) -> anyhow::Result<Outcome> {
    out::line(
        "The answers in this demo are recorded. Everything else is real: the project, its tests, the request over HTTP,",
    );
    out::line("the stream, the placement of each hunk, the checks, your decisions.");
    out::heading(&format!("1. The project: {}", script.title));
    if tests_run::run(program, &script.tests, dir)? {
        bail!("the demo project's tests pass before anything was done; this is a defect of the demo");
    }

    out::heading(&format!("2. Ask, at {} line {}", script.ask.file, script.ask.line));
    out::line(&format!("  «{}»", script.ask.instruction));
    let model = RecordedModel::start(recording).await.context("start the recorded model")?;
    let settings = model.settings(model::Protocol::AnthropicMessages);
    let provider = model::resolve(&settings, &model::Env::default()).and_then(model::provider);
    let path = dir.join(&script.ask.file);
    let file = workspace::read_file(&path)?;
    let uri = Uri::from_path(&path).context("name the demo's file as a URI")?;
    let (mailbox, effects) = client::start(session::config::Config::default(), provider, None, None);
    mailbox.tell(session::Message::Folders(Uri::from_path(dir).into_iter().collect()));
    let mut client = Client::open(mailbox, effects, uri, &file.text);
    let line = script.ask.line - 1;
    let view = client.ask(Some(line..line + 1), &script.ask.instruction, &mut Ticker).await?;
    if view.state != ProposalState::Pending {
        let why = view.notice.map_or_else(|| "no hunk came".to_owned(), |notice| notice.text);
        bail!("the recorded answer could not be used: {why}");
    }

    out::heading(&format!("3. Review: {} hunks, each one yours to decide", view.hunks.len()));
    let n_accepted = if is_scripted {
        review(&mut client, &mut ScriptedReviewer { decisions: script.decisions.clone() }).await?
    } else {
        review(&mut client, &mut Person).await?
    };

    out::heading("4. What was accepted");
    let text = client.text();
    out::diff(&diff::unified(&file.text, &text, &script.ask.file));
    if text != file.text {
        workspace::write_guarded(&path, &file, &text)?;
    }

    out::heading(&format!("5. The tests again, with {n_accepted} hunks accepted"));
    let passes = tests_run::run(program, &script.tests, dir)?;
    out::line("");
    out::line(if passes { "The tests pass." } else { "The tests do not pass: that is what was accepted." });
    out::line(
        "Your own code: `hunkwise init` sets up a model, then `hunkwise edit FILE:LINE -m \"…\"`, or your editor with `hunkwise lsp`.",
    );
    Ok(if passes { Outcome::Done } else { Outcome::Unchanged })
}

/// Decides as the script says.
struct ScriptedReviewer {
    decisions: Vec<Scripted>,
}

impl Reviewer for ScriptedReviewer {
    fn decide(&mut self, hunk: &HunkView, _: usize) -> Decision {
        let found = self.decisions.iter().position(|decision| hunk.new.contains(&decision.hunk));
        let Some(decision) = found.map(|idx| self.decisions.remove(idx)) else {
            out::line("  (the script says nothing about this hunk) q");
            return Decision::Quit;
        };
        let text = decision.instruction.or(decision.reason).unwrap_or_default();
        let key = match decision.decision {
            Choice::Accept => "y",
            Choice::Reject => "n",
            Choice::Refine => "r",
        };
        out::line(
            format!("({}/{}) Accept this hunk [y,n,e,r,a,q,?]? {key} {text}", hunk.number, hunk.of)
                .trim_end(),
        );
        match decision.decision {
            Choice::Accept => Decision::Yes,
            Choice::Reject => Decision::No((!text.is_empty()).then_some(text)),
            Choice::Refine => Decision::Refine(text),
        }
    }
}
