//! The review that every real editor goes through: what is in the file, what the model answers, what is there at the end.

use e2e::{Model, Wire, answer};

/// The file before the user writes the instruction over `result = 0`.
pub(crate) const CODE: &str = "import os\n\n\ndef total(prices):\n    result = 0\n    for price in prices:\n        result += price\n    print(result)\n    return result\n";

/// After the second of three hunks is accepted; the instruction went with it.
pub(crate) const AFTER_ACCEPT: &str = "import os\n\n\ndef total(prices):\n    result = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return result\n";

/// After the first hunk was rejected, the third refined, accepted, and that undone: the follow-up is back, too.
pub(crate) const AFTER_UNDO: &str = "import os\n\n\ndef total(prices):\n    result = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    # ai: two digits are not enough\n    return result\n";

/// The text after each step of a whole review, without the last line ending.
const STEPS: &[(&str, &str)] = &[
    ("typed", TYPED),
    ("hunks", TYPED),
    ("accepted", AFTER_ACCEPT),
    ("rejected", AFTER_ACCEPT),
    ("refined", AFTER_UNDO),
    ("accepted the refinement", AFTER_REFINEMENT),
    ("undone", AFTER_UNDO),
];

const TYPED: &str = "import os\n\n\ndef total(prices):\n    # ai: sum only what is not None, round, and name the result\n    result = 0\n    for price in prices:\n        result += price\n    print(result)\n    return result\n";

const AFTER_REFINEMENT: &str = "import os\n\n\ndef total(prices):\n    result = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 4)\n";

/// What the model answers to the instruction.
pub(crate) const REWRITE: &str = "Done.\n\n```python\ndef total(prices):\n    amount = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 2)\n```\n";

/// A model that answers the instruction with three hunks and the follow-up with one.
pub(crate) fn model() -> Model {
    Model::new(vec![
        answer(&["sum only what is not None"], REWRITE),
        answer(
            &["two digits are not enough"],
            "<<<<<<< SEARCH\n    return round(result, 2)\n=======\n    return round(result, 4)\n>>>>>>> REPLACE\n",
        ),
    ])
}

/// Checks the names and texts of a whole review's steps.
#[track_caller]
pub(crate) fn check_steps(seen: &[(&str, &str)]) {
    let expected: Vec<(&str, &str)> = STEPS.iter().map(|(name, text)| (*name, text.trim_end())).collect();
    assert_eq!(seen, expected);
}

/// Checks that `editors/README.md` says what the editor did on the wire.
#[track_caller]
pub(crate) fn check_row(title: &str, wire: &Wire) {
    let row = format!("| {title} | {} |", wire.facts().join(" | "));
    let readme = include_str!("../../editors/README.md");
    assert!(readme.contains(&row), "editors/README.md does not have this row:\n{row}");
}
