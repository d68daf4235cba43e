//! `hunkwise check`, as a shell sees it: nothing before trust, and nothing left when it is killed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use e2e::{World, binary};

/// A package whose build script tells that it runs and then waits for longer than any test.
fn world(build: &str) -> World {
    let world = World::new("//- /src/lib.rs\npub fn a() -> i32 { \"a\" }\n", None);
    world.write("Cargo.toml", "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    if !build.is_empty() {
        world.write("build.rs", build);
    }
    std::fs::create_dir(world.path(".git")).expect("a directory");
    world
}

fn command(world: &World, args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.arg("check").args(args).arg(".").current_dir(world.root()).stdin(Stdio::null());
    command.envs(world.env().iter().map(|(name, value)| (name, value))).env("NO_COLOR", "1");
    command
}

fn run(world: &World, args: &[&str]) -> Output {
    command(world, args).output().expect("the binary runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Entries below a directory, however deep.
fn below(dir: &Path) -> Vec<PathBuf> {
    let entries: Vec<PathBuf> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    let deeper = entries.iter().filter(|path| path.is_dir()).flat_map(|path| below(path));
    let deeper: Vec<PathBuf> = deeper.collect();
    entries.into_iter().chain(deeper).collect()
}

/// Processes whose directory or program lies below a directory.
fn processes_in(dir: &Path) -> usize {
    let dir = dir.canonicalize().expect("it is there");
    let is_in = |link: PathBuf| std::fs::read_link(link).is_ok_and(|path| path.starts_with(&dir));
    let processes = std::fs::read_dir("/proc").expect("processes").flatten();
    processes.filter(|entry| is_in(entry.path().join("cwd")) || is_in(entry.path().join("exe"))).count()
}

fn wait_until(what: &str, limit: Duration, is_so: impl Fn() -> bool) {
    let until = Instant::now() + limit;
    while !is_so() {
        assert!(Instant::now() < until, "not within {limit:?}: {what}");
        // tidy allows sleep: processes and directories of others can only be looked at again
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn nothing_runs_before_trust_and_findings_are_told_after_it() {
    let world = world("");
    let refused = run(&world, &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("nothing was run"), "{refused:?}");
    assert!(!world.state().join("scratch").exists());
    for args in [&["--trust"][..], &[]] {
        let told = run(&world, args);
        assert_eq!(told.status.code(), Some(1), "{told:?}");
        assert!(stdout(&told).contains("src/lib.rs:1:21: error: mismatched types"), "{}", stdout(&told));
        assert_eq!(below(&world.state().join("scratch")), [] as [PathBuf; 0]);
    }
    assert!(!world.path("Cargo.lock").exists() && !world.path("target").exists());
    assert_eq!(run(&world, &["--revoke"]).status.code(), Some(0));
    assert!(String::from_utf8_lossy(&run(&world, &[]).stderr).contains("nothing was run"));
}

#[test]
fn nothing_is_left_when_it_is_killed() {
    let world = world("fn main() { std::fs::write(\"runs\", \"\").unwrap(); loop { std::thread::park(); } }");
    let mut child =
        command(&world, &["--trust"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let scratch = world.state().join("scratch");
    let runs = || below(&scratch).iter().any(|path| path.ends_with("tree/runs"));
    wait_until("the build script runs", Duration::from_secs(60), runs);
    assert!(processes_in(&scratch) > 0);
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    wait_until("nothing is left", Duration::from_secs(5), || {
        below(&scratch).is_empty() && processes_in(&scratch) == 0
    });
    assert!(!world.path("runs").exists());
}
