//! Traces through their front door: a text kept, and found again in another.

use super::{Retraced, Trace};
use crate::Text;

fn mark(line: &str) -> u64 {
    line.bytes().fold(7, |mark, byte| mark.wrapping_mul(1_000_003) ^ u64::from(byte))
}

#[track_caller]
fn retraced(before: &str, now: &str) -> Retraced {
    let trace = Trace::of(&Text::from(before), &[], mark).expect("short lines");
    let trace = Trace::from_bytes(&trace.to_bytes()).expect("it comes back");
    trace.in_text(&Text::from(now), usize::MAX, mark).expect("it is short")
}

/// Whether the line that is `word`, or the place in front of it, is certain to be at the line `at` (zero-based) now.
#[track_caller]
fn check(before: &str, now: &str, line: usize, at: usize, expected: bool) {
    let retraced = retraced(before, now);
    let (base, now) = (retraced.base(), Text::from(now));
    let of = |text: &Text, line| text.line_start(line)..text.line_end(line);
    assert_eq!(retraced.is_certain(&of(base, line), &of(&now, at), &now), expected, "the line");
}

#[track_caller]
fn check_place(before: &str, now: &str, line: usize, at: usize, expected: bool) {
    let retraced = retraced(before, now);
    let (base, now) = (retraced.base(), Text::from(now));
    let of = |text: &Text, line| text.line_start(line)..text.line_start(line);
    assert_eq!(retraced.is_certain(&of(base, line), &of(&now, at), &now), expected, "the place");
}

#[test]
fn the_same_text_is_known_whole() {
    for text in ["", "a", "a\n", "a\r\nb\rc\n\n😀é", "\n\n", "x\nx\nx\n"] {
        assert_eq!(retraced(text, text).base().to_string(), text);
    }
}

#[test]
fn what_is_gone_has_its_length_and_its_endings() {
    let base = retraced("one\r\ntwo\n😀\nend", "two\nnew\n").base().to_string();
    assert_eq!(base, "\u{1}\u{1}\u{1}\r\ntwo\n\u{1}\u{1}\u{1}\u{1}\n\u{1}\u{1}\u{1}");
}

#[test]
fn hidden_lines_are_known_by_nothing() {
    let text = Text::from("a\nkey = 1\nx\nx\nb\n");
    let trace = Trace::of(&text, std::slice::from_ref(&(4..5)), mark).expect("short lines");
    let retraced = trace.in_text(&text, 99, mark).expect("it is short");
    let known = "a\n\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\nx\nx\nb\n";
    assert_eq!(retraced.base().to_string(), known);
    // Whether the lines above are the same is not known.
    assert!(!retraced.is_certain(&(10..12), &(10..12), &text));
    assert!(retraced.is_certain(&(14..16), &(14..16), &text));
}

#[test]
fn bytes_that_are_no_trace_are_refused() {
    let bytes = Trace::of(&Text::from("a\nb"), &[], mark).expect("short lines").to_bytes();
    assert!(Trace::from_bytes(&bytes).is_some());
    assert!(Trace::from_bytes(&bytes[1..]).is_none(), "a part of a line");
    assert!(Trace::from_bytes(&[&bytes[13..], &bytes[..13]].concat()).is_none(), "no ending inside");
    let mut short = bytes.clone();
    short[8] = 0;
    assert!(Trace::from_bytes(&short).is_none(), "shorter than its ending");
    let trace = Trace::from_bytes(&bytes).expect("a trace");
    assert!(trace.in_text(&Text::from(""), 2, mark).is_none(), "too long");
}

#[test]
fn a_line_that_is_there_once_is_certain_wherever_it_went() {
    check("a\nb\nc\n", "x\ny\nb\n", 1, 2, true);
    check("a\nb\nc\n", "b\nx\nb\n", 1, 2, false);
    check("a\nb\nb\n", "a\nb\n", 1, 1, false);
}

#[test]
fn a_line_like_others_is_certain_between_lines_that_are_there_once() {
    check("a\nx\nx\nb\nx\n", "new\na\nx\nx\nb\n", 2, 3, true);
    // One more of them: nobody knows which.
    check("a\nx\nx\nb\n", "a\nx\nx\nx\nb\n", 2, 2, false);
    check("a\nx\nx\nb\n", "a\nx\nx\nx\nb\n", 2, 3, false);
    // The ends of the text are such lines.
    check("x\nx\n", "x\nx\n", 1, 1, true);
    check("x\nx\n", "x\nx\nx\n", 1, 1, false);
}

#[test]
fn a_place_is_certain_beside_a_line_that_is_there_once() {
    check_place("a\nx\nx\n", "a\nx\nx\nx\n", 1, 1, true);
    check_place("a\nx\nx\n", "a\nx\nx\nx\n", 2, 2, false);
    check_place("a\nb\n", "a\nc\n", 1, 1, false);
    check_place("a\n", "a\n", 1, 1, true);
    check_place("", "", 0, 0, true);
    check_place("", "a\n", 0, 0, false);
}
