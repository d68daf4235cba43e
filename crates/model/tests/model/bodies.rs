//! Bodies of requests, written to files so that a vendor's own types can check them.

use std::fs;
use std::path::Path;

use model::{Env, Message, Protocol, Request, Settings, resolve};

/// What is asked for in every protocol: a plain call, and one with all that shapes a body.
fn settings(protocol: Protocol, is_shaped: bool) -> Settings {
    let model = match protocol {
        Protocol::AnthropicMessages => "claude-sonnet-5",
        Protocol::OpenaiChat | Protocol::OpenaiResponses => "gpt-5.4",
        Protocol::Gemini if is_shaped => "gemini-3-pro",
        Protocol::Gemini => "gemini-2.5-pro",
        Protocol::Ollama => "qwen3",
    };
    let effort = if is_shaped { "effort = 'low'" } else { "" };
    let text = format!("base_url = 'http://127.0.0.1:9'\nmodel = '{model}'\n{effort}");
    Settings { protocol: Some(protocol), ..toml::from_str(&text).unwrap() }
}

#[test]
fn bodies_are_written_to_files() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bodies");
    fs::create_dir_all(&folder).unwrap();
    for protocol in Protocol::ALL {
        for is_shaped in [false, true] {
            let chosen = resolve(&settings(protocol, is_shaped), &Env::default()).unwrap();
            let body = chosen.body(&Request {
                system: "be brief".to_owned(),
                messages: vec![Message::user("a"), Message::assistant("b"), Message::user("é → 🙂")],
                max_output_tokens: 1_000,
                temperature: Some(0.2),
            });
            let text = body.to_string();
            for word in ["be brief", "é → 🙂"] {
                assert!(text.contains(word), "{protocol}: {text}");
            }
            let name = if is_shaped { "shaped" } else { "plain" };
            fs::write(folder.join(format!("{protocol}.{name}.json")), text).unwrap();
        }
    }
}
