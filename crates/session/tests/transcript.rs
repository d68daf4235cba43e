//! Transcripts: what an editor, a model and a user do, and what the session answers to each.

#[path = "desk/buffer.rs"]
#[allow(dead_code, reason = "the random test uses the rest")]
mod buffer;
#[path = "desk/jobs.rs"]
#[allow(dead_code, reason = "the random test uses the rest")]
mod jobs;
#[path = "desk/script.rs"]
mod script;
#[path = "desk/shown.rs"]
mod shown;
#[path = "desk/words.rs"]
mod words;

#[path = "transcript/accepting.rs"]
mod accepting;
#[path = "transcript/asking.rs"]
mod asking;
#[path = "transcript/at.rs"]
mod at;
#[path = "transcript/checks.rs"]
mod checks;
#[path = "transcript/deciding.rs"]
mod deciding;
#[path = "transcript/elsewhere.rs"]
mod elsewhere;
#[path = "transcript/ending.rs"]
mod ending;
#[path = "transcript/files.rs"]
mod files;
#[path = "transcript/mentioning.rs"]
mod mentioning;
#[path = "transcript/needs.rs"]
mod needs;
#[path = "transcript/noise.rs"]
mod noise;
#[path = "transcript/refining.rs"]
mod refining;
#[path = "transcript/sending.rs"]
mod sending;
#[path = "transcript/taking_back.rs"]
mod taking_back;
#[path = "transcript/warming.rs"]
mod warming;

use expect_test::Expect;

/// A file of four lines, and one of two.
const FILES: &str = "//- a.txt\none\ntwo\nthree\nfour\n//- b.txt\nred\nblue\n";

#[track_caller]
fn check(files: &str, script: &str, expect: Expect) {
    expect.assert_eq(&script::Script::new(files).run(script));
}

/// From two hunks on that wait in the first file: `one` is to become `ONE`, and `four` `FOUR`.
#[track_caller]
fn check_pending(script: &str, expect: Expect) {
    let ask = "open a.txt\nask a.txt \"two\" \"shout\"\nrewrites \"ONE\\ntwo\\nthree\\nFOUR\\n\"";
    expect.assert_eq(&script::Script::new(FILES).after(ask).run(script));
}
