//! Answers that reach out of their scope: imports go with what uses them, other changes wait to be named.

use expect_test::{Expect, expect};

const FILES: &str = "//- a.py\nimport os\n\nRATE = 2\n\n\ndef total(items):\n    return sum(items)\n\n\ndef other():\n    return RATE\n";

/// From an answer on that is checked.
#[track_caller]
fn check_answer(answer: &str, script: &str, expect: Expect) {
    let ask = format!("open a.py\nparse\nask a.py \"sum\" \"go\"\nrewrites {answer:?}");
    expect.assert_eq(&crate::script::Script::new(FILES).after(&ask).run(script));
}

#[test]
fn an_import_is_accepted_with_the_file() {
    check_answer(
        "import math\n\ndef total(items):\n    return math.fsum(items)\n",
        r###"
            actions a.py "return sum"
            accept p1
            applies
            shows a.py
        "###,
        expect![[r#"
            > actions a.py "return sum"
              accept p1.r1.h1: a.py@1 2:1 "import math\n"; 7:1-8:1 "    return math.fsum(items)\n"
              reject p1.r1.h1
              refine p1.r1.h1
              accept file (2)
              review p1
              reject all of p1
              more p1.r1.h1
            > accept p1
              apply #1 "Hunkwise: accept 2 hunks": a.py@1 2:1 "import math\n"; 7:1-8:1 "    return math.fsum(items)\n"
              answer p1
            > applies
              start 8 parse a.py
              marks a.py@2: p1 decided +2 -0
              p1.r1 of 1 decided
                h2 accepted 2:1-3:1 "" -> "import math\n" (outside, on)
                h1 accepted 8:1-9:1 "    return sum(items)\n" -> "    return math.fsum(items)\n"
            > shows a.py
              |import os
              |import math
              |
              |RATE = 2
              |
              |
              |def total(items):
              |    return math.fsum(items)
              |
              |
              |def other():
              |    return RATE
        "#]],
    );
}

#[test]
fn a_new_definition_waits_to_be_named() {
    check_answer(
        "def one(item):\n    return item.price\n\n\ndef total(items):\n    return sum(one(item) for item in items)\n",
        r###"
            actions a.py "return sum"
            accept p1
            applies
            shows a.py
        "###,
        expect![[r#"
            > actions a.py "return sum"
              accept p1.r1.h1: a.py@1 7:1-8:1 "    return sum(one(item) for item in items)\n"
              accept p1.r1.h1 with its needs (2)
              reject p1.r1.h1
              refine p1.r1.h1
              review p1
              more p1.r1.h1
            > accept p1
              apply #1 "Hunkwise: accept hunk": a.py@1 7:1-8:1 "    return sum(one(item) for item in items)\n"
              answer p1
            > applies
              start 8 parse a.py
              start 9 recheck of 1 edits
              marks a.py@2: p1.r1.h2 1/2 adds 4 lines in `total`, outside scope
              p1.r1 of 1 pending
                h2 pending 6:1 "" -> "def one(item):\n    return item.price\n\n\n" (outside)
                h1 accepted 7:1-8:1 "    return sum(items)\n" -> "    return sum(one(item) for item in items)\n"
            > shows a.py
              |import os
              |
              |RATE = 2
              |
              |
              |def total(items):
              |    return sum(one(item) for item in items)
              |
              |
              |def other():
              |    return RATE
        "#]],
    );
}

#[test]
fn a_refined_hunk_brings_nothing_from_elsewhere() {
    check_answer(
        "def total(items):\n    return sum(items) * 2\n",
        r###"
            refine p1.r1.h1 "exactly"
            gather
            says "```\nimport math\n\n    return math.fsum(items) * 2\n```\n"
            stops complete
            says "```\n    return sum(items, 0.0) * 2\n```\n"
            stops complete
            check
        "###,
        expect![[r#"
            > refine p1.r1.h1 "exactly"
              p1 begins: exactly
              start 8 gather for a.py 22..62
              answer p1
              marks a.py@1: p1 works in line 6, p1.r1.h1 1/1 changes 1 line in `total`
              p1.r1 of 1 preparing
                h1 pending 7:1-8:1 "    return sum(items)\n" -> "    return sum(items) * 2\n"
            > gather
              start 9 question of 1 messages
              p1 goes on: waiting for the model
              start 10 receipt p1.r2 under way
              marks a.py@1: p1 works in line 6
              p1.r2 of 2 streaming
            > says "```\nimport math\n\n    return math.fsum(items) * 2\n```\n"
            > stops complete
              start 11 receipt p1.r2 complete
              start 12 settling of 1 blocks
              p1.r2 of 2 streaming
              start 13 question of 3 messages
              p1 goes on: asking again (1 of 2): for what could not be placed
              start 14 receipt p1.r2 under way
            > says "```\n    return sum(items, 0.0) * 2\n```\n"
            > stops complete
              start 15 receipt p1.r2 complete
              start 16 settling of 1 blocks
              p1.r2 of 2 streaming
              start 17 check of 1 edits
              marks a.py@1: p1 works in line 6, p1.r2.h1 1/1 changes 1 line in `total`
              p1.r2 of 2 checking
                h1 arriving 7:1-8:1 "    return sum(items)\n" -> "    return sum(items, 0.0) * 2\n"
            > check
              p1 ends: 1 hunks to review
              marks a.py@1: p1.r2.h1 1/1 changes 1 line in `total`
              p1.r2 of 2 pending
                h1 pending 7:1-8:1 "    return sum(items)\n" -> "    return sum(items, 0.0) * 2\n"
        "#]],
    );
}
