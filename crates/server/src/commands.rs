//! Commands of `workspace/executeCommand`: an opaque id or a range of a document, then at most one text.

use serde::Deserialize;
use serde_json::Value;
use session::{Command, Place, RevisionStep, Target, Uri};
use text::PositionRange;

use crate::lsp_ext;

/// A command, as it is listed and described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandRow {
    /// Its name in the protocol.
    pub name: &'static str,
    /// What its first argument names.
    pub id: &'static str,
    /// Its second argument; empty for none.
    pub text: &'static str,
    /// What it does.
    pub does: &'static str,
}

/// Every command that exists.
pub const COMMANDS: [CommandRow; 21] = [
    CommandRow {
        name: "hunkwise.ask",
        id: "a place",
        text: "an instruction",
        does: "Ask for an edit there; without an instruction, ask the user for one",
    },
    CommandRow {
        name: "hunkwise.run",
        id: "a place",
        text: "",
        does: "Run the directive, or the follow-up of a review document, that stands there",
    },
    CommandRow {
        name: "hunkwise.accept",
        id: "a hunk, revision, proposal, file, place, or all",
        text: "",
        does: "Accept what is pending there",
    },
    CommandRow {
        name: "hunkwise.acceptWith",
        id: "a hunk or place",
        text: "",
        does: "Accept it together with all hunks that it needs, by one `workspace/applyEdit`; refused when one of them is rejected or stale",
    },
    CommandRow {
        name: "hunkwise.reject",
        id: "a hunk, revision, proposal, file, place, or all",
        text: "a reason",
        does: "Reject what is pending there; the next round is told the reason",
    },
    CommandRow {
        name: "hunkwise.dropNoise",
        id: "a proposal or place",
        text: "",
        does: "Reject its pending hunks that change nothing but blanks, line breaks or quotes",
    },
    CommandRow {
        name: "hunkwise.refine",
        id: "a hunk, proposal or place",
        text: "an instruction",
        does: "Ask for the next revision; of a hunk, with every other hunk as it is",
    },
    CommandRow {
        name: "hunkwise.again",
        id: "a proposal, hunk or place",
        text: "",
        does: "Ask the same once more, on the text as it is",
    },
    CommandRow {
        name: "hunkwise.revise",
        id: "a hunk or place",
        text: "its new text",
        does: "Replace what a pending hunk proposes",
    },
    CommandRow {
        name: "hunkwise.revision",
        id: "`p7:prev`, `p7:next` or `p7:r2`",
        text: "",
        does: "Show another revision of a proposal",
    },
    CommandRow {
        name: "hunkwise.review",
        id: "a proposal, hunk or place",
        text: "",
        does: "Open the review document",
    },
    CommandRow {
        name: "hunkwise.undo",
        id: "a proposal, hunk or place",
        text: "",
        does: "Take accepted hunks out again, over all files",
    },
    CommandRow {
        name: "hunkwise.cancel",
        id: "a proposal, place, or all",
        text: "",
        does: "Stop work on it; what was accepted stays",
    },
    CommandRow {
        name: "hunkwise.applied",
        id: "a hunk",
        text: "",
        does: "Say that the edit of its code action was applied",
    },
    CommandRow {
        name: "hunkwise.next",
        id: "a place or hunk",
        text: "",
        does: "Go to the next pending hunk",
    },
    CommandRow {
        name: "hunkwise.previous",
        id: "a place or hunk",
        text: "",
        does: "Go to the pending hunk before",
    },
    CommandRow {
        name: "hunkwise.more",
        id: "a proposal, hunk or place",
        text: "",
        does: "Let the user choose among what is rarer than code actions",
    },
    CommandRow {
        name: "hunkwise.dismiss",
        id: "a proposal or place",
        text: "",
        does: "Forget a decided or failed proposal",
    },
    CommandRow {
        name: "hunkwise.verify",
        id: "a proposal, hunk or place",
        text: "",
        does: "Make the project's own checks of its hunks now, of those that were accepted where none is open",
    },
    CommandRow {
        name: "hunkwise.trust",
        id: "a place, file, proposal, or all",
        text: "",
        does: "Ask the user whether the checkout is trusted, so that its own commands may check what is proposed",
    },
    CommandRow {
        name: "hunkwise.preview",
        id: "a place, proposal or hunk",
        text: "an instruction",
        does: "Show the next request as it would be sent, and send nothing; without an instruction, that of the directive at the place or what the proposal asks next",
    },
];

/// The names of all commands, listed statically to the client.
pub(crate) fn names() -> Vec<&'static str> {
    COMMANDS.iter().map(|command| command.name).collect()
}

/// All commands as a Markdown table.
pub fn table() -> String {
    let mut table = "| command | first argument | second | does |\n|---|---|---|---|\n".to_owned();
    for CommandRow { name, id, text, does } in COMMANDS {
        table.push_str(&format!("| `{name}` | {id} | {text} | {does} |\n"));
    }
    table
}

/// A command as a request means it.
#[derive(Debug)]
pub(crate) enum Meant {
    /// About what its id names.
    Named(Command),
    /// About what stands at a range of a document.
    At { uri: Uri, range: PositionRange, command: Command },
}

/// The command that a request means, or what is wrong with it.
pub(crate) fn parse(name: &str, arguments: &[Value]) -> Result<Meant, String> {
    let Some(place @ Value::Object(_)) = arguments.first() else {
        return named(name, arguments).map(Meant::Named);
    };
    let place = lsp_ext::Place::deserialize(place)
        .map_err(|error| format!("{name}: expected `{{uri, range}}` as the first argument: {error}"))?;
    let uri = Uri::from(place.uri.as_str());
    // Any place will do: the one that is meant is looked up when the command's turn comes.
    let any = Value::from(Place { uri: uri.clone(), version: 0, range: 0..0 }.to_string());
    let arguments: Vec<Value> = [any].into_iter().chain(arguments.iter().skip(1).cloned()).collect();
    Ok(Meant::At { uri, range: place.range.into(), command: named(name, &arguments)? })
}

fn named(name: &str, arguments: &[Value]) -> Result<Command, String> {
    let text = |idx: usize| arguments.get(idx).and_then(Value::as_str);
    let argument = text(0).ok_or_else(|| format!("{name}: expected an id as the first argument"));
    let target = || -> Result<Target, String> {
        argument.clone()?.parse().map_err(|error| format!("{name}: {error}"))
    };
    let place =
        || -> Result<Place, String> { argument.clone()?.parse().map_err(|error| format!("{name}: {error}")) };
    let second = text(1).map(str::to_owned);
    match name {
        "hunkwise.ask" => Ok(Command::Ask { place: place()?, instruction: second }),
        "hunkwise.run" => Ok(Command::Run { place: place()? }),
        "hunkwise.accept" => Ok(Command::Accept(target()?)),
        "hunkwise.acceptWith" => Ok(Command::AcceptWith(target()?)),
        "hunkwise.reject" => Ok(Command::Reject { target: target()?, reason: second }),
        "hunkwise.dropNoise" => Ok(Command::DropNoise(target()?)),
        "hunkwise.refine" => Ok(Command::Refine { target: target()?, instruction: second }),
        "hunkwise.again" => Ok(Command::Again(target()?)),
        "hunkwise.revise" => {
            let text = second
                .ok_or_else(|| format!("{name}: expected the hunk's new text as the second argument"))?;
            Ok(Command::Revise { target: target()?, text })
        }
        "hunkwise.revision" => revision(name, argument?),
        "hunkwise.review" => Ok(Command::Review(target()?)),
        "hunkwise.undo" => Ok(Command::Undo(target()?)),
        "hunkwise.cancel" => Ok(Command::Cancel(target()?)),
        "hunkwise.applied" => Ok(Command::Applied(target()?)),
        "hunkwise.next" => Ok(Command::Next(target()?)),
        "hunkwise.previous" => Ok(Command::Previous(target()?)),
        "hunkwise.more" => Ok(Command::More(target()?)),
        "hunkwise.preview" => Ok(Command::Preview { target: target()?, instruction: second }),
        "hunkwise.verify" => Ok(Command::Verify(target()?)),
        "hunkwise.trust" => Ok(Command::Trust(target()?)),
        "hunkwise.dismiss" => Ok(Command::Dismiss(target()?)),
        _ => Err(format!("{name}: no such command")),
    }
}

/// `p7:prev`, `p7:next` or `p7:r2`.
fn revision(name: &str, argument: &str) -> Result<Command, String> {
    let wrong = || format!("{name}: expected p7:prev, p7:next or p7:r2, found {argument}");
    let (id, step) = argument.split_once(':').ok_or_else(wrong)?;
    let Ok(Target::Proposal(proposal)) = id.parse() else { return Err(wrong()) };
    let step = match step {
        "prev" => RevisionStep::Previous,
        "next" => RevisionStep::Next,
        other => {
            RevisionStep::Number(other.strip_prefix('r').and_then(|n| n.parse().ok()).ok_or_else(wrong)?)
        }
    };
    Ok(Command::Revision { proposal, step })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::{COMMANDS, parse};

    #[track_caller]
    fn check(name: &str, arguments: &[&str], expect: Expect) {
        let arguments: Vec<_> = arguments.iter().map(|argument| json!(argument)).collect();
        check_values(name, &arguments, expect);
    }

    #[track_caller]
    fn check_values(name: &str, arguments: &[Value], expect: Expect) {
        let shown = match parse(name, arguments) {
            Ok(command) => format!("{command:?}"),
            Err(error) => error,
        };
        expect.assert_eq(&shown);
    }

    #[test]
    fn every_listed_command_is_known() {
        for command in COMMANDS {
            let error = parse(command.name, &[]).expect_err("arguments are missing");
            assert!(!error.contains("no such command"), "{error}");
        }
    }

    #[test]
    fn wrong_arguments_are_named() {
        check("hunkwise.accept", &[], expect!["hunkwise.accept: expected an id as the first argument"]);
        check(
            "hunkwise.accept",
            &["p0x"],
            expect![[
                r#"hunkwise.accept: read command argument "p0x": expected an id such as p7, p7.r3 or p7.r3.h2, file@URI, all, or a place"#
            ]],
        );
        check(
            "hunkwise.revision",
            &["p7:x"],
            expect!["hunkwise.revision: expected p7:prev, p7:next or p7:r2, found p7:x"],
        );
        check("hunkwise.nothing", &["p7"], expect!["hunkwise.nothing: no such command"]);
    }

    #[test]
    fn a_range_of_a_document_stands_for_an_id() {
        let range = json!({ "start": { "line": 2, "character": 0 }, "end": { "line": 3, "character": 4 } });
        let place = json!({ "uri": "file:///w/a.py", "range": range });
        check_values(
            "hunkwise.reject",
            &[place.clone(), json!("too long")],
            expect![[
                r#"At { uri: Uri("file:///w/a.py"), range: PositionRange { start: Position { line: 2, character: 0 }, end: Position { line: 3, character: 4 } }, command: Reject { target: Place(Place { uri: Uri("file:///w/a.py"), version: 0, range: 0..0 }), reason: Some("too long") } }"#
            ]],
        );
        let error = |name: &str, argument: &Value| {
            parse(name, std::slice::from_ref(argument)).expect_err("it is refused")
        };
        assert!(error("hunkwise.revision", &place).contains("expected p7:prev, p7:next or p7:r2"));
        for wrong in [
            json!({ "uri": "file:///w/a.py" }),
            json!({ "range": range }),
            json!({ "uri": 1, "range": range }),
        ] {
            let error = error("hunkwise.ask", &wrong);
            assert!(
                error.starts_with("hunkwise.ask: expected `{uri, range}` as the first argument: "),
                "{error}"
            );
        }
    }
}
