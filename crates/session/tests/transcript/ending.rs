//! What can come of a request instead of hunks: prose, nothing, a failure, or an end by the user.

use expect_test::expect;

use super::{FILES, check};

#[test]
fn a_question_is_answered_in_prose() {
    check(
        "//- a.py\n# ai? why\nx = 1\n",
        r###"
            open a.py
            parse
            run a.py "why"
            gather
            says "Because "
            says "one."
            stops complete
            written
            open p1.md
            shows p1.md
        "###,
        expect![[r#"
            > open a.py
              start 1 parse a.py
            > parse
              marks a.py@1: directive in line 1
            > run a.py "why"
              p1 begins: why
              start 2 gather for a.py 0..16
              answer p1
              marks a.py@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 3 question of 1 messages
              p1 goes on: waiting for the model
              start 4 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > says "Because "
              p1.r1 of 1 streaming, prose "Because"
            > says "one."
              p1.r1 of 1 streaming, prose "Because one."
            > stops complete
              start 5 receipt p1.r1 complete
              p1 ends: answered
              start 6 write p1.md
              marks a.py@1: directive in line 1
              p1.r0 of 0 answered, prose "Because one."
            > written
              show p1.md 1:1
            > open p1.md
              start 7 parse p1.md
            > shows p1.md
              |# p1 · revision 0 of 0
              |
              |1. why
              |
              |Scope: block in untitled:a.py
              |Model: m-1 at model.test · 5 tokens in, 7 out
              |
              |Because one.
              |
              |## Follow-up
              |
              |
        "#]],
    );
}

#[test]
fn what_cannot_be_placed_is_asked_for_again_twice() {
    check(
        FILES,
        r###"
            open a.txt
            ask a.txt "two" "shout"
            gather
            says "```\nONE\n"
            stops complete
            says "<<<<<<< SEARCH\nnowhere\n=======\nx\n>>>>>>> REPLACE\n"
            stops complete
            says "nothing I can do"
            stops complete
            actions a.txt "two"
            again p1
            rewrites "one\nTWO\nthree\nfour\n"
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
            > says "```\nONE\n"
            > stops complete
              start 4 receipt p1.r1 complete
              start 5 settling of 0 blocks
              p1.r1 of 1 streaming
              start 6 question of 3 messages
              p1 goes on: asking again (1 of 2): for what could not be placed
              start 7 receipt p1.r1 under way
            > says "<<<<<<< SEARCH\nnowhere\n=======\nx\n>>>>>>> REPLACE\n"
            > stops complete
              start 8 receipt p1.r1 complete
              start 9 settling of 1 blocks
              p1.r1 of 1 streaming
              start 10 question of 5 messages
              p1 goes on: asking again (2 of 2): for what could not be placed
              start 11 receipt p1.r1 under way
            > says "nothing I can do"
            > stops complete
              start 12 receipt p1.r1 complete
              start 13 settling of 1 blocks
              p1.r1 of 1 streaming, prose "nothing I can do"
              tell warning: 1 of the changes could not be placed and are left out: the answer holds no code fence and no search/replace block. Refine the proposal or ask again
              p1 ends: the answer could not be placed: the answer holds no code fence and no search/replace block. Your text is unchanged
              tell error: the answer could not be placed: the answer holds no code fence and no search/replace block. Your text is unchanged; word the request differently or choose a smaller scope
              marks a.txt@1: p1 failed
              p1.r0 of 0 failed, prose "nothing I can do"
            > actions a.txt "two"
              ask
            > again p1
              p1 begins: shout
              start 14 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing, prose "nothing I can do"
            > rewrites "one\nTWO\nthree\nfour\n"
              p1 ends: 1 hunks to review
              marks a.txt@1: p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "two\n" -> "TWO\n"
        "#]],
    );
}

#[test]
fn an_answer_that_breaks_off_is_withdrawn() {
    check(
        FILES,
        r###"
            open a.txt
            ask a.txt "two" "shout"
            gather
            says "```\nONE\ntwo\nthree\nfour\n```\n"
            stops dead
            again p1
            gather
            says "```\nONE\n"
            stops too-long
            again p1
            gather
            stops refused
            dismiss p1
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
            > says "```\nONE\ntwo\nthree\nfour\n```\n"
            > stops dead
              start 4 receipt p1.r1 cut
              p1 ends: the answer was cut off (the line went dead), so nothing of it is offered. Your text is unchanged. Ask again
              tell error: the answer was cut off (the line went dead), so nothing of it is offered. Your text is unchanged. Ask again
              marks a.txt@1: p1 failed
              p1.r0 of 0 failed
            > again p1
              p1 begins: shout
              start 5 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 6 question of 1 messages
              p1 goes on: waiting for the model
              start 7 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > says "```\nONE\n"
            > stops too-long
              start 8 receipt p1.r1 cut
              p1 ends: the answer hit the limit of output tokens and was cut off. Ask for less at once, or raise `provider.max_output_tokens`. Your text is unchanged
              tell error: the answer hit the limit of output tokens and was cut off. Ask for less at once, or raise `provider.max_output_tokens`. Your text is unchanged
              marks a.txt@1: p1 failed
              p1.r0 of 0 failed
            > again p1
              p1 begins: shout
              start 9 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 10 question of 1 messages
              p1 goes on: waiting for the model
              start 11 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > stops refused
              start 12 receipt p1.r1 refused
              p1 ends: the model refused: not that. Word the request differently. Your text is unchanged
              tell error: the model refused: not that. Word the request differently. Your text is unchanged
              marks a.txt@1: p1 failed
              p1.r0 of 0 failed
            > dismiss p1
              done
              marks a.txt@1: none
              p1.r0 of 0 dismissed
        "#]],
    );
}

#[test]
fn the_model_sees_nothing_to_change() {
    check(
        FILES,
        r###"
            open a.txt
            ask a.txt "two" "shout"
            gather
            says "NO CHANGE: it is loud enough.\n"
            stops complete
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
            > says "NO CHANGE: it is loud enough.\n"
            > stops complete
              start 4 receipt p1.r1 complete
              start 5 settling of 0 blocks
              p1.r1 of 1 streaming, prose "NO CHANGE: it is loud enough."
              p1 ends: the model proposed no change: NO CHANGE: it is loud enough.. Your text is unchanged
              tell info: the model proposed no change: NO CHANGE: it is loud enough.. Your text is unchanged
              marks a.txt@1: p1 failed
              p1.r0 of 0 failed, prose "NO CHANGE: it is loud enough."
        "#]],
    );
}

#[test]
fn work_is_cancelled_at_any_time() {
    check(
        FILES,
        r###"
            open a.txt
            ask a.txt "two" "shout"
            cancel p1
            ask a.txt "two" "shout"
            gather
            says "```\nONE\ntwo\nthree\nfour\n```\n"
            cancel p2
            cancel p2
            ask a.txt "two" "shout"
            gather
            says "```\nONE\ntwo\nthree\nfour\n```\n"
            stops complete
            cancel p3
        "###,
        expect![[r#"
            > open a.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > cancel p1
              stop 1
              p1 ends: cancelled
              answer p1
              marks a.txt@1: none
              p1.r0 of 0 cancelled
            > ask a.txt "two" "shout"
              p2 begins: shout
              start 2 gather for a.txt 0..19
              answer p2
              marks a.txt@1: p2 works in line 1
              p2.r0 of 0 preparing
            > gather
              start 3 question of 1 messages
              p2 goes on: waiting for the model
              start 4 receipt p2.r1 under way
              p2.r1 of 1 streaming
            > says "```\nONE\ntwo\nthree\nfour\n```\n"
            > cancel p2
              start 5 receipt p2.r1 cancelled
              stop 3
              p2 ends: cancelled
              answer p2
              marks a.txt@1: none
              p2.r0 of 0 cancelled
            > cancel p2
              refused: info: p2 is not working; nothing to cancel
            > ask a.txt "two" "shout"
              p3 begins: shout
              start 6 gather for a.txt 0..19
              answer p3
              marks a.txt@1: p3 works in line 1
              p3.r0 of 0 preparing
            > gather
              start 7 question of 1 messages
              p3 goes on: waiting for the model
              start 8 receipt p3.r1 under way
              p3.r1 of 1 streaming
            > says "```\nONE\ntwo\nthree\nfour\n```\n"
            > stops complete
              start 9 receipt p3.r1 complete
              start 10 settling of 1 blocks
              p3.r1 of 1 streaming
              start 11 check of 1 edits
              marks a.txt@1: p3 works in line 1, p3.r1.h1 1/1 changes 1 line
              p3.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n"
            > cancel p3
              stop 11
              p3 ends: cancelled
              answer p3
              marks a.txt@1: none
              p3.r0 of 0 cancelled
        "#]],
    );
}

#[test]
fn without_a_model_nothing_is_asked() {
    check(
        FILES,
        r###"
            provider none
            open a.txt
            ask a.txt "two" "shout"
            actions a.txt "two"
        "###,
        expect![[r#"
            > provider none
            > open a.txt
            > ask a.txt "two" "shout"
              refused: error: no model is set up: nothing was configured yet. Your text is unchanged. Run `hunkwise init`
            > actions a.txt "two"
              no provider: no model is set up: nothing was configured yet. Your text is unchanged. Run `hunkwise init`
        "#]],
    );
}
