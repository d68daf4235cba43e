//! The project's own checks: before hunks are offered, again by itself for what they find, and again when something is decided.

use expect_test::{Expect, expect};

use super::script;

/// From an answer of two hunks on that was checked for syntax: `one` is to become `ONE`, and `four` `FOUR`.
#[track_caller]
fn check(script: &str, expect: Expect) {
    let files = "//- /w/a.txt\none\ntwo\nthree\nfour\n";
    let ask =
        "folder /w\nopen /w/a.txt\nask /w/a.txt \"two\" \"shout\"\nrewrites \"ONE\\ntwo\\nthree\\nFOUR\\n\"";
    expect.assert_eq(&script::Script::new(files).after(ask).run(script));
}

#[test]
fn hunks_wait_for_checks_and_are_offered_when_nothing_is_found() {
    check(
        "finds lint\nfound",
        expect![[r#"
            > finds lint
              start 9 lint of 2 edits
              start 10 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found
              stop 10
              p1 ends: 2 hunks to review
              stop 4
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                ✓ lint (0.0 s)
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
        "#]],
    );
}

#[test]
fn what_is_found_goes_back_to_the_model_and_the_first_revision_can_be_looked_at() {
    check(
        r###"
            finds lint
            found "bad type" 1
            asked told
            says "```\nOne\ntwo\nthree\nFOUR\n```\n"
            stops complete
            check
            finds lint
            found
            revision p1 1
            revision p1 2
        "###,
        expect![[r#"
            > finds lint
              start 9 lint of 2 edits
              start 10 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found "bad type" 1
              stop 10
              start 11 question of 3 messages
              p1 goes on: asking again (1 of 2): 1 new type error
              start 12 receipt p1.r2 under way
              watch none
              marks a.txt@1: p1 works in line 1
              p1.r2 of 2 streaming
                the model was asked again once by itself (p1.r1: 1 new type error)
            > asked told
              - told: bad type
            > says "```\nOne\ntwo\nthree\nFOUR\n```\n"
            > stops complete
              start 13 receipt p1.r2 complete
              start 14 settling of 1 blocks
              p1.r2 of 2 streaming
                the model was asked again once by itself (p1.r1: 1 new type error)
              start 15 check of 2 edits
              watch a.txt
              marks a.txt@1: p1 works in line 1, p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 checking
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 arriving 1:1-2:1 "one\n" -> "One\n"
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n"
            > check
              start 16 look up checks for /c:/w/a.txt
            > finds lint
              start 17 lint of 2 edits
              start 18 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 checking
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 arriving 1:1-2:1 "one\n" -> "One\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found
              stop 18
              p1 ends: 2 hunks to review
              stop 4
              marks a.txt@1: p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 pending
                ✓ lint (0.0 s)
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 pending 1:1-2:1 "one\n" -> "One\n" [checks pass]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
            > revision p1 1
              answer p1
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 2 pending
                ⚠ lint: 1 new type error (0.0 s)
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" (bad type) [1 new type error, 1 of these]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
            > revision p1 2
              answer p1
              marks a.txt@1: p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 pending
                ✓ lint (0.0 s)
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 pending 1:1-2:1 "one\n" -> "One\n" [checks pass]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
        "#]],
    );
}

#[test]
fn what_cannot_be_repaired_is_offered_with_what_was_tried() {
    check(
        r###"
            finds lint
            found "bad type" 1 "bad test" -
            says "```\nOne\ntwo\nthree\nFOUR\n```\n"
            stops complete
            check
            finds lint
            found "bad type" 1
            says "```\nONe\ntwo\nthree\nFOUR\n```\n"
            stops complete
            check
            finds lint
            found "bad type" 1 "bad again" 2
        "###,
        expect![[r#"
            > finds lint
              start 9 lint of 2 edits
              start 10 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found "bad type" 1 "bad test" -
              stop 10
              start 11 question of 3 messages
              p1 goes on: asking again (1 of 2): 2 new type errors
              start 12 receipt p1.r2 under way
              watch none
              marks a.txt@1: p1 works in line 1
              p1.r2 of 2 streaming
                the model was asked again once by itself (p1.r1: 2 new type errors)
            > says "```\nOne\ntwo\nthree\nFOUR\n```\n"
            > stops complete
              start 13 receipt p1.r2 complete
              start 14 settling of 1 blocks
              p1.r2 of 2 streaming
                the model was asked again once by itself (p1.r1: 2 new type errors)
              start 15 check of 2 edits
              watch a.txt
              marks a.txt@1: p1 works in line 1, p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 checking
                the model was asked again once by itself (p1.r1: 2 new type errors)
                h1 arriving 1:1-2:1 "one\n" -> "One\n"
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n"
            > check
              start 16 look up checks for /c:/w/a.txt
            > finds lint
              start 17 lint of 2 edits
              start 18 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 checking
                the model was asked again once by itself (p1.r1: 2 new type errors)
                h1 arriving 1:1-2:1 "one\n" -> "One\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found "bad type" 1
              stop 18
              start 19 question of 5 messages
              p1 goes on: asking again (2 of 2): 1 new type error
              start 20 receipt p1.r3 under way
              watch none
              marks a.txt@1: p1 works in line 1
              p1.r3 of 3 streaming
                the model was asked again 2 times by itself (p1.r1: 2 new type errors; p1.r2: 1 new type error)
            > says "```\nONe\ntwo\nthree\nFOUR\n```\n"
            > stops complete
              start 21 receipt p1.r3 complete
              start 22 settling of 1 blocks
              p1.r3 of 3 streaming
                the model was asked again 2 times by itself (p1.r1: 2 new type errors; p1.r2: 1 new type error)
              start 23 check of 2 edits
              watch a.txt
              marks a.txt@1: p1 works in line 1, p1.r3.h1 1/2 changes 1 line, p1.r3.h2 2/2 changes 1 line
              p1.r3 of 3 checking
                the model was asked again 2 times by itself (p1.r1: 2 new type errors; p1.r2: 1 new type error)
                h1 arriving 1:1-2:1 "one\n" -> "ONe\n"
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n"
            > check
              start 24 look up checks for /c:/w/a.txt
            > finds lint
              start 25 lint of 2 edits
              start 26 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r3.h1 1/2 changes 1 line, p1.r3.h2 2/2 changes 1 line
              p1.r3 of 3 checking
                the model was asked again 2 times by itself (p1.r1: 2 new type errors; p1.r2: 1 new type error)
                h1 arriving 1:1-2:1 "one\n" -> "ONe\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found "bad type" 1 "bad again" 2
              stop 26
              p1 ends: 2 hunks to review
              stop 4
              marks a.txt@1: p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 3 pending
                ⚠ lint: 1 new type error (0.0 s)
                the model was asked again 2 times by itself (p1.r1: 2 new type errors; p1.r2: 1 new type error)
                h1 pending 1:1-2:1 "one\n" -> "One\n" (bad type) [1 new type error, 1 of these]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
        "#]],
    );
}

#[test]
fn a_repair_that_fails_leaves_the_revision_before() {
    check(
        "finds lint\nfound \"bad type\" 1\nstops dead",
        expect![[r#"
            > finds lint
              start 9 lint of 2 edits
              start 10 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found "bad type" 1
              stop 10
              start 11 question of 3 messages
              p1 goes on: asking again (1 of 2): 1 new type error
              start 12 receipt p1.r2 under way
              watch none
              marks a.txt@1: p1 works in line 1
              p1.r2 of 2 streaming
                the model was asked again once by itself (p1.r1: 1 new type error)
            > stops dead
              start 13 receipt p1.r2 cut
              p1 ends: the answer was cut off (the line went dead), so nothing of it is offered. Your text is unchanged. Ask again
              tell error: the answer was cut off (the line went dead), so nothing of it is offered. Your text is unchanged. Ask again
              stop 4
              watch a.txt
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                ⚠ lint: 1 new type error (0.0 s)
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" (bad type) [1 new type error, 1 of these]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
        "#]],
    );
}

#[test]
fn hunks_are_offered_when_they_have_waited_long_enough_and_findings_come_later() {
    check(
        "finds lint\nwait\nfound \"bad type\" 2",
        expect![[r#"
            > finds lint
              start 9 lint of 2 edits
              start 10 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > wait
              p1 ends: 2 hunks to review
              stop 4
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found "bad type" 2
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                ⚠ lint: 1 new type error (0.0 s)
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" (bad type) [1 new type error, 1 of these]
        "#]],
    );
}

#[test]
fn cancel_ends_the_checks_and_offers_the_hunks() {
    check(
        "finds lint\ncancel p1",
        expect![[r#"
            > finds lint
              start 9 lint of 2 edits
              start 10 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > cancel p1
              stop 9
              stop 10
              p1 ends: 2 hunks to review
              answer p1
              stop 4
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                cancelled
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks not run]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks not run]
        "#]],
    );
}

#[test]
fn what_is_left_is_checked_again_when_something_was_decided() {
    check(
        r###"
            finds lint
            found "bad type" 2
            says "```\nONE\ntwo\nthree\nFOUR\n```\n"
            stops complete
            check
            finds lint
            found
            accept p1.r2.h1
            applies
            check
            wait
            finds lint
            found "worse" 1
            reject p1.r2.h2
        "###,
        expect![[r#"
            > finds lint
              start 9 lint of 2 edits
              start 10 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found "bad type" 2
              stop 10
              start 11 question of 3 messages
              p1 goes on: asking again (1 of 2): 1 new type error
              start 12 receipt p1.r2 under way
              watch none
              marks a.txt@1: p1 works in line 1
              p1.r2 of 2 streaming
                the model was asked again once by itself (p1.r1: 1 new type error)
            > says "```\nONE\ntwo\nthree\nFOUR\n```\n"
            > stops complete
              start 13 receipt p1.r2 complete
              start 14 settling of 1 blocks
              p1.r2 of 2 streaming
                the model was asked again once by itself (p1.r1: 1 new type error)
              start 15 check of 2 edits
              watch a.txt
              marks a.txt@1: p1 works in line 1, p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 checking
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n"
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n"
            > check
              start 16 look up checks for /c:/w/a.txt
            > finds lint
              start 17 lint of 2 edits
              start 18 wait 60000 ms
              p1 goes on: checking with 1 of the project's commands, for 60 s at most
              marks a.txt@1: p1 works in line 1, p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 checking
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found
              stop 18
              p1 ends: 2 hunks to review
              stop 4
              marks a.txt@1: p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 pending
                ✓ lint (0.0 s)
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
            > accept p1.r2.h1
              apply #1 "Hunkwise: accept hunk": a.txt@1 1:1-2:1 "ONE\n"
              answer p1
            > applies
              start 19 wait 700 ms
              marks a.txt@2: p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 pending
                ✓ lint (0.0 s)
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
            > check
            > wait
              start 20 look up checks for /c:/w/a.txt
            > finds lint
              start 21 lint of 1 edits
              marks a.txt@2: p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 pending
                ✓ lint (0.0 s)
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found "worse" 1
              marks a.txt@2: p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 pending
                ⚠ lint: 1 new type error (0.0 s)
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" (worse) [1 new type error, 1 of these]
            > reject p1.r2.h2
              answer p1
              watch none
              marks a.txt@2: p1 decided +1 -1
              p1.r2 of 2 decided
                ⚠ lint: 1 new type error (0.0 s)
                the model was asked again once by itself (p1.r1: 1 new type error)
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
                h2 rejected 4:1-5:1 "four\n" -> "FOUR\n" (worse) [1 new type error, 1 of these]
        "#]],
    );
}

#[test]
fn a_checkout_is_asked_about_once_and_then_checked() {
    check(
        r###"
            finds untrusted
            chooses 0
            kept
            finds lint
            found
            verify p1
            finds lint
            found "odd" 1
        "###,
        expect![[r#"
            > finds untrusted
              choose #1 "Checking what is proposed runs code of /w, on a copy: make check. Do you trust this checkout, now and later?": Trust and check | Do not trust
              p1 ends: 2 hunks to review
              stop 4
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > chooses 0
              start 9 trust in /c:/w: Trusted(["make check"])
            > kept
              start 10 look up checks for /c:/w/a.txt
            > finds lint
              start 11 lint of 2 edits
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                ✓ lint (0.0 s)
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
            > verify p1
              start 12 look up checks for /c:/w/a.txt
              answer p1
            > finds lint
              start 13 lint of 2 edits
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                ✓ lint (0.0 s)
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks run]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
            > found "odd" 1
              tell info: p1: ⚠ lint: 1 new type error (0.0 s)
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                ⚠ lint: 1 new type error (0.0 s)
                h1 pending 1:1-2:1 "one\n" -> "ONE\n" (odd) [1 new type error, 1 of these]
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
        "#]],
    );
}

#[test]
fn a_checkout_that_is_not_trusted_is_left_alone_until_the_user_wants_it() {
    check(
        "finds untrusted\nchooses 1\nkept\ntrust p1\nfinds untrusted",
        expect![[r#"
            > finds untrusted
              choose #1 "Checking what is proposed runs code of /w, on a copy: make check. Do you trust this checkout, now and later?": Trust and check | Do not trust
              p1 ends: 2 hunks to review
              stop 4
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > chooses 1
              start 9 trust in /c:/w: NotTrusted
            > kept
              tell info: the project's own checks do not run in /c:/w; the command `hunkwise.trust` asks again
            > trust p1
              start 10 look up checks for /c:/w/a.txt
              done
            > finds untrusted
              choose #2 "Checking what is proposed runs code of /w, on a copy: make check. Do you trust this checkout, now and later?": Trust and check | Do not trust
        "#]],
    );
}

#[test]
fn a_command_that_changed_is_asked_about_and_the_others_run() {
    check(
        "finds changed\nchooses 0\nkept\nfound\nwait\nfinds lint make\nfound",
        expect![[r#"
        > finds changed
          choose #1 "The settings of /c:/w name commands that are new or have changed; they would run on a copy: make check. May they run, now and later?": Run them | Do not run them
          start 9 lint of 2 edits
          start 10 wait 60000 ms
          p1 goes on: checking with 1 of the project's commands, for 60 s at most
          marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
          p1.r1 of 1 checking
            h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
            h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
        > chooses 0
          start 11 trust in /c:/w: Commands(["make check"], true)
        > kept
        > found
          stop 10
          p1 ends: 2 hunks to review
          start 12 wait 700 ms
          stop 4
          marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
          p1.r1 of 1 pending
            ✓ lint (0.0 s)
            not run: make check: it has changed
            h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks pass, 1 not run]
            h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass, 1 not run]
        > wait
          start 13 look up checks for /c:/w/a.txt
        > finds lint make
          start 14 lint, make of 2 edits
          marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
          p1.r1 of 1 pending
            ✓ lint (0.0 s)
            not run: make check: it has changed
            h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks run]
            h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
        > found
          marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
          p1.r1 of 1 pending
            ✓ lint (0.0 s)
            h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
            h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
    "#]],
    );
}

#[test]
fn a_command_that_may_not_run_is_not_asked_about_again() {
    check(
        "finds changed\nchooses 1\nkept\nfound\nverify p1\nfinds lint\nfound",
        expect![[r#"
        > finds changed
          choose #1 "The settings of /c:/w name commands that are new or have changed; they would run on a copy: make check. May they run, now and later?": Run them | Do not run them
          start 9 lint of 2 edits
          start 10 wait 60000 ms
          p1 goes on: checking with 1 of the project's commands, for 60 s at most
          marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
          p1.r1 of 1 checking
            h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
            h2 arriving 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
        > chooses 1
          start 11 trust in /c:/w: Commands(["make check"], false)
        > kept
          tell info: these commands do not run in /c:/w; the command `hunkwise.trust` asks again
        > found
          stop 10
          p1 ends: 2 hunks to review
          stop 4
          marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
          p1.r1 of 1 pending
            ✓ lint (0.0 s)
            not run: make check: it has changed
            h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks pass, 1 not run]
            h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass, 1 not run]
        > verify p1
          start 12 look up checks for /c:/w/a.txt
          answer p1
        > finds lint
          start 13 lint of 2 edits
          marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
          p1.r1 of 1 pending
            ✓ lint (0.0 s)
            not run: make check: it has changed
            h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks run]
            h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks run]
        > found
          tell info: p1: ✓ lint (0.0 s)
          marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
          p1.r1 of 1 pending
            ✓ lint (0.0 s)
            h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
            h2 pending 4:1-5:1 "four\n" -> "FOUR\n" [checks pass]
    "#]],
    );
}

#[test]
fn an_answer_that_does_not_parse_is_a_revision_of_its_own() {
    let files = "//- a.py\ndef f():\n    return 1\n";
    let script = r###"
        open a.py
        parse
        ask a.py "return" "two"
        gather
        says "```python\ndef f():\n    return (2\n```\n"
        stops complete
        check
        asked line
        says "```python\ndef f():\n    return 2\n```\n"
        stops complete
        check
        revision p1 1
    "###;
    let expect: Expect = expect![[r#"
        > open a.py
          start 1 parse a.py
        > parse
        > ask a.py "return" "two"
          p1 begins: two
          start 2 gather for a.py 0..22
          answer p1
          marks a.py@1: p1 works in line 1
          p1.r0 of 0 preparing
        > gather
          start 3 question of 1 messages
          p1 goes on: waiting for the model
          start 4 receipt p1.r1 under way
          p1.r1 of 1 streaming
        > says "```python\ndef f():\n    return (2\n```\n"
        > stops complete
          start 5 receipt p1.r1 complete
          start 6 settling of 1 blocks
          p1.r1 of 1 streaming
          start 7 check of 1 edits
          marks a.py@1: p1 works in line 1, p1.r1.h1 1/1 changes 1 line in `f`
          p1.r1 of 1 checking
            h1 arriving 2:1-3:1 "    return 1\n" -> "    return (2\n"
        > check
          start 8 question of 3 messages
          p1 goes on: asking again (1 of 2): 1 new syntax error
          start 9 receipt p1.r2 under way
          marks a.py@1: p1 works in line 1
          p1.r2 of 2 streaming
            the model was asked again once by itself (p1.r1: 1 new syntax error)
        > asked line
          - the file would not parse any more: line 2, `return (2`: unexpected `return (2`
          Answer with the complete new text of the scope in one code fence of 3 backticks, from its first line to its last.
          - Copy every line that stays exactly as it is, with its indentation. Never shorten with "..." or a comment such as "rest unchanged".
          - Nothing from outside the scope, no line numbers, no second code fence. A sentence before or after the fence is allowed.
        > says "```python\ndef f():\n    return 2\n```\n"
        > stops complete
          start 10 receipt p1.r2 complete
          start 11 settling of 1 blocks
          p1.r2 of 2 streaming
            the model was asked again once by itself (p1.r1: 1 new syntax error)
          start 12 check of 1 edits
          marks a.py@1: p1 works in line 1, p1.r2.h1 1/1 changes 1 line in `f`
          p1.r2 of 2 checking
            the model was asked again once by itself (p1.r1: 1 new syntax error)
            h1 arriving 2:1-3:1 "    return 1\n" -> "    return 2\n"
        > check
          p1 ends: 1 hunks to review
          marks a.py@1: p1.r2.h1 1/1 changes 1 line in `f`
          p1.r2 of 2 pending
            the model was asked again once by itself (p1.r1: 1 new syntax error)
            h1 pending 2:1-3:1 "    return 1\n" -> "    return 2\n"
        > revision p1 1
          answer p1
          start 13 recheck of 1 edits
          marks a.py@1: p1.r1.h1 1/1 changes 1 line in `f`
          p1.r1 of 2 pending
            the model was asked again once by itself (p1.r1: 1 new syntax error)
            h1 pending 2:1-3:1 "    return 1\n" -> "    return (2\n" (new syntax error on line 2: unexpected `return (2`) (leaves `f` without a body)
    "#]];
    expect.assert_eq(&script::Script::new(files).run(script));
}
