//! `hunkwise edit`

use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use model::recorded::Recorder;
use session::{ProposalState, ProposalView, Uri};

use crate::args::EditArgs;
use crate::client::{self, Client};
use crate::review::{Everything, Person, Ticker, review};
use crate::{Outcome, diff, log, out, preview, provider, target};

pub(crate) fn run(args: &EditArgs, recorder: Option<Arc<Recorder>>) -> anyhow::Result<Outcome> {
    log::start();
    let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
    runtime.block_on(edit(args, recorder))
}

async fn edit(args: &EditArgs, recorder: Option<Arc<Recorder>>) -> anyhow::Result<Outcome> {
    ensure!(!args.message.trim().is_empty(), "the message is empty; say with -m what to change");
    let target = target::parse(&args.target)?;
    let path =
        std::path::absolute(&target.path).with_context(|| format!("find {}", target.path.display()))?;
    let file = match workspace::read_file(&path) {
        Ok(file) => file,
        Err(error) => match target::mistyped(&args.target) {
            Some((path, lines)) if target.lines.is_none() && workspace::read_file(path).is_ok() => {
                let name = path.display();
                bail!(
                    "{name}: `{lines}` is no line; write {name}:LINE or {name}:LINE-LINE. Nothing was asked"
                )
            }
            Some(_) | None => return Err(error.into()),
        },
    };
    if let Some(lines) = &target.lines {
        let n_lines = file.text.lines().count().max(1);
        let (name, last) = (target.path.display(), lines.end());
        ensure!(
            *last <= n_lines,
            "{name} has {n_lines} lines, so there is no line {last}; nothing was asked"
        );
    }
    let root = workspace::checkout_root(&path);
    let uri = Uri::from_path(&path).with_context(|| format!("name {} as a URI", path.display()))?;
    let root_uri = Uri::from_path(&root).with_context(|| format!("name {} as a URI", root.display()))?;
    let (config, notices) = session::config::load(std::slice::from_ref(&root_uri), &[]);
    notices.iter().for_each(|notice| out::note(&notice.text));
    let provider = provider::connect(&config).await;
    let (mailbox, effects) = client::start(config, provider, store::state_dir(), recorder);
    mailbox.tell(session::Message::Folders(vec![root_uri]));
    let mut client = Client::open(mailbox, effects, uri, &file.text);
    let lines = target.lines.map(|lines| lines.start() - 1..*lines.end());
    if args.dry_run {
        return dry_run(&mut client, lines, args).await;
    }
    let view = match client.ask(lines, &args.message, &mut Ticker).await {
        Ok(view) => view,
        Err(error) => {
            out::failure(&error);
            return Ok(Outcome::NoAnswer);
        }
    };
    let how_it_ended = view.notice.as_ref().map(|notice| notice.text.clone());
    let notices = client.take_notices();
    notices.iter().filter(|told| how_it_ended.as_ref() != Some(told)).for_each(|notice| out::note(notice));
    if let Some(outcome) = without_hunks(&view) {
        return Ok(outcome);
    }
    let name = path.strip_prefix(&root).unwrap_or(&path).display().to_string();
    if args.diff {
        let new = proposed(&file.text, &view)?;
        out::raw(&diff::unified(&file.text, &new, &name));
        return Ok(Outcome::Done);
    }
    let n_accepted = if args.yes {
        review(&mut client, &mut Everything).await?
    } else {
        review(&mut client, &mut Person).await?
    };
    finish(&path, &name, &file, &client.text(), n_accepted)
}

/// Prints what would be sent.
async fn dry_run(
    client: &mut Client,
    lines: Option<std::ops::Range<usize>>,
    args: &EditArgs,
) -> anyhow::Result<Outcome> {
    let made = client.preview(lines, &args.message).await;
    client.take_notices().iter().for_each(|notice| out::note(notice));
    match made {
        Ok(preview) if args.json => preview::print_json(&preview),
        Ok(preview) => preview::print(&preview),
        Err(error) => {
            out::failure(&error);
            return Ok(Outcome::NoAnswer);
        }
    }
    out::note("nothing was sent");
    Ok(Outcome::Done)
}

/// What there is to say when no hunk came.
fn without_hunks(view: &ProposalView) -> Option<Outcome> {
    match view.state {
        ProposalState::Pending => None,
        ProposalState::Answered => {
            out::line(view.prose.trim());
            Some(Outcome::Unchanged)
        }
        ProposalState::Failed | ProposalState::Cancelled => {
            if let Some(notice) = &view.notice {
                out::error(&notice.text);
            }
            Some(Outcome::NoAnswer)
        }
        ProposalState::Preparing
        | ProposalState::Streaming
        | ProposalState::Checking
        | ProposalState::Decided
        | ProposalState::Dismissed => Some(Outcome::Unchanged),
    }
}

/// The text with every hunk applied that is accepted when none is named.
fn proposed(old: &str, view: &ProposalView) -> anyhow::Result<String> {
    let text = text::Text::from(old);
    let edit = |hunk: &session::HunkView| {
        text::Edit::new(text.offsets(hunk.range, text::Encoding::Utf8), &*hunk.new)
    };
    let changes =
        text::ChangeSet::new(text.len(), view.hunks.iter().filter(|hunk| hunk.is_on).map(edit).collect())?;
    Ok(text.apply(&changes)?.to_string())
}

/// Writes what was accepted, unless the file changed meanwhile.
fn finish(
    path: &std::path::Path,
    name: &str,
    file: &workspace::FileText,
    text: &str,
    n_accepted: usize,
) -> anyhow::Result<Outcome> {
    if text == file.text {
        out::note("nothing was accepted; the file is as it was");
        return Ok(Outcome::Unchanged);
    }
    match workspace::write_guarded(path, file, text) {
        Ok(()) => {
            let hunks = if n_accepted == 1 { "hunk" } else { "hunks" };
            out::note(&format!("{}: {n_accepted} {hunks} written", path.display()));
            Ok(Outcome::Done)
        }
        Err(refused) => {
            out::error(&format!("{refused}"));
            out::line(&diff::unified(&file.text, text, name));
            out::note(
                "what you accepted is the diff above: save it and run `git apply` on it at the top of the project, or ask again on the file as it is",
            );
            Ok(Outcome::NotWritten)
        }
    }
}
