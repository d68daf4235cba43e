//! Hunks that need others: said beforehand, accepted together, kept up with what is decided.

use expect_test::{Expect, expect};

const FILES: &str = "//- a.py\ndef f(a):\n    x = 1\n    print(a)\n    return x\n";

/// From two hunks on, of which the second uses what the first defines.
#[track_caller]
fn check_needs(script: &str, expect: Expect) {
    let ask = "open a.py\nparse\nask a.py \"print\" \"go\"\nrewrites \"def f(a):\\n    rate = 2\\n    print(a)\\n    return rate\\n\"";
    expect.assert_eq(&crate::script::Script::new(FILES).after(ask).run(script));
}

/// From two hunks on that parse only together.
#[track_caller]
fn check_parse(script: &str, expect: Expect) {
    let files = "//- a.py\ndef f(a):\n    a = 0\n    print(a)\n    b = 1\n    return b\n";
    let ask = "open a.py\nparse\nask a.py \"print\" \"go\"\nrewrites \"def f(a):\\n    a = (0,\\n    print(a)\\n    , 1)\\n    return b\\n\"";
    expect.assert_eq(&crate::script::Script::new(files).after(ask).run(script));
}

#[test]
fn what_a_hunk_needs_is_said_before() {
    check_needs(
        r###"
            actions a.py "return"
            actions a.py "x = 1"
            more p1.r1.h2
            review p1
        "###,
        expect![[r#"
            > actions a.py "return"
              accept p1.r1.h2: a.py@1 4:1-5:1 "    return rate\n"
              accept p1.r1.h2 with its needs (2)
              reject p1.r1.h2
              refine p1.r1.h2
              accept file (2)
              review p1
              more p1.r1.h2
            > actions a.py "x = 1"
              accept p1.r1.h1: a.py@1 2:1-3:1 "    rate = 2\n"
              accept p1.r1.h1 with its needs (2)
              reject p1.r1.h1
              refine p1.r1.h1
              accept file (2)
              review p1
              more p1.r1.h1
            > more p1.r1.h2
              choose #1 "Proposal p1": Accept with what it needs | Follow up on the whole proposal | Reject all of this proposal
              done
            > review p1
              start 8 write p1.md
              answer p1
        "#]],
    );
}

#[test]
fn a_hunk_is_accepted_with_what_it_needs() {
    check_needs(
        r###"
            accept-with p1.r1.h2
            accept-with p1.r1.h2
            applies
            shows a.py
        "###,
        expect![[r#"
            > accept-with p1.r1.h2
              apply #1 "Hunkwise: accept 2 hunks": a.py@1 2:1-3:1 "    rate = 2\n"; 4:1-5:1 "    return rate\n"
              answer p1
            > accept-with p1.r1.h2
              refused: info: these hunks are being accepted already
            > applies
              start 8 parse a.py
              marks a.py@2: p1 decided +2 -0
              p1.r1 of 1 decided
                h1 accepted 2:1-3:1 "    x = 1\n" -> "    rate = 2\n" (renames `x` to `rate`)
                h2 accepted 4:1-5:1 "    return x\n" -> "    return rate\n" (renames `x` to `rate`)
            > shows a.py
              |def f(a):
              |    rate = 2
              |    print(a)
              |    return rate
        "#]],
    );
}

#[test]
fn alone_it_is_accepted_all_the_same() {
    check_needs(
        r###"
            accept p1.r1.h2
            applies
            check
        "###,
        expect![[r#"
            > accept p1.r1.h2
              apply #1 "Hunkwise: accept hunk": a.py@1 4:1-5:1 "    return rate\n"
              answer p1
            > applies
              start 8 parse a.py
              start 9 recheck of 1 edits
              marks a.py@2: p1.r1.h1 1/2 changes 1 line in `f`
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "    x = 1\n" -> "    rate = 2\n" (renames `x` to `rate`)
                h2 accepted 4:1-5:1 "    return x\n" -> "    return rate\n" (renames `x` to `rate`)
            > check
        "#]],
    );
}

#[test]
fn what_is_accepted_is_not_needed_any_more() {
    check_needs(
        r###"
            inline p1.r1.h1
            check
            actions a.py "return"
            undone a.py
            check
        "###,
        expect![[r#"
            > inline p1.r1.h1
              start 8 parse a.py
              start 9 recheck of 1 edits
              marks a.py@2: p1.r1.h2 2/2 changes 1 line in `f`
              p1.r1 of 1 pending
                h1 accepted 2:1-3:1 "    x = 1\n" -> "    rate = 2\n" (renames `x` to `rate`)
                h2 pending 4:1-5:1 "    return x\n" -> "    return rate\n" (renames `x` to `rate`)
            > check
            > actions a.py "return"
              accept p1.r1.h2: a.py@2 4:1-5:1 "    return rate\n"
              reject p1.r1.h2
              refine p1.r1.h2
              review p1
              more p1.r1.h2
            > undone a.py
              start 10 recheck of 2 edits
              marks a.py@3: p1.r1.h1 1/2 changes 1 line in `f`, p1.r1.h2 2/2 changes 1 line in `f`
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "    x = 1\n" -> "    rate = 2\n" (renames `x` to `rate`) (needs hunk 2: `x` is used there)
                h2 pending 4:1-5:1 "    return x\n" -> "    return rate\n" (renames `x` to `rate`) (needs hunk 1: `rate` is defined there)
            > check
        "#]],
    );
}

#[test]
fn a_rejected_hunk_is_still_needed() {
    check_needs(
        r###"
            reject p1.r1.h1
            check
            actions a.py "return"
            accept-with p1.r1.h2
        "###,
        expect![[r#"
            > reject p1.r1.h1
              answer p1
              start 8 recheck of 1 edits
              marks a.py@1: p1.r1.h2 2/2 changes 1 line in `f`
              p1.r1 of 1 pending
                h1 rejected 2:1-3:1 "    x = 1\n" -> "    rate = 2\n" (renames `x` to `rate`)
                h2 pending 4:1-5:1 "    return x\n" -> "    return rate\n" (renames `x` to `rate`) (needs hunk 1: `rate` is defined there)
            > check
            > actions a.py "return"
              accept p1.r1.h2: a.py@1 4:1-5:1 "    return rate\n"
              reject p1.r1.h2
              refine p1.r1.h2
              review p1
              more p1.r1.h2
            > accept-with p1.r1.h2
              refused: warning: p1.r1.h2 needs p1.r1.h1, which is not pending: `rate` is defined there. Nothing was changed; accept p1.r1.h2 alone, or refine it
        "#]],
    );
}

#[test]
fn a_stale_hunk_is_still_needed() {
    check_needs(
        r###"
            type a.py "x = 1" "y = 1"
            parse
            check
            accept-with p1.r1.h2
        "###,
        expect![[r#"
            > type a.py "x = 1" "y = 1"
              start 8 parse a.py
              start 9 recheck of 1 edits
              marks a.py@2: p1.r1.h1 stale, p1.r1.h2 2/2 changes 1 line in `f`
              p1.r1 of 1 pending
                h1 stale 2:1-3:1 "    x = 1\n" -> "    rate = 2\n" (renames `x` to `rate`)
                h2 pending 4:1-5:1 "    return x\n" -> "    return rate\n" (renames `x` to `rate`) (needs hunk 1: `rate` is defined there)
            > parse
            > check
            > accept-with p1.r1.h2
              refused: warning: p1.r1.h2 needs p1.r1.h1, which is not pending: `rate` is defined there. Nothing was changed; accept p1.r1.h2 alone, or refine it
        "#]],
    );
}

#[test]
fn hunks_that_parse_only_together_name_each_other() {
    check_parse(
        r###"
            actions a.py "b = 1"
            accept-with p1.r1.h2
            applies
            parse
            check
        "###,
        expect![[r#"
            > actions a.py "b = 1"
              accept p1.r1.h2: a.py@1 4:1-5:1 "    , 1)\n"
              accept p1.r1.h2 with its needs (2)
              reject p1.r1.h2
              refine p1.r1.h2
              accept file (2)
              review p1
              more p1.r1.h2
            > accept-with p1.r1.h2
              apply #1 "Hunkwise: accept 2 hunks": a.py@1 2:1-3:1 "    a = (0,\n"; 4:1-5:1 "    , 1)\n"
              answer p1
            > applies
              start 8 parse a.py
              marks a.py@2: p1 decided +2 -0
              p1.r1 of 1 decided
                h1 accepted 2:1-3:1 "    a = 0\n" -> "    a = (0,\n"
                h2 accepted 4:1-5:1 "    b = 1\n" -> "    , 1)\n"
            > parse
            > check
        "#]],
    );
}

#[test]
fn only_a_hunk_is_accepted_with_what_it_needs() {
    check_needs(
        "accept-with p1\naccept-with p1.r1.h9\n",
        expect![[r#"
        > accept-with p1
          refused: warning: p1 is no hunk; name one hunk to accept with what it needs
        > accept-with p1.r1.h9
          refused: warning: p1.r1.h9 is not pending any more; nothing was changed. Look at the current hunks and try again
    "#]],
    );
}
