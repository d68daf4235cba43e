//! The template for LSP4IJ, and a client that announces and does what LSP4IJ does: it asks for code actions wherever the caret
//! goes, gives up after two seconds, lists quickfixes through diagnostics only, has 20 places, applies edits blindly, and
//! stops the server soon after the last file was closed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use e2e::{Buffer, Client, World};
use serde_json::{Value, json};
use text::Encoding;

use crate::scenario;

/// What LSP4IJ waits for code actions (CodeActions of LSPIntentionAction).
const PATIENCE: Duration = Duration::from_secs(2);
/// Places for actions of all servers together.
const PLACES: usize = 20;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/jetbrains/lsp4ij")
}

fn json_file(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a file of the tree");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn template(name: &str) -> Value {
    json_file(&folder().join(name))
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// The files that its loader knows (LanguageServerTemplateManager.createLsTemplate); it passes over any other.
#[test]
fn the_template_has_what_the_loader_takes() {
    let known = [
        "template.json",
        "settings.json",
        "settings.schema.json",
        "initializationOptions.json",
        "experimental.json",
        "clientSettings.json",
        "installer.json",
        "README.md",
    ];
    let found: BTreeSet<String> = std::fs::read_dir(folder())
        .expect("the template")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, known.map(str::to_owned).into());

    let main = template("template.json");
    assert_eq!(keys(&main), ["id", "name", "programArgs", "fileTypeMappings"].into());
    assert_eq!(main["programArgs"]["default"], "hunkwise lsp");
    for mapping in main["fileTypeMappings"].as_array().expect("mappings") {
        assert!(mapping["languageId"].is_string(), "{mapping}");
        let patterns = mapping["fileType"]["patterns"].as_array().expect("patterns");
        assert!(patterns.iter().all(|pattern| pattern.as_str().is_some_and(|text| text.starts_with("*."))));
    }
}

#[test]
fn the_installer_is_made_of_tasks_that_there_are() {
    fn check(task: &Value) {
        for (name, body) in task.as_object().expect("a task") {
            assert!(
                ["exec", "download", "configureServer", "showMessage"].contains(&name.as_str()),
                "{name}"
            );
            let needs = if name == "showMessage" { "content" } else { "command" };
            assert!(!body[needs].is_null(), "{name} without {needs}");
            for next in ["onSuccess", "onFail"].iter().filter_map(|next| body.get(*next)) {
                check(next);
            }
        }
    }
    let installer = template("installer.json");
    assert_eq!(installer["executeOnStartServer"], false);
    check(&installer["check"]);
    check(&installer["run"]);
    let configured = &installer["run"]["exec"]["onSuccess"]["configureServer"];
    assert_eq!(configured["command"], template("template.json")["programArgs"]["default"]);
}

/// The settings of clients in jsonSchema/clientSettings.schema.json of LSP4IJ, commit d21cff9.
#[test]
fn the_client_settings_are_ones_that_lsp4ij_has() {
    let settings = template("clientSettings.json");
    let known = [
        "caseSensitive",
        "lineCommentPrefix",
        "blockCommentPrefix",
        "blockCommentSuffix",
        "statementTerminatorCharacters",
        "uriSupport",
        "completion",
        "breadcrumbs",
        "editor",
        "format",
        "references",
        "workspaceSymbol",
        "jsonRpc",
    ];
    assert!(keys(&settings).is_subset(&known.into()), "{settings}");
    assert_eq!(settings["format"]["enabled"], false);
    assert_eq!(settings["breadcrumbs"]["enabled"], false);
}

/// What an editor may not set is not in the template's schema, and the rest is as the server's own says.
#[test]
fn the_settings_are_those_of_the_server_that_an_editor_may_set() {
    let schema = template("settings.schema.json");
    let own = json_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/hunkwise.schema.json"));
    let offered = &schema["properties"]["hunkwise"]["properties"];
    let is_users = |setting: &Value| {
        setting["description"].as_str().is_some_and(|text| text.contains("Only in the user's file"))
    };
    let free: BTreeSet<&str> = own["properties"]
        .as_object()
        .expect("settings")
        .iter()
        // What a client can do is for the client to say, not for its user.
        .filter(|(name, setting)| !is_users(setting) && *name != "client")
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(keys(offered), free);
    for name in free {
        assert_eq!(offered[name], own["properties"][name], "{name} in settings.schema.json is out of date");
    }
    for name in keys(&schema["$defs"]) {
        assert_eq!(
            schema["$defs"][name], own["$defs"][name],
            "{name} in settings.schema.json is out of date"
        );
    }
    assert!(keys(&template("settings.json")["hunkwise"]).is_subset(&keys(offered)));
}

/// A client as LSP4IJ starts it from the template; a warning about a setting would be left unclaimed at the end.
fn start(world: &World) -> Client {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/initialize");
    let mut params = json_file(&fixtures.join("lsp4ij-0.20.2-SNAPSHOT.from-source.json"));
    let uri = World::uri_of(&world.root());
    params["rootUri"] = json!(uri);
    params["workspaceFolders"][0]["uri"] = json!(uri);
    params["rootPath"] = json!(world.root().display().to_string());
    params["processId"] = json!(std::process::id());
    params["initializationOptions"] = template("initializationOptions.json");
    params["capabilities"]["experimental"] = template("experimental.json");
    let mut client = Client::start(world);
    client.initialize(params);
    let (id, asked) = client.incoming_request("workspace/configuration");
    assert_eq!(asked["items"][0]["section"], "hunkwise");
    client.answer(&id, json!([template("settings.json")["hunkwise"]]));
    let (id, _) = client.incoming_request("client/registerCapability");
    client.answer(&id, Value::Null);
    client
}

/// The longest wait of one walk.
#[derive(Default)]
struct Walk {
    n_asked: usize,
    n_most: usize,
    longest: Duration,
}

/// Asks at every place of the caret, with the diagnostics there, as LSP4IJ does; checks what it can show of each answer.
fn walk(client: &mut Client, buffer: &Buffer, diagnostics: &[Value], walk: &mut Walk) {
    let text = buffer.text.to_string();
    for (offset, _) in text.char_indices() {
        let at = buffer.at(offset);
        let key = |position: &Value| (position["line"].as_u64(), position["character"].as_u64());
        let is_here =
            |d: &&Value| key(&d["range"]["start"]) <= key(&at) && key(&at) <= key(&d["range"]["end"]);
        let here: Vec<&Value> = diagnostics.iter().filter(is_here).collect();
        let params = json!({
            "textDocument": { "uri": buffer.uri },
            "range": { "start": at, "end": at },
            "context": { "diagnostics": here, "triggerKind": 2 },
        });
        let started = Instant::now();
        let actions = client.request("textDocument/codeAction", params);
        walk.longest = walk.longest.max(started.elapsed());
        walk.n_asked += 1;
        let actions = actions.as_array().cloned().unwrap_or_default();
        walk.n_most = walk.n_most.max(actions.len());
        for action in &actions {
            assert!(action.get("disabled").is_none(), "{action}");
            assert!(action.get("edit").is_some() || action.get("command").is_some(), "a resolve: {action}");
            let tied = action["diagnostics"].as_array().cloned().unwrap_or_default();
            if action["kind"] == "quickfix" {
                assert!(tied.iter().all(|d| diagnostics.contains(d)) && !tied.is_empty(), "{action}");
            }
        }
    }
}

fn has(found: &[Value], code: &str, n: usize) -> bool {
    let is_here = |d: &&Value| d["code"] == code && !d["message"].to_string().contains("arriving");
    found.iter().filter(is_here).count() == n && found.iter().all(|d| d["code"] != "working")
}

#[test]
fn a_review_as_lsp4ij_has_it() {
    let model = scenario::model();
    let world = World::new(&format!("//- /shop.py\n{}", scenario::CODE), Some(&model));
    let mut client = start(&world);
    let mut buffer = Buffer::new(world.uri("shop.py"), scenario::CODE, Encoding::Utf16);
    client.open(&buffer, "python");
    let uri = buffer.uri.clone();
    let mut walked = Walk::default();

    // Ask: a comment is written and the caret put into it, by a range, which LSP4IJ needs.
    let at = buffer.find("result = 0");
    let ask = client.action(&buffer, &at, "Ask AI…");
    assert!(ask["kind"].as_str().is_some_and(|kind| kind.starts_with("refactor.rewrite")), "{ask}");
    client.run(&ask);
    client.apply_edit(&mut buffer);
    let (id, shown) = client.incoming_request("window/showDocument");
    assert!(shown["selection"]["start"].is_object() && shown["uri"] == uri, "{shown}");
    client.answer(&id, json!({ "success": true }));
    let end = buffer.text.to_string().find("# ai: ").expect("the comment") + "# ai: ".len();
    assert_eq!(shown["selection"]["start"], buffer.at(end));
    let typed = buffer.edit(end..end, "sum only what is not None, round, and name the result");
    client.notify("textDocument/didChange", typed);
    // Of the comment without an instruction there may be one, too, which ends sooner.
    let end = buffer.at(end + "sum only what is not None, round, and name the result".len());
    let found = client.diagnostics(&uri, |found| {
        has(found, "directive", 1) && found.iter().any(|d| d["range"]["end"] == end)
    });
    walk(&mut client, &buffer, &found, &mut walked);

    let at = buffer.find("ai: sum");
    let run = client.action(&buffer, &at, "Run");
    client.run(&run);
    let found = client.diagnostics(&uri, |found| has(found, "hunk", 3));
    walk(&mut client, &buffer, &found, &mut walked);
    let at = buffer.find("        result += price");
    let accept = client.action(&buffer, &at, "Accept hunk 2/3");
    client.perform(&mut buffer, &accept);
    client.diagnostics(&uri, |found| has(found, "hunk", 2));

    // The user types above; LSP4IJ applies what was offered for the older text, place for place, and says it did.
    let last = buffer.find("    return result");
    let hunk = client.action(&buffer, &last, "Accept hunk 3/3")["command"]["arguments"][0].clone();
    client.command("hunkwise.accept", &[hunk.as_str().expect("an id")]);
    let (id, params) = client.incoming_request("workspace/applyEdit");
    let before = buffer.text.to_string();
    let typed = buffer.edit(0..0, "import sys\n");
    client.notify("textDocument/didChange", typed);
    let edits = params["edit"]["documentChanges"][0]["edits"].as_array().expect("edits").clone();
    let blind = buffer.apply(&edits);
    client.notify("textDocument/didChange", blind);
    client.answer(&id, json!({ "applied": true }));
    client.taken.push("window/showMessage");
    client.apply_edit(&mut buffer);
    assert_eq!(buffer.text.to_string(), format!("import sys\n{before}"), "taken back, byte for byte");
    client.apply_edit(&mut buffer);
    let found = client.diagnostics(&uri, |found| has(found, "hunk", 1));
    assert_eq!(
        buffer.text.to_string(),
        format!("import sys\n{}", before.replace("    return result\n", "    return round(result, 2)\n"))
    );
    walk(&mut client, &buffer, &found, &mut walked);

    assert!(walked.longest < PATIENCE, "LSP4IJ would have given up after {:?}", walked.longest);
    assert!(walked.n_most <= PLACES, "{} actions at one place", walked.n_most);
    println!(
        "counts: LSP4IJ: {} carets, at most {} actions, at most {:.1} ms for an answer",
        walked.n_asked,
        walked.n_most,
        walked.longest.as_secs_f64() * 1e3
    );
    assert_eq!(client.shutdown(), 0);
}

#[test]
fn hunks_are_back_when_the_server_was_stopped_after_the_last_close() {
    let model = scenario::model();
    let world = World::new(&format!("//- /shop.py\n{}", scenario::CODE), Some(&model));
    let mut buffer = Buffer::new(world.uri("shop.py"), scenario::CODE, Encoding::Utf16);
    let uri = buffer.uri.clone();
    let mut client = start(&world);
    client.open(&buffer, "python");
    let at = buffer.find("result = 0");
    let ask = client.action(&buffer, &at, "Ask AI…");
    let place = ask["command"]["arguments"][0].as_str().expect("a place").to_owned();
    client.command("hunkwise.ask", &[&place, "sum only what is not None"]);
    let before = client.diagnostics(&uri, |found| has(found, "hunk", 3));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(client.shutdown(), 0);

    let mut client = start(&world);
    client.open(&buffer, "python");
    let back = client.diagnostics(&uri, |found| has(found, "hunk", 3));
    let ids = |found: &[Value]| found.iter().map(|d| d["data"]["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&back), ids(&before));
    let told = client.incoming_notification("window/showMessage");
    assert_eq!(told["message"], "Hunkwise: 3 hunks of an earlier run are back in shop.py");
    let accept = client.action(&buffer, &buffer.find("    return result"), "Accept hunk 3/3");
    client.perform(&mut buffer, &accept);
    client.diagnostics(&uri, |found| has(found, "hunk", 2));
    assert_eq!(
        buffer.text.to_string(),
        scenario::CODE.replace("    return result\n", "    return round(result, 2)\n")
    );
    assert_eq!(client.shutdown(), 0);
}
