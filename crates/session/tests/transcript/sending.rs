//! What is sent: what the model takes, what the user lets it come to, and what is only looked at.

use expect_test::expect;

use super::{FILES, check};

#[test]
fn a_scope_that_the_model_does_not_take_is_not_sent() {
    check(
        FILES,
        r#"
            takes 300
            open a.txt
            ask a.txt "two" "shout"
        "#,
        expect![[r#"
            > takes 300
            > open a.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              p1 ends: the scope is about 8 tokens, the whole request at least 428, and m-1 takes 200 beside an answer of 100 (context 300): choose a smaller scope or a model that takes more
              tell error: the scope is about 8 tokens, the whole request at least 428, and m-1 takes 200 beside an answer of 100 (context 300): choose a smaller scope or a model that takes more; nothing was sent
              answer p1
              marks a.txt@1: p1 failed
              p1.r0 of 0 failed
        "#]],
    );
}

#[test]
fn a_request_waits_for_a_server_where_nothing_else_is_known() {
    check(
        FILES,
        r#"
            takes nobody-knows
            open a.txt
            ask a.txt "two" "shout"
            limits 50000
            gather
        "#,
        expect![[r#"
            > takes nobody-knows
            > open a.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 question of limits
              start 2 wait 1000 ms
              answer p1
              marks a.txt@1: p1 works in line 2
              p1.r0 of 0 preparing
            > limits 50000
              stop 2
              start 3 gather for a.txt 0..19
              marks a.txt@1: p1 works in line 1
            > gather
              start 4 question of 1 messages
              p1 goes on: waiting for the model
              start 5 receipt p1.r1 under way
              p1.r1 of 1 streaming
        "#]],
    );
}

#[test]
fn a_silent_server_is_not_waited_for_long_and_the_guess_is_told_once() {
    check(
        FILES,
        r#"
            takes nobody-knows
            open a.txt
            ask a.txt "two" "shout"
            wait
            limits none
            gather
            cancel p1
            ask a.txt "two" "whisper"
        "#,
        expect![[r#"
            > takes nobody-knows
            > open a.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 question of limits
              start 2 wait 1000 ms
              answer p1
              marks a.txt@1: p1 works in line 2
              p1.r0 of 0 preparing
            > wait
              tell info: nothing is known of the context of `m-1`; 8192 tokens are assumed. Set `provider.context_tokens` to what it takes
              start 3 gather for a.txt 0..19
              marks a.txt@1: p1 works in line 1
            > limits none
            > gather
              start 4 question of 1 messages
              p1 goes on: waiting for the model
              start 5 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > cancel p1
              start 6 receipt p1.r1 cancelled
              stop 4
              p1 ends: cancelled
              answer p1
              marks a.txt@1: none
              p1.r0 of 0 cancelled
            > ask a.txt "two" "whisper"
              p2 begins: whisper
              start 7 gather for a.txt 0..19
              answer p2
              marks a.txt@1: p2 works in line 1
              p2.r0 of 0 preparing
        "#]],
    );
}

#[test]
fn a_request_over_the_limit_is_sent_only_when_the_user_says_so() {
    check(
        FILES,
        r#"
            limit tokens 20
            open a.txt
            ask a.txt "two" "shout"
            gather
            chooses 0
            gather
            cancel p1
            ask a.txt "two" "whisper"
            gather
            chooses none
        "#,
        expect![[r#"
            > limit tokens 20
            > open a.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              p1 goes on: waiting for you: may this be sent?
              choose #1 "this request has about 428 tokens, and `limits.request_tokens` is 20. Send it?": Send | Do not send
            > chooses 0
              start 2 gather for a.txt 0..19
            > gather
              start 3 question of 1 messages
              p1 goes on: waiting for the model
              start 4 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > cancel p1
              start 5 receipt p1.r1 cancelled
              stop 3
              p1 ends: cancelled
              answer p1
              marks a.txt@1: none
              p1.r0 of 0 cancelled
            > ask a.txt "two" "whisper"
              p2 begins: whisper
              start 6 gather for a.txt 0..19
              answer p2
              marks a.txt@1: p2 works in line 1
              p2.r0 of 0 preparing
            > gather
              p2 goes on: waiting for you: may this be sent?
              choose #2 "this request has about 428 tokens, and `limits.request_tokens` is 20. Send it?": Send | Do not send
            > chooses none
              p2 ends: nothing was sent: this request has about 428 tokens, and `limits.request_tokens` is 20. Your text and what was proposed before are as they were
              tell warning: nothing was sent: this request has about 428 tokens, and `limits.request_tokens` is 20. Your text and what was proposed before are as they were; ask again for a smaller scope, or change the limit in your settings file
              marks a.txt@1: p2 failed
              p2.r0 of 0 failed
        "#]],
    );
}

#[test]
fn what_a_day_may_cost_is_asked_about() {
    check(
        FILES,
        r#"
            limit cost 100
            open a.txt
            ask a.txt "two" "shout"
            today 1
            gather
            cancel p1
            ask a.txt "two" "whisper"
            today 99
            gather
            chooses 1
        "#,
        expect![[r#"
            > limit cost 100
            > open a.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 question of today
              answer p1
              marks a.txt@1: p1 works in line 2
              p1.r0 of 0 preparing
            > today 1
              start 2 gather for a.txt 0..19
              marks a.txt@1: p1 works in line 1
            > gather
              start 3 question of 1 messages
              p1 goes on: waiting for the model
              start 4 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > cancel p1
              start 5 receipt p1.r1 cancelled
              stop 3
              p1 ends: cancelled
              answer p1
              marks a.txt@1: none
              p1.r0 of 0 cancelled
            > ask a.txt "two" "whisper"
              p2 begins: whisper
              start 6 question of today
              answer p2
              marks a.txt@1: p2 works in line 2
              p2.r0 of 0 preparing
            > today 99
              start 7 gather for a.txt 0..19
              marks a.txt@1: p2 works in line 1
            > gather
              p2 goes on: waiting for you: may this be sent?
              choose #1 "this request costs about $4.36, today's came to $99.00, and `limits.daily_cost` is $100. Send it?": Send | Do not send
            > chooses 1
              p2 ends: nothing was sent: this request costs about $4.36, today's came to $99.00, and `limits.daily_cost` is $100. Your text and what was proposed before are as they were
              tell warning: nothing was sent: this request costs about $4.36, today's came to $99.00, and `limits.daily_cost` is $100. Your text and what was proposed before are as they were; ask again for a smaller scope, or change the limit in your settings file
              marks a.txt@1: p2 failed
              p2.r0 of 0 failed
        "#]],
    );
}

#[test]
fn a_question_about_a_request_that_was_cancelled_has_no_answer() {
    check(
        FILES,
        r#"
            limit tokens 20
            open a.txt
            ask a.txt "two" "shout"
            gather
            cancel p1
            chooses 0
        "#,
        expect![[r#"
            > limit tokens 20
            > open a.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              p1 goes on: waiting for you: may this be sent?
              choose #1 "this request has about 428 tokens, and `limits.request_tokens` is 20. Send it?": Send | Do not send
            > cancel p1
              p1 ends: cancelled
              answer p1
              marks a.txt@1: none
              p1.r0 of 0 cancelled
            > chooses 0
        "#]],
    );
}

#[test]
fn a_repair_asks_nobody_and_keeps_to_the_limit() {
    check(
        FILES,
        r#"
            limit tokens 430
            open a.txt
            ask a.txt "two" "shout"
            gather
            says "```\n...\n```\n"
            stops complete
        "#,
        expect![[r#"
            > limit tokens 430
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
            > says "```\n...\n```\n"
            > stops complete
              start 4 receipt p1.r1 complete
              start 5 settling of 1 blocks
              p1.r1 of 1 streaming
              tell warning: 1 of the changes could not be placed and are left out: `...` stands for code that was left out. Refine the proposal or ask again
              p1 ends: the answer could not be placed: `...` stands for code that was left out. Your text is unchanged
              tell error: the answer could not be placed: `...` stands for code that was left out. Your text is unchanged; word the request differently or choose a smaller scope
              marks a.txt@1: p1 failed
              p1.r0 of 0 failed
        "#]],
    );
}

#[test]
fn what_is_previewed_is_what_is_sent() {
    check(
        FILES,
        r#"
            open a.txt
            preview-at a.txt "two" "shout"
            gather
            ask a.txt "two" "shout"
            gather
            is-previewed
            says "```\nONE\ntwo\nthree\nFOUR\n```\n"
            stops complete
            check
            reject p1.r1.h2 "no"
            preview p1 "louder"
            gather
            refine p1 "louder"
            gather
            is-previewed
            preview p1
        "#,
        expect![[r#"
            > open a.txt
            > preview-at a.txt "two" "shout"
              start 1 gather for a.txt 0..19
              done
            > gather
              preview of "shout": untitled:a.txt 1-4 the scope
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 2 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 3 question of 1 messages
              p1 goes on: waiting for the model
              start 4 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > is-previewed
              it is
            > says "```\nONE\ntwo\nthree\nFOUR\n```\n"
            > stops complete
              start 5 receipt p1.r1 complete
              start 6 settling of 1 blocks
              p1.r1 of 1 streaming
              start 7 check of 2 edits
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n"
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n"
            > check
              p1 ends: 2 hunks to review
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > reject p1.r1.h2 "no"
              answer p1
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 rejected because "no" 4:1-5:1 "four\n" -> "FOUR\n"
            > preview p1 "louder"
              start 8 gather for a.txt 0..19
              done
            > gather
              preview of "louder": untitled:a.txt 1-4 the scope
            > refine p1 "louder"
              p1 begins: louder
              start 9 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line
              p1.r1 of 1 preparing
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 rejected because "no" 4:1-5:1 "four\n" -> "FOUR\n"
            > gather
              start 10 question of 1 messages
              p1 goes on: waiting for the model
              start 11 receipt p1.r2 under way
              marks a.txt@1: p1 works in line 1
              p1.r2 of 2 streaming
            > is-previewed
              it is
            > preview p1
              start 12 gather for a.txt 0..19
              done
        "#]],
    );
}

#[test]
fn a_directive_is_previewed_and_one_hunk_is() {
    check(
        "//- a.py\n# ai: shout\nx = 1\n\n\ny = 1\n",
        r#"
            open a.py
            parse
            preview-at a.py "ai:"
            gather
            run a.py "ai:"
            gather
            is-previewed
            says "```\nx = 2\n```\n"
            stops complete
            check
            preview p1.r1.h1 "three"
            gather
            refine p1.r1.h1 "three"
            gather
            is-previewed
        "#,
        expect![[r#"
            > open a.py
              start 1 parse a.py
            > parse
              marks a.py@1: directive in line 1
            > preview-at a.py "ai:"
              start 2 gather for a.py 0..18
              done
            > gather
              preview of "shout": untitled:a.py 1-2 the scope
            > run a.py "ai:"
              p1 begins: shout
              start 3 gather for a.py 0..18
              answer p1
              marks a.py@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 4 question of 1 messages
              p1 goes on: waiting for the model
              start 5 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > is-previewed
              it is
            > says "```\nx = 2\n```\n"
            > stops complete
              start 6 receipt p1.r1 complete
              start 7 settling of 1 blocks
              p1.r1 of 1 streaming
              start 8 check of 1 edits
              marks a.py@1: p1 works in line 1, p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 2:1-3:1 "x = 1\n" -> "x = 2\n"
            > check
              p1 ends: 1 hunks to review
              marks a.py@1: directive in line 1, p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "x = 1\n" -> "x = 2\n"
            > preview p1.r1.h1 "three"
              start 9 gather for a.py 0..18
              done
            > gather
              preview of "three": untitled:a.py 1-2 the scope
            > refine p1.r1.h1 "three"
              p1 begins: three
              start 10 gather for a.py 0..18
              answer p1
              marks a.py@1: p1 works in line 1, p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 preparing
                h1 pending 2:1-3:1 "x = 1\n" -> "x = 2\n"
            > gather
              start 11 question of 1 messages
              p1 goes on: waiting for the model
              start 12 receipt p1.r2 under way
              marks a.py@1: p1 works in line 1
              p1.r2 of 2 streaming
            > is-previewed
              it is
        "#]],
    );
}

#[test]
fn there_is_no_preview_of_nothing() {
    check(
        FILES,
        r#"
            open a.txt
            preview-at a.txt "two"
            preview p7 "shout"
            preview-at a.txt "two" "like @gone.py"
            gather
            takes 300
            preview-at a.txt "two" "shout"
        "#,
        expect![[r#"
            > open a.txt
            > preview-at a.txt "two"
              refused: info: there is no instruction; give one, or write what should change behind `ai:`
            > preview p7 "shout"
              refused: warning: p7 is not pending any more; nothing was changed. Look at the current hunks and try again
            > preview-at a.txt "two" "like @gone.py"
              start 1 gather for a.txt 0..19
              done
            > gather
              no preview: warning: nothing was sent: `@gone.py`: the document is in no folder of the workspace; open its folder to mention files
            > takes 300
            > preview-at a.txt "two" "shout"
              no preview: error: the scope is about 8 tokens, the whole request at least 428, and m-1 takes 200 beside an answer of 100 (context 300): choose a smaller scope or a model that takes more; nothing was sent
              done
        "#]],
    );
}
