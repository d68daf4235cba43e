//! What is remarkable about hunks, and dropping those that are noise.

use expect_test::{Expect, expect};

/// A function in whose first line a value is asked to change, and what a model makes of it.
#[track_caller]
fn check(script: &str, expect: Expect) {
    let files = "//- a.py\ndef f():\n    x = 1\n    mid()\n    y = 'a'\n    # keep\n    return y\n";
    let asked = "open a.py\nask a.py \"mid\" \"let x be 2\"";
    expect.assert_eq(&crate::script::Script::new(files).after(asked).run(script));
}

#[test]
fn noise_is_told_and_dropped_and_the_rest_stays() {
    check(
        r###"
            rewrites "def f():\n    x = 2\n    mid()\n    y = \"a\"\n    # keep\n    return y\n"
            actions a.py "'a'"
            drop-noise p1
            drop-noise p1
        "###,
        expect![[r#"
            > rewrites "def f():\n    x = 2\n    mid()\n    y = \"a\"\n    # keep\n    return y\n"
              p1 ends: 2 hunks to review
              marks a.py@1: p1.r1.h1 1/2 changes 1 line in `f`, p1.r1.h2 2/2 changes 1 line in `f`
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "    x = 1\n" -> "    x = 2\n"
                h2 pending 4:1-5:1 "    y = 'a'\n" -> "    y = \"a\"\n" (changes only the style of quotes)
            > actions a.py "'a'"
              accept p1.r1.h2: a.py@1 4:1-5:1 "    y = \"a\"\n"
              reject p1.r1.h2
              refine p1.r1.h2
              accept file (2)
              review p1
              reject all of p1
              drop noise of p1 (1)
              more p1.r1.h2
            > drop-noise p1
              answer p1
              start 8 recheck of 1 edits
              marks a.py@1: p1.r1.h1 1/2 changes 1 line in `f`
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "    x = 1\n" -> "    x = 2\n"
                h2 rejected because "changes only the style of quotes" 4:1-5:1 "    y = 'a'\n" -> "    y = \"a\"\n" (changes only the style of quotes)
            > drop-noise p1
              refused: info: no pending hunk of p1 is noise; nothing was changed. Decide on its hunks one by one
        "#]],
    );
}

#[test]
fn noise_is_dropped_from_more() {
    check(
        r###"
            rewrites "def f():\n    x = 2\n    mid()\n    y = \"a\"\n    # keep\n    return y\n"
            more p1
            chooses 2
        "###,
        expect![[r#"
            > rewrites "def f():\n    x = 2\n    mid()\n    y = \"a\"\n    # keep\n    return y\n"
              p1 ends: 2 hunks to review
              marks a.py@1: p1.r1.h1 1/2 changes 1 line in `f`, p1.r1.h2 2/2 changes 1 line in `f`
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "    x = 1\n" -> "    x = 2\n"
                h2 pending 4:1-5:1 "    y = 'a'\n" -> "    y = \"a\"\n" (changes only the style of quotes)
            > more p1
              choose #1 "Proposal p1": Follow up on the whole proposal | Reject all of this proposal | Drop 1 noise hunk
              done
            > chooses 2
              start 8 recheck of 1 edits
              marks a.py@1: p1.r1.h1 1/2 changes 1 line in `f`
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "    x = 1\n" -> "    x = 2\n"
                h2 rejected because "changes only the style of quotes" 4:1-5:1 "    y = 'a'\n" -> "    y = \"a\"\n" (changes only the style of quotes)
        "#]],
    );
}

#[test]
fn what_a_hunk_takes_away_is_told_and_is_no_noise() {
    check(
        r###"
            rewrites "def f():\n    x = 2\n    mid()\n    y = 'a'\n    return y\n"
            drop-noise p1
        "###,
        expect![[r#"
            > rewrites "def f():\n    x = 2\n    mid()\n    y = 'a'\n    return y\n"
              p1 ends: 2 hunks to review
              marks a.py@1: p1.r1.h1 1/2 changes 1 line in `f`, p1.r1.h2 2/2 removes 1 line in `f`
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "    x = 1\n" -> "    x = 2\n"
                h2 pending 5:1-6:1 "    # keep\n" -> "" (removes the comment `# keep`)
            > drop-noise p1
              refused: info: no pending hunk of p1 is noise; nothing was changed. Decide on its hunks one by one
        "#]],
    );
}
