//! Secrets that show what they are: by how they begin, how long they are, and which characters they have.
//!
//! Owns the table. A new kind of token is one line in it. Must never look at the text round a token beyond the character in
//! front of it and the one behind it.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::value;

/// Characters of a token behind its prefix.
#[derive(Clone, Copy)]
enum Body {
    /// `a-z A-Z 0-9`
    Alnum,
    /// `A-Z 0-9`
    Upper,
    /// `0-9 a-f`
    Hex,
    /// `a-z A-Z 0-9 - _`
    Word,
    /// `a-z A-Z 0-9 - _ .`
    Dotted,
    /// `a-z A-Z 0-9 - _ . ~ + / =`
    Bearer,
}

/// Tokens that begin with `prefix` and go on with `len` characters of `body`.
struct Shape {
    prefix: &'static str,
    body: Body,
    /// Fewest and most characters behind the prefix.
    len: Range<usize>,
}

const fn shape(prefix: &'static str, body: Body, len: Range<usize>) -> Shape {
    Shape { prefix, body, len }
}

/// Long enough for every token that has no fixed length, short enough to stop in a blob.
const ANY: usize = 2_048;

const SHAPES: &[Shape] = &[
    // Amazon access key ids: long-lived, temporary.
    shape("AKIA", Body::Upper, 16..17),
    shape("ASIA", Body::Upper, 16..17),
    // Anthropic, OpenAI and those who copy their form.
    shape("sk-", Body::Word, 20..ANY),
    // Cloudflare, DigitalOcean, Docker.
    shape("v1.0-", Body::Word, 100..ANY),
    shape("dop_v1_", Body::Hex, 64..65),
    shape("dckr_pat_", Body::Word, 20..ANY),
    // GitHub: personal, OAuth, user-to-server, server-to-server, refresh, fine-grained.
    shape("ghp_", Body::Alnum, 36..256),
    shape("gho_", Body::Alnum, 36..256),
    shape("ghu_", Body::Alnum, 36..256),
    shape("ghs_", Body::Alnum, 36..256),
    shape("ghr_", Body::Alnum, 36..256),
    shape("github_pat_", Body::Word, 60..256),
    // GitLab: personal, deploy, runner.
    shape("glpat-", Body::Word, 20..64),
    shape("gldt-", Body::Word, 20..64),
    shape("glrt-", Body::Word, 20..64),
    // Google: API key, OAuth access token, OAuth client secret.
    shape("AIza", Body::Word, 35..36),
    shape("ya29.", Body::Dotted, 20..ANY),
    shape("GOCSPX-", Body::Word, 28..29),
    // HashiCorp Vault, Hugging Face.
    shape("hvs.", Body::Word, 24..ANY),
    shape("hf_", Body::Alnum, 30..64),
    // npm, PyPI.
    shape("npm_", Body::Alnum, 36..37),
    shape("pypi-", Body::Word, 50..ANY),
    // SendGrid, Shopify, Slack.
    shape("SG.", Body::Dotted, 60..80),
    shape("shpat_", Body::Hex, 32..33),
    shape("shpss_", Body::Hex, 32..33),
    shape("xoxa-", Body::Word, 10..ANY),
    shape("xoxb-", Body::Word, 10..ANY),
    shape("xoxe-", Body::Word, 10..ANY),
    shape("xoxp-", Body::Word, 10..ANY),
    shape("xoxr-", Body::Word, 10..ANY),
    shape("xoxs-", Body::Word, 10..ANY),
    shape("xapp-", Body::Word, 10..ANY),
    // Stripe.
    shape("sk_live_", Body::Alnum, 16..256),
    shape("sk_test_", Body::Alnum, 16..256),
    shape("rk_live_", Body::Alnum, 16..256),
    shape("whsec_", Body::Alnum, 24..256),
    // Headers of HTTP.
    shape("Bearer ", Body::Bearer, 20..ANY),
    shape("Basic ", Body::Bearer, 16..ANY),
    // Other vendors of models: Fireworks, Groq, Jina, LangSmith, NVIDIA, Perplexity, Replicate, Together, xAI.
    shape("fw_", Body::Alnum, 20..64),
    shape("gsk_", Body::Alnum, 40..128),
    shape("jina_", Body::Alnum, 40..128),
    shape("lsv2_", Body::Word, 40..128),
    shape("nvapi-", Body::Word, 60..128),
    shape("pplx-", Body::Alnum, 40..128),
    shape("r8_", Body::Alnum, 36..64),
    shape("tgp_v1_", Body::Word, 40..128),
    shape("xai-", Body::Alnum, 60..128),
    // Airtable, Atlassian, Doppler, Figma, Grafana, Linear, New Relic, Notion.
    shape("pat", Body::Dotted, 79..80),
    shape("ATATT3", Body::Bearer, 100..512),
    shape("dp.pt.", Body::Alnum, 40..64),
    shape("dp.st.", Body::Dotted, 40..128),
    shape("figd_", Body::Word, 36..128),
    shape("glsa_", Body::Word, 40..64),
    shape("lin_api_", Body::Alnum, 40..64),
    shape("NRAK-", Body::Upper, 27..28),
    shape("ntn_", Body::Alnum, 40..64),
    // PlanetScale, Postman, Pulumi, RubyGems, Square, Supabase, Tailscale.
    shape("pscale_", Body::Word, 36..128),
    shape("PMAK-", Body::Word, 59..60),
    shape("pul-", Body::Hex, 40..41),
    shape("rubygems_", Body::Hex, 48..49),
    shape("sq0atp-", Body::Word, 22..23),
    shape("sq0csp-", Body::Word, 43..44),
    shape("sbp_", Body::Hex, 40..41),
    shape("tskey-", Body::Word, 24..128),
    // age.
    shape("AGE-SECRET-KEY-1", Body::Upper, 58..59),
];

/// None if the prefixes are too many for it, which a test excludes.
static PREFIXES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let prefixes = SHAPES.iter().map(|shape| shape.prefix);
    AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(prefixes).ok()
});

/// Every token in `text` that has one of the shapes.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> {
    let hits = PREFIXES.iter().flat_map(move |prefixes| prefixes.find_overlapping_iter(text));
    hits.filter_map(move |hit| SHAPES.get(hit.pattern().as_usize())?.at(text, hit.start()))
}

impl Shape {
    fn at(&self, text: &str, offset: usize) -> Option<Range<usize>> {
        // `task-`, `_ghp_`: the prefix is the middle of a word, or of a hash in base64.
        let before = text.get(..offset)?.chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '+')) {
            return None;
        }
        let start = offset + self.prefix.len();
        let body = text.get(start..)?;
        let len = body.bytes().take(self.len.end).take_while(|byte| self.body.has(*byte)).count();
        let body = body.get(..len)?.trim_end_matches('.');
        // A CSS class or a chain of words has no digits; a token of these lengths without one is rarer than 1 in 30.
        let is_token = self.len.contains(&body.len())
            && body.bytes().any(|byte| byte.is_ascii_digit())
            && !value::is_stand_in(body)
            && (self.prefix != "sk-" || value::is_random_word(body));
        // The word `Bearer` stays; all other prefixes belong to the secret.
        let first = if self.prefix.ends_with(' ') { start } else { offset };
        is_token.then(|| first..start + body.len())
    }
}

impl Body {
    fn has(self, byte: u8) -> bool {
        match self {
            Body::Alnum => byte.is_ascii_alphanumeric(),
            Body::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Body::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Body::Word => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
            Body::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'),
            Body::Bearer => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'+' | b'/' | b'=')
            }
        }
    }
}
