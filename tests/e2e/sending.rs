//! What is sent is known before and after: previews, receipts, limits, prices.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use e2e::{Model, World, answer, binary};
use model::recorded::{Fault, RecordedAnswer};
use serde_json::{Value, json};

use crate::review::Editor;

const CODE: &str = "def area(w, h):\n    # ai: multiply\n    return w + h\n\n\ndef name():\n    return 'x'\n";
const REWRITE: &str = "```python\ndef area(w, h):\n    return w * h\n```\n";

/// A key as a vendor makes them; put together here, because none may lie in the tree.
fn secret() -> String {
    ["sk", "ant", "api03", "Zq81xW77vbn2KfT0pLmR4sJd9YhCe5Gu"].join("-")
}

/// A project with a rules file and a secret, and a model whose price is known.
fn world(model: &Model, settings: &str) -> World {
    let files = format!(
        "//- /a.py\n{CODE}//- /pay/rates.py\nfrom a import area\n\n\ndef area_of(shop):\n    key = '{}'\n    return area(shop.w, shop.h)\n//- /AGENTS.md\nPrefer early returns.\n",
        secret()
    );
    let world = World::new(&files, Some(model));
    let price = "[provider]\nprice = { input = 1000, output = 2000 }\n";
    std::fs::write(world.config(), format!("{settings}\n{price}")).expect("settings");
    world
}

fn run(world: &World, args: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(binary());
    command.args(args).current_dir(world.root()).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.envs(world.env().iter().map(|(name, value)| (name, value))).env("NO_COLOR", "1");
    let mut child = command.spawn().expect("the binary starts");
    child.stdin.take().expect("standard input").write_all(input.as_bytes()).expect("the binary reads");
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the binary ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

/// The system text and the messages of a body over Anthropic's wire format, each as one text.
fn texts(body: &Value) -> Vec<String> {
    let text = |content: &Value| match content.as_array() {
        Some(blocks) => blocks.iter().filter_map(|block| block["text"].as_str()).collect(),
        None => content.as_str().expect("a text").to_owned(),
    };
    let messages = body["messages"].as_array().expect("messages").iter();
    std::iter::once(text(&body["system"])).chain(messages.map(|message| text(&message["content"]))).collect()
}

fn receipts(world: &World, args: &[&str]) -> Vec<Value> {
    let (code, out, said) = run(world, &[&["log", "--json"], args].concat(), "");
    assert_eq!(code, Some(0), "{said}");
    serde_json::from_str(&out).expect("a list")
}

/// A page on this machine, for as many calls as there are; its address, and how many there were.
fn page(text: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/retries", listener.local_addr().expect("an address"));
    let n_calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&n_calls);
    std::thread::spawn(move || {
        for client in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut reader = BufReader::new(client.expect("a connection"));
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                line.clear();
            }
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n";
            reader.into_inner().write_all((head.to_owned() + text).as_bytes()).expect("the page is read");
        }
    });
    (address, n_calls)
}

#[test]
fn a_page_is_read_only_where_the_users_own_settings_say_so() {
    let (address, n_calls) =
        page("<h1>Sides</h1><script>x()</script><p>Multiply <code>w</code> by <code>h</code>.</p>");
    let model = Model::new(vec![answer(&["Multiply `w` by `h`."], REWRITE)]);
    let world = world(&model, "");
    let instruction = format!("as in @{address}");
    let edit = ["edit", "a.py:3", "-m", &instruction];
    std::fs::write(world.root().join(".hunkwise.toml"), "mention_urls = true").expect("a file");
    let (code, _, said) = run(&world, &[&edit[..], &["--yes"]].concat(), "");
    assert_ne!(code, Some(0), "{said}");
    assert!(said.contains("`mention_urls` is ignored there"), "{said}");
    assert!(said.contains("pages are read only where your own settings say `mention_urls = true`"), "{said}");
    assert_eq!((model.requests().len(), n_calls.load(Ordering::SeqCst)), (0, 0));

    let settings = std::fs::read_to_string(world.config()).expect("settings");
    std::fs::write(world.config(), format!("mention_urls = true\n{settings}")).expect("settings");
    let (code, _, said) = run(&world, &[&edit[..], &["--yes"]].concat(), "");
    assert_eq!(code, Some(0), "{said}");
    let sent = texts(&model.requests()[0].body).concat();
    assert!(sent.contains("# Sides") && sent.contains(&format!("mentioned: @{address}")), "{sent}");
    assert!(!sent.contains("x()"), "{sent}");
    assert!(world.read("a.py").contains("w * h"));
}

#[test]
fn a_dry_run_prints_what_is_then_sent_and_sends_nothing() {
    let model = Model::new(vec![answer(&["multiply"], REWRITE)]);
    let world = world(&model, "");
    let edit = ["edit", "a.py:3", "-m", "multiply, see @pay/rates.py"];
    let (code, out, said) = run(&world, &[&edit[..], &["--dry-run", "--json"]].concat(), "");
    assert_eq!(code, Some(0), "{said}");
    assert!(model.requests().is_empty(), "nothing is sent");
    let preview: Value = serde_json::from_str(&out).expect("an object");
    let (code, _, said) = run(&world, &[&edit[..], &["--yes"]].concat(), "");
    assert_eq!(code, Some(0), "{said}");
    let requests = model.requests();
    let sent = texts(&requests[0].body);
    assert_eq!(preview["system"], sent[0]);
    assert_eq!(preview["messages"], json!([{ "role": "user", "text": sent[1] }]));
    assert_eq!(preview["max_output_tokens"], requests[0].body["max_tokens"]);
    assert_eq!((&preview["sent"], &preview["hidden_secrets"]), (&json!(false), &json!(1)));
    let shown: Vec<&str> = preview["shown"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|shown| shown["path"].as_str())
        .collect();
    assert!(shown.contains(&"AGENTS.md") && shown.contains(&"pay/rates.py") && shown.contains(&"a.py"));
    assert!(preview["prompt_cost"].as_f64() < preview["most_cost"].as_f64());
}

#[test]
fn a_dry_run_for_people_says_to_whom_what_and_at_which_price() {
    let model = Model::new(Vec::new());
    let world = world(&model, "");
    let (code, out, said) = run(&world, &["edit", "a.py:3", "-m", "multiply", "--dry-run"], "");
    assert_eq!(code, Some(0), "{said}");
    for part in
        ["nothing was sent", "recorded at 127.0.0.1:", "| AGENTS.md | 1-1 |", "the scope", "Price: about $"]
    {
        assert!(out.contains(part), "{part:?} is missing in {out}");
    }
    assert!(model.requests().is_empty() && receipts(&world, &[]).is_empty());
}

#[test]
fn an_editor_shows_the_same_request_before_it_is_sent() {
    let model = Model::new(vec![answer(&["multiply"], REWRITE)]);
    let mut editor = Editor::open_in(world(&model, ""), "a.py", CODE);
    editor.diagnostics("directive", 1);
    editor.client.indexed();
    let at = editor.buffer.find("ai:");
    let preview = editor.client.action(&editor.buffer, &at, "Preview");
    editor.client.run(&preview);
    let (id, shown) = editor.client.incoming_request("window/showDocument");
    editor.client.answer(&id, json!({ "success": true }));
    let path = shown["uri"].as_str().and_then(|uri| uri.strip_prefix("file://")).expect("a file");
    let document = std::fs::read_to_string(path).expect("the preview");
    assert!(model.requests().is_empty(), "nothing is sent");
    assert!(document.starts_with("# Preview: nothing was sent\n"), "{document}");
    let directive = editor.client.action(&editor.buffer, &at, "Run");
    editor.client.run(&directive);
    editor.pending(1);
    let requests = model.requests();
    for text in texts(&requests[0].body) {
        assert!(document.contains(&text), "{text}\nis not in\n{document}");
    }
    editor.close();
}

#[test]
fn every_request_leaves_a_receipt_without_content() {
    let model = Model::new(vec![
        answer(&["multiply"], REWRITE),
        RecordedAnswer { fault: Some(Fault::CloseAfter(400)), ..answer(&["broken"], REWRITE) },
        RecordedAnswer::status(401, "{\"error\":{\"message\":\"bad key\"}}"),
    ]);
    let world = world(&model, "");
    for (message, expected) in [("multiply", 0), ("broken", 3), ("refused", 3)] {
        let (code, _, said) = run(&world, &["edit", "a.py:3", "-m", message, "--yes"], "");
        assert_eq!(code, Some(expected), "{said}");
    }
    let kept = receipts(&world, &[]);
    let ends: Vec<&str> = kept.iter().filter_map(|kept| kept["end"].as_str()).collect();
    assert_eq!(ends, ["complete", "cut", "error"]);
    let first = &kept[0];
    let paths: Vec<&str> = first["shown"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|shown| shown["path"].as_str())
        .collect();
    assert!(paths.contains(&"AGENTS.md") && paths.contains(&"a.py"), "{first}");
    let (input, output) = (first["input_tokens"].as_f64(), first["output_tokens"].as_f64());
    let cost = input.zip(output).map(|(input, output)| (input * 1000.0 + output * 2000.0) / 1e6);
    assert!((cost.expect("counted") - first["cost"].as_f64().expect("priced")).abs() < 1e-9, "{first}");
    assert_eq!((&first["content"], &kept[1]["cost"]), (&Value::Null, &Value::Null));
    assert_eq!(receipts(&world, &["--limit", "1"])[0]["end"], "error");
    assert!(receipts(&world, &["--since", "2999-01-01"]).is_empty());
    for file in ["hunkwise.db", "hunkwise.db-wal"] {
        let bytes = std::fs::read(world.state().join(file)).unwrap_or_default();
        let holds = |part: &str| bytes.windows(part.len()).any(|window| window == part.as_bytes());
        assert!(!holds("return w + h"), "{file} holds what was sent");
    }
    let (_, out, _) = run(&world, &["log"], "");
    let total = out.lines().last().expect("a day");
    assert!(total.contains("3 requests") && total.contains("and 2 without a known price"), "{out}");
}

#[test]
fn a_receipt_has_the_text_where_the_user_wants_it() {
    let model = Model::new(vec![answer(&["multiply"], REWRITE)]);
    let world = world(&model, "receipts.content = true");
    let (code, _, said) = run(&world, &["edit", "a.py:3", "-m", "multiply, see @pay/rates.py", "--yes"], "");
    assert_eq!(code, Some(0), "{said}");
    let kept = receipts(&world, &[]);
    assert_eq!(kept[0]["hidden_secrets"], 1);
    let sent = texts(&model.requests()[0].body);
    assert_eq!(
        kept[0]["content"],
        json!({ "system": sent[0], "messages": [{ "role": "user", "text": sent[1] }] })
    );
    assert!(!kept[0].to_string().contains(&secret()));
}

#[test]
fn the_terminal_asks_before_it_sends_more_than_the_limit() {
    let model = Model::new(vec![answer(&["multiply"], REWRITE)]);
    let world = world(&model, "limits.request_tokens = 10");
    let edit = ["edit", "a.py:3", "-m", "multiply", "--yes"];
    for input in ["n\n", "\n", ""] {
        let (code, out, said) = run(&world, &edit, input);
        assert_eq!(code, Some(3), "{input:?}: {out}{said}");
        assert!(out.contains("`limits.request_tokens` is 10. Send it?"), "{out}");
        assert!(said.contains("nothing was sent"), "{said}");
    }
    assert!(model.requests().is_empty() && receipts(&world, &[]).is_empty());
    let (code, _, said) = run(&world, &edit, "y\n");
    assert_eq!((code, model.requests().len()), (Some(0), 1), "{said}");
}

#[test]
fn an_editor_asks_when_the_day_has_cost_enough() {
    let model = Model::new(vec![answer(&["multiply"], REWRITE), answer(&["multiply"], REWRITE)]);
    let world = world(&model, "limits.daily_cost = 0.9");
    let (code, _, said) = run(&world, &["edit", "a.py:3", "-m", "multiply", "--yes"], "");
    assert_eq!(code, Some(0), "{said}");
    world.write("a.py", CODE);
    let mut editor = Editor::open_in(world, "a.py", CODE);
    editor.diagnostics("directive", 1);
    let at = editor.buffer.find("ai:");
    let directive = editor.client.action(&editor.buffer, &at, "Run");
    for answer in [json!({ "title": "Do not send" }), Value::Null] {
        editor.client.run(&directive);
        let (id, question) = editor.client.incoming_request("window/showMessageRequest");
        assert!(
            question["message"].as_str().is_some_and(|text| text.contains("`limits.daily_cost` is $0.9"))
        );
        editor.client.answer(&id, answer);
        let told = editor.client.incoming_notification("window/showMessage");
        assert!(told["message"].as_str().is_some_and(|text| text.contains("nothing was sent")), "{told}");
    }
    assert_eq!(model.requests().len(), 1);
    editor.client.run(&directive);
    let (id, _) = editor.client.incoming_request("window/showMessageRequest");
    editor.client.answer(&id, json!({ "title": "Send" }));
    editor.pending(1);
    assert_eq!(model.requests().len(), 2);
    editor.close();
}

#[test]
fn a_scope_too_large_for_the_model_is_not_sent() {
    let model = Model::new(Vec::new());
    let world = world(&model, "");
    std::fs::write(world.config(), "provider.context_tokens = 600\n").expect("settings");
    let (code, _, said) = run(&world, &["edit", "a.py", "-m", "multiply", "--yes"], "");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("choose a smaller scope") && said.contains("nothing was sent"), "{said}");
    assert!(model.requests().is_empty());
}

#[test]
fn a_prompt_fits_what_the_model_takes() {
    let no = || RecordedAnswer::status(400, "{\"error\":{\"message\":\"not now\"}}");
    let model = Model::new(vec![no(), no()]);
    let world = world(&model, "");
    let takes: String = (0..20).map(|n| format!("    the_region_number_{n},\n")).collect();
    let many: String = (0..60).map(|n| format!("def rate_{n}(\n{takes}):\n    return {n}\n\n\n")).collect();
    world.write("pay/rates.py", &many);
    let calls: String = (0..60).map(|n| format!("    rate_{n}(w)\n")).collect();
    world.write("a.py", &format!("from pay.rates import *\n\n\ndef area(w):\n{calls}"));
    // Only of a checkout all files are read.
    world.write(".git/HEAD", "ref: refs/heads/main\n");
    let mut tokens = Vec::new();
    for context_tokens in [60_000, 3_000] {
        let settings = format!(
            "context_tokens = 30000\n[provider]\ncontext_tokens = {context_tokens}\nmax_output_tokens = 500\n"
        );
        std::fs::write(world.config(), settings).expect("settings");
        run(&world, &["edit", "a.py:5", "-m", "multiply", "--yes"], "");
        let requests = model.requests();
        let body = &requests[requests.len() - 1].body;
        assert_eq!(body["max_tokens"], 500);
        tokens.push(texts(body).iter().map(|text| text::estimate_tokens(text)).sum::<usize>());
    }
    assert!(tokens[0] > 5_000 && (1_500..=2_500).contains(&tokens[1]), "{tokens:?}");
}

#[test]
fn the_review_and_its_lens_say_what_a_proposal_came_to() {
    let model = Model::new(vec![answer(&["multiply"], REWRITE)]);
    let mut editor = Editor::open_in(world(&model, ""), "a.py", CODE);
    editor.ask(1);
    let params = json!({ "textDocument": { "uri": editor.buffer.uri } });
    let lenses = editor.client.request("textDocument/codeLens", params);
    let titles: Vec<&str> = lenses
        .as_array()
        .expect("lenses")
        .iter()
        .filter_map(|lens| lens["command"]["title"].as_str())
        .collect();
    let review = titles.iter().find(|title| title.starts_with("◧ Review · ")).expect("a lens with a price");
    assert!(review.contains(" tokens, $"), "{review}");
    // What the day came to is known once the receipt is written.
    let mut document = editor.read_review("p1");
    while !document.contains("Today (UTC): 1 request, ") {
        document = editor.read_review("p1");
    }
    let line = document.lines().find(|line| line.starts_with("Model: ")).expect("the model");
    assert!(line.contains(" tokens in, ") && line.contains(" out, $"), "{line}");
    editor.close();
}

#[test]
fn a_request_whose_server_is_killed_is_not_under_way_for_ever() {
    let model = Model::new(vec![RecordedAnswer { hold: Some(1), ..answer(&["multiply"], REWRITE) }]);
    let mut editor = Editor::open_in(world(&model, ""), "a.py", CODE);
    editor.diagnostics("directive", 1);
    let at = editor.buffer.find("ai:");
    let directive = editor.client.action(&editor.buffer, &at, "Run");
    editor.client.run(&directive);
    model.wait_held(1);
    let end = |world: &World| receipts(world, &[])[0]["end"].as_str().expect("an end").to_owned();
    // It is written beside the request.
    while receipts(&editor.world, &[]).is_empty() {}
    assert_eq!(end(&editor.world), "under way");
    let world = editor.killed();
    assert_eq!(end(&world), "lost");
}
