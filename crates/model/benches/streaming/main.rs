//! What a streamed token and a request cost on our side, beside a bare read of the same stream with the same HTTP library.
//!
//! The server is on this machine and sends the same bytes to both, which take turns. Judges nothing.

mod server;

use std::env;
use std::io::{Write, stdout};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt;
use model::{Env, Event, Message, Protocol, Provider, Request, Settings, provider, resolve};
use reqwest::{Client, redirect};
use tokio::runtime::{Builder, Runtime};

use server::Served;

/// Tokens of a long answer.
const TOKENS: usize = 2_000;

/// How often a long answer is read by each, in turns; the fastest counts.
const TURNS: usize = 15;

/// How often an answer that comes slowly is read by each, in turns.
const PACED_TURNS: usize = 5;

/// How often a short answer is asked for by each, in turns.
const REQUESTS: usize = 300;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [role, protocol, base_url] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
        && let Some(protocol) = Protocol::from_name(protocol)
    {
        return child(role, protocol, base_url);
    }
    say("| | a token, p50 of the turns | bare | ratio | fastest | bare | ratio |");
    say("|---|---|---|---|---|---|---|");
    for (name, joins) in [("an event a packet", false), ("many events a packet", true)] {
        for protocol in Protocol::ALL {
            let served = Served::start(protocol, TOKENS, joins);
            let (mut ours, mut floor) = turns(protocol, &served.base_url, TURNS);
            let per_token = |time: Duration| time / u32::try_from(TOKENS).unwrap_or(1);
            row(&format!("{protocol}, {name}"), &mut ours, &mut floor, per_token);
        }
    }
    say("| | CPU of a token that comes alone, p50 | bare | ratio | fastest | bare | ratio |");
    say("|---|---|---|---|---|---|---|");
    for protocol in Protocol::ALL {
        let served = Served::paced(protocol, TOKENS);
        if let Some((mut ours, mut floor)) = cpu_of_turns(protocol, &served.base_url) {
            let per_token = |time: Duration| time / u32::try_from(TOKENS).unwrap_or(1);
            row(&format!("{protocol}, an event at a time"), &mut ours, &mut floor, per_token);
        }
    }
    say("| | a request, p50 | bare | ratio | fastest | bare | ratio |");
    say("|---|---|---|---|---|---|---|");
    for protocol in Protocol::ALL {
        let served = Served::start(protocol, 1, true);
        let (mut ours, mut floor) = turns(protocol, &served.base_url, REQUESTS);
        row(&format!("{protocol}, one token"), &mut ours, &mut floor, |time| time);
    }
    memory();
}

/// Times of each, in turns.
fn turns(protocol: Protocol, base_url: &str, n: usize) -> (Vec<Duration>, Vec<Duration>) {
    let runtime = runtime();
    let (provider, bare) = (ours(protocol, base_url), Bare::new(protocol, base_url));
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for turn in 0..=n {
        let (a, b) = (timed(|| read(&runtime, &*provider)), timed(|| bare.read(&runtime)));
        // The first of each opens the connection.
        if turn > 0 {
            ours.push(a);
            floor.push(b);
        }
    }
    (ours, floor)
}

/// CPU of each, in turns; `None` where the system does not tell it.
fn cpu_of_turns(protocol: Protocol, base_url: &str) -> Option<(Vec<Duration>, Vec<Duration>)> {
    let runtime = runtime();
    let (provider, bare) = (ours(protocol, base_url), Bare::new(protocol, base_url));
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..PACED_TURNS {
        let before = cpu()?;
        read(&runtime, &*provider);
        let between = cpu()?;
        bare.read(&runtime);
        ours.push(between - before);
        floor.push(cpu()? - between);
    }
    Some((ours, floor))
}

/// How long this thread has run.
fn cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = stat.split_whitespace().next()?.parse().ok().filter(|nanos| *nanos > 0)?;
    Some(Duration::from_nanos(nanos))
}

fn row(name: &str, ours: &mut [Duration], floor: &mut [Duration], unit: impl Fn(Duration) -> Duration) {
    ours.sort();
    floor.sort();
    let at = |times: &[Duration], idx: usize| unit(times.get(idx).copied().unwrap_or_default());
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let mut line = format!("| {name} |");
    for idx in [ours.len() / 2, 0] {
        let (a, b) = (micros(at(ours, idx)), micros(at(floor, idx)));
        line.push_str(&format!(" {a:.2} µs | {b:.2} µs | {:.2} |", a / b));
    }
    say(&line);
}

/// Peak memory of a process that reads a long answer, ours and bare.
fn memory() {
    say("| | peak memory | bare | ratio |");
    say("|---|---|---|---|");
    for protocol in Protocol::ALL {
        let served = Served::start(protocol, TOKENS, false);
        let peak = |role: &str| {
            let program = env::current_exe().ok()?;
            let output =
                Command::new(program).args([role, protocol.name(), &served.base_url]).output().ok()?;
            String::from_utf8(output.stdout).ok()?.trim().parse::<f64>().ok()
        };
        if let (Some(ours), Some(floor)) = (peak("ours"), peak("bare")) {
            let (a, b) = (ours / 1024.0, floor / 1024.0);
            say(&format!("| {protocol}, {TOKENS} tokens | {a:.1} MiB | {b:.1} MiB | {:.2} |", a / b));
        }
    }
}

/// Reads one answer and prints the peak memory of this process in KiB, where the system tells it.
fn child(role: &str, protocol: Protocol, base_url: &str) {
    let runtime = runtime();
    // Both have what every client needs, such as the provider of ciphers.
    let provider = ours(protocol, base_url);
    match role {
        "ours" => read(&runtime, &*provider),
        _ => Bare::new(protocol, base_url).read(&runtime),
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next());
    say(peak.unwrap_or_default());
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn ours(protocol: Protocol, base_url: &str) -> Arc<dyn Provider> {
    let settings = Settings {
        protocol: Some(protocol),
        base_url: Some(base_url.to_owned()),
        model: Some("m".to_owned()),
        ..Settings::default()
    };
    provider(resolve(&settings, &Env::default()).expect("a provider")).expect("a provider")
}

fn request() -> Request {
    Request {
        system: "be brief".to_owned(),
        messages: vec![Message::user("x".repeat(4_000))],
        max_output_tokens: 1_000,
        temperature: None,
        effort: None,
        asked: String::new(),
    }
}

fn read(runtime: &Runtime, provider: &dyn Provider) {
    runtime.block_on(async {
        let mut stream = provider.stream(request());
        let (mut n_bytes, mut is_whole) = (0, false);
        while let Some(event) = stream.next().await {
            match event {
                Ok(Event::Text(text)) => n_bytes += text.len(),
                Ok(Event::End { .. }) => is_whole = true,
                Ok(_) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert!(is_whole && n_bytes > 0);
    });
}

/// The same request and the same stream without a look at what it says.
struct Bare {
    client: Client,
    url: String,
    body: String,
}

impl Bare {
    fn new(protocol: Protocol, base_url: &str) -> Bare {
        let settings = Settings {
            protocol: Some(protocol),
            base_url: Some(base_url.to_owned()),
            model: Some("m".to_owned()),
            ..Settings::default()
        };
        let body = resolve(&settings, &Env::default()).expect("a provider").body(&request()).to_string();
        let client = Client::builder().no_proxy().tls_certs_only([]).redirect(redirect::Policy::none());
        Bare { client: client.build().expect("a client"), url: format!("{base_url}/v1/bare"), body }
    }

    fn read(&self, runtime: &Runtime) {
        runtime.block_on(async {
            let request = self.client.post(&self.url).header("content-type", "application/json");
            let mut response = request.body(self.body.clone()).send().await.expect("an answer");
            let mut n_bytes = 0;
            while let Some(chunk) = response.chunk().await.expect("a chunk") {
                n_bytes += chunk.len();
            }
            assert!(n_bytes > 0);
        });
    }
}

fn timed(run: impl FnOnce()) -> Duration {
    let started = Instant::now();
    run();
    started.elapsed()
}

fn say(line: &str) {
    // A closed pipe ends the reader's interest, not the measurement.
    let _ = writeln!(stdout(), "{line}");
}
