//! What true secrets look like, by kind. Each is made from parts at run time, so that none lies in the tree as text.

use fastrand::Rng;

pub(crate) const DIGIT: &str = "0123456789";
pub(crate) const HEX: &str = "0123456789abcdef";
pub(crate) const LOWER: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
pub(crate) const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
pub(crate) const ALNUM: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
pub(crate) const WORD: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
pub(crate) const BASE64: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";
pub(crate) const SYMBOLS: &str = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%&*^_+-";

/// So many random characters.
pub(crate) fn random(rng: &mut Rng, chars: &str, n_chars: usize) -> String {
    let chars: Vec<char> = chars.chars().collect();
    (0..n_chars).map(|_| chars[rng.usize(..chars.len())]).collect()
}

/// How a kind stands in a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// As a value that shows what it is; under any name.
    Alone,
    /// As a value that this name gives away.
    Named(&'static str),
    /// In a line of its own form, in which `{}` is the secret.
    In(&'static str),
}

/// A kind of secret.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) stands: Stands,
    /// Parts: literal heads, and random characters of a set.
    parts: &'static [Part],
}

#[derive(Clone, Copy)]
enum Part {
    /// Literal text, in pieces that say nothing alone.
    Text(&'static [&'static str]),
    /// So many of these characters.
    Of(&'static str, usize),
}

use Part::{Of, Text};

impl Kind {
    pub(crate) fn make(&self, rng: &mut Rng) -> String {
        let part = |part: &Part| match part {
            Text(pieces) => pieces.concat(),
            Of(chars, n_chars) => random(rng, chars, *n_chars),
        };
        self.parts.iter().map(part).collect()
    }
}

const fn alone(name: &'static str, parts: &'static [Part]) -> Kind {
    Kind { name, stands: Stands::Alone, parts }
}

const fn named(name: &'static str, variable: &'static str, parts: &'static [Part]) -> Kind {
    Kind { name, stands: Stands::Named(variable), parts }
}

const fn within(name: &'static str, line: &'static str, parts: &'static [Part]) -> Kind {
    Kind { name, stands: Stands::In(line), parts }
}

pub(crate) const KINDS: &[Kind] = &[
    alone("aws key id", &[Text(&["AK", "IA"]), Of(UPPER, 16)]),
    alone("aws temporary id", &[Text(&["AS", "IA"]), Of(UPPER, 16)]),
    named("aws secret", "aws_secret_access_key", &[Of(BASE64, 40)]),
    alone("anthropic", &[Text(&["sk-", "ant-", "api03-"]), Of(WORD, 93), Text(&["A", "A"])]),
    alone("anthropic admin", &[Text(&["sk-", "ant-", "admin01-"]), Of(WORD, 93), Text(&["A", "A"])]),
    alone("openai project", &[Text(&["sk-", "proj-"]), Of(WORD, 74), Text(&["T3Blbk", "FJ"]), Of(WORD, 74)]),
    alone(
        "openai service",
        &[Text(&["sk-", "svcacct-"]), Of(WORD, 58), Text(&["T3Blbk", "FJ"]), Of(WORD, 58)],
    ),
    alone("openai", &[Text(&["s", "k-"]), Of(ALNUM, 20), Text(&["T3Blbk", "FJ"]), Of(ALNUM, 20)]),
    alone("openrouter", &[Text(&["sk-", "or-", "v1-"]), Of(HEX, 64)]),
    alone("deepseek", &[Text(&["s", "k-"]), Of(HEX, 32)]),
    alone("groq", &[Text(&["gs", "k_"]), Of(ALNUM, 52)]),
    alone("xai", &[Text(&["xa", "i-"]), Of(ALNUM, 80)]),
    alone("perplexity", &[Text(&["pp", "lx-"]), Of(ALNUM, 48)]),
    alone("replicate", &[Text(&["r", "8_"]), Of(ALNUM, 37)]),
    alone("fireworks", &[Text(&["f", "w_"]), Of(ALNUM, 22)]),
    alone("hugging face", &[Text(&["h", "f_"]), Of(ALNUM, 34)]),
    alone("langsmith", &[Text(&["ls", "v2_pt_"]), Of(HEX, 32), Text(&["_"]), Of(HEX, 10)]),
    named("mistral", "MISTRAL_API_KEY", &[Of(ALNUM, 32)]),
    named("cohere", "COHERE_API_KEY", &[Of(ALNUM, 40)]),
    named("together", "together_api_key", &[Of(HEX, 64)]),
    alone("github", &[Text(&["gh", "p_"]), Of(ALNUM, 36)]),
    alone("github oauth", &[Text(&["gh", "o_"]), Of(ALNUM, 36)]),
    alone("github app", &[Text(&["gh", "s_"]), Of(ALNUM, 36)]),
    alone("github fine-grained", &[Text(&["github", "_pat_"]), Of(ALNUM, 22), Text(&["_"]), Of(ALNUM, 59)]),
    alone("gitlab", &[Text(&["gl", "pat-"]), Of(WORD, 20)]),
    alone("gitlab runner", &[Text(&["gl", "rt-"]), Of(WORD, 20)]),
    alone(
        "slack bot",
        &[Text(&["xo", "xb-"]), Of(DIGIT, 12), Text(&["-"]), Of(DIGIT, 13), Text(&["-"]), Of(ALNUM, 24)],
    ),
    alone(
        "slack user",
        &[
            Text(&["xo", "xp-"]),
            Of(DIGIT, 12),
            Text(&["-"]),
            Of(DIGIT, 12),
            Text(&["-"]),
            Of(DIGIT, 12),
            Text(&["-"]),
            Of(HEX, 32),
        ],
    ),
    within(
        "slack webhook",
        "url = \"https://hooks.slack.com/services/{}\"",
        &[Text(&["T"]), Of(UPPER, 10), Text(&["/B"]), Of(UPPER, 10), Text(&["/"]), Of(ALNUM, 24)],
    ),
    alone("stripe", &[Text(&["sk", "_live_"]), Of(ALNUM, 24)]),
    alone("stripe restricted", &[Text(&["rk", "_live_"]), Of(ALNUM, 99)]),
    alone("stripe webhook", &[Text(&["whs", "ec_"]), Of(ALNUM, 32)]),
    alone("google", &[Text(&["AI", "za", "Sy"]), Of(WORD, 33)]),
    alone("google oauth", &[Text(&["GOC", "SPX-"]), Of(WORD, 28)]),
    alone("npm", &[Text(&["np", "m_"]), Of(ALNUM, 36)]),
    alone("pypi", &[Text(&["py", "pi-", "AgEIcHlwaS5vcmc"]), Of(WORD, 120)]),
    alone("rubygems", &[Text(&["ruby", "gems_"]), Of(HEX, 48)]),
    alone("docker", &[Text(&["dc", "kr_pat_"]), Of(WORD, 27)]),
    alone("digitalocean", &[Text(&["do", "p_v1_"]), Of(HEX, 64)]),
    alone("vault", &[Text(&["hv", "s."]), Of(WORD, 95)]),
    alone("terraform cloud", &[Of(ALNUM, 14), Text(&[".atlas", "v1."]), Of(ALNUM, 67)]),
    alone("sendgrid", &[Text(&["S", "G."]), Of(WORD, 22), Text(&["."]), Of(WORD, 43)]),
    alone("twilio", &[Text(&["S", "K"]), Of(HEX, 32)]),
    named("twilio token", "TWILIO_AUTH_TOKEN", &[Of(HEX, 32)]),
    named("mailgun", "mailgun_api_key", &[Text(&["ke", "y-"]), Of(HEX, 32)]),
    named("mailchimp", "mailchimp_api_key", &[Of(HEX, 32), Text(&["-us12"])]),
    alone("shopify", &[Text(&["shp", "at_"]), Of(HEX, 32)]),
    named("telegram", "telegram_bot_token", &[Of(DIGIT, 10), Text(&[":A"]), Of(WORD, 34)]),
    named(
        "discord",
        "discord_bot_token",
        &[Text(&["M"]), Of(ALNUM, 25), Text(&["."]), Of(ALNUM, 6), Text(&["."]), Of(WORD, 38)],
    ),
    named("datadog", "DD_API_KEY", &[Of(HEX, 32)]),
    named("cloudflare", "cloudflare_api_token", &[Of(WORD, 40)]),
    named(
        "heroku",
        "HEROKU_API_KEY",
        &[
            Of(HEX, 8),
            Text(&["-"]),
            Of(HEX, 4),
            Text(&["-4"]),
            Of(HEX, 3),
            Text(&["-a"]),
            Of(HEX, 3),
            Text(&["-"]),
            Of(HEX, 12),
        ],
    ),
    named("fastly", "fastly_api_key", &[Of(WORD, 32)]),
    named("algolia", "algolia_api_key", &[Of(HEX, 32)]),
    named("okta", "okta_api_token", &[Text(&["00"]), Of(WORD, 40)]),
    named("azure secret", "AZURE_CLIENT_SECRET", &[Of(ALNUM, 3), Text(&["8", "Q~"]), Of(ALNUM, 34)]),
    named("azure devops", "azure_devops_pat_token", &[Of(LOWER, 52)]),
    within(
        "azure storage",
        "conn = \"DefaultEndpointsProtocol=https;AccountName=store1;AccountKey={};EndpointSuffix=core.windows.net\"",
        &[Of(BASE64, 86), Text(&["=="])],
    ),
    within(
        "azure shared key",
        "Endpoint=sb://bus1.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={}",
        &[Of(BASE64, 43), Text(&["="])],
    ),
    alone("linear", &[Text(&["lin", "_api_"]), Of(ALNUM, 40)]),
    alone("notion", &[Text(&["nt", "n_"]), Of(DIGIT, 11), Of(ALNUM, 35)]),
    alone("figma", &[Text(&["fi", "gd_"]), Of(WORD, 40)]),
    alone("grafana", &[Text(&["gl", "sa_"]), Of(ALNUM, 32), Text(&["_"]), Of(HEX, 8)]),
    alone("new relic", &[Text(&["NR", "AK-"]), Of(UPPER, 27)]),
    named("sentry", "sentry_auth_token", &[Of(HEX, 64)]),
    alone("databricks", &[Text(&["da", "pi"]), Of(HEX, 32)]),
    alone("square", &[Text(&["sq0", "atp-"]), Of(WORD, 22)]),
    alone("airtable", &[Text(&["p", "at"]), Of(ALNUM, 14), Text(&["."]), Of(HEX, 64)]),
    alone("doppler", &[Text(&["dp.", "pt."]), Of(ALNUM, 43)]),
    alone("pulumi", &[Text(&["pu", "l-"]), Of(HEX, 40)]),
    alone("planetscale", &[Text(&["psc", "ale_tkn_"]), Of(WORD, 43)]),
    alone("postman", &[Text(&["PM", "AK-"]), Of(HEX, 24), Text(&["-"]), Of(HEX, 34)]),
    alone("supabase", &[Text(&["sb", "p_"]), Of(HEX, 40)]),
    alone("tailscale", &[Text(&["ts", "key-auth-"]), Of(ALNUM, 12), Text(&["CNTRL-"]), Of(ALNUM, 32)]),
    alone("jfrog", &[Text(&["AK", "Cp"]), Of(ALNUM, 69)]),
    alone("age", &[Text(&["AGE-", "SECRET-KEY-1"]), Of("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)]),
    alone(
        "json web token",
        &[
            Text(&["ey", "JhbGciOi"]),
            Of(ALNUM, 28),
            Text(&[".ey", "J"]),
            Of(ALNUM, 60),
            Text(&["."]),
            Of(WORD, 43),
        ],
    ),
    within("npmrc", "//npm.host.io/:_authToken={}", &[Of(HEX, 32)]),
    within("netrc", "machine api.host.io login me password {}", &[Of(SYMBOLS, 16), Of(DIGIT, 2)]),
    within("curl", "curl -u admin:{} https://api.host.io/v1/users", &[Of(ALNUM, 16), Of(DIGIT, 2)]),
    within("basic auth", "headers[\"Authorization\"] = \"Basic {}\"", &[Of(ALNUM, 30), Text(&["=="])]),
    within("bearer", "curl -H 'Authorization: Bearer {}' https://api.host.io", &[Of(WORD, 40), Of(DIGIT, 2)]),
    within(
        "postgres url",
        "DATABASE_URL=postgres://app:{}@db.internal:5432/app",
        &[Of(ALNUM, 14), Of(DIGIT, 2)],
    ),
    within("mongodb url", "uri: mongodb+srv://app:{}@cluster0.ab1cd.mongodb.net/prod", &[Of(ALNUM, 14)]),
    within("redis url", "client = redis.from_url(\"redis://:{}@cache.internal:6379/0\")", &[Of(ALNUM, 20)]),
    within("amqp url", "broker = 'amqp://worker:{}@mq.internal/vhost'", &[Of(ALNUM, 18)]),
    within("git url", "url = https://oauth2:{}@git.host.io/group/project.git", &[Of(ALNUM, 20)]),
    within(
        "sql server",
        "\"Default\": \"Server=db;Database=app;User Id=sa;Password={};Encrypt=true\"",
        &[Of(SYMBOLS, 14), Of(DIGIT, 1)],
    ),
    within(
        "jdbc",
        "jdbc:mysql://db:3306/app?user=app&password={}&useSSL=true",
        &[Of(ALNUM, 16), Of(DIGIT, 1)],
    ),
    within("odbc", "Driver={ODBC Driver 18};Server=db;UID=sa;PWD={};", &[Of(ALNUM, 14), Of(DIGIT, 2)]),
    within(
        "kubernetes",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  url: {}\n",
        &[Of(BASE64, 38), Text(&["=="])],
    ),
    named("password", "password", &[Of(SYMBOLS, 14), Of(DIGIT, 1)]),
    named("database password", "DB_PASSWORD", &[Of(ALNUM, 12), Of(DIGIT, 2)]),
    named("passphrase", "keyPassphrase", &[Of(ALNUM, 18), Of(DIGIT, 2)]),
    named("api key in hex", "apiKey", &[Of(HEX, 32)]),
    named("client secret", "client_secret", &[Of(ALNUM, 32)]),
    named("django", "SECRET_KEY", &[Of(SYMBOLS, 48), Of(DIGIT, 2)]),
    named("signing key", "jwt_signing_key", &[Of(BASE64, 43), Text(&["="])]),
    named("access token", "accessToken", &[Of(WORD, 36), Of(DIGIT, 2)]),
    named("webhook secret", "webhookSecret", &[Of(HEX, 40)]),
];

/// Private key blocks: what they are called, and their text with this between lines.
pub(crate) fn key_block(rng: &mut Rng, kind: &str, newline: &str) -> String {
    let lines: Vec<String> = (0..rng.usize(4..20)).map(|_| random(rng, BASE64, 64)).collect();
    let dashes = "-".repeat(5);
    let label = ["PRI", "VATE KEY"].concat();
    let label = if kind.is_empty() { label } else { format!("{kind} {label}") };
    format!(
        "{dashes}BEGIN {label}{dashes}{newline}{}{newline}{dashes}END {label}{dashes}",
        lines.join(newline)
    )
}
