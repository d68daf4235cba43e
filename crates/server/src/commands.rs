//! Commands of `workspace/executeCommand`: an opaque id, then at most one text.

use serde_json::Value;
use session::{Command, Place, RevisionStep, Target};

/// Every command that exists; listed statically to the client.
pub const NAMES: [&str; 18] = [
    "hunkwise.ask",
    "hunkwise.run",
    "hunkwise.accept",
    "hunkwise.acceptWith",
    "hunkwise.reject",
    "hunkwise.dropNoise",
    "hunkwise.refine",
    "hunkwise.again",
    "hunkwise.revise",
    "hunkwise.revision",
    "hunkwise.review",
    "hunkwise.undo",
    "hunkwise.cancel",
    "hunkwise.applied",
    "hunkwise.next",
    "hunkwise.previous",
    "hunkwise.more",
    "hunkwise.dismiss",
];

/// The command that a request means, or what is wrong with it.
pub(crate) fn parse(name: &str, arguments: &[Value]) -> Result<Command, String> {
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
    use serde_json::json;

    use super::{NAMES, parse};

    #[track_caller]
    fn check(name: &str, arguments: &[&str], expect: Expect) {
        let arguments: Vec<_> = arguments.iter().map(|argument| json!(argument)).collect();
        let shown = match parse(name, &arguments) {
            Ok(command) => format!("{command:?}"),
            Err(error) => error,
        };
        expect.assert_eq(&shown);
    }

    #[test]
    fn every_listed_command_is_known() {
        for name in NAMES {
            let error = parse(name, &[]).expect_err("arguments are missing");
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
}
