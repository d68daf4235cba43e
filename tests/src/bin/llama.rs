//! `llama DIR`: asks the real llama.cpp server, built in DIR by `tests/llama/build.sh`, over its three wire formats.
//!
//! A scripted model answers with the text of an edit, so that the whole way from the command line to the written file
//! can be seen; an endless one is cancelled, which the server's log has to say. Fails at the first thing that is not so.

// Printing is what a command does.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use e2e::World;
use futures::StreamExt;
use model::{Env, Error, Event, Message, Protocol, Request, Settings, provider, resolve};
use tokio::runtime::Runtime;

const KEY: &str = "a-key-for-the-real-server";

const PROTOCOLS: [Protocol; 3] =
    [Protocol::OpenaiChat, Protocol::OpenaiResponses, Protocol::AnthropicMessages];

const BEFORE: &str = "def total(items):\n    result = 0\n    for item in items:\n        result = result + item.price\n    return result\n";
const AFTER: &str = "def total(items):\n    return sum(item.price for item in items)\n";

/// Loading a model of some KiB takes a moment, on a busy machine a long one.
const START_LIMIT: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    e2e::exit(run())
}

fn run() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [dir] = arguments.as_slice() else { bail!("usage: llama DIR") };
    let dir = PathBuf::from(dir);
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("llama");
    command("bash", &[scripts.join("build.sh").as_path(), &dir])?;
    let answer = dir.join("answer.txt");
    fs::write(&answer, format!("```python\n{AFTER}```\n")).context("write the answer")?;
    let python = dir.join("venv/bin/python").display().to_string();
    let (script, endless) = (dir.join("script.gguf"), dir.join("endless.gguf"));
    let make = scripts.join("make_model.py");
    command(&python, &[&make, Path::new("script"), &script, &answer])?;
    command(&python, &[&make, Path::new("endless"), &endless])?;

    let server = Server::start(&dir, &script, "8192")?;
    for protocol in PROTOCOLS {
        edit(protocol, &server).with_context(|| format!("edit over {protocol}"))?;
    }
    drop(server);
    let runtime = Runtime::new().context("start a runtime")?;
    let server = Server::start(&dir, &endless, "2048")?;
    for protocol in PROTOCOLS {
        runtime.block_on(messages(protocol, &server)).with_context(|| format!("ask over {protocol}"))?;
        runtime.block_on(cancel(protocol, &server)).with_context(|| format!("cancel over {protocol}"))?;
    }
    Ok(())
}

fn command(program: &str, arguments: &[&Path]) -> Result<()> {
    let status = Command::new(program).args(arguments).status().with_context(|| format!("run {program}"))?;
    ensure!(status.success(), "{program} {arguments:?} failed");
    Ok(())
}

/// The real server; it ends with this.
struct Server {
    process: Child,
    base_url: String,
    log: PathBuf,
}

impl Server {
    fn start(dir: &Path, model: &Path, context: &str) -> Result<Server> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = model.with_extension("log");
        let file = File::create(&log).context("create the log")?;
        let process = Command::new(dir.join("build-llama/bin/llama-server"))
            .arg("-m")
            .arg(model)
            .args(["--host", "127.0.0.1", "--port", &port.to_string(), "-c", context, "--jinja", "-np", "1"])
            .args(["--api-key", KEY, "--no-context-shift", "-a", "scripted"])
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .context("start llama-server")?;
        let server = Server { process, base_url: format!("http://127.0.0.1:{port}"), log };
        server.wait_for("listening on http", 1)?;
        Ok(server)
    }

    /// Waits until the log holds `words` so many times.
    fn wait_for(&self, words: &str, n: usize) -> Result<()> {
        let started = Instant::now();
        while fs::read_to_string(&self.log)?.matches(words).count() < n {
            ensure!(started.elapsed() < START_LIMIT, "{} does not say `{words}`", self.log.display());
            // tidy allows sleep: another program's log can only be polled
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn said(&self, words: &str) -> Result<usize> {
        Ok(fs::read_to_string(&self.log)?.matches(words).count())
    }

    fn settings(&self, protocol: Protocol) -> Settings {
        Settings {
            protocol: Some(protocol),
            base_url: Some(self.base_url.clone()),
            model: Some("scripted".to_owned()),
            ..Settings::default()
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Whatever is wrong with ending it, it was asked to.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// From the command line over the wire to the written file.
fn edit(protocol: Protocol, server: &Server) -> Result<()> {
    let mut world = World::new(&format!("//- /shop.py\n{BEFORE}"), None);
    world.set("HUNKWISE_PROTOCOL", protocol.name());
    world.set("HUNKWISE_BASE_URL", &server.base_url);
    world.set("HUNKWISE_MODEL", "scripted");
    world.set("HUNKWISE_API_KEY", KEY);
    let output = Command::new(e2e::binary())
        .args(["edit", "shop.py:2", "-m", "use sum", "--yes"])
        .current_dir(world.root())
        .envs(world.env().iter().map(|(name, value)| (name, value)))
        .output()
        .context("run hunkwise")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "hunkwise edit failed: {said}");
    ensure!(world.read("shop.py") == AFTER, "another text was written: {:?}", world.read("shop.py"));
    println!("{protocol}: edit, hunks, accept");
    Ok(())
}

fn request(text: &str, max_output_tokens: u32) -> Request {
    Request {
        system: "answer".to_owned(),
        messages: vec![Message::user(text)],
        max_output_tokens,
        temperature: None,
        effort: None,
        asked: String::new(),
    }
}

/// How a call ends.
async fn end(settings: &Settings, key: &str, request: Request) -> Result<String> {
    let chosen = resolve(settings, &Env::from([("HUNKWISE_API_KEY", key)]))?;
    let mut stream = provider(chosen)?.stream(request);
    let mut end = String::new();
    while let Some(item) = stream.next().await {
        end = match item {
            Ok(Event::End { stop, .. }) => stop.to_string(),
            Ok(_) => continue,
            Err(error) => kind(&error).to_owned(),
        };
    }
    Ok(end)
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::Unauthorized { .. } => "key refused",
        Error::ContextTooLong { .. } => "prompt too long",
        Error::UnknownModel { .. } => "model not found",
        _ => "another error",
    }
}

/// A limit, a key that is refused, a prompt that does not fit: each has its own message.
async fn messages(protocol: Protocol, server: &Server) -> Result<()> {
    let settings = server.settings(protocol);
    for (key, text, limit, expected) in [
        (KEY, "short".to_owned(), 20, "limit of output tokens"),
        ("a-wrong-key", "short".to_owned(), 20, "key refused"),
        (KEY, "x".repeat(6_000), 20, "prompt too long"),
    ] {
        let end = end(&settings, key, request(&text, limit)).await?;
        ensure!(end == expected, "it ended with `{end}`, not `{expected}`");
        println!("{protocol}: {expected}");
    }
    // A server with one model answers to any name; where nothing is, it says so, as others do of a model.
    let named = Settings { model: Some("no-such-model".to_owned()), ..settings.clone() };
    let ended = end(&named, KEY, request("short", 20)).await?;
    ensure!(ended == "limit of output tokens", "with another model's name it ended with `{ended}`");
    let nowhere = Settings { base_url: Some(format!("{}/nowhere/v1", server.base_url)), ..settings };
    let ended = end(&nowhere, KEY, request("short", 20)).await?;
    ensure!(ended == "model not found", "at a wrong address it ended with `{ended}`");
    println!("{protocol}: model not found");
    Ok(())
}

/// A stream that is dropped ends the work of the server.
async fn cancel(protocol: Protocol, server: &Server) -> Result<()> {
    let before = server.said("cancel task")?;
    let chosen = resolve(&server.settings(protocol), &Env::from([("HUNKWISE_API_KEY", KEY)]))?;
    let mut stream = provider(chosen)?.stream(request("short", 1_000_000));
    let first = stream.next().await.context("nothing came")??;
    ensure!(matches!(first, Event::Text(_)), "another beginning: {first:?}");
    drop(stream);
    server.wait_for("cancel task", before + 1)?;
    println!("{protocol}: cancelled");
    Ok(())
}
