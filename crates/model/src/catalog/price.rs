//! What tokens cost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::{Dollars, Usage};

const MILLION: f64 = 1e6;

/// What a model costs, in US dollars per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Tokens of the prompt.
    pub input: f64,
    /// Tokens of the answer, reasoning included.
    pub output: f64,
    /// Tokens of the prompt that were read from the provider's cache; as `input` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<f64>,
    /// Tokens of the prompt that were written to the provider's cache; as `input` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<f64>,
}

impl Price {
    /// What a usage costs. `None` when the provider counted nothing, or the price is none.
    pub fn of(&self, usage: &Usage) -> Option<Dollars> {
        if usage.input_tokens.is_none() && usage.output_tokens.is_none() {
            return None;
        }
        let n = |count: Option<u64>| count.unwrap_or(0) as f64;
        let (read, written) = (n(usage.cached_input_tokens), n(usage.cache_write_tokens));
        let fresh = (n(usage.input_tokens) - read - written).max(0.0);
        let input = fresh * self.input
            + read * self.cache_read.unwrap_or(self.input)
            + written * self.cache_write.unwrap_or(self.input);
        Dollars::new((input + n(usage.output_tokens) * self.output) / MILLION)
    }
}

/// A price as the catalogue has it.
#[derive(Debug, Deserialize)]
pub(super) struct PerMillion {
    #[serde(rename = "in")]
    input: Option<f64>,
    out: Option<f64>,
    cache_read: Option<f64>,
    cache_write: Option<f64>,
}

impl PerMillion {
    pub(super) fn price(&self) -> Option<Price> {
        // A free cache is one without a price of its own.
        let some = |price: Option<f64>| price.filter(|price| *price > 0.0);
        let (input, output) = (self.input?, self.out?);
        Some(Price { input, output, cache_read: some(self.cache_read), cache_write: some(self.cache_write) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(price: Price, counts: [Option<u64>; 4], expect: &str) {
        let [input_tokens, cached_input_tokens, cache_write_tokens, output_tokens] = counts;
        let usage = Usage {
            input_tokens,
            cached_input_tokens,
            cache_write_tokens,
            output_tokens,
            ..Usage::default()
        };
        let shown = price.of(&usage).map_or_else(|| "unknown".to_owned(), |cost| cost.to_string());
        assert_eq!(shown, expect);
    }

    #[test]
    fn every_kind_of_token_has_its_price() {
        let price = Price { input: 3.0, output: 15.0, cache_read: Some(0.3), cache_write: Some(3.75) };
        check(price, [Some(1_000), None, None, Some(200)], "$0.0060");
        check(price, [Some(10_000), Some(9_000), Some(500), Some(200)], "$0.0091");
        check(price, [Some(1_000_000), Some(0), Some(0), Some(100_000)], "$4.50");
        check(price, [Some(10), None, None, None], "$0.000030");
        check(price, [None; 4], "unknown");
        check(price, [Some(1), Some(5), None, Some(0)], "$0.000002");
        check(
            Price { cache_read: None, cache_write: None, ..price },
            [Some(1_000), Some(1_000), None, None],
            "$0.0030",
        );
        check(Price { input: 0.0, output: 0.0, ..price }, [Some(9), None, None, Some(9)], "$0");
        check(Price { input: f64::NAN, ..price }, [Some(9), None, None, Some(9)], "unknown");
    }
}
