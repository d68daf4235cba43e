//! Settings: their shape, their layers, and which layer may say what.
//!
//! Layers from weak to strong: built-in, the user's file, the variable [`SETTINGS`], a workspace file (`.hunkwise.toml`), what
//! the client sends. Only the user's file and the variable may set where requests go: a workspace file and the client's
//! settings (which carry a repository's editor settings) are read for everything else, and what they may not set is ignored
//! with a notice.

mod checks;
mod load;
mod recipes;
mod rules;
mod wrong;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use checks::{ChecksConfig, CommandConfig};
pub use load::{SETTINGS, load, user_file, workspace_file_name};
pub use recipes::{FAST, Recipe, built_in};
pub use rules::{RulesName, RulesSetting};

use crate::notice::Notice;
pub(crate) use checks::workspace_commands;
use wrong::wrong_keys;

/// Keys at the top level that only the user's own file may set.
const USER_ONLY: [&str; 9] = [
    "provider",
    "models",
    "log_level",
    "rules",
    "limits",
    "receipts",
    "checks",
    "mention_urls",
    "keep_proposals",
];

/// Keys that a workspace file may set.
const WORKSPACE_KEYS: [&str; 2] = ["style", "recipes"];

/// All settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where requests go. Only in the user's file; environment variables override it.
    pub provider: model::Settings,
    /// Other models by a name of their own, for recipes and fallbacks to name. One that names no address and no protocol is
    /// asked where the provider is. Built-in recipes that do little use one of the name `fast`. Only in the user's file.
    pub models: BTreeMap<String, model::Settings>,
    /// How code should be written here, in words; goes into every request.
    pub style: Option<String>,
    /// Named instructions, besides the built-in ones; one with a built-in's name replaces it.
    pub recipes: Vec<Recipe>,
    /// Tokens of context beside the scope, per request.
    pub context_tokens: usize,
    /// Which files of the project that tell AI tools how code should be written go into requests: true for all, false for
    /// none, or a list of whose. Only in the user's file.
    pub rules: RulesSetting,
    /// Whether the page of an address behind `@` in an instruction is read, for the model to be shown it.
    /// Only in the user's file.
    pub mention_urls: bool,
    /// From where on you are asked before a request is sent. Only in the user's file.
    pub limits: LimitsConfig,
    /// What is kept of the requests that were sent. Only in the user's file.
    pub receipts: ReceiptsConfig,
    /// Whether hunks of files that are not decided are kept in the state directory, for 14 days after they last changed, so
    /// that they are there again when the server was restarted. Only in the user's file.
    pub keep_proposals: bool,
    /// The project's own checks of what is proposed. Only in the user's file, but for the commands of a checkout that is trusted.
    pub checks: ChecksConfig,
    /// Whether saving a file runs its `ai!` directives.
    pub run_on_save: bool,
    /// What a thin client can do beyond plain LSP.
    pub client: ClientConfig,
    /// How much the log file holds: off, error, warn, info, debug or trace. Only in the user's file.
    pub log_level: LogLevel,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            provider: model::Settings::default(),
            models: BTreeMap::new(),
            style: None,
            recipes: Vec::new(),
            context_tokens: 4_000,
            rules: RulesSetting::All(true),
            mention_urls: false,
            limits: LimitsConfig::default(),
            receipts: ReceiptsConfig::default(),
            keep_proposals: true,
            checks: ChecksConfig::default(),
            run_on_save: false,
            client: ClientConfig::default(),
            log_level: LogLevel::Info,
        }
    }
}

/// From where on you are asked before a request is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// US dollars that all requests of a day (UTC) may come to. A request counts with its prompt and an answer as long as
    /// the scope. Without effect where the price is not known.
    pub daily_cost: Option<f64>,
    /// Tokens that the prompt of one request may have.
    pub request_tokens: Option<u64>,
}

/// What is kept of the requests that were sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReceiptsConfig {
    /// Whether their text is kept as well, with secrets hidden as they were sent.
    pub content: bool,
}

/// What a thin client can do beyond plain LSP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub struct ClientConfig {
    /// It answers `hunkwise/prompt`.
    pub prompt: bool,
    /// It takes `hunkwise/didUpdate`.
    pub did_update: bool,
    /// It wants the lines of hunks in pieces with that.
    pub words: bool,
    /// It lends its model: it answers `hunkwise/model`.
    pub model: bool,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Failures.
    Error,
    /// And what did not go as asked.
    Warn,
    /// And what was done.
    #[default]
    Info,
    /// And how.
    Debug,
    /// Everything.
    Trace,
}

/// Where a layer of settings comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The user's own file.
    UserFile(String),
    /// The variable of this name: whoever starts the server may say what the user's own file may.
    Environment(&'static str),
    /// A file of the workspace.
    WorkspaceFile(String),
    /// `initializationOptions` or `workspace/configuration`.
    Client,
}

/// One layer of settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// Where it comes from.
    pub origin: Origin,
    /// Its content as a JSON object; null for none.
    pub value: Value,
}

impl Layer {
    /// A layer read from TOML. Fails with a notice that names the line.
    pub fn from_toml(origin: Origin, toml: &str) -> Result<Layer, Notice> {
        match toml::from_str::<Value>(toml) {
            Ok(value) => Ok(Layer { origin, value }),
            Err(error) => Err(problem(&origin, &unreadable(toml, &error))),
        }
    }
}

impl Config {
    /// The settings of `layers` (weak to strong) over the built-in ones, with a notice for each layer or key left out.
    pub fn merged(layers: &[Layer]) -> (Config, Vec<Notice>) {
        let mut merged = Value::Object(serde_json::Map::new());
        let mut notices = Vec::new();
        for layer in layers {
            let Some(allowed) = allowed(layer, &mut notices) else { continue };
            let wrong = wrong_keys(&allowed);
            if !wrong.is_empty() {
                notices.push(problem(&layer.origin, &wrong.join("; ")));
                continue;
            }
            overlay(&mut merged, allowed);
        }
        // Each layer was read on its own, and objects are merged key by key, so the whole is valid too.
        let config = serde_json::from_value(merged).unwrap_or_else(|error| {
            notices.push(Notice::error(format!(
                "settings could not be combined: {error}; the built-in ones are used"
            )));
            Config::default()
        });
        notices.extend(config.unknown_fallbacks());
        (config, notices)
    }

    /// The settings of a model by its name, or of the usual one.
    pub fn model(&self, name: Option<&str>) -> Option<&model::Settings> {
        match name {
            Some(name) => self.models.get(name),
            None => Some(&self.provider),
        }
    }

    /// What is wrong with the names of fallbacks.
    fn unknown_fallbacks(&self) -> Vec<Notice> {
        let named = self.models.iter().map(|(name, settings)| (format!("models.{name}"), settings));
        let all = std::iter::once(("provider".to_owned(), &self.provider)).chain(named);
        let unknown = all.flat_map(|(place, settings)| {
            let unknown = settings.fallback.iter().filter(|name| !self.models.contains_key(*name));
            unknown.map(move |name| {
                Notice::warning(format!(
                    "`{place}.fallback` names `{name}`, and there is no `models.{name}`; it is left out"
                ))
            })
        });
        unknown.collect()
    }

    /// The recipes: built-in ones with the configured over them.
    pub fn all_recipes(&self) -> Vec<Recipe> {
        let mut recipes: Vec<Recipe> = built_in(self.models.contains_key(FAST));
        for recipe in &self.recipes {
            match recipes.iter_mut().find(|known| known.name == recipe.name) {
                Some(known) => *known = recipe.clone(),
                None => recipes.push(recipe.clone()),
            }
        }
        recipes
    }
}

/// The JSON schema of the settings.
pub fn schema() -> Value {
    schemars::schema_for!(Config).to_value()
}

/// The part of a layer that its origin may set.
fn allowed(layer: &Layer, notices: &mut Vec<Notice>) -> Option<Value> {
    let object = match &layer.value {
        Value::Null => return None,
        Value::Object(object) => object,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            notices.push(problem(&layer.origin, "expected a table of settings"));
            return None;
        }
    };
    let may_set = |key: &str| match layer.origin {
        Origin::UserFile(_) | Origin::Environment(_) => true,
        Origin::WorkspaceFile(_) => WORKSPACE_KEYS.contains(&key),
        Origin::Client => !USER_ONLY.contains(&key),
    };
    let (kept, mut ignored): (serde_json::Map<_, _>, serde_json::Map<_, _>) =
        object.clone().into_iter().partition(|(key, _)| may_set(key));
    if let (Origin::WorkspaceFile(_), Some(Value::Object(checks))) =
        (&layer.origin, ignored.get_mut("checks"))
    {
        // They are read when the checkout is known to be trusted, and named before the user is asked.
        checks.remove("commands");
        if checks.is_empty() {
            ignored.remove("checks");
        }
    }
    for (key, value) in &ignored {
        notices.push(Notice::warning(format!(
            "{}: {} ignored there, so that a repository cannot redirect requests or run commands; set it in your own file (`hunkwise doctor` names it)",
            name(&layer.origin),
            named(key, value),
        )));
    }
    Some(Value::Object(kept))
}

/// A key, or those in its table, with the verb that belongs to them.
fn named(key: &str, value: &Value) -> String {
    let inner = value.as_object().filter(|inner| !inner.is_empty());
    let names = inner.map(|inner| inner.keys().map(|name| format!("`{key}.{name}`")).collect::<Vec<_>>());
    match names {
        Some(names) if names.len() > 1 => format!("{} are", names.join(", ")),
        Some(names) => format!("{} is", names.concat()),
        None => format!("`{key}` is"),
    }
}

/// Puts `over` over `base`: objects key by key, anything else whole.
fn overlay(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                overlay(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over,
    }
}

/// What is wrong with a file and where, without the line itself: it may hold a key.
fn unreadable(toml: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| toml.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("line {line}, column {column}: {}", error.message().trim_end())
}

fn problem(origin: &Origin, what: &str) -> Notice {
    Notice::error(format!("{}: {what}; these settings are left out, the others are kept", name(origin)))
}

fn name(origin: &Origin) -> &str {
    match origin {
        Origin::UserFile(path) | Origin::WorkspaceFile(path) => path,
        Origin::Environment(variable) => variable,
        Origin::Client => "the editor's settings",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::{Config, Layer, Origin};

    #[track_caller]
    fn check(layers: &[(Origin, &str)], expect: Expect) {
        let layers: Vec<Layer> = layers
            .iter()
            .map(|(origin, toml)| Layer::from_toml(origin.clone(), toml).expect("valid TOML"))
            .collect();
        let (config, notices) = Config::merged(&layers);
        let mut shown = format!(
            "style {:?}, context {}, model {:?}, base_url {:?}\n",
            config.style, config.context_tokens, config.provider.model, config.provider.base_url
        );
        for notice in notices {
            shown.push_str(&format!("{:?}: {notice}\n", notice.level));
        }
        expect.assert_eq(&shown);
    }

    fn user() -> Origin {
        Origin::UserFile("user.toml".to_owned())
    }

    fn workspace() -> Origin {
        Origin::WorkspaceFile(".hunkwise.toml".to_owned())
    }

    #[test]
    fn stronger_layers_win_key_by_key() {
        check(
            &[
                (
                    user(),
                    "style = 'a'\ncontext_tokens = 9\n[provider]\nmodel = 'm'\nbase_url = 'http://localhost:1'",
                ),
                (workspace(), "style = 'b'"),
                (Origin::Client, "context_tokens = 7"),
            ],
            expect![[r#"
                style Some("b"), context 7, model Some("m"), base_url Some("http://localhost:1")
            "#]],
        );
    }

    #[test]
    fn a_repository_cannot_set_where_requests_go() {
        check(
            &[
                (workspace(), "style = 's'\ncontext_tokens = 5\n[provider]\nbase_url = 'http://evil'"),
                (
                    Origin::Client,
                    "log_level = 'trace'\n[provider]\nbase_url = 'http://evil'\napi_key_command = ['x']",
                ),
            ],
            expect![[r#"
                style Some("s"), context 4000, model None, base_url None
                Warning: .hunkwise.toml: `context_tokens` is ignored there, so that a repository cannot redirect requests or run commands; set it in your own file (`hunkwise doctor` names it)
                Warning: .hunkwise.toml: `provider.base_url` is ignored there, so that a repository cannot redirect requests or run commands; set it in your own file (`hunkwise doctor` names it)
                Warning: the editor's settings: `log_level` is ignored there, so that a repository cannot redirect requests or run commands; set it in your own file (`hunkwise doctor` names it)
                Warning: the editor's settings: `provider.api_key_command`, `provider.base_url` are ignored there, so that a repository cannot redirect requests or run commands; set it in your own file (`hunkwise doctor` names it)
            "#]],
        );
    }

    #[test]
    fn who_starts_the_server_may_say_where_requests_go() {
        check(
            &[
                (user(), "style = 'a'\n[provider]\nmodel = 'm'\nbase_url = 'http://localhost:1'"),
                (Origin::Environment("HUNKWISE_SETTINGS"), "[provider]\nbase_url = 'http://localhost:2'"),
                (workspace(), "[provider]\nbase_url = 'http://evil'"),
            ],
            expect![[r#"
                style Some("a"), context 4000, model Some("m"), base_url Some("http://localhost:2")
                Warning: .hunkwise.toml: `provider.base_url` is ignored there, so that a repository cannot redirect requests or run commands; set it in your own file (`hunkwise doctor` names it)
            "#]],
        );
    }

    #[test]
    fn an_error_names_the_key_and_the_rest_is_kept() {
        check(
            &[(user(), "style = 'a'"), (Origin::Client, "[client]\nprompt = 3")],
            expect![[r#"
                style Some("a"), context 4000, model None, base_url None
                Error: the editor's settings: client.prompt: invalid type: integer `3`, expected a boolean; these settings are left out, the others are kept
            "#]],
        );
    }

    #[test]
    fn a_fallback_that_there_is_not_is_told() {
        check(
            &[(user(), "provider.fallback = ['a', 'b']\n[models.a]\nmodel = 'm'\nfallback = ['c']")],
            expect![[r#"
                style None, context 4000, model None, base_url None
                Warning: `provider.fallback` names `b`, and there is no `models.b`; it is left out
                Warning: `models.a.fallback` names `c`, and there is no `models.c`; it is left out
            "#]],
        );
    }

    #[test]
    fn a_key_in_a_wrong_place_is_not_repeated() {
        let key = ["sk", "proj", "Zq81xW77vbn2KfT0pLmR4sJd9YhCe5Gu"].join("-");
        let check = |toml: &str, expect: Expect| {
            let said = match Layer::from_toml(user(), &toml.replace("KEY", &key)) {
                Ok(layer) => Config::merged(&[layer]).1.pop().map(|notice| notice.text),
                Err(notice) => Some(notice.text),
            };
            expect.assert_eq(said.unwrap_or_default().split("expected").next().unwrap_or_default());
        };
        check(
            "[provider]\napi_key_env = KEY",
            expect!["user.toml: line 2, column 15: string values must be quoted, "],
        );
        check(
            "[provider]\napi_key_env = 'KEY",
            expect!["user.toml: line 2, column 56: invalid literal string, "],
        );
        check(
            "provider.headers = 'Bearer KEY'",
            expect![[r#"user.toml: provider.headers: invalid type: string "***", "#]],
        );
        check("provider = 'KEY'", expect![[r#"user.toml: provider: invalid type: string "***", "#]]);
        check("provider.KEY = 1", expect!["user.toml: provider.***: unknown field `***`, "]);
        check("provider.effort = 'KEY'", expect!["user.toml: provider.effort: unknown variant `***`, "]);
        check(
            "provider.timeouts = ['KEY']",
            expect![[r#"user.toml: provider.timeouts[0]: invalid type: string "***", "#]],
        );
    }

    #[test]
    fn every_wrong_key_is_named() {
        check(
            &[(
                user(),
                "styl = 'a'\ncontext_tokens = 'x'\n[provider]\nmodel = 3\nurl = 'http://localhost:1'\n[provider.timeouts]\nidle_ms = -1\n[[recipes]]\nname = 'a'\ntitle = 'A'\ninstruction = 'a'\n[[recipes]]\nname = 1\ntitle = 2\n[[recipes]]\nname = 'c'",
            )],
            expect![[r#"
                style None, context 4000, model None, base_url None
                Error: user.toml: context_tokens: invalid type: string "x", expected usize; provider.model: invalid type: integer `3`, expected a string; provider.timeouts.idle_ms: invalid value: integer `-1`, expected u64; provider.url: unknown field `url`, expected one of `protocol`, `base_url`, `editor`, `model`, `api_key_env`, `api_key_command`, `api_key_file`, `api_key_keyring`, `auth_header`, `headers`, `extra_body`, `proxy`, `ca_file`, `timeouts`, `max_output_tokens`, `context_tokens`, `output_limit_field`, `send_temperature`, `effort`, `price`, `fallback`; recipes[1].name: invalid type: integer `1`, expected a string; recipes[1].title: invalid type: integer `2`, expected a string; recipes[2]: missing field `title`; styl: unknown field `styl`, expected one of `provider`, `models`, `style`, `recipes`, `context_tokens`, `rules`, `mention_urls`, `limits`, `receipts`, `keep_proposals`, `checks`, `run_on_save`, `client`, `log_level`; these settings are left out, the others are kept
            "#]],
        );
    }

    #[test]
    fn the_schema_says_what_only_the_user_may_set() {
        // An editor's extension reads it there.
        let schema = super::schema();
        let properties = schema["properties"].as_object().expect("settings");
        let is_users = |property: &serde_json::Value| {
            let words: Vec<&str> =
                property["description"].as_str().unwrap_or_default().split_whitespace().collect();
            words.join(" ").contains("Only in the user's file")
        };
        let users: BTreeSet<&str> =
            properties.iter().filter(|(_, of)| is_users(of)).map(|(key, _)| key.as_str()).collect();
        assert_eq!(users, BTreeSet::from(super::USER_ONLY));
    }

    #[test]
    fn settings_that_are_no_table_are_refused() {
        let layer = Layer { origin: Origin::Client, value: json!([1]) };
        let (config, notices) = Config::merged(&[layer]);
        assert_eq!((config, notices.len()), (Config::default(), 1));
    }
}
