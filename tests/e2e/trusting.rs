//! Commands that a checkout's own settings name: each runs by an answer that was given for it, and for nothing else.

use std::process::{Command, Stdio};

use e2e::{Model, World, answer, binary};
use serde_json::{Value, json};

use crate::review::Editor;

const ANSWER: &str = "```\ntwo\n```\n";

/// A checkout whose settings name a command with one argument.
fn world(model: Option<&Model>) -> World {
    let world = World::new("//- /a.txt\none\n", model);
    name(&world, "first");
    std::fs::create_dir(world.path(".git")).expect("a checkout");
    world
}

fn name(world: &World, argument: &str) {
    let run = format!("run = [\"sh\", \"-c\", \"exit 0\", \"{argument}\"]");
    world.write(".hunkwise.toml", &format!("[[checks.commands]]\nname = \"lint\"\n{run}\n"));
}

/// Asks in a new editor, and gives the question that the user is asked for that.
fn ask(world: World) -> (Editor, Vec<Value>) {
    let mut editor = Editor::open_in(world, "a.txt", "one\n");
    let uri = editor.buffer.uri.clone();
    editor.client.command("hunkwise.ask", &[&format!("1:0-4@{uri}"), "two"]);
    let hunks = editor.pending(1);
    (editor, hunks)
}

fn answer_question(editor: &mut Editor, part: &str, title: &str) {
    let (id, question) = editor.client.incoming_request("window/showMessageRequest");
    assert!(question["message"].as_str().is_some_and(|text| text.contains(part)), "{question}");
    editor.client.answer(&id, json!({ "title": title }));
}

fn wait_for(editor: &mut Editor, badge: &str) {
    let uri = editor.buffer.uri.clone();
    editor.client.diagnostics(&uri, |found| {
        found.iter().any(|found| found["message"].as_str().is_some_and(|text| text.ends_with(badge)))
    });
}

/// Decides what there is, so that the next editor begins with nothing.
fn close(editor: Editor) -> World {
    let Editor { world, mut client, .. } = editor;
    client.command("hunkwise.reject", &["all"]);
    assert_eq!(client.shutdown(), 0);
    world
}

#[test]
fn a_command_that_changes_after_trust_is_asked_about_anew() {
    let model = Model::new(vec![answer(&[], ANSWER); 4]);
    let (mut editor, _) = ask(world(Some(&model)));
    answer_question(&mut editor, "sh -c exit 0 first", "Trust and check");
    wait_for(&mut editor, "✓ checks");
    let world = close(editor);

    let (editor, hunks) = ask(world);
    assert!(hunks.iter().any(|hunk| hunk["message"].as_str().is_some_and(|text| text.ends_with("✓ checks"))));
    let world = close(editor);

    name(&world, "second");
    let (mut editor, hunks) = ask(world);
    let not_run =
        |hunk: &Value| hunk["message"].as_str().is_some_and(|text| text.ends_with("checks not run"));
    assert!(hunks.iter().any(not_run), "{hunks:#?}");
    assert!(!editor.world.state().join("scratch").read_dir().is_ok_and(|mut dir| dir.next().is_some()));
    let id = hunks[0]["data"]["id"].as_str().and_then(|id| id.split('.').next()).expect("an id");
    let review = editor.read_review(id);
    assert!(review.contains("Checks: not run: sh -c exit 0 second: it is new or has changed"), "{review}");
    answer_question(&mut editor, "sh -c exit 0 second. May they run", "Run them");
    wait_for(&mut editor, "✓ checks");
    let world = close(editor);

    // What was allowed before stays so.
    name(&world, "first");
    let (editor, hunks) = ask(world);
    assert!(hunks.iter().any(|hunk| hunk["message"].as_str().is_some_and(|text| text.ends_with("✓ checks"))));
    close(editor);
}

#[test]
fn no_to_a_command_is_kept_and_does_not_take_the_trust_away() {
    let model = Model::new(vec![answer(&[], ANSWER); 2]);
    let world = world(Some(&model));
    workspace::Trust::grant(&world.state(), &world.root()).expect("trust is kept");
    let (mut editor, _) = ask(world);
    answer_question(&mut editor, "sh -c exit 0 first", "Do not run them");
    let told = editor.client.incoming_notification("window/showMessage");
    assert!(told["message"].as_str().is_some_and(|text| text.contains("hunkwise.trust")), "{told}");
    let world = close(editor);
    let (mut editor, _) = ask(world);
    // Whatever would be asked by itself would have come before this.
    editor.client.command("hunkwise.trust", &["all"]);
    answer_question(&mut editor, "May they run", "Run them");
    wait_for(&mut editor, "✓ checks");
    close(editor);
}

fn check(world: &World, args: &[&str]) -> String {
    let mut command = Command::new(binary());
    command.arg("check").args(args).arg(".").current_dir(world.root()).stdin(Stdio::null());
    command.envs(world.env().iter().map(|(name, value)| (name, value))).env("NO_COLOR", "1");
    let output = command.output().expect("the binary runs");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_terminal_asks_for_a_word_on_a_changed_command_too() {
    let world = world(None);
    let said = check(&world, &[]);
    assert!(said.contains("sh -c exit 0 first") && said.contains("nothing was run"), "{said}");
    let said = check(&world, &["--trust"]);
    assert!(said.contains("lint") && said.contains(" s; "), "{said}");
    name(&world, "second");
    let said = check(&world, &[]);
    assert!(said.contains("sh -c exit 0 second") && said.contains("they were not run"), "{said}");
    let said = check(&world, &["--trust"]);
    assert!(said.contains(" s; "), "{said}");
    let said = check(&world, &[]);
    assert!(said.contains(" s; ") && !said.contains("second"), "{said}");
}
