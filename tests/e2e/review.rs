//! Ask, review by hunk, refine: the whole loop over the protocol, for an editor without any extension.

use e2e::{Buffer, Client, Model, Telling, World, answer};
use expect_test::{Expect, expect};
use model::recorded::RecordedAnswer;
use serde_json::{Value, json};
use text::Encoding;

const CODE: &str = "import os\n\n\ndef total(prices):\n    # ai: sum only what is not None, round, and name the result\n    result = 0\n    for price in prices:\n        result += price\n    print(result)\n    return result\n";

const REWRITE: &str = "Done.\n\n```python\ndef total(prices):\n    amount = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 2)\n```\n";

pub(crate) fn capabilities() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "window": { "workDoneProgress": true, "showDocument": { "support": true } },
        "workspace": { "applyEdit": true, "codeLens": { "refreshSupport": true } },
    })
}

fn rewrite() -> RecordedAnswer {
    answer(&["sum only what is not None"], REWRITE)
}

fn is_source(diagnostic: &Value, code: &str) -> bool {
    diagnostic["source"] == "hunkwise" && diagnostic["code"] == code
}

fn count(diagnostics: &[Value], code: &str) -> usize {
    diagnostics.iter().filter(|diagnostic| is_source(diagnostic, code)).count()
}

pub(crate) struct Editor {
    pub(crate) world: World,
    pub(crate) client: Client,
    pub(crate) buffer: Buffer,
}

impl Editor {
    pub(crate) fn open(model: &Model, name: &str, text: &str) -> Editor {
        Editor::open_in(World::new(&format!("//- /{name}\n{text}"), Some(model)), name, text)
    }

    /// A document of a world.
    pub(crate) fn open_in(world: World, name: &str, text: &str) -> Editor {
        let client = Client::initialized(&world, capabilities());
        Editor::of(world, client, name, text)
    }

    /// A document of a world, for a client that was started.
    pub(crate) fn started(world: World, mut client: Client, name: &str, text: &str) -> Editor {
        client.initialize(world.initialize(capabilities()));
        Editor::of(world, client, name, text)
    }

    /// A document of a world, for a client that is initialized.
    pub(crate) fn of(world: World, mut client: Client, name: &str, text: &str) -> Editor {
        let buffer = Buffer::new(world.uri(name), text, Encoding::Utf16);
        client.open(&buffer, "");
        Editor { world, client, buffer }
    }

    pub(crate) fn diagnostics(&mut self, code: &str, n: usize) -> Vec<Value> {
        let uri = self.buffer.uri.clone();
        self.client.diagnostics(&uri, |found| count(found, code) == n)
    }

    /// Runs the directive and waits for `n` pending hunks.
    pub(crate) fn ask(&mut self, n: usize) -> Vec<Value> {
        self.run();
        self.pending(n)
    }

    /// Runs the directive, once all files of the folder have been read: a badge says whether they were.
    pub(crate) fn run(&mut self) {
        self.client.indexed();
        self.diagnostics("directive", 1);
        let at = self.buffer.find("ai:");
        let action = self.client.action(&self.buffer, &at, "Run");
        let answer = self.client.run(&action);
        assert!(answer["proposal"].is_string(), "{answer}");
    }

    /// Waits for `n` hunks that can be decided.
    pub(crate) fn pending(&mut self, n: usize) -> Vec<Value> {
        let uri = self.buffer.uri.clone();
        let is_pending = |d: &Value| {
            is_source(d, "hunk") && !d["message"].as_str().is_some_and(|text| text.contains("arriving"))
        };
        self.client.diagnostics(&uri, |found| {
            found.iter().filter(|d| is_pending(d)).count() == n && count(found, "working") == 0
        })
    }

    pub(crate) fn act(&mut self, at: &str, title: &str) -> Value {
        let at = self.buffer.find(at);
        let action = self.client.action(&self.buffer, &at, title);
        self.client.perform(&mut self.buffer, &action)
    }

    /// The review document of a proposal, as it is written when it is opened.
    pub(crate) fn read_review(&mut self, proposal: &str) -> String {
        self.client.command("hunkwise.review", &[proposal]);
        let (id, shown) = self.client.incoming_request("window/showDocument");
        self.client.answer(&id, json!({ "success": true }));
        let path = shown["uri"].as_str().and_then(|uri| uri.strip_prefix("file://")).expect("a file");
        std::fs::read_to_string(path).expect("the review")
    }

    pub(crate) fn text(&self) -> String {
        self.buffer.text.to_string()
    }

    /// The file on disk.
    pub(crate) fn file(&self) -> std::path::PathBuf {
        self.world.path(self.buffer.uri.rsplit('/').next().expect("a name"))
    }

    /// Kills the server.
    pub(crate) fn killed(self) -> World {
        let Editor { world, client, .. } = self;
        drop(client);
        world
    }

    pub(crate) fn close(self) {
        assert_eq!(self.client.shutdown(), 0);
    }
}

#[track_caller]
fn check_text(editor: &Editor, expect: Expect) {
    expect.assert_eq(&editor.text());
}

#[test]
fn ask_accept_reject_refine_undo() {
    let model = Model::new(vec![
        rewrite(),
        answer(
            &["two digits are not enough"],
            "<<<<<<< SEARCH\n    return round(result, 2)\n=======\n    return round(result, 4)\n>>>>>>> REPLACE\n",
        ),
        answer(&["two digits are not enough"], "```python\n    return round(result, 4)\n```\n"),
    ]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    let hunks = editor.ask(3);
    let messages: Vec<&str> =
        hunks.iter().filter_map(|hunk| hunk["message"].as_str()).filter(|text| text.contains('/')).collect();
    assert_eq!(
        messages,
        [
            "AI 1/3 (r1): changes 1 line in `total` ✓ parses · ✓ names",
            "AI 2/3 (r1): replaces 1 line with 2 in `total` ✓ parses · ✓ names",
            "AI 3/3 (r1): changes 1 line in `total` ✓ parses · ✓ names"
        ]
    );
    assert_eq!(editor.text(), CODE, "nothing is touched before an accept");

    editor.act("        result += price", "Accept hunk 2/3");
    editor.pending(2);
    check_text(
        &editor,
        expect![[r#"
        import os


        def total(prices):
            result = 0
            for price in prices:
                if price is not None:
                    result += price
            print(result)
            return result
    "#]],
    );

    editor.act("    result = 0", "Reject hunk 1/3");
    editor.pending(1);

    editor.act("    return result", "Refine hunk 3/3");
    editor.client.apply_edit(&mut editor.buffer);
    let (id, shown) = editor.client.incoming_request("window/showDocument");
    editor.client.answer(&id, json!({ "success": true }));
    let line = shown["selection"]["start"]["line"].as_u64().expect("a line") as usize;
    assert_eq!(editor.buffer.text.line(line), "    # ai: \n");
    let typed = editor.buffer.replace("    # ai: \n", "    # ai: two digits are not enough\n");
    editor.client.notify("textDocument/didChange", typed);
    editor.diagnostics("directive", 1);
    editor.act("two digits", "Run");
    let uri = editor.buffer.uri.clone();
    editor.client.diagnostics(&uri, |found| {
        found
            .iter()
            .any(|hunk| hunk["message"] == "AI 3/3 (r2): changes 1 line in `total` ✓ parses · ✓ names")
    });

    editor.act("    return result", "Accept hunk 3/3");
    editor.diagnostics("decided", 1);
    check_text(
        &editor,
        expect![[r#"
        import os


        def total(prices):
            result = 0
            for price in prices:
                if price is not None:
                    result += price
            print(result)
            return round(result, 4)
    "#]],
    );

    let undone = editor.buffer.undo();
    editor.client.notify("textDocument/didChange", undone);
    editor.pending(1);
    check_text(
        &editor,
        expect![[r#"
        import os


        def total(prices):
            result = 0
            for price in prices:
                if price is not None:
                    result += price
            print(result)
            # ai: two digits are not enough
            return result
    "#]],
    );
    editor.close();
    let prompts: Vec<String> = model.requests().iter().map(|request| request.last_user_message()).collect();
    assert_eq!(prompts.len(), 2);
    assert!(!prompts[0].contains("ai: sum"), "the directive is not part of what is shown");
    drop(model);
}

#[test]
fn accept_undo_and_redo_are_seen_in_any_shape_of_change() {
    for telling in [Telling::Edits, Telling::OnePiece, Telling::Whole] {
        let model = Model::new(vec![rewrite()]);
        let mut editor = Editor::open(&model, "shop.py", CODE);
        editor.buffer.telling = telling;
        editor.ask(3);
        editor.act("        result += price", "Accept hunk 2/3");
        editor.pending(2);
        let accepted = editor.text();
        editor.act("    return result", "Accept hunk 3/3");
        editor.pending(1);
        for n_pending in [2, 3] {
            let undone = editor.buffer.undo();
            editor.client.notify("textDocument/didChange", undone);
            editor.pending(n_pending);
        }
        assert_eq!(editor.text(), CODE, "{telling:?}");
        let redone = editor.buffer.edit(0..CODE.len(), &accepted);
        editor.client.notify("textDocument/didChange", redone);
        editor.pending(2);
        editor.act("    result = 0", "Accept hunk 1/3");
        editor.pending(1);
        editor.act("    return result", "Reject hunk 3/3");
        editor.diagnostics("decided", 1);
        assert_eq!(editor.text(), accepted.replace("    result = 0", "    amount = 0"), "{telling:?}");
        editor.close();
    }
}

#[test]
fn the_command_accepts_by_an_edit_of_the_server() {
    let model = Model::new(vec![rewrite()]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    let hunks = editor.ask(3);
    let id = hunks.iter().find_map(|hunk| hunk["data"]["id"].as_str()).expect("an id").to_owned();
    editor.client.command("hunkwise.accept", &[&id]);
    editor.client.apply_edit(&mut editor.buffer);
    editor.pending(2);
    editor.client.command("hunkwise.accept", &["all"]);
    editor.client.apply_edit(&mut editor.buffer);
    editor.diagnostics("decided", 1);
    let after = editor.text();
    assert!(
        after.contains("amount = 0") && after.contains("round(result, 2)") && !after.contains("# ai:"),
        "{after}"
    );
    editor.client.command("hunkwise.undo", &["p1"]);
    editor.client.apply_edit(&mut editor.buffer);
    editor.pending(3);
    assert_eq!(editor.text(), CODE);
    editor.close();
}

#[test]
fn typing_elsewhere_moves_hunks_and_typing_inside_makes_them_stale() {
    let model = Model::new(vec![rewrite()]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    editor.ask(3);
    let typed = editor.buffer.replace("import os\n", "import os\nimport re\n");
    editor.client.notify("textDocument/didChange", typed);
    editor.pending(3);
    let typed = editor.buffer.replace("return result", "return result  # cents");
    editor.client.notify("textDocument/didChange", typed);
    editor.diagnostics("stale", 1);
    let undone = editor.buffer.undo();
    editor.client.notify("textDocument/didChange", undone);
    editor.pending(3);
    editor.act("return result", "Accept hunk 3/3");
    editor.pending(2);
    assert!(editor.text().contains("import re\n") && editor.text().contains("round(result, 2)"));
    editor.close();
}

#[test]
fn a_format_on_save_over_a_hunk_loses_nothing() {
    let model = Model::new(vec![rewrite()]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    editor.ask(3);
    let whole = editor
        .text()
        .replace("    print(result)\n", "    print( result )\n")
        .replace("result = 0", "result  =  0");
    editor.buffer.text = text::Text::from(whole.as_str());
    editor.buffer.version += 1;
    editor.client.notify(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": editor.buffer.uri, "version": editor.buffer.version }, "contentChanges": [{ "text": whole }] }),
    );
    editor.diagnostics("stale", 1);
    editor.act("    return result", "Accept hunk 3/3");
    editor.diagnostics("hunk", 1);
    assert!(editor.text().contains("result  =  0") && editor.text().contains("print( result )"));
    editor.close();
}

#[test]
fn an_edit_applied_to_a_newer_text_is_taken_back_and_tried_again() {
    let model = Model::new(vec![rewrite()]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    let hunks = editor.ask(3);
    let id =
        hunks.iter().filter_map(|hunk| hunk["data"]["id"].as_str()).next_back().expect("an id").to_owned();
    editor.client.command("hunkwise.accept", &[&id]);
    let (request, params) = editor.client.incoming_request("workspace/applyEdit");
    // The user types a line above before the edit arrives, and the editor applies it blindly, position for position.
    let typed = editor.buffer.edit(0..0, "import sys\n");
    editor.client.notify("textDocument/didChange", typed);
    let edits = params["edit"]["documentChanges"][0]["edits"].as_array().expect("edits").clone();
    let misapplied = editor.buffer.apply(&edits);
    editor.client.notify("textDocument/didChange", misapplied);
    editor.client.answer(&request, json!({ "applied": true }));
    editor.client.taken.push("window/showMessage");
    editor.client.apply_edit(&mut editor.buffer);
    assert_eq!(editor.text(), format!("import sys\n{CODE}"), "taken back exactly");
    editor.client.apply_edit(&mut editor.buffer);
    editor.pending(2);
    assert!(
        editor.text().starts_with("import sys\nimport os\n")
            && editor.text().ends_with("return round(result, 2)\n"),
        "{}",
        editor.text()
    );
    editor.close();
}

#[test]
fn an_editor_that_drops_an_edit_is_noticed() {
    let model = Model::new(vec![rewrite()]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    editor.ask(3);
    editor.client.command("hunkwise.accept", &["p1"]);
    let (request, _) = editor.client.incoming_request("workspace/applyEdit");
    editor.client.answer(&request, json!({ "applied": false, "failureReason": "declined" }));
    let told = editor.client.incoming_notification("window/showMessage");
    let text = told["message"].as_str().unwrap_or_default();
    assert!(text.contains("did not apply the edit (declined)") && text.contains("stay pending"), "{text}");
    assert_eq!(editor.text(), CODE);
    editor.act("    return result", "Accept hunk 3/3");
    editor.pending(2);
    editor.close();
}

#[test]
fn crlf_and_a_missing_final_newline_survive() {
    let model = Model::new(vec![rewrite()]);
    let code = CODE.replace('\n', "\r\n");
    let mut editor = Editor::open(&model, "shop.py", code.trim_end());
    editor.ask(3);
    editor.act("        result += price", "Accept hunk 2/3");
    editor.pending(2);
    let expected =
        code.trim_end().replace("    # ai: sum only what is not None, round, and name the result\r\n", "");
    let expected = expected
        .replace("        result += price", "        if price is not None:\r\n            result += price");
    assert_eq!(editor.text(), expected);
    editor.close();
}

#[test]
fn a_cut_stream_offers_nothing() {
    let mut cut = rewrite();
    cut.fault = Some(model::recorded::Fault::CloseAfter(60));
    let model = Model::new(vec![cut]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    editor.diagnostics("directive", 1);
    editor.act("ai:", "Run");
    let told = editor.client.incoming_notification("window/showMessage");
    assert!(
        told["message"].as_str().is_some_and(|text| text.contains("cut off") && text.contains("unchanged")),
        "{told}"
    );
    editor.diagnostics("failed", 1);
    editor.close();
}

#[test]
fn an_answer_that_does_not_fit_is_asked_for_again_twice_and_then_refused() {
    let wrong = "```python\ndef other():\n    pass\n```\n\n```python\ndef more():\n    pass\n```\n";
    let model = Model::new(vec![
        answer(&["sum only"], wrong),
        answer(&["sum only"], wrong),
        answer(&["sum only"], "<<<<<<< SEARCH\n    nothing like it\n=======\n    x\n>>>>>>> REPLACE\n"),
    ]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    editor.diagnostics("directive", 1);
    editor.act("ai:", "Run");
    editor.client.taken.push("window/showMessage");
    editor.diagnostics("failed", 1);
    assert_eq!(model.requests().len(), 3, "the request and two repairs");
    assert_eq!(editor.text(), CODE);
    editor.close();
}

#[test]
fn a_syntax_error_that_is_not_repaired_is_a_finding_on_its_hunk() {
    let broken = REWRITE.replace("round(result, 2)", "round(result, 2");
    let search = "<<<<<<< SEARCH\n    return result\n=======\n    return (result\n>>>>>>> REPLACE\n";
    let is_told = &["sum only", "would not parse"];
    let model =
        Model::new(vec![answer(&["sum only"], &broken), answer(is_told, search), answer(is_told, search)]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    editor.diagnostics("directive", 1);
    editor.act("ai:", "Run");
    let uri = editor.buffer.uri.clone();
    let found = editor.client.diagnostics(&uri, |found| {
        count(found, "failed") == 1
            || found.iter().any(|d| d["message"].as_str().is_some_and(|text| text.contains('⚠')))
    });
    assert!(count(&found, "failed") == 0, "{found:#?}");
    assert_eq!(model.requests().len(), 3, "the request and two repairs");
    editor.close();
}

#[test]
fn hunks_of_a_closed_file_come_back_when_it_is_opened_again() {
    let model = Model::new(vec![rewrite()]);
    let mut editor = Editor::open(&model, "shop.py", CODE);
    editor.ask(3);
    editor.client.notify("textDocument/didClose", json!({ "textDocument": { "uri": editor.buffer.uri } }));
    let changed = CODE.replace("import os\n", "import os\nimport sys\n").replace("    print(result)\n", "");
    editor.buffer = Buffer::new(editor.buffer.uri.clone(), &changed, Encoding::Utf16);
    editor.client.open(&editor.buffer, "");
    editor.pending(3);
    editor.act("    return result", "Accept hunk 3/3");
    editor.pending(2);
    assert!(editor.text().ends_with("    return round(result, 2)\n"));
    editor.close();
}

#[test]
fn a_prompt_and_the_whole_state_are_there_for_clients_that_ask() {
    let model = Model::new(vec![answer(&["name it"], REWRITE)]);
    let world = World::new(&format!("//- /shop.py\n{CODE}"), Some(&model));
    let mut wanted = capabilities();
    wanted["experimental"] = json!({ "hunkwise": { "prompt": true, "didUpdate": true } });
    let mut client = Client::initialized(&world, wanted);
    client.taken.retain(|method| *method != "hunkwise/didUpdate");
    let buffer = Buffer::new(world.uri("shop.py"), CODE, Encoding::Utf16);
    client.open(&buffer, "python");
    client.diagnostics(&buffer.uri.clone(), |found| count(found, "directive") == 1);
    let at = buffer.find("for price");
    let ask = client.action(&buffer, &at, "Ask AI…");
    client.run(&ask);
    let (id, prompt) = client.incoming_request("hunkwise/prompt");
    assert_eq!(prompt["title"], "What should change here?");
    client.answer(&id, json!({ "value": "name it" }));
    let mut seq = 0;
    loop {
        let update = client.incoming_notification("hunkwise/didUpdate");
        assert!(update["seq"].as_u64().expect("a number") > seq, "updates are numbered");
        seq = update["seq"].as_u64().unwrap_or(0);
        if update["state"] == "pending" {
            assert_eq!(update["files"][0]["hunks"].as_array().map(Vec::len), Some(3), "{update:#}");
            break;
        }
    }
    assert_eq!(client.shutdown(), 0);
    drop(world);
}

#[test]
fn every_wire_format_leads_to_the_same_hunks() {
    for protocol in model::Protocol::ALL {
        let model = Model::over(protocol, vec![rewrite()]);
        let mut editor = Editor::open(&model, "shop.py", CODE);
        editor.ask(3);
        editor.act("    return result", "Accept hunk 3/3");
        editor.pending(2);
        assert!(editor.world.read("shop.py") == CODE, "the editor owns the text, not the server");
        editor.close();
    }
}

/// A function of more lines than are asked for as a whole.
fn long_code() -> String {
    let lines = (0..100).map(|n| format!("    step_{n} = {n}\n"));
    format!("def long():\n    # ai: name the steps\n{}", lines.collect::<String>())
}

fn blocks() -> RecordedAnswer {
    let block = |n: u32| {
        format!("<<<<<<< SEARCH\n    step_{n} = {n}\n=======\n    named_{n} = {n}\n>>>>>>> REPLACE\n")
    };
    let mut answer = answer(&["name the steps"], &format!("{}{}", block(10), block(90)));
    // Pieces of 16 characters: by then the first block has closed, and the second has just begun.
    answer.hold = Some(block(10).len().div_ceil(16));
    answer
}

#[test]
fn a_block_that_has_closed_is_decided_while_the_answer_goes_on() {
    let model = Model::new(vec![blocks()]);
    let mut editor = Editor::open(&model, "long.py", &long_code());
    editor.diagnostics("directive", 1);
    let at = editor.buffer.find("ai:");
    let action = editor.client.action(&editor.buffer, &at, "Run");
    editor.client.run(&action);
    let uri = editor.buffer.uri.clone();
    editor.client.diagnostics(&uri, |found| {
        count(found, "working") == 1
            && found.iter().any(|mark| mark["message"] == "AI 1/1 (r1): changes 1 line in `long` ✓ parses")
    });
    editor.act("    step_10 = 10", "Accept hunk 1/1");
    editor.client.diagnostics(&uri, |found| count(found, "working") == 1 && count(found, "hunk") == 0);
    assert!(editor.text().contains("    named_10 = 10\n") && !editor.text().contains("# ai:"));
    model.release();
    editor.pending(1);
    editor.act("    step_90 = 90", "Accept hunk 2/2");
    editor.diagnostics("decided", 1);
    assert!(editor.text().contains("    named_90 = 90\n"));
    editor.close();
}

#[test]
fn what_was_accepted_of_an_answer_that_is_cut_stays() {
    let mut cut = blocks();
    cut.error = Some("overloaded".to_owned());
    let model = Model::new(vec![cut]);
    let mut editor = Editor::open(&model, "long.py", &long_code());
    editor.diagnostics("directive", 1);
    let at = editor.buffer.find("ai:");
    let action = editor.client.action(&editor.buffer, &at, "Run");
    editor.client.run(&action);
    let uri = editor.buffer.uri.clone();
    editor.client.diagnostics(&uri, |found| {
        found.iter().any(|mark| mark["message"] == "AI 1/1 (r1): changes 1 line in `long` ✓ parses")
    });
    editor.act("    step_10 = 10", "Accept hunk 1/1");
    let accepted = editor.text();
    model.release();
    let told = editor.client.incoming_notification("window/showMessage");
    let told = told["message"].as_str().unwrap_or_default();
    assert!(told.contains("overloaded") && told.ends_with("What you had accepted stays"), "{told}");
    let found = editor.diagnostics("failed", 1);
    assert_eq!(count(&found, "hunk"), 0);
    assert_eq!(editor.text(), accepted);
    editor.close();
}
