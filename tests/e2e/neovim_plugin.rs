//! One review in real Neovims by the plugin of `editors/nvim`: asked by prompt, hunks as virtual lines, decided by keys.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use e2e::{Model, Sender, Wire, World, binary, editor};
use expect_test::expect;
use serde_json::{Value, json};

use crate::scenario;
use crate::terminal::Terminal;

fn plugin() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/nvim")
}

pub(crate) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("editors").join(name)
}

/// The environment of an editor with the plugin that works on `shop.py`.
pub(crate) fn environment(world: &World) -> Vec<(String, String)> {
    let mut env: Vec<(String, String)> = world.env().to_vec();
    let mut set = |name: &str, value: &Path| env.push((name.to_owned(), value.display().to_string()));
    set("PLUGIN", &plugin());
    set("SERVER", &binary());
    set("FILE", &world.path("shop.py"));
    for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        set(variable, &world.state().join("editor"));
    }
    env
}

/// What the steps of a review show, without the text of the buffer.
fn shown(seen: &Value) -> String {
    let mut shown = String::new();
    for step in seen["steps"].as_array().expect("steps") {
        let words = |key: &str| step[key].as_str().unwrap_or_default().to_owned();
        // The count depends on how the model's server counts.
        let status = words("status");
        let status = status.split(" · ").next().unwrap_or_default();
        shown.push_str(&format!("{} | {status}\n", words("name")));
        for line in step["shown"].as_array().into_iter().flatten() {
            shown.push_str(&format!("  {}\n", line.as_str().unwrap_or_default()));
        }
    }
    shown
}

fn text<'a>(seen: &'a Value, step: &str) -> &'a str {
    let steps = seen["steps"].as_array().expect("steps");
    steps.iter().find(|found| found["name"] == step).and_then(|found| found["text"].as_str()).expect("a step")
}

/// After the second hunk was accepted; the instruction was never in the file.
const ACCEPTED: &str = "import os\n\n\ndef total(prices):\n    result = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return result\n";

#[expect(clippy::print_stdout, reason = "the figures are wanted in the summary")]
fn review(name: &str) {
    let Some(program) = editor(name) else { return };
    let model: Model = scenario::model();
    let world = World::new(&format!("//- /shop.py\n{}", scenario::CODE), Some(&model));
    let (out, log) = (world.state().join("seen.json"), world.state().join("wire.jsonl"));
    let output: Output = Command::new(program)
        .args(["--headless", "-i", "NONE", "-u"])
        .arg(script("plugin_init.lua"))
        .arg("-S")
        .arg(script("plugin.lua"))
        .envs(environment(&world))
        .env("WIRETAP", env!("CARGO_BIN_EXE_wiretap"))
        .env("WIRE", &log)
        .env("OUT", &out)
        .output()
        .expect("the editor starts");
    let seen = std::fs::read_to_string(&out).unwrap_or_default();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{name}: {}\n{seen}\n{complaint}", output.status);
    let seen: Value = serde_json::from_str(&seen).expect("what the editor saw");

    expect![[r#"
        hunks | AI: 3 hunks to decide
          5+     [amount] = 0
          5- [result]
          5-5 old
          5: AI 1/3 (r1): changes 1 line in `total`
          7+         [if price is not None:]
          7+ [            ]result += price
          7-7 old
          7: AI 2/3 (r1): replaces 1 line with 2 in `total`
          9+     return [round(]result[, 2)]
          9-9 old
          9: AI 3/3 (r1): changes 1 line in `total`
        accepted and undone | AI: 3 hunks to decide
          5+     [amount] = 0
          5- [result]
          5-5 old
          5: AI 1/3 (r1): changes 1 line in `total`
          7+         [if price is not None:]
          7+ [            ]result += price
          7-7 old
          7: AI 2/3 (r1): replaces 1 line with 2 in `total`
          9+     return [round(]result[, 2)]
          9-9 old
          9: AI 3/3 (r1): changes 1 line in `total`
        accepted | AI: 2 hunks to decide
          10+     return [round(]result[, 2)]
          10-10 old
          10: AI 3/3 (r1): changes 1 line in `total`
          5+     [amount] = 0
          5- [result]
          5-5 old
          5: AI 1/3 (r1): changes 1 line in `total`
        rejected | AI: 1 hunk to decide
          10+     return [round(]result[, 2)]
          10-10 old
          10: AI 3/3 (r1): changes 1 line in `total`
        refined | AI: 1 hunk to decide
          10+     return [round(]result[, 4)]
          10-10 old
          10: AI 3/3 (r2): changes 1 line in `total`
        accepted the refinement | AI
        undone | AI: 1 hunk to decide
          10+     return [round(]result[, 4)]
          10-10 old
          10: AI 3/3 (r2): changes 1 line in `total`
    "#]]
    .assert_eq(&shown(&seen));
    for step in ["hunks", "accepted and undone"] {
        assert_eq!(text(&seen, step), scenario::CODE.trim_end(), "{step}");
    }
    for step in ["accepted", "rejected", "refined", "undone"] {
        assert_eq!(text(&seen, step), ACCEPTED.trim_end(), "{step}");
    }
    assert_eq!(world.read("shop.py"), ACCEPTED, "byte for byte");
    expect![[
        r#"["    result = 0","        result += price","    return result","        result += price"]"#
    ]]
    .assert_eq(&format!("{}", seen["walk"]));
    expect![[r#"["What should change here? ","What should change in this hunk? "] ["/simplify","/document","/errors","/types"]"#]].assert_eq(&format!("{} {}", seen["prompts"], seen["recipes"]));
    let health = seen["health"].to_string();
    assert!(
        health.contains("a server runs for") && health.contains("asks recorded at 127.0.0.1"),
        "{health}"
    );
    // Nothing of it was typed into the file: the model was asked by prompt.
    assert_eq!(model.requests().len(), 2);
    let wire = Wire::read(&log);
    assert_eq!(wire.facts().last().map(String::as_str), Some("`shutdown`"));
    let forwarded = wire.params(Sender::Editor, "hunkwise/diagnostics");
    let forwarded: Vec<&Value> = forwarded.map(|params| &params["diagnostics"]).collect();
    let (start, end) = (json!({ "line": 0, "character": 7 }), json!({ "line": 0, "character": 9 }));
    let others = json!([{ "range": { "start": start, "end": end }, "severity": 1, "source": "other", "message": "unused import" }]);
    assert!(forwarded.contains(&&others), "{forwarded:?}");
    assert!(!forwarded.iter().any(|told| told.to_string().contains("hunkwise")), "{forwarded:?}");

    let latency = &seen["latency"];
    let ms = |key: &str| latency[key].as_f64().expect("a time");
    println!(
        "counts: {name}: next hunk {:.1} ms, previous {:.1} ms, accepted text {:.1} ms, hunks shown anew {:.1} ms, a round trip {:.1} ms",
        ms("next_hunk"),
        ms("previous_hunk"),
        ms("accept"),
        ms("accept_shown"),
        ms("round_trip")
    );
}

#[test]
fn a_review_with_the_plugin_in_neovim_0_12() {
    review("nvim-0.12");
}

#[test]
fn a_review_with_the_plugin_in_neovim_0_10() {
    review("nvim-0.10");
}

#[expect(clippy::print_stdout, reason = "the number of checks is wanted in the summary")]
fn units(name: &str) {
    let Some(program) = editor(name) else { return };
    let output = Command::new(program)
        .args(["--headless", "-i", "NONE", "--cmd"])
        .arg(format!("set runtimepath^={}", plugin().display()))
        .arg("-l")
        .arg(plugin().join("tests/unit.lua"))
        .output()
        .expect("the editor starts");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("counts: "), "{name}: {said}");
    println!("{}", said.trim());
}

#[test]
fn state_of_the_plugin() {
    units("nvim-0.12");
    units("nvim-0.10");
}

/// `HUNKWISE_PICTURE` names a file for the screen with its colors, which `cargo xtask picture` makes a picture of.
#[test]
fn the_screen_shows_what_comes_below_what_goes() {
    let (Some(program), Some(tmux)) = (editor("nvim-0.12"), editor("tmux")) else { return };
    let model = scenario::model();
    let world = World::new(&format!("//- /shop.py\n{}", scenario::CODE), Some(&model));
    let (init, file) = (script("plugin_init.lua"), world.path("shop.py"));
    let terminal = Terminal::start(
        tmux,
        &world.state(),
        (96, 20),
        &[
            program.to_str().expect("a path"),
            "-i",
            "NONE",
            "-u",
            init.to_str().expect("a path"),
            file.to_str().expect("a path"),
        ],
        &environment(&world),
    );
    terminal.wait_for("return result");
    // The statusline says it as soon as the server runs, and then there are keys.
    terminal.wait_for("AI");
    terminal.keys(&["5", "G"]);
    terminal.type_text("\\ha");
    terminal.wait_for("What should change here?");
    terminal.type_text("sum only what is not None, round, and name the result");
    terminal.keys(&["Enter"]);
    let screen = terminal.wait("three hunks", |screen| screen.contains("AI: 3 hunks to decide"));
    let part: Vec<String> =
        screen.lines().skip(4).take(9).map(|line| format!("|{}", line.trim_end())).collect();
    expect![[r#"
        |  5     result = 0 AI 1/3 (r1): changes 1 line in `total`
        |        amount = 0
        |  6     for price in prices:
        |  7         result += price AI 2/3 (r1): replaces 1 line with 2 in `total`
        |            if price is not None:
        |                result += price
        |  8     print(result)
        |  9     return result AI 3/3 (r1): changes 1 line in `total`
        |        return round(result, 2)"#]]
    .assert_eq(&part.join("\n"));
    if let Some(path) = std::env::var_os("HUNKWISE_PICTURE") {
        std::fs::write(path, terminal.colored_screen()).expect("the picture is written");
    }
    terminal.type_text(":qa!");
    terminal.keys(&["Enter"]);
}
