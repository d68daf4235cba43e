//! A secret in the text is hidden from the model and stays as it is, whatever comes back.

use e2e::{Model, World, answer};

use crate::review::Editor;

/// A key as a vendor makes them; put together here, because none may lie in the tree.
fn secret() -> String {
    ["sk", "ant", "api03", "Zq81xW77vbn2KfT0pLmR4sJd9YhCe5Gu"].join("-")
}

fn code() -> String {
    format!(
        "def pay(w, h):\n    # ai: multiply\n    key = '{}'\n    check(w)\n    area = w + h\n    print(area)\n    return send(key, area)\n",
        secret()
    )
}

/// The function as an answer has it, with a line in place of the one with the key and another result.
fn rewrite(key: &str) -> String {
    format!(
        "```python\ndef pay(w, h):\n{key}    check(w)\n    area = w * h\n    print(area)\n    return send(key, area)\n```\n"
    )
}

fn open(model: &Model) -> Editor {
    let code = code();
    Editor::open_in(World::new(&format!("//- /a.py\n{code}"), Some(model)), "a.py", &code)
}

/// All that went over the wire.
fn sent(model: &Model) -> Vec<String> {
    model.requests().iter().map(|request| request.body.to_string()).collect()
}

/// What the user is warned of, first.
fn warning(editor: &mut Editor) -> String {
    editor.client.incoming_notification("window/showMessage")["message"].as_str().expect("a text").to_owned()
}

#[test]
fn a_line_with_a_secret_stays_byte_for_byte() {
    let model = Model::new(vec![answer(&["multiply"], &rewrite("    key = 'REDACTED_1_END'\n"))]);
    let mut editor = open(&model);
    editor.ask(1);
    editor.act("area =", "Accept");
    let expected = code().replace("    # ai: multiply\n", "").replace("w + h", "w * h");
    assert_eq!(editor.text(), expected);
    assert!(sent(&model)[0].contains("REDACTED_1_END") && !sent(&model)[0].contains(&secret()));
    editor.close();
}

#[test]
fn a_change_of_such_a_line_is_left_out_and_the_rest_is_offered() {
    for line in
        ["    key = os.environ['KEY']\n", "", "    key = 'REDACTED_1_END' + 'x'\n", "    key = 'sk-other'\n"]
    {
        let model =
            Model::new(vec![answer(&["multiply"], &rewrite(line).replace("print(area)", "log(area)"))]);
        let mut editor = open(&model);
        editor.ask(1);
        let said = warning(&mut editor);
        assert!(
            said.contains(
                "1 change touches a line with a secret that the model was not shown and is left out"
            ),
            "{said}"
        );
        editor.act("area =", "Accept");
        let text = editor.text();
        assert!(text.contains(&secret()) && text.contains("w * h") && text.contains("log(area)"), "{text}");
        editor.close();
    }
}

#[test]
fn a_placeholder_that_stands_for_nothing_is_not_offered() {
    let invented = rewrite("    key = 'REDACTED_1_END'\n").replace("print(area)", "print('REDACTED_7_END')");
    let model = Model::new(vec![answer(&["multiply"], &invented)]);
    let mut editor = open(&model);
    let proposal = {
        editor.diagnostics("directive", 1);
        let at = editor.buffer.find("ai:");
        let action = editor.client.action(&editor.buffer, &at, "Run");
        editor.client.run(&action)
    };
    assert!(proposal["proposal"].is_string(), "{proposal}");
    let said = warning(&mut editor);
    assert!(said.contains("a placeholder for a secret that there is not"), "{said}");
    assert!(!editor.text().contains("REDACTED_7_END"));
    editor.close();
}

#[test]
fn the_review_hides_it_and_says_how_many_there_are() {
    let answers = vec![answer(&["multiply"], &rewrite("    key = 'REDACTED_1_END'\n"))];
    let model = Model::new(answers);
    let mut editor = open(&model);
    editor.ask(1);
    let document = editor.read_review("p1");
    assert!(document.contains("\nHidden from the model, and here: 1 secret\n"), "{document}");
    assert!(!document.contains(&secret()), "{document}");
    editor.close();
}

#[test]
fn a_secret_given_away_later_is_hidden_in_all_that_is_sent_again() {
    // Nothing but what is said of it tells it from a name.
    let plain = ["hG7f2kQ9", "zLw4Xs1B"].concat();
    let code = format!("def area(w, h):\n    # ai: multiply\n    print('{plain}')\n    return w + h\n");
    let first = format!("```python\ndef area(w, h):\n    print('{plain}')\n    return w * h\n```\n");
    let model = Model::new(vec![answer(&["multiply"], &first)]);
    let mut editor = Editor::open_in(World::new(&format!("//- /a.py\n{code}"), Some(&model)), "a.py", &code);
    editor.ask(1);
    model.add(answer(&["log in"], &first.replace("w * h", "h * w")));
    let instruction = format!("log in with password = '{plain}'");
    editor.client.command("hunkwise.refine", &["p1", &instruction]);
    let uri = editor.buffer.uri.clone();
    editor.client.diagnostics(&uri, |found| found.iter().any(|d| d["message"].to_string().contains("r2")));
    let sent = sent(&model);
    assert!(sent[0].contains(&plain), "nothing gives it away at first");
    assert!(!sent[1].contains(&plain) && sent[1].contains("REDACTED_1_END"), "{}", sent[1]);
    editor.close();
}

#[test]
fn what_the_rest_of_the_file_gives_away_is_hidden() {
    let plain = ["hG7f2kQ9", "zLw4Xs1B"].concat();
    let code = format!(
        "password = '{plain}'\n\n\ndef area(w, h):\n    # ai: multiply\n    print('{plain}')\n    return w + h\n"
    );
    let answered = "```python\ndef area(w, h):\n    print('REDACTED_1_END')\n    return w * h\n```\n";
    let model = Model::new(vec![answer(&["multiply"], answered)]);
    let mut editor = Editor::open_in(World::new(&format!("//- /a.py\n{code}"), Some(&model)), "a.py", &code);
    editor.ask(1);
    assert!(!sent(&model)[0].contains(&plain), "{}", sent(&model)[0]);
    editor.act("w + h", "Accept");
    assert_eq!(editor.text(), code.replace("    # ai: multiply\n", "").replace("w + h", "w * h"));
    editor.close();
}
