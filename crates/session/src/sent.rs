//! What is sent and what it comes to: values for whoever shows them. Must never hold a key.

use std::ops::Range;

use model::{Dollars, Usage};

/// Tokens and money of requests whose answers have ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spending {
    /// Tokens of the prompts, as far as the provider counted them.
    pub input_tokens: u64,
    /// Of those, how many came from the provider's cache.
    pub cached_tokens: u64,
    /// Tokens of the answers, as far as the provider counted them.
    pub output_tokens: u64,
    /// US dollars of the requests whose price is known; none where no price is known.
    pub cost: Option<Dollars>,
    /// Requests whose price is not known.
    pub n_unpriced: u64,
}

impl Spending {
    /// Adds one request.
    pub fn add(&mut self, usage: &Usage, cost: Option<Dollars>) {
        self.input_tokens += usage.input_tokens.unwrap_or(0);
        self.cached_tokens += usage.cached_input_tokens.unwrap_or(0);
        self.output_tokens += usage.output_tokens.unwrap_or(0);
        match cost {
            Some(cost) => {
                let sum = self.cost.unwrap_or_default().amount() + cost.amount();
                self.cost = Dollars::new(sum).or(self.cost);
            }
            None => self.n_unpriced += 1,
        }
    }
}

/// Lines of a file in a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLines {
    /// The path as the user knows it, or the title of what is no file.
    pub path: String,
    /// Zero-based lines.
    pub lines: Range<usize>,
    /// Why they are shown, as a clause.
    pub why: String,
    /// Estimated tokens of their text.
    pub tokens: u64,
}

/// A request as it would be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// What is asked for.
    pub instruction: String,
    /// Who would be asked.
    pub identity: model::Identity,
    /// What would be sent, byte for byte.
    pub request: model::Request,
    /// Which lines of which files are in it.
    pub shown: Vec<ShownLines>,
    /// Secrets that are hidden in it.
    pub n_hidden: usize,
    /// Estimated tokens of the prompt.
    pub tokens: u64,
    /// Tokens that the model takes in all.
    pub context_tokens: u64,
    /// What the prompt costs, where the price is known.
    pub prompt_cost: Option<Dollars>,
    /// What it costs with an answer as long as one can be.
    pub most_cost: Option<Dollars>,
}
