//! Bodies of requests, written to files so that a vendor's own types can check them.

use std::fs;
use std::path::Path;

use model::{Env, Message, Protocol, Request, Settings, resolve};

/// What is asked for in every protocol: a plain call, and a new and an older model told how much to reason.
fn settings(protocol: Protocol, kind: &str) -> Settings {
    let is_older = kind == "older";
    let model = match protocol {
        Protocol::AnthropicMessages if is_older => "claude-sonnet-4-5",
        Protocol::AnthropicMessages => "claude-sonnet-5",
        Protocol::OpenaiChat | Protocol::OpenaiResponses => "gpt-5.4",
        Protocol::Gemini if is_older => "gemini-2.5-pro",
        Protocol::Gemini => "gemini-3-pro",
        Protocol::Ollama => "qwen3",
    };
    let effort = match kind {
        "plain" => "",
        "older" => "effort = 'max'",
        _ => "effort = 'low'",
    };
    let text = format!("base_url = 'http://127.0.0.1:9'\nmodel = '{model}'\n{effort}");
    Settings { protocol: Some(protocol), ..toml::from_str(&text).unwrap() }
}

#[test]
fn bodies_are_written_to_files() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bodies");
    fs::create_dir_all(&folder).unwrap();
    for protocol in Protocol::ALL {
        for kind in ["plain", "shaped", "older"] {
            let chosen = resolve(&settings(protocol, kind), &Env::default()).unwrap();
            let body = chosen.body(&Request {
                system: "be brief".to_owned(),
                messages: vec![Message::user("a"), Message::assistant("b"), Message::user("é → 🙂")],
                max_output_tokens: 9_000,
                temperature: Some(0.2),
                effort: None,
                asked: String::new(),
            });
            let text = body.to_string();
            for word in ["be brief", "é → 🙂"] {
                assert!(text.contains(word), "{protocol}: {text}");
            }
            fs::write(folder.join(format!("{protocol}.{kind}.json")), text).unwrap();
        }
    }
}
