//! `initialized`: ask for settings, and to be told of files changed on disk where the client can.

use serde_json::{Value, json};
use session::Message;

use crate::backend::Backend;
use crate::outgoing::{ANSWER_LIMIT, Reply, request};

pub(crate) fn handle(backend: &Backend) {
    let Some(started) = backend.started.get() else { return };
    let (client, facts) = (backend.client.clone(), started.facts);
    let (configuration, mailbox) = (started.configuration.clone(), started.mailbox.clone());
    if facts.did_update {
        mailbox.tell(Message::Listening);
    }
    tokio::spawn(async move {
        if facts.configuration {
            let params = json!({ "items": [{ "section": "hunkwise" }] });
            if let Reply::Result(Value::Array(items)) =
                request(&client, "workspace/configuration", params, ANSWER_LIMIT).await
            {
                let value = items.into_iter().next().unwrap_or(Value::Null);
                if !value.is_null() {
                    configuration.set_configuration(value);
                    configuration.reload(&mailbox);
                }
            }
        }
        if facts.watched_files {
            let watch = json!({ "registrations": [{
                "id": "hunkwise-files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": [{ "globPattern": "**/*" }] },
            }] });
            request(&client, "client/registerCapability", watch, ANSWER_LIMIT).await;
        }
    });
}
