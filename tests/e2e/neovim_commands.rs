//! What a review does not need, in real Neovims: the other commands of the plugin with what the editor does beside it, and
//! the same by the editor alone.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use e2e::{Model, World, answer, editor};
use expect_test::{Expect, expect};
use serde_json::Value;

use crate::neovim_plugin::{environment, script};
use crate::scenario;

const AREA: &str = "def area(w, h):\n    return w + h\n";
const PRODUCT: &str = "def area(w, h):\n    return w * h\n";

fn model() -> Model {
    let model = scenario::model();
    // Asked again, and by a comment. Another instruction may be in the prompt, as text of another file.
    for _ in 0..2 {
        model.add(answer(&["sum only what is not None"], scenario::REWRITE));
    }
    for _ in 0..2 {
        model.add(answer(
            &["## Instruction 1\n\nmultiply"],
            "```python\ndef area(w, h):\n    return w * h\n```\n",
        ));
    }
    let mut held = answer(&["## Instruction 1\n\nhold this"], scenario::REWRITE);
    held.hold = Some(1);
    model.add(held);
    model
}

/// A line for each step: where, what is to be decided, and which text of the scenario it is.
fn shown(seen: &Value) -> String {
    let known = [
        ("as it was", scenario::CODE),
        ("with all three", ALL),
        ("with the second", scenario::AFTER_ACCEPT),
        ("with the first", FIRST),
        ("with the comment", COMMENT),
        ("with the comment above", &commented(scenario::CODE, INSTRUCTION)),
        ("with the comment above and the first", &commented(FIRST, INSTRUCTION)),
        ("with the comment above and all three", &commented(ALL, INSTRUCTION)),
        ("with the first comment above", &commented(scenario::CODE, "hold this")),
        ("the sum", AREA),
        ("the sum with a comment", &AREA.replace("    return", "    # ai: multiply\n    return")),
        ("the product", PRODUCT),
    ];
    let mut shown = String::new();
    for step in seen["steps"].as_array().expect("steps") {
        let text = format!("{}\n", step["text"].as_str().unwrap_or_default());
        let known = known.iter().find(|(_, known)| *known == text);
        let text = known.map_or(text.clone(), |(name, _)| (*name).to_owned());
        let words = |key: &str| step[key].as_str().unwrap_or_default();
        shown.push_str(&format!("{} | {} {text}\n", words("name"), words("file")));
        for label in step["labels"].as_array().into_iter().flatten() {
            shown.push_str(&format!("  {}\n", label.as_str().unwrap_or_default()));
        }
    }
    shown
}

const FIRST: &str = "import os\n\n\ndef total(prices):\n    amount = 0\n    for price in prices:\n        result += price\n    print(result)\n    return result\n";
const ALL: &str = "import os\n\n\ndef total(prices):\n    amount = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 2)\n";
const COMMENT: &str = "import os\n\n\ndef total(prices):\n    # ai: sum only what is not None, round, and name the result\n    result = 0\n    for price in prices:\n        result += price\n    print(result)\n    return result\n";

/// The file with a comment above the function, where **Ask AI…** puts it.
fn commented(code: &str, comment: &str) -> String {
    code.replace("def total", &format!("# ai: {comment}\ndef total"))
}

const INSTRUCTION: &str = "sum only what is not None, round, and name the result";

#[track_caller]
fn check_list(seen: &Value, expect: &Expect) {
    let words: Vec<&str> = seen.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    expect.assert_eq(&words.join("\n"));
}

fn path(path: &Path) -> String {
    path.to_str().expect("a path").to_owned()
}

/// Runs a script in an editor; gives what it saw.
#[track_caller]
fn drive(program: PathBuf, world: &World, settings: &[&str], name: &str) -> Value {
    let out = world.state().join("seen.json");
    let output: Output = Command::new(&program)
        .args(["--headless", "-i", "NONE"])
        .args(settings)
        .arg("-S")
        .arg(script(name))
        .envs(environment(world))
        .env("FILE", world.path("one/shop.py"))
        .env("CRLF", world.path("one/crlf.py"))
        .env("SECOND", world.path("two/shop.py"))
        .env("OUT", &out)
        .output()
        .expect("the editor starts");
    let seen = std::fs::read_to_string(&out).unwrap_or_default();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}: {}\n{seen}\n{complaint}", program.display(), output.status);
    serde_json::from_str(&seen).expect("what the editor saw")
}

fn commands(name: &str, n_servers: u64) {
    let Some(program) = editor(name) else { return };
    let model = model();
    let fixture = format!("//- /one/shop.py\n{}//- /two/shop.py\n{AREA}", scenario::CODE);
    let world = World::new(&fixture, Some(&model));
    world.write("one/crlf.py", &AREA.replace('\n', "\r\n"));
    let seen = drive(program, &world, &["-u", &path(&script("plugin_init.lua"))], "commands.lua");

    expect![[r#"
        cancelled | shop.py as it was
        asked | shop.py as it was
          AI 1/3 (r1): changes 1 line in `total`
          AI 2/3 (r1): replaces 1 line with 2 in `total`
          AI 3/3 (r1): changes 1 line in `total`
        accepted by a lens | shop.py with the first
          AI 2/3 (r1): replaces 1 line with 2 in `total`
          AI 3/3 (r1): changes 1 line in `total`
        accepted by a code action | shop.py with the second
          AI 1/3 (r1): changes 1 line in `total`
          AI 3/3 (r1): changes 1 line in `total`
        rejected by what is rarer | shop.py as it was
        asked again | shop.py as it was
          AI 1/3 (r2): changes 1 line in `total`
          AI 2/3 (r2): replaces 1 line with 2 in `total`
          AI 3/3 (r2): changes 1 line in `total`
        accepted the file | shop.py with all three
        took it out again | shop.py as it was
          AI 1/3 (r2): changes 1 line in `total`
          AI 2/3 (r2): replaces 1 line with 2 in `total`
          AI 3/3 (r2): changes 1 line in `total`
        rejected all | shop.py as it was
        asked by a comment | shop.py with the comment
          AI 1/3 (r1): changes 1 line in `total`
          AI 2/3 (r1): replaces 1 line with 2 in `total`
          AI 3/3 (r1): changes 1 line in `total`
        CRLF | crlf.py the sum
          AI 1/1 (r1): changes 1 line in `area`
        accepted with CRLF | crlf.py the product
        second folder | shop.py the sum
          AI 1/1 (r1): changes 1 line in `area`
        accepted all | shop.py the product
    "#]]
    .assert_eq(&shown(&seen));
    check_list(
        &seen["lenses"],
        &expect![[r#"
        ↻ Refine
        ↻ Refine
        ↻ Refine
        ◧ Review · 555 tokens · ✓ parses · ✓ names
        ◧ Review · 555 tokens · ✓ parses · ✓ names
        ◧ Review · 555 tokens · ✓ parses · ✓ names
        ✓ Accept
        ✓ Accept
        ✓ Accept
        ✗ Reject
        ✗ Reject
        ✗ Reject"#]],
    );
    check_list(
        &seen["choices"]["Reject all of this proposal"],
        &expect![[r#"
        Follow up on the whole proposal
        Reject all of this proposal
        Ask the same for the whole file
        Check with the project's own commands
        Say whether this checkout is trusted"#]],
    );
    let words = |key: &str| seen[key].as_str().unwrap_or_default();
    assert!(
        words("hover").contains("+    return round(result, 2)\n```\n\n✓ parses · ✓ names"),
        "{}",
        words("hover")
    );
    assert!(words("preview").contains("sum only what is not None"), "{}", words("preview"));
    assert!(words("review").contains("replaces 1 line with 2 in `total`"), "{}", words("review"));
    assert_eq!(seen["n_servers"], n_servers);
    assert_eq!(world.read("one/shop.py"), scenario::CODE, "byte for byte");
    assert_eq!(world.read("one/crlf.py"), PRODUCT.replace('\n', "\r\n"), "byte for byte");
    assert_eq!(world.read("two/shop.py"), PRODUCT, "byte for byte");
}

#[test]
fn commands_of_the_plugin_in_neovim_0_12() {
    commands("nvim-0.12", 1);
}

#[test]
fn commands_of_the_plugin_in_neovim_0_10() {
    commands("nvim-0.10", 2);
}

fn plain(name: &str) {
    let Some(program) = editor(name) else { return };
    let model = model();
    let asked = AREA.replace("    return", "    # ai: multiply\n    return");
    let world =
        World::new(&format!("//- /one/shop.py\n{}//- /two/shop.py\n{asked}", scenario::CODE), Some(&model));
    world.write("one/crlf.py", &asked.replace('\n', "\r\n"));
    let seen = drive(program, &world, &["-u", "NONE"], "plain.lua");
    expect![[r#"
        cancelled | shop.py with the first comment above
        asked | shop.py with the comment above
          AI 1/3 (r1): changes 1 line in `total` ✓ parses · ✓ names
          AI 2/3 (r1): replaces 1 line with 2 in `total` ✓ parses · ✓ names
          AI 3/3 (r1): changes 1 line in `total` ✓ parses · ✓ names
        accepted by a lens | shop.py with the comment above and the first
          AI 2/3 (r1): replaces 1 line with 2 in `total` ✓ parses · ✓ names
          AI 3/3 (r1): changes 1 line in `total` ✓ parses · ✓ names
        accepted the file | shop.py with the comment above and all three
        rejected all | shop.py with the comment above
        CRLF | crlf.py the sum with a comment
          AI 1/1 (r1): changes 1 line in `area` ✓ parses · ✓ names
        accepted with CRLF | crlf.py the product
        accepted in the second folder | shop.py the product
    "#]]
    .assert_eq(&shown(&seen));
    let words = |key: &str| seen[key].as_str().unwrap_or_default();
    let diff = "+    return round(result, 2)\n```\n\n✓ parses · ✓ names";
    assert!(words("hover").contains(diff), "{}", words("hover"));
    assert!(words("preview").contains("sum only what is not None"), "{}", words("preview"));
    assert_eq!(seen["folders"], 2);
    assert_eq!(world.read("one/shop.py"), commented(scenario::CODE, INSTRUCTION), "byte for byte");
    assert_eq!(world.read("one/crlf.py"), PRODUCT.replace('\n', "\r\n"), "byte for byte");
    assert_eq!(world.read("two/shop.py"), PRODUCT, "byte for byte");
}

#[test]
fn without_the_plugin_in_neovim_0_12() {
    plain("nvim-0.12");
}

#[test]
fn without_the_plugin_in_neovim_0_10() {
    plain("nvim-0.10");
}
