//! A key shows nowhere: not in errors, not in debug output, not when a server echoes it.

use model::recorded::RecordedAnswer;
use model::{Env, Key, Protocol, Settings, provider, resolve};

use crate::support::{items, serve, settings, stream};

const KEY: &str = "sk-very-secret-0123456789";

#[tokio::test]
async fn a_key_that_a_server_echoes_is_masked() {
    for (status, body) in [
        (401, format!(r#"{{"error":{{"message":"Incorrect API key provided: {KEY}."}}}}"#)),
        (500, format!("<html><title>{KEY}</title></html>")),
        (400, format!("bad header authorization: Bearer {KEY}")),
        (200, format!(r#"{{"error":"{KEY}"}}"#)),
        (200, format!("data: {{\"error\":{{\"message\":\"{KEY}\"}}}}\n\n")),
        (404, format!(r#"{{"detail":"{KEY}"}}"#)),
    ] {
        for protocol in Protocol::ALL {
            let model = serve(vec![RecordedAnswer::status(status, body.clone()); 3]).await;
            let env = Env::from([("HUNKWISE_API_KEY", KEY)]);
            let error = items(stream(&settings(&model, protocol), &env)).await.pop().unwrap().unwrap_err();
            for shown in [format!("{error}"), format!("{error:?}"), error.user_message()] {
                assert!(!shown.contains(KEY), "{shown}");
            }
            if protocol == Protocol::OpenaiChat || status != 200 {
                assert!(error.to_string().contains("***"), "{error}");
            }
            assert!(!format!("{:?}", model.requests()).contains(KEY));
        }
    }
}

#[tokio::test]
async fn a_header_that_a_server_echoes_is_masked() {
    let model = serve(vec![RecordedAnswer::status(400, format!("who is {KEY}?"))]).await;
    let mut settings = settings(&model, Protocol::OpenaiChat);
    settings.headers.insert("authorization".into(), format!("Bearer {KEY}"));
    let error = items(stream(&settings, &Env::default())).await.pop().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "request not accepted (status 400): who is ***?");
    assert_eq!(model.requests()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
}

#[test]
fn values_that_hold_a_key_do_not_show_it() {
    let key = Key::new(KEY).unwrap();
    assert_eq!(format!("{key} {key:?} {:?}", Some(&key)), "*** *** Some(***)");
    let env = Env::from([("ANTHROPIC_API_KEY", KEY)]);
    let settings: Settings = serde_json::from_value(serde_json::json!({
        "headers": { "x-secret": KEY },
        "proxy": format!("http://me:{KEY}@proxy.test:1"),
        "api_key_command": ["print-key", KEY],
        "extra_body": { "user": KEY },
    }))
    .unwrap();
    let plain = Settings::default();
    let chosen = resolve(&plain, &env).unwrap();
    for shown in
        [format!("{env:?}"), format!("{settings:?}"), format!("{chosen:?}"), format!("{:?}", chosen.identity)]
    {
        assert!(!shown.contains(KEY), "{shown}");
    }
    let identity = chosen.identity.clone();
    assert_eq!(provider(chosen).unwrap().identity(), &identity);
}

#[test]
fn what_cannot_be_a_key_is_none() {
    for text in ["", "  ", "two words", "line\nline", "schlüssel"] {
        assert!(Key::new(text).is_none(), "{text}");
    }
    let error =
        resolve(&Settings::default(), &Env::from([("HUNKWISE_API_KEY", "top secret words")])).unwrap_err();
    assert!(!error.to_string().contains("secret words"), "{error}");
}

/// Keys as vendors make them, put together here because none may lie in the tree.
fn keys() -> [String; 6] {
    [
        ["sk", "ant", "api03", "Zq81xW77vbn2KfT0pLmR4sJd9YhCe5Gu"].join("-"),
        ["gsk", "Zq81xW77vbn2KfT0pLmR4sJd9YhCe5GuWGdyb3FY"].join("_"),
        ["AI", "zaSyZq81xW77vbn2KfT0pLmR4sJd9YhCe5G"].concat(),
        ["xai", "Zq81xW77vbn2KfT0pLmR4sJd9YhCe5Gu"].join("-"),
        ["9f86d081884c7d65", "9a2feaa0c55ad015"].concat(),
        ["Bearer", "Zq81xW77vbn2KfT0pLmR4sJd9YhCe5Gu"].join(" "),
    ]
}

#[test]
fn a_key_in_the_place_of_where_it_is_is_not_shown() {
    let set = |member: &str, value: serde_json::Value| -> Settings {
        let mut settings = serde_json::json!({ "base_url": "https://p.test", "model": "m" });
        settings[member] = value;
        serde_json::from_value(settings).unwrap()
    };
    for key in keys() {
        for settings in [
            set("api_key_env", key.as_str().into()),
            set("api_key_file", key.as_str().into()),
            set("api_key_command", serde_json::json!([key])),
            set("api_key_command", serde_json::json!([format!("echo {key}")])),
            set("headers", serde_json::json!({ format!("authorization: {key}"): "" })),
            set("auth_header", format!("authorization: {key}").into()),
            set("base_url", format!("https://me:{key}@p.test").into()),
            set("base_url", format!("me:{key}@p.test").into()),
            set("base_url", key.as_str().into()),
            set("proxy", format!("me:{key}@p.test").into()),
            set("proxy", key.as_str().into()),
            set("proxy", format!("socks9://me:{key}@p.test").into()),
            set("ca_file", key.as_str().into()),
        ] {
            let env = Env::from([("HUNKWISE_API_KEY", "a")]);
            let env = if settings.headers.is_empty() && settings.auth_header.is_none() {
                Env::default()
            } else {
                env
            };
            let error = match resolve(&settings, &env) {
                Ok(chosen) => provider(chosen).err().unwrap_or_else(|| panic!("{settings:?} can be used")),
                Err(error) => error,
            };
            for shown in
                [format!("{error}"), format!("{error:?}"), error.user_message(), format!("{settings:?}")]
            {
                let key = key.rsplit(' ').next().unwrap();
                assert!(!shown.contains(key), "{shown}");
            }
        }
        let error = resolve(&Settings::default(), &Env::from([("HUNKWISE_PROTOCOL", key.as_str())]));
        assert!(!error.unwrap_err().to_string().contains(key.rsplit(' ').next().unwrap()));
    }
}

#[test]
fn where_a_key_is_looked_for_is_shown() {
    let check = |settings: &str, expect: &str| {
        let settings = format!("base_url = 'https://p.test'\nmodel = 'm'\n{settings}");
        let error = resolve(&toml::from_str(&settings).unwrap(), &Env::default()).unwrap_err();
        assert_eq!(error.to_string(), expect);
    };
    check("api_key_env = 'WORK_KEY_2'", "setting `api_key_env`: the variable WORK_KEY_2 is not set");
    check("api_key_env = 'work_key'", "setting `api_key_env`: the variable work_key is not set");
    check(
        "api_key_env = 'work key'",
        "setting `api_key_env`: what it holds is no name of a variable; name the variable that holds the key, not the key",
    );
    check(
        "api_key_file = '/nowhere/keys/work-2024.txt'",
        "setting `api_key_file`: read /nowhere/keys/work-2024.txt: No such file or directory (os error 2)",
    );
}

#[tokio::test]
async fn credentials_in_an_address_that_a_server_echoes_are_masked() {
    let model = serve(vec![RecordedAnswer::status(400, format!("who is {KEY}?")); 2]).await;
    let mut settings = settings(&model, Protocol::OpenaiChat);
    settings.base_url = Some(format!("{}/v1/chat/completions?key={KEY}", model.base_url()));
    let error = items(stream(&settings, &Env::default())).await.pop().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "request not accepted (status 400): who is ***?");
    settings.base_url = Some("http://provider.invalid".to_owned());
    settings.proxy = Some(model.base_url().replace("http://", &format!("http://me:{KEY}@")));
    let error = items(stream(&settings, &Env::default())).await.pop().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "request not accepted (status 400): who is ***?");
}
