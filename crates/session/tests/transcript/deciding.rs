//! Rejecting, typing under hunks, and several proposals at once.

use expect_test::expect;

use super::{FILES, check, check_pending};

#[test]
fn hunks_are_rejected_with_a_reason_and_the_proposal_is_decided() {
    check_pending(
        r###"
            reject p1.r1.h1 "too loud"
            reject p1.r1.h1
            reject p1
            actions a.txt "one"
            dismiss p1
        "###,
        expect![[r#"
            > reject p1.r1.h1 "too loud"
              answer p1
              marks a.txt@1: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 rejected because "too loud" 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > reject p1.r1.h1
              refused: warning: p1.r1.h1 is not pending any more; nothing was changed. Look at the current hunks and try again
            > reject p1
              answer p1
              marks a.txt@1: p1 decided +0 -2
              p1.r1 of 1 decided
                h1 rejected because "too loud" 1:1-2:1 "one\n" -> "ONE\n"
                h2 rejected 4:1-5:1 "four\n" -> "FOUR\n"
            > actions a.txt "one"
              follow up p1
              review p1
              dismiss p1
              ask
            > dismiss p1
              done
              marks a.txt@1: none
              p1.r1 of 1 dismissed
        "#]],
    );
}

#[test]
fn typing_moves_hunks_or_makes_them_stale_until_it_is_undone() {
    check_pending(
        r###"
            type a.txt "two" "two\ntwo and a half"
            type a.txt "four" "fo ur"
            actions a.txt "fo ur"
            lenses a.txt
            accept p1.r1.h2
            undone a.txt
            again p1.r1.h2
        "###,
        expect![[r#"
            > type a.txt "two" "two\ntwo and a half"
              marks a.txt@2: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
            > type a.txt "four" "fo ur"
              marks a.txt@3: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 stale
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 stale 5:1-6:1 "four\n" -> "FOUR\n"
            > actions a.txt "fo ur"
              ask again p1.r1.h2
              reject p1.r1.h2
            > lenses a.txt
              1 accept p1.r1.h1
              1 reject p1.r1.h1
              1 refine p1.r1.h1
              1 review p1
              5 ask again p1.r1.h2
              5 reject p1.r1.h2
            > accept p1.r1.h2
              refused: warning: p1.r1.h2 is not pending any more; nothing was changed. Look at the current hunks and try again
            > undone a.txt
              marks a.txt@4: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
            > again p1.r1.h2
              p1 begins: shout
              start 7 gather for a.txt 0..34
              answer p1
              marks a.txt@4: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 preparing
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
        "#]],
    );
}

#[test]
fn typing_while_an_answer_streams_leaves_that_part_out() {
    check(
        FILES,
        r###"
            open a.txt
            ask a.txt "two" "shout"
            gather
            type a.txt "four" "4"
            says "```\nONE\ntwo\nthree\nFOUR\n```\n"
            stops complete
            check
        "###,
        expect![[r#"
            > open a.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 2 question of 1 messages
              p1 goes on: waiting for the model
              start 3 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > type a.txt "four" "4"
              p1.r1 of 1 streaming
            > says "```\nONE\ntwo\nthree\nFOUR\n```\n"
            > stops complete
              start 4 receipt p1.r1 complete
              start 5 settling of 1 blocks
              p1.r1 of 1 streaming
              tell warning: 1 change touches text that you edited meanwhile and is left out. Ask there again to change the text as it is now
              start 6 check of 1 edits
              marks a.txt@2: p1 works in line 1, p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n"
            > check
              p1 ends: 1 hunks to review
              marks a.txt@2: p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
        "#]],
    );
}

#[test]
fn a_newer_proposal_covers_an_older_one() {
    check_pending(
        r###"
            ask a.txt "one" "whisper"
            rewrites "1\ntwo\nthree\nfour\n"
            accept p1.r1.h1
            reject p2
            accept p1.r1.h1
            next p1.r1.h1
            next p1.r1.h2
            previous p1.r1.h2
            more p1
            chooses 1
        "###,
        expect![[r#"
            > ask a.txt "one" "whisper"
              p2 begins: whisper
              start 7 gather for a.txt 0..19
              answer p2
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p2 works in line 1, p1.r1.h2 2/2 changes 1 line
              p2.r0 of 0 preparing
            > rewrites "1\ntwo\nthree\nfour\n"
              p2 ends: 1 hunks to review
              marks a.txt@1: p1.r1.h1 stale, p2.r1.h1 1/1 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p2.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "1\n"
            > accept p1.r1.h1
              refused: warning: p1.r1.h1 is not pending any more; nothing was changed. Look at the current hunks and try again
            > reject p2
              answer p2
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p2 decided +0 -1, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
              p2.r1 of 1 decided
                h1 rejected 1:1-2:1 "one\n" -> "1\n"
            > accept p1.r1.h1
              apply #1 "Hunkwise: accept hunk": a.txt@1 1:1-2:1 "ONE\n"
              answer p1
            > next p1.r1.h1
              show a.txt 4:1
              answer p1
            > next p1.r1.h2
              show a.txt 1:1
              answer p1
            > previous p1.r1.h2
              show a.txt 1:1
              answer p1
            > more p1
              choose #2 "Proposal p1": Follow up on the whole proposal | Reject all of this proposal
              done
            > chooses 1
              marks a.txt@1: p1 decided +0 -2, p2 decided +0 -1
              p1.r1 of 1 decided
                h1 rejected 1:1-2:1 "one\n" -> "ONE\n"
                h2 rejected 4:1-5:1 "four\n" -> "FOUR\n"
        "#]],
    );
}
