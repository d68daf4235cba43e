//! The model that an editor lends, asked over the protocol.

use e2e::{Client, World};
use serde_json::{Value, json};

use crate::review::{Editor, capabilities};

const CODE: &str = "def area(w, h):\n    # ai: multiply\n    return w + h\n";
const REWRITE: [&str; 3] = ["```python\ndef area(w, h):\n", "    return w * h\n", "```\n"];

/// An editor that lends its model, and a user who wants it.
fn editor(settings: &str) -> Editor {
    let world = World::new(&format!("//- /a.py\n{CODE}"), None);
    std::fs::write(world.config(), format!("[provider]\neditor = true\n{settings}")).expect("settings");
    let mut capabilities = capabilities();
    capabilities["experimental"]["hunkwise"]["model"] = json!(true);
    let client = Client::initialized(&world, capabilities);
    let mut editor = Editor::of(world, client, "a.py", CODE);
    editor.diagnostics("directive", 1);
    editor
}

/// Runs the directive; the question to the editor's model.
fn ask(editor: &mut Editor) -> (Value, Value) {
    let at = editor.buffer.find("ai:");
    let action = editor.client.action(&editor.buffer, &at, "Run");
    assert!(editor.client.run(&action)["proposal"].is_string());
    editor.client.incoming_request("hunkwise/model")
}

fn piece(editor: &mut Editor, question: &Value, seq: usize, text: &str) {
    editor.client.notify("hunkwise/modelDelta", json!({ "id": question["id"], "seq": seq, "text": text }));
}

/// What the user is told at the end of an answer that is not used.
fn told(editor: &mut Editor) -> String {
    let told = editor.client.incoming_notification("window/showMessage");
    told["message"].as_str().expect("a text").to_owned()
}

fn context() -> &'static str {
    "context_tokens = 64000\n"
}

#[test]
fn an_answer_comes_in_pieces_and_is_whole_with_its_end() {
    let mut editor = editor(&format!("{}model = 'copilot-x'\neffort = 'low'\n", context()));
    let (id, question) = ask(&mut editor);
    assert_eq!((&question["model"], &question["effort"]), (&json!("copilot-x"), &json!("low")));
    assert!(question["maxOutputTokens"].is_u64() && question["system"].is_string());
    assert!(question["messages"][0]["text"].as_str().is_some_and(|text| text.contains("multiply")));
    // Whatever the order in which they are handled, they have numbers.
    for (seq, text) in [(1, REWRITE[1]), (0, REWRITE[0]), (2, REWRITE[2])] {
        piece(&mut editor, &question, seq, text);
    }
    editor.client.answer(&id, json!({ "end": "complete", "deltas": 3, "inputTokens": 7, "outputTokens": 3 }));
    editor.pending(1);
    editor.client.command("hunkwise.review", &["p1"]);
    let (id, shown) = editor.client.incoming_request("window/showDocument");
    editor.client.answer(&id, json!({ "success": true }));
    let path = shown["uri"].as_str().and_then(|uri| uri.strip_prefix("file://")).expect("a file");
    let review = std::fs::read_to_string(path).expect("the review");
    assert!(review.contains("Model: copilot-x at the editor · 7 tokens in, 3 out"), "{review}");
    editor.close();
}

#[test]
fn pieces_behind_the_end_count() {
    let mut editor = editor(context());
    let (id, question) = ask(&mut editor);
    editor.client.answer(&id, json!({ "end": "complete", "deltas": 3 }));
    REWRITE.iter().enumerate().for_each(|(seq, text)| piece(&mut editor, &question, seq, text));
    editor.pending(1);
    editor.close();
}

#[test]
fn an_answer_without_a_true_end_is_cut() {
    for (end, expected) in [
        (json!({ "end": "complete", "deltas": 5 }), "3 of 5 pieces came"),
        (json!({ "end": "complete", "deltas": 2 }), "more pieces came than the editor says"),
        (json!({ "deltas": 3 }), "missing field `end`"),
        (json!({ "end": "perhaps", "deltas": 3 }), "unknown variant `perhaps`"),
        (Value::Null, "cannot be read"),
        (json!({ "end": "maxTokens", "deltas": 3 }), "hit the limit of output tokens"),
        (json!({ "end": "filtered", "deltas": 3 }), "content filter"),
    ] {
        let mut editor = editor(context());
        let (id, question) = ask(&mut editor);
        REWRITE.iter().enumerate().for_each(|(seq, text)| piece(&mut editor, &question, seq, text));
        editor.client.answer(&id, end.clone());
        let said = told(&mut editor);
        assert!(said.contains(expected) && said.contains("Your text is unchanged"), "{end}: {said}");
        editor.pending(0);
        editor.close();
    }
}

#[test]
fn a_refusal_of_the_editor_or_of_its_model_is_told() {
    let mut first = editor(context());
    let (id, _) = ask(&mut first);
    first.client.refuse(&id, -32803, "the user did not consent");
    assert!(
        told(&mut first).contains("the model that the editor lends gave no answer: the user did not consent")
    );
    first.close();
    let mut second = editor(context());
    let (id, _) = ask(&mut second);
    second.client.answer(&id, json!({ "end": "refused", "deltas": 0, "message": "not this" }));
    assert!(told(&mut second).contains("the model refused: not this"));
    second.close();
    let mut third = editor(context());
    let (id, question) = ask(&mut third);
    piece(&mut third, &question, 0, REWRITE[0]);
    third.client.refuse(&id, -32803, "the network went away");
    assert!(told(&mut third).contains("the answer was cut off (the network went away)"));
    third.close();
}

#[test]
fn a_cancelled_question_is_taken_back() {
    let mut editor = editor(context());
    let (id, question) = ask(&mut editor);
    piece(&mut editor, &question, 0, REWRITE[0]);
    editor.client.command("hunkwise.cancel", &["p1"]);
    let taken_back = editor.client.incoming_notification("$/cancelRequest");
    assert_eq!(taken_back["id"], id);
    piece(&mut editor, &question, 1, REWRITE[1]);
    editor.client.refuse(&id, -32800, "cancelled");
    editor.pending(0);
    editor.close();
}

#[test]
fn an_editor_that_never_answers_is_not_waited_for_longer_than_the_settings_say() {
    let mut first = editor(&format!("{}timeouts.first_byte_ms = 50\n", context()));
    let (id, _) = ask(&mut first);
    assert!(told(&mut first).contains("no answer in time (first byte limit of 0.05 s)"));
    assert_eq!(first.client.incoming_notification("$/cancelRequest")["id"], id);
    first.close();
    let mut second = editor(&format!("{}timeouts.idle_ms = 50\n", context()));
    let (id, question) = ask(&mut second);
    piece(&mut second, &question, 0, REWRITE[0]);
    assert!(told(&mut second).contains("no answer in time (idle limit of 0.05 s)"));
    assert_eq!(second.client.incoming_notification("$/cancelRequest")["id"], id);
    second.close();
}

#[test]
fn an_answer_that_is_too_large_is_given_up() {
    let mut editor = editor(context());
    let (id, question) = ask(&mut editor);
    let large = "x".repeat(1 << 20);
    (0..17).for_each(|seq| piece(&mut editor, &question, seq, &large));
    assert!(told(&mut editor).contains("the answer is larger than 16 MiB"));
    assert_eq!(editor.client.incoming_notification("$/cancelRequest")["id"], id);
    editor.pending(0);
    editor.close();
}

#[test]
fn only_an_editor_that_says_so_is_asked_and_only_where_the_user_wants_it() {
    let world = World::new(&format!("//- /a.py\n{CODE}"), None);
    std::fs::write(world.config(), "provider.editor = true\n").expect("settings");
    let mut editor = Editor::open_in(world, "a.py", CODE);
    editor.diagnostics("directive", 1);
    let at = editor.buffer.find("ai:");
    let action = editor.client.action(&editor.buffer, &at, "no model is set up");
    editor.client.run(&action);
    assert!(told(&mut editor).contains("an editor has to say that it does"));
    editor.close();

    let model = e2e::Model::new(vec![e2e::answer(&["multiply"], &REWRITE.concat())]);
    let world = World::new(
        &format!("//- /a.py\n{CODE}//- /.hunkwise.toml\n[provider]\neditor = true\n"),
        Some(&model),
    );
    let mut capabilities = capabilities();
    capabilities["experimental"]["hunkwise"]["model"] = json!(true);
    let client = Client::initialized(&world, capabilities);
    let mut editor = Editor::of(world, client, "a.py", CODE);
    assert!(told(&mut editor).contains("`provider.editor` is ignored there"));
    editor.ask(1);
    assert_eq!(model.requests().len(), 1);
    editor.close();
}
