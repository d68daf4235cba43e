//! What is asked: plain values that no wire format shows through.

use crate::settings::Effort;

/// One request for a completion.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Standing instructions; empty for none.
    pub system: String,
    /// The conversation, oldest first; the last message is the user's.
    pub messages: Vec<Message>,
    /// Most tokens the answer may have, reasoning included where the provider counts it so.
    pub max_output_tokens: u32,
    /// Sampling temperature; `None` leaves it to the provider. Not sent to models known to reject it.
    pub temperature: Option<f32>,
    /// How much the model reasons; `None` leaves it to the settings.
    pub effort: Option<Effort>,
    /// What is asked for, as it stands in the last message; names the exchange in a recording and is not sent by itself.
    pub asked: String,
}

/// One turn of the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub text: String,
    /// Bytes at its beginning that the next request is likely to begin with; a provider that is told where to keep a prefix
    /// is told this end. 0 for none.
    pub n_stable: usize,
}

/// Who speaks in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The person, or what speaks for them.
    User,
    /// The model.
    Assistant,
}

impl Message {
    /// A message of the user.
    pub fn user(text: impl Into<String>) -> Message {
        Message { role: Role::User, text: text.into(), n_stable: 0 }
    }

    /// A message of the model.
    pub fn assistant(text: impl Into<String>) -> Message {
        Message { role: Role::Assistant, text: text.into(), n_stable: 0 }
    }
}
