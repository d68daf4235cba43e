//! What other servers say of a document, forwarded by a thin client: shown where it is mentioned, and a finding of the next round
//! where it is new on accepted lines.

use e2e::{Model, World, answer};
use serde_json::{Value, json};

use crate::review::Editor;

const CODE: &str = "import os\n\n\ndef area(w, h):\n    # ai: multiply\n    w = w or 0\n    return w + h\n";
const ANSWER: &str = "```python\ndef area(w, h):\n    w = w or 0\n    return w.times(h)\n```\n";
/// Accepted text stays as it is: what is wrong with it is put right beside it.
const AGAIN: &str = "```python\ndef area(w, h):\n    w = Number(w)\n    return w.times(h)\n```\n";

fn diagnostic(editor: &Editor, at: &str, source: &str, message: &str) -> Value {
    let at = editor.buffer.find(at);
    json!({ "range": { "start": at, "end": at }, "source": source, "message": message, "severity": 1 })
}

/// Forwards all that is said of the document.
fn forward(editor: &mut Editor, version: i32, diagnostics: &[Value]) {
    let params = json!({ "uri": editor.buffer.uri, "version": version, "diagnostics": diagnostics });
    editor.client.notify("hunkwise/diagnostics", params);
}

/// Asks and accepts an answer that a server finds fault with, forwards `before` and then `after`, and refines: what the model
/// is asked.
fn refined(before: &[(&str, &str)], after: &[(&str, &str)]) -> String {
    let model = Model::new(vec![answer(&[], ANSWER), answer(&["once more"], AGAIN)]);
    let world = World::new(&format!("//- /a.py\n{CODE}"), Some(&model));
    let mut editor = Editor::open_in(world, "a.py", CODE);
    let say = |editor: &mut Editor, said: &[(&str, &str)]| {
        let all: Vec<Value> = said.iter().map(|(at, text)| diagnostic(editor, at, "ty", text)).collect();
        let version = editor.buffer.version;
        forward(editor, version, &all);
    };
    say(&mut editor, before);
    editor.ask(1);
    editor.act("    return w", "Accept hunk 1/1");
    editor.pending(0);
    say(&mut editor, after);
    editor.client.command("hunkwise.refine", &["p1", "once more"]);
    editor.pending(1);
    editor.close();
    model.requests()[1].last_user_message()
}

#[test]
fn what_is_new_on_accepted_lines_is_told_to_the_model() {
    let told = refined(
        &[("import os", "unused import")],
        &[("import os", "unused import"), ("return w.times", "int has no times")],
    );
    assert!(told.contains("new on accepted text, line 6 (ty): int has no times"), "{told}");
    assert!(!told.contains("unused import"), "{told}");
}

#[test]
fn what_was_said_before_is_not_new() {
    let told = refined(&[("return w +", "odd name")], &[("return w.times", "odd name")]);
    assert!(!told.contains("odd name"), "{told}");
}

#[test]
fn what_is_said_off_the_accepted_lines_is_not_told() {
    let told = refined(&[], &[("import os", "unused import")]);
    assert!(!told.contains("unused import"), "{told}");
}

/// What the model is shown of a document for `@diagnostics`, after these lists were forwarded, each for a version so much newer.
fn mentioned(lists: &[(i32, &[(&str, &str)])]) -> String {
    let model = Model::new(vec![answer(&[], ANSWER)]);
    let code = CODE.replace("multiply", "put @diagnostics right");
    let world = World::new(&format!("//- /a.py\n{code}"), Some(&model));
    let mut editor = Editor::open_in(world, "a.py", &code);
    for (newer, said) in lists {
        let said: Vec<Value> =
            said.iter().map(|(source, text)| diagnostic(&editor, "import os", source, text)).collect();
        let version = editor.buffer.version + newer;
        forward(&mut editor, version, &said);
    }
    editor.ask(1);
    editor.close();
    model.requests()[0].last_user_message()
}

#[test]
fn what_was_forwarded_can_be_mentioned_and_replaces_what_was_before() {
    let shown = mentioned(&[(0, &[("ruff", "an old complaint")]), (0, &[("ruff", "unused import")])]);
    assert!(shown.contains("line 1 (ruff): unused import") && !shown.contains("an old complaint"), "{shown}");
}

#[test]
fn what_is_of_another_version_or_our_own_is_not_taken() {
    let ours = ("hunkwise", "our own");
    let shown = mentioned(&[(0, &[ours, ("ruff", "unused import")]), (1, &[("ruff", "of another text")])]);
    assert!(shown.contains("unused import"), "{shown}");
    assert!(!shown.contains("of another text") && !shown.contains("our own"), "{shown}");
}
