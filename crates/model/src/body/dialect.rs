//! What servers of one protocol disagree about.

use crate::catalog::model_facts;
use crate::error::Error;
use crate::settings::{Effort, OutputLimitField, Settings};

/// What a server takes. Starts as a guess by model and address and is corrected when the server says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    output_limit_field: OutputLimitField,
    takes_temperature: bool,
    takes_stream_options: bool,
    takes_effort: bool,
}

/// Words of a server that does not take a member, as opposed to its value.
const NOT_TAKEN: [&str; 9] = [
    "unsupported",
    "not support",
    "unrecognized",
    "unknown",
    "unexpected",
    "not permitted",
    "not allowed",
    "deprecated",
    "instead",
];

/// Words of a server that does not take the effort; only asked for when something was not taken.
const EFFORT_WORDS: [&str; 5] = ["effort", "output_config", "thinking", "reasoning", "\"think\""];

impl Dialect {
    pub(crate) fn guess(model: &str, host: &str, settings: &Settings) -> Dialect {
        let reasons = is_openai_reasoning_model(model);
        let guess = match reasons || host == "api.openai.com" {
            true => OutputLimitField::MaxCompletionTokens,
            false => OutputLimitField::MaxTokens,
        };
        let is_taken = || model_facts(model, host).and_then(|facts| facts.takes_temperature).unwrap_or(true);
        Dialect {
            output_limit_field: settings.output_limit_field.unwrap_or(guess),
            takes_temperature: settings.send_temperature.unwrap_or_else(|| !reasons && is_taken()),
            takes_stream_options: true,
            takes_effort: true,
        }
    }

    /// The name of the member that limits the output of a chat completion.
    pub(crate) fn output_limit(self) -> &'static str {
        match self.output_limit_field {
            OutputLimitField::MaxTokens => "max_tokens",
            OutputLimitField::MaxCompletionTokens => "max_completion_tokens",
        }
    }

    /// What the server takes of a temperature.
    pub(crate) fn temperature(self, wanted: Option<f32>) -> Option<f64> {
        // Through text, so that 0.2 does not become 0.20000000298023224.
        let exact =
            |temperature: f32| temperature.to_string().parse().unwrap_or_else(|_| f64::from(temperature));
        wanted.filter(|_| self.takes_temperature).map(exact)
    }

    pub(crate) fn takes_stream_options(self) -> bool {
        self.takes_stream_options
    }

    pub(crate) fn effort(self, wanted: Option<Effort>) -> Option<Effort> {
        wanted.filter(|_| self.takes_effort)
    }

    /// The dialect that avoids what `error` complains about, when it is about a member that can be left out or renamed.
    pub(crate) fn corrected(self, error: &Error) -> Option<Dialect> {
        let Error::BadRequest { message, .. } = error else { return None };
        let message = message.to_lowercase();
        if !NOT_TAKEN.iter().any(|words| message.contains(words)) {
            return None;
        }
        let other = match self.output_limit_field {
            OutputLimitField::MaxTokens => OutputLimitField::MaxCompletionTokens,
            OutputLimitField::MaxCompletionTokens => OutputLimitField::MaxTokens,
        };
        if message.contains("max_completion_tokens") {
            Some(Dialect { output_limit_field: other, ..self })
        } else if message.contains("temperature") && self.takes_temperature {
            Some(Dialect { takes_temperature: false, ..self })
        } else if message.contains("stream_options") && self.takes_stream_options {
            Some(Dialect { takes_stream_options: false, ..self })
        } else if self.takes_effort && EFFORT_WORDS.iter().any(|word| message.contains(word)) {
            Some(Dialect { takes_effort: false, ..self })
        } else {
            None
        }
    }
}

/// Whether a name is one of the models of OpenAI that take `max_completion_tokens` only and no temperature: o1, o3-mini,
/// gpt-5 and later, also behind a gateway's prefix.
fn is_openai_reasoning_model(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    let number = |rest: &str| {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..digits).and_then(|digits| digits.parse::<u32>().ok())
    };
    if let Some(rest) = name.strip_prefix("gpt-") {
        return number(rest).is_some_and(|version| version >= 5);
    }
    name.strip_prefix('o').is_some_and(|rest| number(rest).is_some())
}

#[cfg(test)]
mod tests {
    use super::is_openai_reasoning_model;

    #[test]
    fn models_that_reason_are_known_by_name() {
        for (model, expected) in [
            ("o1", true),
            ("o3-mini", true),
            ("gpt-5", true),
            ("openai/gpt-5.4-mini", true),
            ("gpt-6-x", true),
            ("gpt-4o", false),
            ("gpt-4.1", false),
            ("gpt-oss-120b", false),
            ("olmo-2", false),
            ("openchat", false),
            ("", false),
        ] {
            assert_eq!(is_openai_reasoning_model(model), expected, "{model}");
        }
    }
}
