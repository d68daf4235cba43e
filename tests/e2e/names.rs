//! A name that nothing has, over the protocol: the model is asked again about it, and it is told on its hunk if it stays.

use e2e::{Buffer, Client, Model, World, answer};
use serde_json::{Value, json};
use text::Encoding;

use crate::review::{Editor, capabilities};

const CODE: &str = "from users import User, load_user\n\n\ndef greet(id):\n    # ai: greet the user by name\n    return \"hello\"\n";
const USERS: &str = "class User:\n    def full_name(self):\n        return \"\"\n\n\ndef load_user(id) -> User:\n    return User()\n";
const INVENTED: &str = "```python\ndef greet(id):\n    user: User = load_user(id)\n    return f\"hello {user.ful_name()}\"\n```\n";

const RIGHT: &str = "```python\ndef greet(id):\n    user: User = load_user(id)\n    return f\"hello {user.full_name()}\"\n```\n";

const TOLD: &str = "nothing here has the name `ful_name`; nearest is `full_name`";

/// The file in a folder whose files have all been read.
fn open(model: &Model) -> Editor {
    let world = World::new(&format!("//- /shop.py\n{CODE}//- /users.py\n{USERS}"), Some(model));
    let mut editor = Editor::open_in(world, "shop.py", CODE);
    editor.client.indexed();
    editor
}

fn messages(hunks: &[Value]) -> Vec<&str> {
    hunks.iter().filter_map(|hunk| hunk["message"].as_str()).collect()
}

#[test]
fn a_made_up_name_goes_back_to_the_model_with_what_is_nearest() {
    let model = Model::new(vec![answer(&[], INVENTED), answer(&["possible invention"], RIGHT)]);
    let mut editor = open(&model);
    let hunks = editor.ask(1);
    let messages = messages(&hunks);
    assert!(messages.iter().any(|message| message.ends_with("✓ parses · ✓ names")), "{messages:?}");
    let requests = model.requests();
    assert_eq!(requests.len(), 2);
    let again = requests[1].last_user_message();
    for part in [TOLD, "users.py:2", "def full_name(self):"] {
        assert!(again.contains(part), "{part:?} is missing in {again}");
    }
    editor.client.command("hunkwise.revision", &["p1:r1"]);
    let first = editor.pending(1);
    assert!(self::messages(&first).iter().any(|message| message.contains(TOLD)), "{first:?}");
    editor.client.command("hunkwise.revision", &["p1:r2"]);
    editor.pending(1);
    editor.client.command("hunkwise.accept", &["p1"]);
    editor.client.apply_edit(&mut editor.buffer);
    editor.diagnostics("decided", 1);
    assert!(editor.text().contains("user.full_name()"), "{}", editor.text());
    editor.close();
}

#[test]
fn a_made_up_name_that_stays_is_offered_with_what_is_nearest() {
    let answers = [INVENTED, INVENTED, INVENTED].map(|text| answer(&[], text));
    let model = Model::new(answers.to_vec());
    let mut editor = open(&model);
    let hunks = editor.ask(1);
    assert!(messages(&hunks).iter().any(|message| message.contains(TOLD)), "{hunks:?}");
    assert_eq!(model.requests().len(), 3);
    let position = editor.buffer.find("    return \"hello\"");
    let document = json!({ "uri": editor.buffer.uri });
    let hover = json!({ "textDocument": document, "position": position });
    let hover = editor.client.request("textDocument/hover", hover)["contents"]["value"].to_string();
    assert!(hover.contains(TOLD), "{hover}");
    editor.client.command("hunkwise.accept", &["p1"]);
    editor.client.apply_edit(&mut editor.buffer);
    editor.diagnostics("decided", 1);
    assert!(editor.text().contains("user.ful_name()"), "{}", editor.text());
    editor.close();
}

/// What lenses, hover and review document say of the pending hunk, whose diagnostic is given.
fn badges(editor: &mut Editor, hunks: &[Value], at: &str) -> [String; 4] {
    let message =
        messages(hunks).into_iter().find(|message| message.contains("1/1")).expect("a hunk").to_owned();
    let document = json!({ "uri": editor.buffer.uri });
    let lenses = editor.client.request("textDocument/codeLens", json!({ "textDocument": document }));
    let position = editor.buffer.find(at);
    let hover = json!({ "textDocument": document, "position": position });
    let hover = editor.client.request("textDocument/hover", hover)["contents"]["value"].clone();
    let hover = hover.as_str().expect("a hover").to_owned();
    [message, lenses.to_string(), hover, editor.read_review("p1")]
}

#[test]
fn every_badge_says_that_names_were_looked_up_in_the_whole_folder() {
    let model = Model::new(vec![answer(&[], RIGHT)]);
    let mut editor = open(&model);
    let hunks = editor.ask(1);
    for said in badges(&mut editor, &hunks, "    return \"hello\"") {
        assert!(said.contains("✓ parses · ✓ names"), "{said}");
    }
    editor.close();
}

#[test]
fn a_possible_invention_stands_in_place_of_the_names() {
    let answers = [INVENTED, INVENTED, INVENTED].map(|text| answer(&[], text));
    let model = Model::new(answers.to_vec());
    let mut editor = open(&model);
    let hunks = editor.ask(1);
    for said in badges(&mut editor, &hunks, "    return \"hello\"") {
        assert!(said.contains("✓ parses · ⚠ ") && !said.contains("✓ names"), "{said}");
    }
    editor.close();
}

#[test]
fn names_of_a_file_outside_of_the_folders_are_not_checked() {
    let model = Model::new(vec![answer(&[], "```python\ndef f():\n    return 2\n```\n")]);
    let world = World::new("", Some(&model));
    let code = "def f():\n    # ai: return two\n    return 1\n";
    let path = world.state().join("alone.py");
    std::fs::write(&path, code).expect("a file");
    let mut client = Client::initialized(&world, capabilities());
    let buffer = Buffer::new(World::uri_of(&path), code, Encoding::Utf16);
    client.open(&buffer, "");
    let mut editor = Editor { world, client, buffer };
    let hunks = editor.ask(1);
    for said in badges(&mut editor, &hunks, "    return 1") {
        assert!(said.contains("✓ parses · names not checked"), "{said}");
    }
    editor.close();
}

#[test]
fn nothing_is_said_of_levels_that_a_file_does_not_have() {
    let model = Model::new(vec![answer(&[], "```json\n{ \"a\": 2 }\n```\n")]);
    let json = "{ \"a\": 1 }\n";
    let mut editor =
        Editor::open_in(World::new(&format!("//- /a.json\n{json}"), Some(&model)), "a.json", json);
    editor.client.indexed();
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let place = json!({ "uri": editor.buffer.uri, "range": range });
    editor.client.command_at("hunkwise.ask", &place, Some("make it two"));
    let hunks = editor.pending(1);
    for said in badges(&mut editor, &hunks, "{ \"a\"") {
        assert!(said.contains("✓ parses") && !said.contains("names"), "{said}");
    }
    editor.close();
}
