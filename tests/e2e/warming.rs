//! Checks of a folder as it is, made while a model answers: they count their runs by themselves.

use std::path::PathBuf;
use std::time::Duration;

use e2e::{Model, World, answer};
use model::recorded::RecordedAnswer;

use crate::checks::{below, processes_in, wait_until};
use crate::review::Editor;

/// Nothing on a loaded machine takes this long.
const LIMIT: Duration = Duration::from_secs(60);

/// Writes the first line that a check sees to a file that stays between checks; then what is given.
fn settings(then: &str) -> String {
    let script =
        format!("mkdir -p \"$CARGO_TARGET_DIR\"; head -n 1 a.txt >> \"$CARGO_TARGET_DIR/runs\"; {then}");
    let run = serde_json::to_string(&["sh", "-c", &script]).expect("words");
    format!("[[checks.commands]]\nname = \"count\"\nrun = {run}\n")
}

/// An editor that has asked for `two` in place of the first line; the answer has begun and is held.
fn asked(text: &str, settings: &str) -> (Model, Editor) {
    let model = Model::new(vec![RecordedAnswer { hold: Some(1), ..answer(&[], "```\ntwo\n```\n") }]);
    let world = World::new(&format!("//- /a.txt\n{text}"), Some(&model));
    std::fs::write(world.config(), settings).expect("settings");
    std::fs::create_dir(world.path(".git")).expect("a checkout");
    workspace::Trust::grant(&world.state(), &world.root()).expect("trust is kept");
    let mut editor = Editor::open_in(world, "a.txt", text);
    let uri = editor.buffer.uri.clone();
    editor.client.command("hunkwise.ask", &[&format!("1:0-4@{uri}"), "two"]);
    model.wait_held(1);
    (model, editor)
}

fn scratch(editor: &Editor) -> PathBuf {
    editor.world.state().join("scratch")
}

/// What the runs so far have seen.
fn runs(editor: &Editor) -> String {
    let files = below(&scratch(editor)).into_iter().filter(|path| path.ends_with("build/cargo/runs"));
    files.map(|path| std::fs::read_to_string(path).unwrap_or_default()).collect()
}

#[track_caller]
fn check_passes(editor: &mut Editor) {
    let hunks = editor.pending(1);
    let passes =
        hunks.iter().any(|hunk| hunk["message"].as_str().is_some_and(|text| text.ends_with("✓ checks")));
    assert!(passes, "{hunks:#?}");
}

#[test]
fn a_check_without_the_hunks_is_made_while_the_model_answers_and_not_again() {
    let (model, mut editor) = asked("one\n", &settings(""));
    wait_until("a check of the text as it is", LIMIT, || runs(&editor) == "one\n");
    model.release();
    check_passes(&mut editor);
    assert_eq!(runs(&editor), "one\ntwo\n");
    editor.close();
}

#[test]
fn it_ends_when_the_request_is_cancelled() {
    let (_model, mut editor) = asked("one\n", &settings("exec sleep 1000"));
    let scratch = scratch(&editor);
    wait_until("a check of the text as it is", LIMIT, || runs(&editor) == "one\n");
    assert!(processes_in(&scratch) > 0);
    editor.client.command("hunkwise.cancel", &["p1"]);
    wait_until("nothing runs", LIMIT, || processes_in(&scratch) == 0);
    editor.close();
}

#[test]
fn it_gives_way_to_the_check_of_another_text() {
    let (model, mut editor) =
        asked("one\nslow\n", &settings("if grep -q slow a.txt; then exec sleep 1000; fi"));
    wait_until("a check of the text as it is", LIMIT, || runs(&editor) == "one\n");
    let change = editor.buffer.replace("slow", "fast");
    editor.client.notify("textDocument/didChange", change);
    model.release();
    check_passes(&mut editor);
    assert_eq!(runs(&editor), "one\none\ntwo\n");
    editor.close();
}

#[test]
fn nothing_is_checked_where_checks_are_off() {
    let (model, mut editor) = asked("one\n", &format!("checks.enabled = false\n{}", settings("")));
    model.release();
    editor.pending(1);
    assert!(!scratch(&editor).exists());
    editor.close();
}
