//! `hunkwise doctor`: what there is and what is missing, without a word of any key.

use std::path::Path;

use anyhow::Context as _;
use session::Uri;
use session::config;

use crate::{Outcome, out, provider};

/// Programs of editors that speak LSP.
const EDITORS: [(&str, &str); 8] = [
    ("nvim", "Neovim"),
    ("hx", "Helix"),
    ("helix", "Helix"),
    ("code", "VS Code"),
    ("cursor", "Cursor"),
    ("emacs", "Emacs"),
    ("kak", "Kakoune"),
    ("idea", "IntelliJ IDEA"),
];

pub(crate) fn run() -> anyhow::Result<Outcome> {
    out::line(&format!("hunkwise {}", env!("CARGO_PKG_VERSION")));
    let here = std::env::current_dir().context("find the current directory")?;
    let root = Uri::from_path(&workspace::checkout_root(&here));
    let (config, notices) = config::load(root.as_slice(), &[]);

    out::heading("Settings");
    match config::user_file() {
        Some(file) => out::line(&format!("user file: {} ({})", file.display(), presence(&file))),
        None => out::line("user file: none; set HUNKWISE_CONFIG"),
    }
    let workspace_file = workspace::checkout_root(&here).join(config::workspace_file_name());
    out::line(&format!("workspace file: {} ({})", workspace_file.display(), presence(&workspace_file)));
    notices.iter().for_each(|notice| out::line(&format!("! {notice}")));

    out::heading("State");
    show_path("state directory", store::state_dir().as_deref());
    show_path("log file", store::log_file().as_deref());

    out::heading("Languages");
    let names: Vec<&str> = session::languages();
    out::line(&names.join(", "));

    out::heading("Editors on PATH");
    let found: Vec<&str> =
        EDITORS.iter().filter(|(program, _)| is_on_path(program)).map(|(_, name)| *name).collect();
    out::line(&if found.is_empty() { "none".to_owned() } else { found.join(", ") });

    out::heading("Model");
    // None of these is asked: that may run a command for its key.
    let names: Vec<&str> = config.models.keys().map(String::as_str).collect();
    if !names.is_empty() {
        out::line(&format!("besides, by name: {}", names.join(", ")));
    }
    if !config.provider.fallback.is_empty() {
        out::line(&format!("where it cannot answer: {}", config.provider.fallback.join(", ")));
    }
    let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
    Ok(runtime.block_on(model(&config)))
}

async fn model(config: &config::Config) -> Outcome {
    let provider = match provider::connect(config).await {
        Ok(provider) => provider,
        Err(error) => {
            out::line(&error.user_message());
            return Outcome::NoAnswer;
        }
    };
    let identity = provider.identity();
    out::line(&identity.to_string());
    out::line(&format!("key: {}", identity.key_source));
    match provider::test(provider.as_ref()).await {
        Ok(_) => {
            out::line("endpoint: answers");
            Outcome::Done
        }
        Err(error) => {
            out::line(&format!("endpoint: {}", error.user_message()));
            Outcome::NoAnswer
        }
    }
}

fn presence(path: &Path) -> &'static str {
    if path.exists() { "there" } else { "not there" }
}

fn show_path(what: &str, path: Option<&Path>) {
    match path {
        Some(path) => out::line(&format!("{what}: {} ({})", path.display(), presence(path))),
        None => out::line(&format!("{what}: none; set HUNKWISE_STATE_DIR")),
    }
}

fn is_on_path(program: &str) -> bool {
    let names = [program.to_owned(), format!("{program}.exe"), format!("{program}.cmd")];
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| names.iter().any(|name| dir.join(name).is_file()))
}
