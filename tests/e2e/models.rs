//! More models than one: recipes that name theirs, and others in the place of one that cannot answer.

use std::process::{Command, Output, Stdio};

use e2e::{Model, World, answer, binary};
use model::Protocol;
use model::recorded::{Fault, RecordedAnswer};
use serde_json::{Value, json};

use crate::review::Editor;

const CODE: &str = "def area(w, h):\n    # ai: multiply\n    return w + h\n";
const REWRITE: &str = "```python\ndef area(w, h):\n    return w * h\n```\n";

/// A world whose usual model is `usual`; `settings` follow on those that keep its retries short.
fn world(usual: &Model, settings: &str) -> World {
    let mut world = World::new(&format!("//- /a.py\n{CODE}"), Some(usual));
    world.set("BACKUP_KEY", "a-key-for-the-backup");
    let retries = "[provider]\ntimeouts.retry_delay_ms = 1\n";
    std::fs::write(world.config(), format!("{retries}{settings}")).expect("settings");
    world
}

/// The settings of a model with its own address and key.
fn named(name: &str, model: &Model) -> String {
    format!(
        "[models.{name}]\nprotocol = '{}'\nbase_url = '{}'\nmodel = '{name}-1'\napi_key_env = 'BACKUP_KEY'\ntimeouts.retry_delay_ms = 1\n",
        model.protocol(),
        model.base_url()
    )
}

fn run(world: &World, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(binary());
    command.args(args).current_dir(world.root()).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.envs(world.env().iter().map(|(name, value)| (name, value))).env("NO_COLOR", "1");
    let Output { status, stdout, stderr } = command.output().expect("the binary ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

fn receipts(world: &World) -> Vec<Value> {
    let (code, out, said) = run(world, &["log", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    serde_json::from_str(&out).expect("a list")
}

fn overloaded() -> RecordedAnswer {
    RecordedAnswer::status(529, r#"{"error":{"message":"too many"}}"#)
}

#[test]
fn a_recipe_is_asked_of_its_model_with_its_effort() {
    let usual = Model::new(vec![answer(&["multiply"], REWRITE)]);
    let fast = Model::over(Protocol::OpenaiChat, vec![answer(&[], REWRITE), answer(&[], REWRITE)]);
    let recipe = "[[recipes]]\nname = 'times'\ntitle = 'T'\ninstruction = 'use a product'\nmodel = 'fast'\neffort = 'low'\n";
    let world = world(&usual, &format!("{}{recipe}", named("fast", &fast)));
    for message in ["/times exactly", "multiply", "/types"] {
        world.write("a.py", CODE);
        let (code, _, said) = run(&world, &["edit", "a.py:3", "-m", message, "--yes"]);
        assert_eq!(code, Some(0), "{message}: {said}");
    }
    let bodies: Vec<Value> = fast.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies.len(), 2, "the recipe's, and a built-in one that does little");
    assert_eq!((&bodies[0]["model"], &bodies[0]["reasoning_effort"]), (&json!("fast-1"), &json!("low")));
    assert_eq!((&bodies[1]["model"], &bodies[1]["reasoning_effort"]), (&json!("fast-1"), &Value::Null));
    assert!(bodies[0].to_string().contains("use a product exactly"), "{}", bodies[0]);
    for request in fast.requests() {
        assert_eq!(request.header("authorization"), Some("Bearer a-key-for-the-backup"));
    }
    assert_eq!(usual.requests().len(), 1);
}

#[test]
fn a_named_model_without_an_address_is_asked_where_the_usual_one_is() {
    let usual = Model::new(vec![answer(&[], REWRITE)]);
    let world = world(&usual, "[models.fast]\nmodel = 'small-1'\neffort = 'minimal'\n");
    let (code, _, said) = run(&world, &["edit", "a.py:3", "-m", "/types", "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    let request = &usual.requests()[0];
    assert_eq!(request.body["model"], "small-1");
    assert_eq!(request.body["output_config"]["effort"], "low");
    assert_eq!(request.header("x-api-key"), Some("a-key-for-the-recorded-model"));
}

#[test]
fn another_model_is_asked_in_the_place_of_one_that_is_overloaded() {
    let usual = Model::new(vec![overloaded(), overloaded(), overloaded(), answer(&["again"], REWRITE)]);
    let second = Model::over(Protocol::Gemini, vec![]);
    let third = Model::over(Protocol::OpenaiChat, vec![answer(&["multiply"], REWRITE)]);
    let settings = format!(
        "fallback = ['second', 'third']\nprice = {{ input = 1, output = 1 }}\n{}{}price = {{ input = 1000, output = 2000 }}\n",
        named("second", &second).replace(&second.base_url(), "http://127.0.0.1:9"),
        named("third", &third)
    );
    let world = world(&usual, &settings);
    let (code, _, said) = run(&world, &["edit", "a.py:3", "-m", "multiply", "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(world.read("a.py").contains("w * h"));
    assert!(said.contains("it is overloaded; asking `second` instead"), "{said}");
    assert!(said.contains("it cannot be reached; asking `third` instead"), "{said}");
    let [request] = third.requests().try_into().expect("one request");
    assert_eq!(request.body["model"], "third-1");
    assert_eq!(request.header("authorization"), Some("Bearer a-key-for-the-backup"));
    assert!(!format!("{:?}", request.headers).contains("a-key-for-the-recorded-model"));
    let kept = receipts(&world);
    let ends: Vec<&str> = kept.iter().filter_map(|kept| kept["end"].as_str()).collect();
    assert_eq!(ends, ["unavailable", "unavailable", "complete"]);
    let instead = kept[2]["instead_of"].as_str().expect("it is said in whose place");
    assert!(
        instead.starts_with("recorded at 127.0.0.1:") && instead.contains("it is overloaded"),
        "{instead}"
    );
    assert!(instead.contains("second-1 at 127.0.0.1:9: it cannot be reached"), "{instead}");
    let (input, output) = (kept[2]["input_tokens"].as_f64(), kept[2]["output_tokens"].as_f64());
    let cost = input.zip(output).map(|(input, output)| (input * 1000.0 + output * 2000.0) / 1e6);
    assert!((cost.expect("counted") - kept[2]["cost"].as_f64().expect("priced")).abs() < 1e-9, "{kept:?}");
    let (_, out, _) = run(&world, &["log"]);
    assert!(out.contains("    in place of recorded at 127.0.0.1:"), "{out}");
}

#[test]
fn the_review_says_who_answered_in_whose_place_and_the_next_round_asks_the_first_again() {
    let careful = REWRITE.replace("w * h", "abs(w) * abs(h)");
    let usual = Model::new(vec![overloaded(), overloaded(), overloaded(), answer(&["with care"], &careful)]);
    let backup = Model::over(Protocol::OpenaiChat, vec![answer(&["multiply"], REWRITE)]);
    let settings = format!("fallback = ['backup']\n{}context_tokens = 64000\n", named("backup", &backup));
    let mut editor = Editor::open_in(world(&usual, &settings), "a.py", CODE);
    editor.ask(1);
    let document = editor.read_review("p1");
    let line = document.lines().find(|line| line.starts_with("Model: ")).expect("the model").to_owned();
    assert!(document.starts_with("# p1 · revision 1 of 1\n"), "{document}");
    assert!(line.starts_with("Model: backup-1 at 127.0.0.1:"), "{line}");
    assert!(
        line.contains(", in place of recorded at 127.0.0.1:") && line.contains("it is overloaded"),
        "{line}"
    );
    editor.client.command("hunkwise.refine", &["p1", "with care"]);
    let hunk = editor.pending(1);
    assert!(hunk.iter().any(|mark| mark["data"]["id"] == "p1.r2.h1"), "{hunk:?}");
    assert_eq!((usual.requests().len(), backup.requests().len()), (4, 1));
    editor.close();
}

#[test]
fn no_other_model_is_asked_for_a_mistake_or_once_an_answer_has_begun() {
    let cut = RecordedAnswer { fault: Some(Fault::CloseAfter(700)), ..answer(&[], REWRITE) };
    let late = RecordedAnswer { error: Some("overloaded".to_owned()), ..answer(&[], REWRITE) };
    for (first, expected) in [
        (RecordedAnswer::status(401, r#"{"error":{"message":"no"}}"#), "did not accept the key"),
        (RecordedAnswer::status(400, r#"{"error":{"message":"no"}}"#), "did not accept the request"),
        (RecordedAnswer::status(404, r#"{"error":{"message":"no model"}}"#), "does not know the model"),
        (RecordedAnswer::status(402, r#"{"error":{"message":"no"}}"#), "no credit left"),
        (cut, "was cut off"),
        (late, "overloaded"),
    ] {
        let usual = Model::new(vec![first]);
        let backup = Model::new(vec![answer(&[], REWRITE)]);
        let world = world(&usual, &format!("fallback = ['backup']\n{}", named("backup", &backup)));
        let (code, _, said) = run(&world, &["edit", "a.py:3", "-m", "multiply", "--yes"]);
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains(expected) && !said.contains("instead"), "{expected:?} is missing in {said}");
        assert!(backup.requests().is_empty(), "{expected}");
        assert_eq!(world.read("a.py"), CODE);
    }
}

#[test]
fn the_next_models_own_limits_count() {
    let usual = Model::new(vec![overloaded(), overloaded(), overloaded()]);
    let backup = Model::new(vec![answer(&[], REWRITE)]);
    let settings = format!("fallback = ['backup']\n{}context_tokens = 600\n", named("backup", &backup));
    let world = world(&usual, &settings);
    let (code, _, said) = run(&world, &["edit", "a.py", "-m", "multiply", "--yes"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("backup-1 takes") && said.contains("nothing was sent"), "{said}");
    assert!(backup.requests().is_empty());
}

#[test]
fn a_repository_may_name_a_model_of_the_user_and_define_none() {
    let usual = Model::new(vec![answer(&[], REWRITE)]);
    let strong = Model::new(vec![answer(&["by hand"], REWRITE)]);
    let evil = Model::new(vec![answer(&[], REWRITE)]);
    let world = world(&usual, &named("strong", &strong));
    let recipe = |name: &str, model: &str| {
        format!("[[recipes]]\nname = '{name}'\ntitle = 'T'\ninstruction = 'by hand'\nmodel = '{model}'\n")
    };
    let evil_model = named("evil", &evil);
    world.write(
        ".hunkwise.toml",
        &format!("{}{}{evil_model}", recipe("mine", "strong"), recipe("theirs", "evil")),
    );
    let (code, _, said) = run(&world, &["edit", "a.py:3", "-m", "/theirs", "--yes"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("your settings file has no `models.evil`"), "{said}");
    assert!(said.contains("`models.evil` is ignored there"), "{said}");
    let (code, _, said) = run(&world, &["edit", "a.py:3", "-m", "/mine", "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    let counts = [&usual, &strong, &evil].map(|model| model.requests().len());
    assert_eq!(counts, [0, 1, 0]);
}

#[test]
fn doctor_names_the_models_there_are() {
    let usual = Model::new(vec![answer(&[], "OK")]);
    let fast = Model::new(Vec::new());
    let world = world(&usual, &format!("fallback = ['fast']\n{}", named("fast", &fast)));
    let (code, out, said) = run(&world, &["doctor"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(out.contains("besides, by name: fast\nwhere it cannot answer: fast\n"), "{out}");
    assert!(fast.requests().is_empty());
}

#[test]
fn a_preview_is_of_the_model_that_a_recipe_names() {
    let usual = Model::new(Vec::new());
    let fast = Model::new(vec![answer(&[], REWRITE)]);
    let world = world(&usual, &named("fast", &fast));
    let (code, out, said) = run(&world, &["edit", "a.py:3", "-m", "/types", "--dry-run", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    let preview: Value = serde_json::from_str(&out).expect("an object");
    assert_eq!(preview["model"], "fast-1", "{preview}");
    assert!(fast.requests().is_empty() && usual.requests().is_empty());
}
