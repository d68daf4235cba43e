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
