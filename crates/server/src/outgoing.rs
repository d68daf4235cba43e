//! Requests and notifications to the client, as plain JSON, each request with a time limit.

use std::time::Duration;

use serde_json::Value;
use tower::Service;
use tower_lsp::Client;
use tower_lsp::jsonrpc::Request;

/// A client that has not answered by then will not: editors answer an edit in milliseconds.
pub(crate) const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// A person may think this long in front of a prompt or a choice.
pub(crate) const PERSON_LIMIT: Duration = Duration::from_secs(30 * 60);

/// What came of a request to the client.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    /// Its result.
    Result(Value),
    /// The client does not know the method.
    Unsupported,
    /// It answered with an error, or not at all.
    Failed(String),
}

/// Sends a request and waits for its answer, at most `limit`.
pub(crate) async fn request(client: &Client, method: &'static str, params: Value, limit: Duration) -> Reply {
    let request = Request::build(method).params(params).id(client.next_request_id()).finish();
    let answer = tokio::time::timeout(limit, client.clone().call(request)).await;
    match answer {
        Err(_) => Reply::Failed(format!("the client did not answer {method} in {} s", limit.as_secs())),
        Ok(Err(_)) | Ok(Ok(None)) => Reply::Failed("the client is gone".to_owned()),
        Ok(Ok(Some(response))) => match response.into_parts().1 {
            Ok(result) => Reply::Result(result),
            Err(error) if error.code.code() == -32601 => Reply::Unsupported,
            Err(error) => Reply::Failed(error.message.into_owned()),
        },
    }
}

/// Sends a notification.
pub(crate) async fn notify(client: &Client, method: &'static str, params: Value) {
    let notification = Request::build(method).params(params).finish();
    // Fails only when the client is gone, and then nobody is there to be told.
    let _ = client.clone().call(notification).await;
}
