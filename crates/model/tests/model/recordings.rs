//! The recorded model: which answer is given, what its file looks like, and answers cut on the wire.

use model::recorded::{Fault, RecordedAnswer, RecordedModel, RecordedStop, Recording};
use model::{Env, Error, Event, Protocol};

use crate::support::{items, serve, settings, soak, stream, transcript};

#[tokio::test]
async fn the_first_answer_that_fits_is_given_once() {
    for protocol in Protocol::ALL {
        let model = serve(vec![
            RecordedAnswer::new(&["greet", "farewell"], "never"),
            RecordedAnswer::new(&["greet"], "first"),
            RecordedAnswer::new(&["answer", "greet"], "second"),
        ])
        .await;
        let mut seen = String::new();
        for _ in 0..3 {
            let transcript = transcript(stream(&settings(&model, protocol), &Env::default())).await;
            seen.push_str(transcript.lines().next().unwrap());
            seen.push('\n');
        }
        let none = "error: request not accepted (status 422): no recorded answer fits this prompt; there are: \
                    [\"greet\", \"farewell\"] (not given), [\"greet\"] (given), [\"answer\", \"greet\"] (given)";
        assert_eq!(seen, format!("text: first\ntext: second\n{none}\n"));
    }
}

#[tokio::test]
async fn a_recording_is_a_file_in_toml_or_json() {
    let toml = r#"
        piece_chars = 4
        key = "key-123456"

        [[answers]]
        contains = ["greet"]
        text = """
        hello
        world
        """
        stop = "max_tokens"
        hold = 1

        [[answers]]
        status = 529
        body = "{}"
        headers = { retry-after = "1" }
        fault = { close_after = 10 }
    "#;
    let recording = Recording::from_toml(toml).unwrap();
    assert_eq!((recording.piece_chars, recording.answers[0].stop), (4, RecordedStop::MaxTokens));
    assert_eq!(recording.answers[1].fault, Some(Fault::CloseAfter(10)));
    let json = serde_json::to_string(&recording).unwrap();
    assert_eq!(Recording::from_json(&json).unwrap(), recording);
    let error = Recording::from_toml("[[answers]]\ntxt = 'a'").unwrap_err().to_string();
    assert!(error.contains("unknown field `txt`"), "{error}");
}

#[tokio::test]
async fn a_wrong_key_is_refused() {
    for protocol in Protocol::ALL {
        let recording = Recording {
            answers: vec![RecordedAnswer::new(&[], "in")],
            key: Some("right-key".into()),
            ..Recording::default()
        };
        let model = RecordedModel::start(recording).await.unwrap();
        let host = model.base_url().replace("http://", "");
        let settings = settings(&model, protocol);
        let seen = transcript(stream(&settings, &Env::from([("HUNKWISE_API_KEY", "wrong-key")]))).await;
        assert_eq!(
            seen.replace(&host, "HOST"),
            "error: HOST refused the key (the environment variable HUNKWISE_API_KEY): invalid key\n"
        );
        let seen = transcript(stream(&settings, &Env::from([("HUNKWISE_API_KEY", "right-key")]))).await;
        assert!(seen.starts_with("text: in\n"), "{seen}");
    }
}

/// Every place, or a seeded share of them, where an answer can break off on the wire.
#[tokio::test]
async fn an_answer_that_breaks_off_on_the_wire_is_never_whole() {
    const SHARE: usize = 13;
    let whole_text = "fn gruß() → 🙂";
    let (mut n, mut n_whole) = (0, 0);
    for protocol in Protocol::ALL {
        let answer = || RecordedAnswer::new(&[], whole_text);
        for at in (0..1_200).step_by((SHARE / soak()).max(1)) {
            for fault in [Fault::CloseAfter(at), Fault::EndAfter(at), Fault::GarbageAfter(at)] {
                let model = serve(vec![RecordedAnswer { fault: Some(fault), ..answer() }]).await;
                let items = items(stream(&settings(&model, protocol), &Env::default())).await;
                let text: String = items
                    .iter()
                    .filter_map(|item| match item {
                        Ok(Event::Text(text)) => Some(text.as_str()),
                        Ok(
                            Event::Reasoning(_)
                            | Event::ToolCall(_)
                            | Event::Waiting { .. }
                            | Event::End { .. },
                        )
                        | Err(_) => None,
                    })
                    .collect();
                n += 1;
                match items.last().unwrap() {
                    Ok(_) => {
                        n_whole += 1;
                        assert_eq!(text, whole_text, "{protocol} {fault:?}");
                    }
                    Err(error) => {
                        assert!(matches!(error, Error::CutOff { .. }), "{protocol} {fault:?}: {error:?}");
                        assert!(whole_text.starts_with(&text), "{protocol} {fault:?}: {text}");
                    }
                }
            }
        }
    }
    eprintln!("counts: answers broken off on the wire {n}, of them behind the last word {n_whole}");
    assert!(n_whole > 0 && n_whole < n);
}
