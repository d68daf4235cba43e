//! Checked before it is offered: answers that are wrong at first go back to the model with what the project's own tools say.

use std::path::PathBuf;

use e2e::{Model, World, answer, tools};
use serde_json::Value;

use crate::review::Editor;

/// A project with one file that is asked about, and what the model answers, in turn.
struct Case {
    files: &'static str,
    /// The file with the instruction.
    name: &'static str,
    /// Directories that are looked into for programs first.
    path: Vec<PathBuf>,
    /// More settings of the user.
    settings: &'static str,
    answers: Vec<String>,
}

/// The new text of a scope, as a model sends it.
fn fenced(text: &str) -> String {
    format!("```\n{text}```\n")
}

impl Case {
    /// An editor with the file, in a checkout that is trusted.
    fn open(&self) -> (Model, Editor) {
        let answers = self.answers.iter().map(|text| answer(&[], text)).collect();
        let model = Model::new(answers);
        let mut world = World::new(self.files, Some(&model));
        let machine = std::env::var_os("PATH").unwrap_or_default();
        let dirs = self.path.iter().cloned().chain(std::env::split_paths(&machine));
        let path = std::env::join_paths(dirs).expect("a search path");
        world.set("PATH", path.to_str().expect("a search path of words"));
        std::fs::write(world.config(), self.settings).expect("settings");
        std::fs::create_dir(world.path(".git")).expect("a checkout");
        workspace::Trust::grant(&world.state(), &world.root()).expect("trust is kept");
        let text = world.read(self.name);
        let editor = Editor::open_in(world, self.name, &text);
        (model, editor)
    }
}

fn messages(hunks: &[Value]) -> Vec<&str> {
    let messages = hunks.iter().filter_map(|hunk| hunk["message"].as_str());
    messages.filter(|text| text.starts_with("AI ") && text.contains('/')).collect()
}

/// The review document as it is.
fn review(editor: &mut Editor) -> String {
    editor.client.command("hunkwise.review", &["p1"]);
    let (id, shown) = editor.client.incoming_request("window/showDocument");
    editor.client.answer(&id, serde_json::json!({ "success": true }));
    let path = shown["uri"].as_str().and_then(|uri| uri.strip_prefix("file://")).expect("a file");
    std::fs::read_to_string(path).expect("the review document")
}

/// Asks; the second answer is offered, the first can be looked at, and the model was told what was wrong with it.
#[track_caller]
fn check_repaired(case: &Case, told: &[&str], what: &str) {
    let (model, mut editor) = case.open();
    let before = editor.text();
    let hunks = editor.ask(1);
    let message = messages(&hunks);
    assert!(
        message.iter().all(|text| text.contains("(r2)") && text.contains("✓ parses · ✓ names · ✓ checks")),
        "{hunks:#?}"
    );
    assert_eq!(editor.text(), before, "nothing is touched before an accept");
    let requests = model.requests();
    assert_eq!(requests.len(), 2);
    let again = requests[1].last_user_message();
    for part in told {
        assert!(again.contains(part), "{part:?} is missing in what the model was told:\n{again}");
    }
    let review = review(&mut editor);
    let tried = format!("the model was asked again once by itself (p1.r1: {what})");
    assert!(review.contains(&tried), "{tried:?} is missing in {review}");
    editor.client.command("hunkwise.revision", &["p1:r1"]);
    let first = editor.pending(1);
    // A single finding of our own stands there in full.
    let said = what.strip_prefix("1 ").unwrap_or(what);
    assert!(messages(&first).iter().all(|text| text.contains("(r1)") && text.contains(said)), "{first:#?}");
    editor.client.command("hunkwise.revision", &["p1:r2"]);
    editor.pending(1);
    editor.client.command("hunkwise.accept", &["p1"]);
    editor.client.apply_edit(&mut editor.buffer);
    editor.diagnostics("decided", 1);
    editor.close();
}

const RUST: &str = "//- /Cargo.toml\n[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2021\"\n//- /src/lib.rs\n/// The sum of some prices.\npub fn total(prices: &[u32]) -> u32 {\n    // ai: sum them\n    prices[0] + prices[1]\n}\n\n#[test]\nfn it_sums() {\n    assert_eq!(total(&[1, 2]), 3);\n}\n";

fn rust(answers: &[&str]) -> Case {
    let whole = |body: &&str| {
        fenced(&format!(
            "/// The sum of some prices.\npub fn total(prices: &[u32]) -> u32 {{\n    {body}\n}}\n"
        ))
    };
    Case {
        files: RUST,
        name: "src/lib.rs",
        path: Vec::new(),
        settings: "",
        answers: answers.iter().map(whole).collect(),
    }
}

#[test]
fn an_invented_method_in_rust_is_repaired() {
    check_repaired(
        &rust(&["prices.iter().total()", "prices.iter().sum()"]),
        &[
            "`cargo check`: new compiler error E0599 at line 4 of src/lib.rs",
            "no method named `total`",
            "prices.iter().total()",
        ],
        "1 new compiler error",
    );
}

#[test]
fn a_failing_test_in_rust_is_repaired() {
    check_repaired(
        &rust(&["prices.iter().skip(1).sum()", "prices.iter().sum()"]),
        &["`cargo test`: new failing test", "it_sums", "left: 2"],
        "1 new failing test",
    );
}

#[test]
fn a_syntax_error_in_rust_is_repaired() {
    check_repaired(
        &rust(&["prices.iter().sum(", "prices.iter().sum()"]),
        &["the file would not parse any more"],
        "1 new syntax error",
    );
}

const PYTHON: &str = "//- /pyproject.toml\n[tool.mypy]\nstrict = true\n[tool.pytest.ini_options]\n//- /shop.py\ndef total(prices: list[int]) -> int:\n    # ai: sum them\n    return prices[0] + prices[1]\n//- /test_shop.py\nfrom shop import total\n\n\ndef test_total() -> None:\n    assert total([1, 2]) == 3\n";

fn python(answers: &[&str]) -> Option<Case> {
    let whole = |body: &&str| fenced(&format!("def total(prices: list[int]) -> int:\n    {body}\n"));
    let path = vec![tools::python()?];
    Some(Case {
        files: PYTHON,
        name: "shop.py",
        path,
        settings: "",
        answers: answers.iter().map(whole).collect(),
    })
}

#[test]
fn a_type_error_in_python_is_repaired() {
    let Some(case) = python(&["return str(sum(prices))", "return sum(prices)"]) else { return };
    check_repaired(
        &case,
        &["`mypy`: new type error return-value at line 3 of shop.py", "return str(sum(prices))"],
        "1 new type error, 1 new failing test",
    );
}

#[test]
fn a_failing_test_in_python_is_repaired() {
    let Some(case) = python(&["return sum(prices[1:])", "return sum(prices)"]) else { return };
    check_repaired(&case, &["`pytest`: new failing test", "assert 2 == 3"], "1 new failing test");
}

#[test]
fn an_invented_method_in_python_is_repaired() {
    let Some(case) = python(&["return prices.total()", "return sum(prices)"]) else { return };
    check_repaired(
        &case,
        &["attr-defined", "\"list[int]\" has no attribute \"total\""],
        "2 new type errors, 1 new failing test",
    );
}

fn typescript(answers: &[&str]) -> Option<Case> {
    let whole =
        |body: &&str| fenced(&format!("export function total(prices: number[]): number {{\n  {body}\n}}\n"));
    let path = vec![tools::typescript()?];
    Some(Case {
        files: "//- /tsconfig.json\n{\"compilerOptions\": {\"strict\": true, \"types\": []}}\n//- /shop.ts\nexport function total(prices: number[]): number {\n  // ai: sum them\n  return 0\n}\n",
        name: "shop.ts",
        path,
        settings: "",
        answers: answers.iter().map(whole).collect(),
    })
}

const SUM_IN_TYPESCRIPT: &str = "return prices.reduce((sum, price) => sum + price, 0)";

#[test]
fn a_type_error_in_typescript_is_repaired() {
    let Some(case) = typescript(&["return prices.join(\"+\")", SUM_IN_TYPESCRIPT]) else { return };
    check_repaired(
        &case,
        &[
            "`tsc`: new type error TS2322 at line 3 of shop.ts",
            "Type 'string' is not assignable to type 'number'",
        ],
        "1 new type error",
    );
}

#[test]
fn an_invented_method_in_typescript_is_repaired() {
    let Some(case) = typescript(&["return prices.sum()", SUM_IN_TYPESCRIPT]) else { return };
    check_repaired(
        &case,
        &["`tsc`: new type error TS2339 at line 3 of shop.ts", "Property 'sum' does not exist"],
        "1 new type error",
    );
}

fn go(answers: &[&str]) -> Option<Case> {
    let path = vec![tools::go()?];
    let whole = |body: &&str| fenced(&format!("func Total(prices []int) int {{\n\t{body}\n}}\n"));
    Some(Case {
        files: "//- /go.mod\nmodule shop\n\ngo 1.19\n//- /shop.go\npackage shop\n\nfunc Total(prices []int) int {\n\t// ai: sum them\n\treturn prices[0] + prices[1]\n}\n//- /shop_test.go\npackage shop\n\nimport \"testing\"\n\nfunc TestTotal(t *testing.T) {\n\tif got := Total([]int{1, 2}); got != 3 {\n\t\tt.Errorf(\"got %d\", got)\n\t}\n}\n",
        name: "shop.go",
        path,
        settings: "",
        answers: answers.iter().map(whole).collect(),
    })
}

const SUM_IN_GO: &str = "sum := 0\n\tfor _, price := range prices {\n\t\tsum += price\n\t}\n\treturn sum";

#[test]
fn a_type_error_in_go_is_repaired() {
    let Some(case) = go(&["return float64(len(prices))", SUM_IN_GO]) else { return };
    check_repaired(
        &case,
        &["`go build`: new compiler error at line 5 of shop.go", "float64"],
        "1 new compiler error",
    );
}

#[test]
fn an_invented_method_in_go_is_repaired() {
    let Some(case) = go(&["return prices.Sum()", SUM_IN_GO]) else { return };
    check_repaired(
        &case,
        &["`go build`: new compiler error at line 5 of shop.go", "prices.Sum undefined"],
        "1 new compiler error",
    );
}

#[test]
fn a_failing_test_in_go_is_repaired() {
    let Some(case) = go(&["return prices[0]", SUM_IN_GO]) else { return };
    check_repaired(&case, &["`go test`: new failing test", "got 1"], "1 new failing test");
}

fn java(answers: &[&str]) -> Option<Case> {
    tools::on_path("javac")?;
    let whole =
        |body: &&str| fenced(&format!("  static int total(List<Integer> prices) {{\n    {body}\n  }}\n"));
    Some(Case {
        files: "//- /Shop.java\nimport java.util.List;\n\nclass Shop {\n  static int total(List<Integer> prices) {\n    // ai: sum them\n    return 0;\n  }\n}\n",
        name: "Shop.java",
        path: Vec::new(),
        settings: "[[checks.commands]]\nname = \"javac\"\nrun = [\"javac\", \"-d\", \"out\", \"Shop.java\"]\nformat = \"javac\"\nendings = [\"java\"]\n",
        answers: answers.iter().map(whole).collect(),
    })
}

const SUM_IN_JAVA: &str = "return prices.stream().mapToInt(Integer::intValue).sum();";

#[test]
fn a_type_error_in_java_is_repaired() {
    let Some(case) = java(&["return prices.toString();", SUM_IN_JAVA]) else { return };
    check_repaired(
        &case,
        &["`javac`: new compiler error at line 6 of Shop.java", "String cannot be converted to int"],
        "1 new compiler error",
    );
}

#[test]
fn an_invented_method_in_java_is_repaired() {
    let Some(case) = java(&["return prices.stream().sum();", SUM_IN_JAVA]) else { return };
    check_repaired(
        &case,
        &["`javac`: new compiler error at line 6 of Shop.java", "cannot find symbol"],
        "1 new compiler error",
    );
}

#[test]
fn what_cannot_be_repaired_is_offered_with_what_was_found_and_tried() {
    let case = rust(&["prices.iter().total()", "prices.iter().add_all()", "prices.iter().sum_up()"]);
    let (model, mut editor) = case.open();
    let hunks = editor.ask(1);
    assert_eq!(model.requests().len(), 3, "the model is asked again twice");
    let message = messages(&hunks).concat();
    assert!(
        message.contains("(r3)") && message.contains("✓ parses · ✓ names · ⚠ 1 new compiler error"),
        "{message}"
    );
    let at = editor.buffer.find("    prices[0]");
    let params = serde_json::json!({ "textDocument": { "uri": editor.buffer.uri }, "position": at });
    let hover = editor.client.request("textDocument/hover", params)["contents"]["value"].to_string();
    assert!(hover.contains("no method named `sum_up`"), "{hover}");
    let review = review(&mut editor);
    for part in [
        "asked again 2 times by itself (p1.r1: 1 new compiler error; p1.r2: 1 new compiler error)",
        "no method named `sum_up`",
        "Checks: ⚠ cargo check: 1 new compiler error",
    ] {
        assert!(review.contains(part), "{part:?} is missing in {review}");
    }
    let lenses = editor.client.request(
        "textDocument/codeLens",
        serde_json::json!({ "textDocument": { "uri": editor.buffer.uri } }),
    );
    assert!(lenses.to_string().contains("✓ parses · ✓ names · ⚠ 1 new compiler error"), "{lenses}");
    editor.close();
}
