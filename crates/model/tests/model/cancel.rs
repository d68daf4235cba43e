//! Dropping a stream ends the call on the wire.

use futures::StreamExt;
use model::recorded::{Fault, RecordedAnswer, RecordedModel, Recording};
use model::{Env, Event, Protocol};

use crate::support::{items, serve, settings, stream};

#[tokio::test]
async fn dropping_a_stream_in_the_middle_closes_the_connection() {
    for protocol in Protocol::ALL {
        let answers = vec![RecordedAnswer { hold: Some(2), ..RecordedAnswer::new(&[], "abcdef") }];
        let model = RecordedModel::start(Recording { answers, piece_chars: 1, ..Recording::default() })
            .await
            .unwrap();
        let mut stream = stream(&settings(&model, protocol), &Env::default());
        let mut text = String::new();
        while text.len() < 2 {
            match stream.next().await.unwrap().unwrap() {
                Event::Text(piece) => text.push_str(&piece),
                other => unreachable!("{other:?}"),
            }
        }
        model.wait_held(1).await;
        assert_eq!((text.as_str(), model.open_connections(), model.abandoned()), ("ab", 1, 0));
        drop(stream);
        model.wait_closed().await;
        assert_eq!(model.abandoned(), 1);
    }
}

#[tokio::test]
async fn dropping_a_stream_before_the_answer_begins_closes_the_connection() {
    for protocol in Protocol::ALL {
        let model =
            serve(vec![RecordedAnswer { fault: Some(Fault::StallBeforeHead), ..RecordedAnswer::default() }])
                .await;
        let mut stream = stream(&settings(&model, protocol), &Env::default());
        tokio::select! {
            item = stream.next() => unreachable!("{item:?}"),
            () = model.wait_requests(1) => {}
        }
        drop(stream);
        model.wait_closed().await;
        assert_eq!(model.abandoned(), 1);
    }
}

#[tokio::test]
async fn a_held_answer_goes_on_when_released() {
    for protocol in Protocol::ALL {
        let model = serve(vec![RecordedAnswer { hold: Some(0), ..RecordedAnswer::new(&[], "late") }]).await;
        let stream = stream(&settings(&model, protocol), &Env::default());
        let reading = tokio::spawn(items(stream));
        model.wait_held(1).await;
        assert!(!reading.is_finished());
        model.release();
        let items = reading.await.unwrap();
        assert_eq!(items.first(), Some(&Ok(Event::Text("late".into()))));
        model.wait_closed().await;
        assert_eq!(model.abandoned(), 0);
    }
}

#[tokio::test]
async fn nothing_is_sent_before_a_stream_is_polled() {
    let model = serve(vec![RecordedAnswer::default()]).await;
    let idle = stream(&settings(&model, Protocol::OpenaiChat), &Env::default());
    items(stream(&settings(&model, Protocol::OpenaiChat), &Env::default())).await;
    assert_eq!(model.requests().len(), 1);
    drop(idle);
}
