//! How the tokens of a model family compare with an estimate by classes of characters.
//!
//! The first factor is that of the family; what the provider counts corrects it.

/// How many tokens of a model one estimated token is.
///
/// Invariant: between [`MIN_FACTOR`] and [`MAX_FACTOR`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TokenFactor(f64);

/// Families by a part of their models' names. The estimate is made for OpenAI's vocabulary of 200,000; a smaller
/// vocabulary, or one that splits code more, needs more tokens for the same text.
const FAMILIES: [(&str, f64); 9] = [
    ("claude", 1.2),
    ("gemini", 1.1),
    ("gemma", 1.1),
    ("mistral", 1.15),
    ("codestral", 1.15),
    ("devstral", 1.1),
    ("llama", 1.05),
    ("qwen", 1.05),
    ("deepseek", 1.05),
];

const MIN_FACTOR: f64 = 0.5;
const MAX_FACTOR: f64 = 3.0;

/// Shorter prompts say more about the template round them than about the text.
const MIN_COUNTED: u64 = 200;

/// How much one count changes the factor: enough to follow within a few calls, too little for one odd file.
const WEIGHT: f64 = 0.3;

/// The factor of a model's family; 1 for others.
pub fn token_factor(model: &str) -> TokenFactor {
    let name = model.to_lowercase();
    TokenFactor(FAMILIES.iter().find(|(part, _)| name.contains(part)).map_or(1.0, |(_, factor)| *factor))
}

impl TokenFactor {
    /// Tokens of the model for estimated ones, rounded up.
    pub fn tokens(self, estimated: usize) -> u64 {
        (estimated as f64 * self.0).ceil() as u64
    }

    /// The most estimated tokens that come to no more than `tokens` of the model.
    pub fn estimated(self, tokens: u64) -> usize {
        (tokens as f64 / self.0).floor() as usize
    }

    /// The factor after the provider has counted `counted` tokens for a prompt estimated at `estimated`. A count that is
    /// no count of this prompt, such as one of zero, changes nothing.
    pub fn corrected(self, estimated: usize, counted: u64) -> TokenFactor {
        if counted < MIN_COUNTED || estimated == 0 {
            return self;
        }
        let seen = counted as f64 / estimated as f64;
        if !(MIN_FACTOR..=MAX_FACTOR).contains(&seen) {
            return self;
        }
        TokenFactor(self.0 + (seen - self.0) * WEIGHT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_a_factor_and_counts_correct_it() {
        assert_eq!(token_factor("anthropic/claude-x").tokens(1_000), 1_200);
        assert_eq!(token_factor("gpt-5.4").tokens(1_000), 1_000);
        assert_eq!(token_factor("").tokens(1), 1);
        assert_eq!(token_factor("claude-x").estimated(1_200), 1_000);
        let mut factor = token_factor("gpt-5.4");
        for _ in 0..20 {
            factor = factor.corrected(1_000, 1_300);
        }
        assert!((1_290..=1_300).contains(&factor.tokens(1_000)), "{factor:?}");
        for (estimated, counted) in [(1_000, 0), (0, 1_000), (1_000, 1_000_000), (1_000_000, 300)] {
            assert_eq!(factor.corrected(estimated, counted), factor);
        }
    }
}
