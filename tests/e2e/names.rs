//! A name that nothing has, over the protocol: told on the hunk that holds it.

use e2e::{Model, World, answer};
use serde_json::{Value, json};

use crate::review::Editor;

const CODE: &str = "from users import User, load_user\n\n\ndef greet(id):\n    # ai: greet the user by name\n    return \"hello\"\n";
const USERS: &str = "class User:\n    def full_name(self):\n        return \"\"\n\n\ndef load_user(id) -> User:\n    return User()\n";
const INVENTED: &str = "```python\ndef greet(id):\n    user: User = load_user(id)\n    return f\"hello {user.ful_name()}\"\n```\n";

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
fn a_made_up_name_is_told_on_its_hunk() {
    let model = Model::new(vec![answer(&["greet the user by name"], INVENTED)]);
    let mut editor = open(&model);
    let hunks = editor.ask(1);
    let told = "nothing here has the name `ful_name`; nearest is `full_name`";
    assert!(messages(&hunks).iter().any(|message| message.contains(told)), "{hunks:?}");
    let position = editor.buffer.find("    return \"hello\"");
    let document = json!({ "uri": editor.buffer.uri });
    let hover = json!({ "textDocument": document, "position": position });
    let hover = editor.client.request("textDocument/hover", hover)["contents"]["value"].to_string();
    assert!(hover.contains(told), "{hover}");
    editor.close();
}
