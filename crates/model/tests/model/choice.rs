//! Whom to ask: settings, environment and local servers, in this order.

use expect_test::{Expect, expect};
use model::recorded::{RecordedAnswer, RecordedModel};
use model::{
    Candidate, Env, Error, Settings, choose, choose_named, find_local, local_candidates, needs_process,
    provider, resolve,
};

use crate::support::{deserted, request, serve, transcript};

/// The choice for settings in TOML and variables in lines `NAME=value`.
#[track_caller]
fn check(settings: &str, variables: &str, expect: Expect) {
    let settings: Settings = toml::from_str(settings).unwrap();
    let env: Env = variables.split_whitespace().map(|line| line.split_once('=').unwrap()).collect();
    let shown = match resolve(&settings, &env) {
        Ok(chosen) => {
            let identity = chosen.identity;
            format!("{identity}, {}, key from {}", identity.via, identity.key_source)
        }
        Err(error) => error.to_string(),
    };
    expect.assert_eq(&shown);
}

#[test]
fn a_key_in_the_environment_is_enough() {
    check(
        "",
        "ANTHROPIC_API_KEY=a",
        expect![[
            r#"claude-sonnet-5 at api.anthropic.com, anthropic-messages, key from the environment variable ANTHROPIC_API_KEY"#
        ]],
    );
    check(
        "",
        "OPENAI_API_KEY=a",
        expect![[
            r#"gpt-5.4 at api.openai.com, openai-chat, key from the environment variable OPENAI_API_KEY"#
        ]],
    );
    check(
        "",
        "OPENROUTER_API_KEY=a",
        expect![[
            r#"anthropic/claude-sonnet-5 at openrouter.ai, openai-chat, key from the environment variable OPENROUTER_API_KEY"#
        ]],
    );
    check(
        "",
        "MISTRAL_API_KEY=a",
        expect![[
            r#"mistral-medium-latest at api.mistral.ai, openai-chat, key from the environment variable MISTRAL_API_KEY"#
        ]],
    );
    check(
        "",
        "OPENAI_API_KEY=a ANTHROPIC_API_KEY=b",
        expect![[
            r#"claude-sonnet-5 at api.anthropic.com, anthropic-messages, key from the environment variable ANTHROPIC_API_KEY"#
        ]],
    );
    check(
        "",
        "ANTHROPIC_API_KEY=a ANTHROPIC_MODEL=claude-opus-4-8 ANTHROPIC_BASE_URL=https://gateway.test/anthropic",
        expect![[
            r#"claude-opus-4-8 at gateway.test, anthropic-messages, key from the environment variable ANTHROPIC_API_KEY"#
        ]],
    );
    check(
        "",
        "OPENAI_API_KEY=a OPENAI_BASE_URL=https://gateway.test OPENAI_MODEL=x",
        expect![[r#"x at gateway.test, openai-chat, key from the environment variable OPENAI_API_KEY"#]],
    );
    check(
        "",
        "OPENAI_API_KEY=a OPENAI_BASE_URL=https://gateway.test",
        expect![[r#"setting `model`: no model is named for gateway.test; set `model` or HUNKWISE_MODEL"#]],
    );
    check(
        "",
        "OPENAI_BASE_URL=http://localhost:11434/v1 OPENAI_MODEL=qwen",
        expect![[r#"qwen at localhost:11434, openai-chat, key from no key"#]],
    );
}

/// A build with a keyring would ask that of the machine.
#[cfg(not(feature = "keyring"))]
#[test]
fn a_build_without_a_keyring_says_so() {
    check(
        "api_key_keyring = 'work'",
        "ANTHROPIC_API_KEY=a",
        expect![
            "setting `api_key_keyring`: this build has no keyring; build it with `--features keyring`, or name another place of the key"
        ],
    );
    let settings = Settings { api_key_keyring: Some("work".to_owned()), ..Settings::default() };
    assert!(needs_process(&settings, &Env::default()));
    assert!(!needs_process(&settings, &Env::from([("HUNKWISE_API_KEY", "a")])));
}

#[test]
fn the_protocol_follows_from_the_address() {
    let says = |base_url: &str, expected: &str| {
        let settings = Settings {
            base_url: Some(base_url.to_owned()),
            model: Some("m".to_owned()),
            ..Settings::default()
        };
        let keys = ["OPENAI", "GEMINI", "DEEPSEEK", "AZURE_OPENAI", "OLLAMA"];
        let env: Env = keys.into_iter().map(|name| (format!("{name}_API_KEY"), "a")).collect();
        assert_eq!(resolve(&settings, &env).unwrap().identity.via.name(), expected, "{base_url}");
    };
    says("https://api.openai.com/v1", "openai-chat");
    says("https://api.openai.com/v1/responses", "openai-responses");
    says("https://generativelanguage.googleapis.com/v1beta", "gemini");
    says("https://generativelanguage.googleapis.com/v1beta/openai/", "openai-chat");
    says("https://api.deepseek.com/anthropic", "anthropic-messages");
    says("https://x.openai.azure.com/openai/v1", "openai-chat");
    says("https://v.test/v1/projects/p/locations/l/publishers/google", "gemini");
    says("https://ollama.com", "ollama");
    says("http://localhost:11434", "ollama");
    says("http://localhost:11434/v1", "openai-chat");
    says("http://localhost:4000/v1/messages", "anthropic-messages");
    says("http://localhost:4000", "openai-chat");
}

#[test]
fn a_vendor_is_asked_in_the_protocol_that_is_wanted() {
    check(
        "protocol = 'openai-responses'",
        "ANTHROPIC_API_KEY=a OPENAI_API_KEY=b",
        expect![
            "gpt-5.4 at api.openai.com, openai-responses, key from the environment variable OPENAI_API_KEY"
        ],
    );
    check(
        "protocol = 'openai-chat'",
        "GEMINI_API_KEY=a",
        expect![
            "gemini-2.5-pro at generativelanguage.googleapis.com, openai-chat, key from the environment variable GEMINI_API_KEY"
        ],
    );
    check(
        "",
        "GEMINI_API_KEY=a",
        expect![
            "gemini-2.5-pro at generativelanguage.googleapis.com, gemini, key from the environment variable GEMINI_API_KEY"
        ],
    );
    check(
        "",
        "AZURE_OPENAI_API_KEY=a AZURE_OPENAI_ENDPOINT=https://x.openai.azure.com/openai/v1 AZURE_OPENAI_DEPLOYMENT=d",
        expect![
            "d at x.openai.azure.com, openai-chat, key from the environment variable AZURE_OPENAI_API_KEY"
        ],
    );
    check(
        "",
        "AZURE_OPENAI_API_KEY=a",
        expect![
            "no model is set up: there is no provider in the settings and no key in the environment (ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENROUTER_API_KEY, GEMINI_API_KEY, MISTRAL_API_KEY, DEEPSEEK_API_KEY, XAI_API_KEY, GROQ_API_KEY, AZURE_OPENAI_API_KEY, OLLAMA_API_KEY)"
        ],
    );
    check(
        "model = 'qwen3'",
        "OLLAMA_API_KEY=a",
        expect!["qwen3 at ollama.com, ollama, key from the environment variable OLLAMA_API_KEY"],
    );
}

#[test]
fn without_anything_it_says_what_was_looked_for() {
    check(
        "",
        "",
        expect![
            "no model is set up: there is no provider in the settings and no key in the environment (ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENROUTER_API_KEY, GEMINI_API_KEY, MISTRAL_API_KEY, DEEPSEEK_API_KEY, XAI_API_KEY, GROQ_API_KEY, AZURE_OPENAI_API_KEY, OLLAMA_API_KEY)"
        ],
    );
    check(
        "",
        "ANTHROPIC_API_KEY=",
        expect![
            "no model is set up: there is no provider in the settings and no key in the environment (ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENROUTER_API_KEY, GEMINI_API_KEY, MISTRAL_API_KEY, DEEPSEEK_API_KEY, XAI_API_KEY, GROQ_API_KEY, AZURE_OPENAI_API_KEY, OLLAMA_API_KEY)"
        ],
    );
    let error = resolve(&Settings::default(), &Env::default()).unwrap_err();
    assert!(matches!(error, Error::NotConfigured { .. }));
    expect!["no model is set up: there is no provider in the settings and no key in the environment (ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENROUTER_API_KEY, GEMINI_API_KEY, MISTRAL_API_KEY, DEEPSEEK_API_KEY, XAI_API_KEY, GROQ_API_KEY, AZURE_OPENAI_API_KEY, OLLAMA_API_KEY). Your text is unchanged. Run `hunkwise init`, set one of these variables, or start a local server"].assert_eq(&error.user_message());
    expect![[
        r#"no model is set up: nothing was configured yet. Your text is unchanged. Run `hunkwise init`"#
    ]]
    .assert_eq(&Error::not_configured().user_message());
}

#[test]
fn settings_win_over_what_is_found() {
    check(
        "model = 'gpt-5.2'",
        "ANTHROPIC_API_KEY=a OPENAI_API_KEY=b",
        expect![[
            r#"gpt-5.2 at api.openai.com, openai-chat, key from the environment variable OPENAI_API_KEY"#
        ]],
    );
    check(
        "protocol = 'openai-chat'",
        "ANTHROPIC_API_KEY=a OPENAI_API_KEY=b",
        expect![[
            r#"gpt-5.4 at api.openai.com, openai-chat, key from the environment variable OPENAI_API_KEY"#
        ]],
    );
    check(
        "api_key_env = 'WORK_KEY'\nmodel = 'claude-x'",
        "WORK_KEY=a OPENAI_API_KEY=b",
        expect![[
            r#"claude-x at api.anthropic.com, anthropic-messages, key from the environment variable WORK_KEY"#
        ]],
    );
    check(
        "base_url = 'http://localhost:1234'\nmodel = 'qwen'",
        "OPENAI_API_KEY=b",
        expect![[r#"qwen at localhost:1234, openai-chat, key from no key"#]],
    );
    check(
        "base_url = 'https://api.mistral.ai/v1'",
        "MISTRAL_API_KEY=a ANTHROPIC_API_KEY=b",
        expect![[
            r#"mistral-medium-latest at api.mistral.ai, openai-chat, key from the environment variable MISTRAL_API_KEY"#
        ]],
    );
    check(
        "max_output_tokens = 9",
        "ANTHROPIC_API_KEY=a",
        expect![[
            r#"claude-sonnet-5 at api.anthropic.com, anthropic-messages, key from the environment variable ANTHROPIC_API_KEY"#
        ]],
    );
}

#[test]
fn a_key_is_only_for_its_own_host() {
    check(
        "base_url = 'https://other.test'\nmodel = 'm'",
        "OPENAI_API_KEY=a ANTHROPIC_API_KEY=b",
        expect![[r#"m at other.test, openai-chat, key from no key"#]],
    );
    check(
        "base_url = 'https://other.test'\nmodel = 'm'\napi_key_env = 'K'",
        "K=a",
        expect![[r#"m at other.test, openai-chat, key from the environment variable K"#]],
    );
    check(
        "base_url = 'https://one.test'\nmodel = 'm'\napi_key_env = 'K'",
        "K=a HUNKWISE_BASE_URL=https://two.test",
        expect![[r#"m at two.test, openai-chat, key from no key"#]],
    );
    check(
        "base_url = 'https://one.test'\nmodel = 'm'\napi_key_env = 'K'",
        "K=a HUNKWISE_BASE_URL=https://one.test/v2",
        expect![[r#"m at one.test, openai-chat, key from the environment variable K"#]],
    );
    check(
        "api_key_env = 'K'\nprotocol = 'anthropic-messages'",
        "K=a HUNKWISE_PROTOCOL=openai-chat HUNKWISE_MODEL=m",
        expect![
            "setting `api_key_env`: no key was found in the environment (OPENAI_API_KEY, OPENROUTER_API_KEY, GEMINI_API_KEY, MISTRAL_API_KEY, DEEPSEEK_API_KEY, XAI_API_KEY, GROQ_API_KEY, AZURE_OPENAI_API_KEY), and no `base_url` is set"
        ],
    );
}

#[test]
fn the_own_variables_win_over_everything() {
    let settings = "protocol = 'anthropic-messages'\nmodel = 'claude-x'\napi_key_env = 'K'";
    check(
        settings,
        "K=a HUNKWISE_MODEL=claude-y",
        expect![[
            r#"claude-y at api.anthropic.com, anthropic-messages, key from the environment variable K"#
        ]],
    );
    check(
        settings,
        "K=a HUNKWISE_API_KEY=b",
        expect![[
            r#"claude-x at api.anthropic.com, anthropic-messages, key from the environment variable HUNKWISE_API_KEY"#
        ]],
    );
    check(
        settings,
        "K=a HUNKWISE_PROTOCOL=openai-chat HUNKWISE_BASE_URL=http://127.0.0.1:9 HUNKWISE_MODEL=m HUNKWISE_API_KEY=b",
        expect![[r#"m at 127.0.0.1:9, openai-chat, key from the environment variable HUNKWISE_API_KEY"#]],
    );
    check(
        "",
        "HUNKWISE_API_KEY=sk-ant-1",
        expect![[
            r#"claude-sonnet-5 at api.anthropic.com, anthropic-messages, key from the environment variable HUNKWISE_API_KEY"#
        ]],
    );
    check(
        "",
        "HUNKWISE_API_KEY=sk-or-1",
        expect![[
            r#"anthropic/claude-sonnet-5 at openrouter.ai, openai-chat, key from the environment variable HUNKWISE_API_KEY"#
        ]],
    );
    check(
        "",
        "HUNKWISE_API_KEY=key HUNKWISE_MODEL=gpt-5.2",
        expect![[
            r#"gpt-5.2 at api.openai.com, openai-chat, key from the environment variable HUNKWISE_API_KEY"#
        ]],
    );
}

#[test]
fn what_cannot_be_used_is_named() {
    check(
        "",
        "HUNKWISE_PROTOCOL=smtp",
        expect![
            "setting `HUNKWISE_PROTOCOL`: `smtp` is no protocol; there are anthropic-messages, openai-chat, openai-responses, gemini, ollama"
        ],
    );
    check(
        "base_url = 'localhost:1'",
        "",
        expect![[r#"setting `base_url`: must begin with http:// or https:// and name a host"#]],
    );
    check(
        "",
        "HUNKWISE_BASE_URL=localhost:1 HUNKWISE_MODEL=m",
        expect!["setting `HUNKWISE_BASE_URL`: must begin with http:// or https:// and name a host"],
    );
    check(
        "",
        "OPENAI_API_KEY=a OPENAI_BASE_URL=gateway",
        expect!["setting `OPENAI_BASE_URL`: no address (relative URL without a base)"],
    );
    check(
        "base_url = 'http://localhost:1'",
        "",
        expect![[r#"setting `model`: no model is named for localhost:1; set `model` or HUNKWISE_MODEL"#]],
    );
    check("api_key_env = 'NOPE'", "", expect![[r#"setting `api_key_env`: the variable NOPE is not set"#]]);
    check(
        "protocol = 'anthropic-messages'",
        "",
        expect![
            "setting `api_key_env`: no key was found in the environment (ANTHROPIC_API_KEY, OPENROUTER_API_KEY, DEEPSEEK_API_KEY), and no `base_url` is set"
        ],
    );
    check(
        "base_url = 'https://api.openai.com'",
        "",
        expect![[
            r#"setting `api_key_env`: there is no key for api.openai.com; set OPENAI_API_KEY or name where the key is"#
        ]],
    );
    check(
        "api_key_file = '~/no/such/file'",
        "HOME=/nonexistent",
        expect![[
            r#"setting `api_key_file`: read /nonexistent/no/such/file: No such file or directory (os error 2)"#
        ]],
    );
    check("api_key_command = []", "", expect![[r#"setting `api_key_command`: it names no program"#]]);
}

#[test]
fn a_key_command_is_known_before_it_runs() {
    let settings = |text| toml::from_str::<Settings>(text).unwrap();
    let command = settings("base_url = 'https://one.test'\nmodel = 'm'\napi_key_command = ['print-key']");
    assert!(needs_process(&command, &Env::default()));
    assert!(!needs_process(&command, &Env::from([("HUNKWISE_API_KEY", "a")])));
    assert!(!needs_process(&command, &Env::from([("HUNKWISE_BASE_URL", "https://two.test")])));
    assert!(!needs_process(&settings("api_key_env = 'K'"), &Env::default()));
}

#[test]
fn unknown_settings_are_refused_and_the_schema_names_all() {
    let error = toml::from_str::<Settings>("modle = 'x'").unwrap_err().to_string();
    assert!(error.contains("unknown field `modle`"), "{error}");
    let schema = serde_json::to_value(schemars::schema_for!(Settings)).unwrap();
    let members = schema["properties"].as_object().unwrap();
    assert!(members.values().all(|member| member.get("description").is_some()), "{schema:#}");
    for name in ["protocol", "base_url", "api_key_command", "ca_file", "timeouts", "output_limit_field"] {
        assert!(members.contains_key(name), "{name}");
    }
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn settings_survive_being_written() {
    let text = "protocol = \"openai-chat\"\nmodel = \"m\"\n\n[timeouts]\nidle_ms = 5\n";
    let settings: Settings = toml::from_str(text).unwrap();
    assert_eq!(toml::from_str::<Settings>(&toml::to_string(&settings).unwrap()).unwrap(), settings);
    assert_eq!(toml::to_string(&Settings::default()).unwrap(), "");
}

fn candidate(model: &RecordedModel) -> Candidate {
    Candidate { name: "Recorded".into(), base_url: model.base_url() }
}

#[tokio::test]
async fn a_local_server_is_found_by_its_models() {
    let model = serve(Vec::new()).await;
    let gone = Candidate { name: "Gone".into(), base_url: deserted() };
    let candidates = [gone, candidate(&model)];
    let [found] = find_local(&candidates).await.try_into().unwrap();
    assert_eq!(
        (found.name.as_str(), found.models.as_slice()),
        ("Recorded", ["recorded".to_owned()].as_slice())
    );
    let chosen = choose(&Settings::default(), &Env::default(), &candidates).await.unwrap();
    assert_eq!(format!("http://{}", chosen.identity.endpoint), model.base_url());
    assert_eq!(chosen.identity.model, "recorded");
    model.add(RecordedAnswer::new(&[], "found"));
    let mut settings = Settings::default();
    settings.headers.insert("x-team".into(), "blue".into());
    let chosen = choose(&settings, &Env::default(), &candidates).await.unwrap();
    let answer = transcript(provider(chosen).unwrap().stream(request())).await;
    assert!(answer.starts_with("text: found\n"), "{answer}");
    let last = model.requests().pop().unwrap();
    assert_eq!((last.header("x-team"), last.header("authorization")), (None, None));
}

#[tokio::test]
async fn a_local_server_is_only_looked_for_when_nothing_else_is_there() {
    let model = serve(vec![RecordedAnswer::default()]).await;
    let candidates = [candidate(&model)];
    let env = Env::from([("ANTHROPIC_API_KEY", "a")]);
    let chosen = choose(&Settings::default(), &env, &candidates).await.unwrap();
    assert_eq!(chosen.identity.endpoint, "api.anthropic.com");
    assert!(model.requests().is_empty());
    let gone = Candidate { name: "Gone".into(), base_url: deserted() };
    let error = choose(&Settings::default(), &Env::default(), &[gone]).await.unwrap_err();
    assert!(matches!(error, Error::NotConfigured { .. }));
    assert!(error.to_string().ends_with(", and no local server answers (Gone)"), "{error}");
}

#[test]
fn the_usual_places_are_on_this_machine() {
    let shown: Vec<String> = local_candidates()
        .into_iter()
        .map(|candidate| format!("{} {}", candidate.name, candidate.base_url))
        .collect();
    expect![[r#"
        Ollama http://127.0.0.1:11434
        LM Studio http://127.0.0.1:1234
        llama.cpp http://127.0.0.1:8080
        vLLM http://127.0.0.1:8000"#]]
    .assert_eq(&shown.join("\n"));
}

#[tokio::test]
async fn a_named_model_has_the_key_of_the_usual_one_only_where_that_is() {
    let settings = |text: &str| toml::from_str::<Settings>(text).unwrap();
    let usual = settings(
        "base_url = 'https://one.test'\nmodel = 'm'\napi_key_env = 'K'\nproxy = 'http://proxy.test'\nheaders = { x-team = 'a' }",
    );
    let there = settings("model = 'n'\nheaders = { x-more = 'b' }");
    let elsewhere = settings("base_url = 'https://two.test'\nmodel = 'n'");
    let by_protocol = settings("protocol = 'gemini'\nmodel = 'n'");
    let names = |settings: &Settings| settings.beside(&usual).headers.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&there), ["x-more", "x-team"]);
    assert!(names(&elsewhere).is_empty() && names(&by_protocol).is_empty());
    assert_eq!(elsewhere.beside(&usual).proxy.as_deref(), Some("http://proxy.test"));
    let plain = Env::from([("K", "a"), ("GEMINI_API_KEY", "g")]);
    let overridden = Env::from([
        ("K", "a"),
        ("GEMINI_API_KEY", "g"),
        ("HUNKWISE_BASE_URL", "https://three.test"),
        ("HUNKWISE_API_KEY", "z"),
        ("HUNKWISE_MODEL", "o"),
    ]);
    for (own, env, expected) in [
        (&there, &plain, "n at one.test, the environment variable K"),
        (&elsewhere, &plain, "n at two.test, no key"),
        (
            &by_protocol,
            &plain,
            "n at generativelanguage.googleapis.com, the environment variable GEMINI_API_KEY",
        ),
        (&there, &overridden, "n at three.test, the environment variable HUNKWISE_API_KEY"),
        (&elsewhere, &overridden, "n at two.test, no key"),
    ] {
        let identity = choose_named(own, &usual, env, &[]).await.unwrap().identity;
        assert_eq!(format!("{identity}, {}", identity.key_source), expected);
    }
}

#[tokio::test]
async fn a_named_model_is_asked_of_the_local_server_that_is_found() {
    let model = serve(vec![]).await;
    let candidates = [Candidate { name: "a server".to_owned(), base_url: model.base_url() }];
    let own = Settings { model: Some("small".to_owned()), ..Settings::default() };
    let chosen = choose_named(&own, &Settings::default(), &Env::default(), &candidates).await.unwrap();
    assert_eq!(chosen.identity.to_string(), format!("small at {}", model.base_url().replace("http://", "")));
}
