//! Filling in the middle: text before and behind a place, and what goes between.
//!
//! Must never be used for edits: what comes is a guess at the cursor, without instructions.

use std::fmt;

/// A wire format for filling in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InfillFormat {
    /// OpenAI's legacy completions with a suffix, as vLLM, DeepSeek, LM Studio and others take them.
    OpenaiCompletions,
    /// Mistral's fill-in-the-middle.
    MistralFim,
    /// The `/infill` of llama.cpp's server.
    LlamaInfill,
}

impl InfillFormat {
    /// All formats.
    pub const ALL: [InfillFormat; 3] =
        [InfillFormat::OpenaiCompletions, InfillFormat::MistralFim, InfillFormat::LlamaInfill];

    /// The name in settings.
    pub fn name(self) -> &'static str {
        match self {
            InfillFormat::OpenaiCompletions => "openai-completions",
            InfillFormat::MistralFim => "mistral-fim",
            InfillFormat::LlamaInfill => "llama-infill",
        }
    }
}

impl fmt::Display for InfillFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A request to fill in the middle.
#[derive(Debug, Clone, PartialEq)]
pub struct InfillRequest {
    /// The text before the place.
    pub prefix: String,
    /// The text behind it.
    pub suffix: String,
    /// Most tokens of the answer.
    pub max_output_tokens: u32,
    /// Sampling temperature; `None` leaves it to the provider.
    pub temperature: Option<f32>,
    /// Texts that end the answer and are not part of it.
    pub stop: Vec<String>,
}
