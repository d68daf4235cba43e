//! Hunks that need others, over the protocol and in the terminal: said beforehand, accepted together.

use std::io::Write as _;
use std::process::{Command, Stdio};

use e2e::{Model, World, answer, binary};
use serde_json::Value;

use crate::review::Editor;

const CODE: &str =
    "def total(prices):\n    # ai: name the result\n    result = 0\n    print(prices)\n    return result\n";
const REWRITE: &str =
    "```python\ndef total(prices):\n    amount = 0\n    print(prices)\n    return amount\n```\n";

fn model() -> Model {
    Model::new(vec![answer(&["name the result"], REWRITE)])
}

/// The titles at a place.
fn titles(editor: &mut Editor, at: &str) -> Vec<String> {
    let at = editor.buffer.find(at);
    let actions = editor.client.actions(&editor.buffer, &at);
    let title = |action: &Value| action["title"].as_str().map(str::to_owned);
    actions.iter().filter_map(title).collect()
}

#[test]
fn a_hunk_is_accepted_with_what_it_needs() {
    let model = model();
    let mut editor = Editor::open(&model, "shop.py", CODE);
    let hunks = editor.ask(2);
    let messages: Vec<&str> = hunks.iter().filter_map(|hunk| hunk["message"].as_str()).collect();
    assert!(
        messages
            .contains(&"AI 2/2 (r1): changes 1 line in `total` ✓ parses · ✓ names · ⚠ needs hunk 1: `amount` is defined there"),
        "{messages:?}"
    );
    let titles = titles(&mut editor, "    return result");
    assert!(titles.len() <= 8, "{titles:?}");
    assert!(
        titles.contains(&"AI: Accept hunk 2/2 (needs hunk 1: `amount` is defined there)".to_owned()),
        "{titles:?}"
    );
    let uri = editor.buffer.uri.clone();
    let position = editor.buffer.find("    return result");
    let hover = editor.client.request(
        "textDocument/hover",
        serde_json::json!({ "textDocument": { "uri": uri }, "position": position }),
    );
    let hover = hover["contents"]["value"].as_str().unwrap_or_default().to_owned();
    assert!(hover.contains("- needs hunk 1: `amount` is defined there"), "{hover}");

    editor.act("    return result", "Accept hunk 2/2 with what it needs (2 hunks)");
    editor.client.apply_edit(&mut editor.buffer);
    editor.diagnostics("decided", 1);
    assert_eq!(editor.text(), "def total(prices):\n    amount = 0\n    print(prices)\n    return amount\n");
    editor.close();
}

#[test]
fn alone_it_is_accepted_too_and_the_other_says_what_is_left() {
    let model = model();
    let mut editor = Editor::open(&model, "shop.py", CODE);
    editor.ask(2);
    editor.act("    return result", "Accept hunk 2/2 (needs");
    editor.pending(1);
    let titles = titles(&mut editor, "    result = 0");
    assert!(titles.contains(&"AI: Accept hunk 1/2".to_owned()), "{titles:?}");
    editor.act("    result = 0", "Accept hunk 1/2");
    editor.diagnostics("decided", 1);
    editor.close();
}

/// The review in a terminal with these answers; what the file holds then, and what was said.
fn reviewed(input: &str) -> (String, String) {
    let model = model();
    let code = CODE.replace("    # ai: name the result\n", "");
    let world = World::new(&format!("//- /a.py\n{code}"), Some(&model));
    let mut child = Command::new(binary())
        .args(["edit", "a.py:2", "-m", "name the result"])
        .current_dir(world.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .envs(world.env().iter().map(|(name, value)| (name, value)))
        .env("NO_COLOR", "1")
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("standard input").write_all(input.as_bytes()).expect("the binary reads");
    let output = child.wait_with_output().expect("the binary ends");
    let told = [output.stdout, output.stderr].concat();
    (world.read("a.py"), String::from_utf8_lossy(&told).into_owned())
}

#[test]
fn the_terminal_offers_to_take_what_a_hunk_needs() {
    let both = "def total(prices):\n    amount = 0\n    print(prices)\n    return amount\n";
    let (text, told) = reviewed("y\ny\n");
    assert_eq!(text, both, "{told}");
    assert!(
        told.contains("needs hunk 2: `result` is used there") && told.contains("2 hunks written"),
        "{told}"
    );
    let (text, told) = reviewed("y\nn\nn\n");
    assert_eq!(text, both.replace("return amount", "return result"), "{told}");
    let (text, told) = reviewed("y\nb\nq\n");
    assert_eq!(text, both.replace("amount", "result"), "{told}");
}
