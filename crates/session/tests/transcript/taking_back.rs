//! Undoing what was accepted, and edits that did not arrive or arrived where they do not fit.

use expect_test::expect;

use super::check_pending;

#[test]
fn a_request_is_undone_over_its_hunks() {
    check_pending(
        r###"
            accept p1
            applies
            type a.txt "two" "2"
            undo p1
            applies
            shows a.txt
            undo p1
        "###,
        expect![[r#"
            > accept p1
              apply #1 "Hunkwise: accept 2 hunks": a.txt@1 1:1-2:1 "ONE\n"; 4:1-5:1 "FOUR\n"
              answer p1
            > applies
              marks a.txt@2: p1 decided +2 -0
              p1.r1 of 1 decided
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
            > type a.txt "two" "2"
              p1.r1 of 1 decided
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
            > undo p1
              apply #2 "Hunkwise: undo accepted": a.txt@3 1:1-2:1 "one\n"; 4:1-5:1 "four\n"
              answer p1
            > applies
              marks a.txt@4: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > shows a.txt
              |one
              |2
              |three
              |four
            > undo p1
              refused: info: p1: nothing of it is accepted; nothing was changed
        "#]],
    );
}

#[test]
fn text_that_was_changed_since_stays_when_a_request_is_undone() {
    check_pending(
        r###"
            accept p1
            applies
            type a.txt "ONE" "ONCE"
            undo p1
            applies
            shows a.txt
            undo p1
        "###,
        expect![[r#"
            > accept p1
              apply #1 "Hunkwise: accept 2 hunks": a.txt@1 1:1-2:1 "ONE\n"; 4:1-5:1 "FOUR\n"
              answer p1
            > applies
              marks a.txt@2: p1 decided +2 -0
              p1.r1 of 1 decided
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
            > type a.txt "ONE" "ONCE"
              marks a.txt@3: p1 decided +2 -0
              p1.r1 of 1 decided
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
            > undo p1
              apply #2 "Hunkwise: undo accepted": a.txt@3 4:1-5:1 "four\n"
              tell warning: 1 accepted hunks stay: their text was changed since. Change them by hand
              answer p1
            > applies
              marks a.txt@4: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > shows a.txt
              |ONCE
              |two
              |three
              |four
            > undo p1
              refused: info: p1: its accepted text was changed since; nothing was changed
        "#]],
    );
}

#[test]
fn an_edit_that_does_not_arrive_is_given_up() {
    check_pending(
        r###"
            accept p1.r1.h1
            lies
            wait
            accept p1.r1.h1
            type a.txt "two" "2"
            refuses
        "###,
        expect![[r#"
            > accept p1.r1.h1
              apply #1 "Hunkwise: accept hunk": a.txt@1 1:1-2:1 "ONE\n"
              answer p1
            > lies
              start 7 wait 2000 ms
            > wait
              tell warning: the editor reports the edit as applied, but the text does not show it; the hunks stay pending. Accept them again
            > accept p1.r1.h1
              apply #2 "Hunkwise: accept hunk": a.txt@1 1:1-2:1 "ONE\n"
              answer p1
            > type a.txt "two" "2"
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > refuses
              tell warning: the editor did not apply the edit (not now); the hunks stay pending. Accept them again
        "#]],
    );
}

#[test]
fn an_edit_applied_to_another_text_is_taken_back_and_tried_again() {
    check_pending(
        r###"
            accept p1.r1.h1
            type a.txt "one\n" "zero\none\n"
            applies blindly
            applies
            applies
            shows a.txt
        "###,
        expect![[r#"
            > accept p1.r1.h1
              apply #1 "Hunkwise: accept hunk": a.txt@1 1:1-2:1 "ONE\n"
              answer p1
            > type a.txt "one\n" "zero\none\n"
              marks a.txt@2: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
            > applies blindly
              tell warning: the editor applied an edit to a text that had changed; it is taken back exactly. The accept is tried once more
              apply #2 "Hunkwise: take back a misplaced edit": a.txt@3 1:1-1:4 "zero"
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
            > applies
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
              apply #3 "Hunkwise: accept hunk": a.txt@4 2:1-3:1 "ONE\n"
            > applies
              marks a.txt@5: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 accepted 2:1-3:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
            > shows a.txt
              |zero
              |ONE
              |two
              |three
              |four
        "#]],
    );
}
