//! Lines of files in which a value stands, in the forms of many kinds of files.

use fastrand::Rng;

/// Lines in which `NAME` is a name and `{}` the value.
const NAMED: &[&str] = &[
    // Python, TypeScript, Go, Java, Rust, C#, Ruby, PHP.
    "NAME = \"{}\"",
    "    self.NAME = '{}'",
    "client = Client(NAME=\"{}\", timeout=30)",
    "export const NAME = \"{}\";",
    "const NAME: string = '{}';",
    "\tNAME := \"{}\"",
    "\tcfg.NAME = \"{}\"",
    "    private static final String NAME = \"{}\";",
    "let NAME: &str = \"{}\";",
    "  NAME: '{}',",
    "$config['NAME'] = '{}';",
    // YAML, .env, JSON, TOML, properties, a notebook, a diff.
    "NAME: {}",
    "  - NAME: \"{}\"",
    "NAME={}",
    "export NAME={}",
    "NAME=\"{}\"",
    "  \"NAME\": \"{}\",",
    "{\"user\": \"me\", \"NAME\": \"{}\", \"port\": 1}",
    "NAME = '{}'",
    "    \"NAME = \\\"{}\\\"\\n\",",
    "+    NAME = \"{}\"",
    "-NAME: {}",
];

/// Lines in which a value stands under a name that says nothing.
const ALONE: &[&str] = &[
    "client = Client(\"{}\")",
    "await login('{}', { retry: 3 });",
    "value: {}",
    "# was {} until May",
    "\"source\": [\n  \"x = \\\"{}\\\"\\n\"\n]",
    "| old | {} |",
];

/// A line with a value under a name that gives it away.
pub(crate) fn named(rng: &mut Rng, name: &str, value: &str) -> String {
    let line = NAMED[rng.usize(..NAMED.len())];
    line.replace("NAME", name).replace("{}", value)
}

/// A line with a value that has to show what it is.
pub(crate) fn alone(rng: &mut Rng, value: &str) -> String {
    let at = rng.usize(..ALONE.len() + NAMED.len());
    match ALONE.get(at) {
        Some(line) => line.replace("{}", value),
        None => named(rng, "value", value),
    }
}
