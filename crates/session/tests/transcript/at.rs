//! Commands at a place, and how things stand.

use expect_test::expect;

use super::{FILES, check, check_pending};

#[test]
fn a_place_means_the_hunk_on_its_line() {
    check_pending(
        r###"
            at a.txt "ne" reject "too loud"
            at a.txt "two" reject
            at a.txt "our" accept
            applies
            at a.txt "OUR" undo
            applies
            at a.txt "two" review
            at b.txt "red" accept
        "###,
        expect![[r#"
            > at a.txt "ne" reject "too loud"
              answer p1
              marks a.txt@1: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 rejected because "too loud" 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > at a.txt "two" reject
              refused: info: there is no hunk at the cursor; nothing was changed. Go to one with `hunkwise.next`
            > at a.txt "our" accept
              apply #1 "Hunkwise: accept hunk": a.txt@1 4:1-5:1 "FOUR\n"
              answer p1
            > applies
              marks a.txt@2: p1 decided +1 -1
              p1.r1 of 1 decided
                h1 rejected because "too loud" 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
            > at a.txt "OUR" undo
              apply #2 "Hunkwise: undo accepted": a.txt@2 4:1-5:1 "four\n"
              answer p1
            > applies
              marks a.txt@3: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 rejected because "too loud" 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > at a.txt "two" review
              start 7 write p1.md
              answer p1
            > at b.txt "red" accept
              refused: warning: untitled:b.txt is not open; open it and try again
        "#]],
    );
}

#[test]
fn a_place_is_looked_up_in_the_text_as_it_is_and_one_of_another_version_decides_nothing() {
    check_pending(
        r###"
            type a.txt "one" "zero\none"
            at a.txt "zero" accept
            accept 1:14-14@untitled:a.txt
            at a.txt "one" accept
            applies
        "###,
        expect![[r#"
            > type a.txt "one" "zero\none"
              marks a.txt@2: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
            > at a.txt "zero" accept
              refused: info: there is no hunk at the cursor; nothing was changed. Go to one with `hunkwise.next`
            > accept 1:14-14@untitled:a.txt
              refused: info: the text has changed since that place was named; nothing was changed. Try again
            > at a.txt "one" accept
              apply #1 "Hunkwise: accept hunk": a.txt@2 2:1-3:1 "ONE\n"
              answer p1
            > applies
              marks a.txt@3: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 accepted 2:1-3:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
        "#]],
    );
}

#[test]
fn all_that_is_worked_on_is_cancelled_at_once() {
    check(
        FILES,
        r###"
            open a.txt
            open b.txt
            cancel all
            ask a.txt "two" "shout"
            ask b.txt "red" "shout"
            cancel all
        "###,
        expect![[r#"
            > open a.txt
            > open b.txt
            > cancel all
              refused: info: nothing is worked on; nothing to cancel
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > ask b.txt "red" "shout"
              p2 begins: shout
              start 2 gather for b.txt 0..9
              answer p2
              marks b.txt@1: p2 works in line 1
              p2.r0 of 0 preparing
            > cancel all
              stop 1
              p1 ends: cancelled
              stop 2
              p2 ends: cancelled
              done
              marks a.txt@1: none
              marks b.txt@1: none
              p1.r0 of 0 cancelled
              p2.r0 of 0 cancelled
        "#]],
    );
}

#[test]
fn the_status_is_told_when_it_changes_and_somebody_listens() {
    check(
        FILES,
        r###"
            open a.txt
            listens
            open b.txt
            ask a.txt "two" "shout"
            rewrites "ONE\ntwo\nthree\nFOUR\n"
            reject all
            provider none
        "###,
        expect![[r#"
            > open a.txt
            > listens
              status Idle
            > open b.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              status Working(Preparing, 0)
              p1.r0 of 0 preparing
            > rewrites "ONE\ntwo\nthree\nFOUR\n"
              p1 ends: 2 hunks to review
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              status Pending(2)
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > reject all
              answer p1
              marks a.txt@1: p1 decided +0 -2
              status Idle
              p1.r1 of 1 decided
                h1 rejected 1:1-2:1 "one\n" -> "ONE\n"
                h2 rejected 4:1-5:1 "four\n" -> "FOUR\n"
            > provider none
              status Idle
        "#]],
    );
}
