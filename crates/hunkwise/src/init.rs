//! `hunkwise init`: the first-run set-up. Asks for what the flags leave out, makes a test call, writes the settings file.

use anyhow::{Context as _, bail, ensure};
use model::Protocol;
use session::config::{self, Config};

use crate::args::InitArgs;
use crate::{Outcome, out, provider};

/// Variables that win over the settings file.
const OVERRIDES: [&str; 4] = ["HUNKWISE_PROTOCOL", "HUNKWISE_BASE_URL", "HUNKWISE_MODEL", "HUNKWISE_API_KEY"];

pub(crate) fn run(args: &InitArgs) -> anyhow::Result<Outcome> {
    let file = config::user_file().context("no place for a settings file; set HUNKWISE_CONFIG")?;
    let settings = settings(args)?;
    let toml = rendered(&settings);
    let (config, notices) = Config::merged(&[config::Layer::from_toml(
        config::Origin::UserFile("the new settings".to_owned()),
        &toml,
    )
    .map_err(|notice| anyhow::anyhow!("{notice}"))?]);
    if let Some(notice) = notices.first() {
        bail!("{notice}");
    }
    if !args.no_call {
        let set: Vec<&str> = OVERRIDES
            .into_iter()
            .filter(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
            .collect();
        ensure!(
            set.is_empty(),
            "{} override every setting, so a test call would not test the new ones; unset them, or run with --no-call. Nothing was written",
            set.join(" and ")
        );
    }
    if !args.no_call && !test_call(&config)? {
        return Ok(Outcome::NoAnswer);
    }
    out::heading(&format!("{} will be:", file.display()));
    out::raw(&toml);
    if file.exists() {
        out::note("the file exists; its [provider] table is replaced, everything else in it is kept");
    }
    let goes_on = args.yes || matches!(out::ask("Write it [y,n]?").as_deref(), Some("y" | "yes"));
    if !goes_on {
        out::note("nothing was written");
        return Ok(Outcome::Unchanged);
    }
    store::write_config(&merged(&settings)?)?;
    out::line(&format!("written: {}", file.display()));
    out::line(
        "Next: open a file in your editor (see the README for its set-up), or run `hunkwise edit FILE:LINE -m \"…\"`.",
    );
    Ok(Outcome::Done)
}

/// What goes into the `[provider]` table.
struct Settings {
    protocol: String,
    base_url: Option<String>,
    model: Option<String>,
    api_key_env: Option<String>,
}

fn settings(args: &InitArgs) -> anyhow::Result<Settings> {
    let or_ask = |given: &Option<String>, question: &str, default: &str| -> anyhow::Result<String> {
        if let Some(given) = given {
            return Ok(given.clone());
        }
        if args.yes || !out::is_interactive() {
            return Ok(default.to_owned());
        }
        let answer = out::ask(&format!("{question} [{default}]:"))
            .context("the set-up was not finished; nothing was written")?;
        Ok(if answer.trim().is_empty() { default.to_owned() } else { answer.trim().to_owned() })
    };
    let names = Protocol::ALL.map(Protocol::name).join(", ");
    let usual = Protocol::AnthropicMessages.name();
    let protocol = or_ask(&args.protocol, &format!("Protocol ({names})"), usual)?;
    let Some(known) = Protocol::from_name(&protocol) else {
        bail!("{protocol} is not a protocol; it is one of {names}");
    };
    let base_url = or_ask(&args.base_url, "Base URL, empty for the vendor's own", "")?;
    let model = or_ask(&args.model, "Model, empty for the default", "")?;
    // A key of the vendor is for the vendor's own address; a local server needs none.
    let key = match known {
        _ if !base_url.is_empty() => "",
        Protocol::AnthropicMessages => "ANTHROPIC_API_KEY",
        Protocol::OpenaiChat | Protocol::OpenaiResponses => "OPENAI_API_KEY",
        Protocol::Gemini => "GEMINI_API_KEY",
        Protocol::Ollama => "OLLAMA_API_KEY",
    };
    let api_key_env = or_ask(&args.api_key_env, "Environment variable with the key, empty for none", key)?;
    ensure!(
        api_key_env.is_empty() || model::is_variable_name(&api_key_env),
        "that is no name of an environment variable. Put the key into a variable and give the variable's name; nothing was written"
    );
    let some = |text: String| (!text.is_empty()).then_some(text);
    Ok(Settings { protocol, base_url: some(base_url), model: some(model), api_key_env: some(api_key_env) })
}

/// The `[provider]` table as TOML.
fn rendered(settings: &Settings) -> String {
    let mut table = toml::Table::new();
    table.insert("provider".to_owned(), toml::Value::Table(provider_table(settings)));
    table.to_string()
}

fn provider_table(settings: &Settings) -> toml::Table {
    let mut table = toml::Table::new();
    let mut set = |key: &str, value: &Option<String>| {
        if let Some(value) = value {
            table.insert(key.to_owned(), toml::Value::String(value.clone()));
        }
    };
    set("protocol", &Some(settings.protocol.clone()));
    set("base_url", &settings.base_url);
    set("model", &settings.model);
    set("api_key_env", &settings.api_key_env);
    table
}

/// The settings file with the new table in it.
fn merged(settings: &Settings) -> anyhow::Result<String> {
    let before = store::read_config()?.unwrap_or_default();
    // Its own text would repeat the line, which may hold a key.
    let unreadable = |error: toml::de::Error| {
        let said = error.message();
        anyhow::anyhow!(
            "the settings file that is there cannot be read ({said}); mend or move it and run again"
        )
    };
    let mut table: toml::Table = before.parse().map_err(unreadable)?;
    table.insert("provider".to_owned(), toml::Value::Table(provider_table(settings)));
    Ok(table.to_string())
}

fn test_call(config: &Config) -> anyhow::Result<bool> {
    let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
    runtime.block_on(async {
        let provider = match provider::connect(config).await {
            Ok(provider) => provider,
            Err(error) => {
                out::error(&error.user_message());
                return Ok(false);
            }
        };
        out::note(&format!("a test call to {}", provider.identity()));
        match provider::test(provider.as_ref()).await {
            Ok(_) => {
                out::line("the model answers");
                Ok(true)
            }
            Err(error) => {
                out::error(&error.user_message());
                Ok(false)
            }
        }
    })
}
