//! The command line: `edit` and `demo`, as a shell sees them.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use e2e::{Model, World, answer, binary};

const CODE: &str = "def area(w, h):\n    return w + h\n\n\ndef name():\n    return 'x'\n";
const ANSWER: &str = "```python\ndef area(w, h):\n    return w * h\n```\n";

fn run(world: &World, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(binary());
    command
        .args(args)
        .current_dir(world.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.envs(world.env().iter().map(|(name, value)| (name, value))).env("NO_COLOR", "1");
    let mut child = command.spawn().expect("the binary starts");
    child.stdin.take().expect("standard input").write_all(input.as_bytes()).expect("the binary reads");
    child.wait_with_output().expect("the binary ends")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn world(model: &Model) -> World {
    World::new(&format!("//- /a.py\n{CODE}"), Some(model))
}

fn edit_answer() -> Model {
    Model::new(vec![answer(&["multiply"], ANSWER)])
}

#[test]
fn edit_writes_what_is_accepted() {
    let model = edit_answer();
    let world = world(&model);
    let output = run(&world, &["edit", "a.py:2", "-m", "multiply"], "?\ny\n");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(world.read("a.py"), CODE.replace("w + h", "w * h"));
    assert!(stdout(&output).contains("e - edit this hunk by hand"), "{}", stdout(&output));
}

#[test]
fn edit_says_how_far_a_hunk_was_checked() {
    let model = edit_answer();
    let world = world(&model);
    let said = |input| {
        let output = run(&world, &["edit", "a.py:2", "-m", "multiply"], input);
        stdout(&output) + &stderr(&output)
    };
    // A directory that is no checkout is not read.
    let outside = said("q\n");
    assert!(outside.contains("✓ parses · names not checked"), "{outside}");
    std::fs::create_dir(world.path(".git")).expect("a checkout");
    model.add(answer(&["multiply"], ANSWER));
    let inside = said("q\n");
    assert!(inside.contains("✓ parses · ✓ names"), "{inside}");
}

#[test]
fn edit_changes_nothing_when_all_is_rejected() {
    let model = edit_answer();
    let world = world(&model);
    for input in ["n not wanted\n", "q\n", ""] {
        model.add(answer(&["multiply"], ANSWER));
        let output = run(&world, &["edit", "a.py:2", "-m", "multiply"], input);
        assert_eq!(output.status.code(), Some(1), "{input:?}: {}", stderr(&output));
        assert_eq!(world.read("a.py"), CODE);
    }
}

#[test]
fn edit_prints_a_diff_that_git_applies() {
    let model = edit_answer();
    let world = world(&model);
    let git =
        |args: &[&str]| Command::new("git").args(args).current_dir(world.root()).status().expect("git runs");
    assert!(git(&["init", "--quiet"]).success());
    let output = run(&world, &["edit", "a.py:1-2", "-m", "multiply", "--diff"], "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(world.read("a.py"), CODE, "nothing is written");
    std::fs::write(world.path("change.diff"), &output.stdout).expect("a file for the diff");
    assert!(git(&["apply", "change.diff"]).success());
    assert_eq!(world.read("a.py"), CODE.replace("w + h", "w * h"));
}

#[test]
fn what_cannot_be_written_is_kept_as_a_diff_that_git_applies() {
    let model = edit_answer();
    let world = world(&model);
    let git =
        |args: &[&str]| Command::new("git").args(args).current_dir(world.root()).status().expect("git runs");
    assert!(git(&["init", "--quiet"]).success());
    let writable = std::fs::metadata(world.path("a.py")).expect("a file").permissions();
    let mut read_only = writable.clone();
    read_only.set_readonly(true);
    std::fs::set_permissions(world.path("a.py"), read_only).expect("an own file");
    let output = run(&world, &["edit", "a.py:2", "-m", "multiply", "--yes"], "");
    std::fs::set_permissions(world.path("a.py"), writable).expect("an own file");
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("is read-only") && said.contains("git apply"), "{said}");
    assert_eq!(world.read("a.py"), CODE);
    let out = stdout(&output);
    let start = out.find("--- a/a.py").unwrap_or_else(|| panic!("no diff of a.py in {out}"));
    std::fs::write(world.path("change.diff"), &out[start..]).expect("a file for the diff");
    assert!(git(&["apply", "change.diff"]).success());
    assert_eq!(world.read("a.py"), CODE.replace("w + h", "w * h"));
}

#[test]
fn edit_says_why_there_is_no_answer() {
    let model = Model::new(vec![model::recorded::RecordedAnswer::status(
        401,
        "{\"error\":{\"message\":\"bad key\"}}",
    )]);
    let world = world(&model);
    let output = run(&world, &["edit", "a.py:2", "-m", "multiply", "--yes"], "");
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let said = stderr(&output);
    assert_eq!(said.matches("bad key").count(), 1, "said once: {said}");
    assert!(said.contains("HUNKWISE_API_KEY") && !said.contains("a-key-for-the-recorded-model"), "{said}");
    assert_eq!(world.read("a.py"), CODE);
}

#[test]
fn without_a_model_edit_says_what_to_do() {
    let mut world = World::new(&format!("//- /a.py\n{CODE}"), None);
    world.set("HUNKWISE_PROTOCOL", "");
    let output = run(&world, &["edit", "a.py:2", "-m", "multiply", "--yes"], "");
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("hunkwise init"), "{}", stderr(&output));
}

#[test]
fn wrong_targets_are_named() {
    let model = edit_answer();
    let world = world(&model);
    for (target, said) in [
        ("missing.py:1", "missing.py"),
        ("a.py:9-3", "first line is behind the last"),
        ("a.py:5-99", "a.py has 6 lines, so there is no line 99"),
        ("a.py:zz", "a.py: `zz` is no line; write a.py:LINE or a.py:LINE-LINE"),
        ("a.py:", "a.py: `` is no line"),
        ("a.py:1-x", "a.py: `1-x` is no line"),
        (".", "not a regular file"),
    ] {
        let output = run(&world, &["edit", target, "-m", "multiply"], "");
        assert_ne!(output.status.code(), Some(0));
        assert!(stderr(&output).contains(said), "{target}: {}", stderr(&output));
        assert_eq!(stderr(&output).matches("os error").count(), usize::from(target == "missing.py:1"));
    }
    let output = run(&world, &["edit", "a.py:2", "-m", " "], "");
    assert!(stderr(&output).contains("the message is empty"), "{}", stderr(&output));
    assert_eq!(model.requests().len(), 0, "nothing was asked");
}

#[test]
fn output_that_nobody_reads_stops_nothing() {
    let model = edit_answer();
    let world = world(&model);
    for args in [&["completions", "bash"][..], &["schema"], &["edit", "a.py:2", "-m", "multiply", "--yes"]] {
        let mut command = Command::new(binary());
        command.args(args).current_dir(world.root()).stdin(Stdio::null()).stderr(Stdio::piped());
        command.envs(world.env().iter().map(|(name, value)| (name, value)));
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = command.stdout(writer).output().expect("the binary ends");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    }
    assert_eq!(world.read("a.py"), CODE.replace("w + h", "w * h"));
}

#[test]
fn the_demo_ends_with_passing_tests() {
    let world = World::new("", None);
    let output = run(&world, &["demo"], "");
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let shown = stdout(&output);
    for part in ["FAILED", "(1/4)", "recorded", "The tests pass."] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let left: Vec<_> = std::fs::read_dir(world.state()).expect("a directory").collect();
    assert!(left.is_empty(), "the demo keeps nothing: {left:?}");
}

#[test]
fn doctor_init_and_completions_run() {
    let model = Model::new(vec![answer(&[], "OK"), answer(&[], "OK")]);
    let world = World::new("", Some(&model));
    let doctor = run(&world, &["doctor"], "");
    assert_eq!(doctor.status.code(), Some(0), "{}{}", stdout(&doctor), stderr(&doctor));
    assert!(stdout(&doctor).contains("endpoint: answers"), "{}", stdout(&doctor));
    assert!(!stdout(&doctor).contains("a-key-for"), "{}", stdout(&doctor));
    let log = stdout(&run(&world, &["log"], ""));
    assert!(log.contains("test     complete") && log.contains("recorded at 127.0.0.1:"), "{log}");
    let base_url = model.base_url();
    let args =
        ["init", "--yes", "--protocol", model.protocol(), "--base-url", &base_url, "--model", "recorded"];
    let args = [&args[..], &["--api-key-env", "A_KEY"]].concat();
    let init = run(&world, &args, "");
    assert!(stderr(&init).contains("HUNKWISE_MODEL and HUNKWISE_API_KEY override"), "{}", stderr(&init));
    assert!(!world.config().exists(), "a call that tests nothing is not made");
    let mut world = World::new("", None);
    world.set("A_KEY", "a-key-for-the-recorded-model");
    let init = run(&world, &args, "");
    assert_eq!(init.status.code(), Some(0), "{}{}", stdout(&init), stderr(&init));
    let written = std::fs::read_to_string(world.config()).expect("the settings file");
    assert!(
        written.contains("[provider]") && written.contains("A_KEY") && !written.contains("a-key-for"),
        "{written}"
    );
    let completions = run(&world, &["completions", "bash"], "");
    assert!(stdout(&completions).contains("hunkwise"), "{}", stderr(&completions));
}

#[test]
fn init_for_a_local_server_asks_for_no_key() {
    let model = Model::new(vec![answer(&[], "OK")]);
    let world = World::new("", None);
    let base_url = model.base_url();
    let args =
        ["init", "--yes", "--protocol", model.protocol(), "--base-url", &base_url, "--model", "recorded"];
    let init = run(&world, &args, "");
    assert_eq!(init.status.code(), Some(0), "{}{}", stdout(&init), stderr(&init));
    let written = std::fs::read_to_string(world.config()).expect("the settings file");
    assert!(written.contains(&base_url) && !written.contains("api_key"), "{written}");
}

#[test]
fn a_key_in_the_place_of_its_variable_is_shown_nowhere() {
    let key = ["sk", "ant", "api03", "Zq81xW77vbn2KfT0pLmR4sJd9YhCe5Gu"].join("-");
    let world = World::new("//- /a.py\nx = 1\n", None);
    let init = run(&world, &["init", "--yes", "--no-call", "--api-key-env", &key], "");
    assert_eq!(init.status.code(), Some(5));
    assert!(stderr(&init).contains("is no name of an environment variable"), "{}", stderr(&init));
    assert!(!world.config().exists(), "nothing is written");
    let mut seen = vec![init];
    for settings in [
        format!("[provider]\napi_key_env = '{key}'\n"),
        format!("[provider]\napi_key_env = {key}\n"),
        format!("[provider]\napi_key_command = ['{key}']\n"),
        format!("provider = '{key}'\n"),
    ] {
        std::fs::write(world.config(), settings).expect("settings");
        seen.push(run(&world, &["doctor"], ""));
        seen.push(run(&world, &["edit", "a.py:1", "-m", "y", "--yes"], ""));
        seen.push(run(&world, &["init", "--yes", "--no-call"], ""));
    }
    for output in seen {
        let (out, said) = (stdout(&output), stderr(&output));
        assert!(!out.contains(&key) && !said.contains(&key), "{out}{said}");
    }
}

/// The commands that `--help` lists, but for help itself.
fn listed(world: &World) -> Vec<String> {
    let help = stdout(&run(world, &["--help"], ""));
    let (_, commands) = help.split_once("Commands:\n").expect("a list of commands");
    let (commands, _) = commands.split_once("\n\n").expect("an end of the list");
    let names = commands.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_command_has_a_manual_page() {
    let world = World::new("", None);
    let listed = listed(&world);
    assert!(listed.len() > 8, "{listed:?}");
    let dir = world.root().join("pages");
    std::fs::create_dir(&dir).expect("a folder");
    let output = run(&world, &["man", "pages"], "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let all = std::fs::read_to_string(dir.join("hunkwise.1")).expect("the first page");
    for name in &listed {
        assert!(all.contains(&format!("hunkwise\\-{name}(1)")), "{name}: {all}");
        let page = std::fs::read_to_string(dir.join(format!("hunkwise-{name}.1"))).expect("a page");
        assert!(page.contains(&format!(".TH hunkwise-{name} 1")), "{page}");
    }
    assert!(!all.contains("supervise"), "{all}");
    let output = run(&world, &["man", "missing"], "");
    assert_eq!(output.status.code(), Some(5));
    assert!(stderr(&output).contains("write the manual pages into missing"), "{}", stderr(&output));
}

#[test]
fn the_completions_of_every_shell_know_every_command() {
    let world = World::new("", None);
    let listed = listed(&world);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = run(&world, &["completions", shell], "");
        assert_eq!(output.status.code(), Some(0), "{shell}: {}", stderr(&output));
        for name in &listed {
            assert!(stdout(&output).contains(name.as_str()), "{shell} knows {name}");
        }
    }
}

#[test]
#[cfg(unix)]
fn bash_completes_commands_with_what_is_printed_for_it() {
    let world = World::new("", None);
    let script = stdout(&run(&world, &["completions", "bash"], ""));
    let asks =
        "COMP_WORDS=(hunkwise co); COMP_CWORD=1; _hunkwise hunkwise co hunkwise; echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash")
        .args(["--noprofile", "--norc", "-c", &format!("{script}\n{asks}")])
        .output()
        .expect("bash runs");
    assert_eq!(stdout(&output).trim(), "context completions commands", "{}", stderr(&output));
}
