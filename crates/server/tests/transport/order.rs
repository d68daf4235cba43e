//! Messages take effect in the order in which they arrived.

use fastrand::Rng;
use serde_json::json;
use server::transport::Options;

use crate::client::Client;
use crate::soak;

#[test]
fn changes_and_requests_keep_their_order() {
    let mut rng = Rng::with_seed(1);
    let n_changes = 20_000 * i64::try_from(soak()).unwrap();
    let mut client = Client::start(Options { max_in_flight: usize::MAX, ..Options::default() });
    let mut asked = Vec::new();
    for version in 1..=n_changes {
        client.change(version);
        if rng.u8(0..4) == 0 {
            client.request(version, "toy/read", json!(null));
            asked.push(version);
        }
    }
    client.request(0, "toy/read", json!(null));
    let n_asked = asked.len();
    // Answers may pass each other; a client finds them by their id.
    let mut answers: Vec<_> = (0..=n_asked).map(|_| client.next()).collect();
    answers.sort_by_key(|answer| answer["id"].as_i64());
    assert_eq!(
        answers.remove(0)["result"],
        json!([n_changes, n_changes, 0]),
        "versions, changes, inversions"
    );
    for (version, answer) in asked.iter().zip(&answers) {
        assert_eq!(answer["id"], *version);
        assert_eq!(answer["result"], json!([version, version, 0]));
    }
    eprintln!("counts: didChange in order {n_changes}");
    eprintln!("counts: requests between them {n_asked}");
}

#[test]
fn what_a_handler_says_comes_before_its_answer() {
    let n_rounds = 1_000 * soak();
    let mut client = Client::start(Options::default());
    for round in 0..n_rounds {
        client.request(1, "toy/tell", json!({ "count": 3, "atOnce": round % 2 == 0 }));
        for n in 0..3 {
            assert_eq!(client.next()["params"], json!([n]), "round {round}");
        }
        assert_eq!(client.next()["result"], "told", "round {round}");
    }
    eprintln!("counts: answers after what was said {n_rounds}");
}

#[test]
fn a_cancel_right_behind_its_request_finds_it() {
    let n_rounds = 1_000 * soak();
    let mut client = Client::start(Options::default());
    for _ in 0..n_rounds {
        client.request(1, "toy/wait", json!(null));
        client.notify("$/cancelRequest", json!({ "id": 1 }));
        assert_eq!(client.next()["error"]["code"], -32800);
    }
    eprintln!("counts: cancels right behind {n_rounds}");
}
