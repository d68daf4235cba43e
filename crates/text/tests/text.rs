//! The text crate through its front door: positions, whole lines, endings, diffs.

use text::{
    ChangeSet, Edit, Encoding, LineEnding, Position, Text, diff_lines, diff_words, fixture, split_lines,
    unified_diff, with_line_ending,
};

#[track_caller]
fn check_position(marked: &str, encoding: Encoding, line: u32, character: u32) {
    let (content, range) = fixture::cursor(marked);
    let text = Text::from(content);
    let offset = range.expect("the fixture has a cursor").start;
    let position = Position { line, character };
    assert_eq!(text.position(offset, encoding), position);
    assert_eq!(text.offset(position, encoding), offset);
}

#[test]
fn positions_count_bytes_units_or_characters() {
    check_position("é\n😀x$0y", Encoding::Utf8, 1, 5);
    check_position("é\n😀x$0y", Encoding::Utf16, 1, 3);
    check_position("é\n😀x$0y", Encoding::Utf32, 1, 2);
}

#[test]
fn every_line_ending_ends_a_line() {
    for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
        check_position("a\r\nb\rc\nd$0", encoding, 3, 1);
    }
}

#[test]
fn other_separators_do_not_end_a_line() {
    check_position("a\u{2028}b\u{85}c\u{b}d$0", Encoding::Utf32, 0, 7);
}

#[test]
fn a_position_behind_a_line_is_its_end() {
    let text = Text::from("ab\r\ncd");
    let at = |line, character| text.offset(Position { line, character }, Encoding::Utf16);
    assert_eq!((at(0, 99), at(1, 99), at(7, 0)), (2, 6, 6));
}

#[test]
fn half_a_surrogate_pair_is_the_start_of_its_character() {
    let text = Text::from("a😀b");
    assert_eq!(text.offset(Position { line: 0, character: 2 }, Encoding::Utf16), 1);
}

#[test]
fn whole_lines_hold_a_range() {
    let text = Text::from("one\ntwo\nthree");
    assert_eq!(text.whole_lines(5..5), 4..8);
    assert_eq!(text.whole_lines(4..4), 4..4);
    assert_eq!(text.whole_lines(1..8), 0..8);
    assert_eq!(text.whole_lines(9..10), 8..13);
}

#[test]
fn the_most_frequent_line_ending_wins() {
    assert_eq!(Text::from("a\r\nb\nc\r\n").line_ending(), LineEnding::CrLf);
    assert_eq!(Text::from("a\nb\r\n").line_ending(), LineEnding::Lf);
    assert_eq!(Text::from("a").line_ending(), LineEnding::Lf);
    assert_eq!(Text::from("a\rb\r").line_ending(), LineEnding::Cr);
    assert_eq!(with_line_ending("a\nb\r\nc", LineEnding::CrLf), "a\r\nb\r\nc");
}

#[test]
fn a_change_set_refuses_what_it_was_not_made_for() {
    let text = Text::from("aé");
    let change = |range, len| ChangeSet::single(len, Edit::new(range, "x"));
    assert!(text.apply(&change(0..1, 4).unwrap()).is_err());
    assert!(text.apply(&change(2..3, 3).unwrap()).is_err());
    assert!(change(2..9, 3).is_err());
    assert!(ChangeSet::new(9, vec![Edit::new(3..5, ""), Edit::new(4..6, "")]).is_err());
}

#[test]
fn lines_and_words_differ_where_they_should() {
    let old = "a\nb\nc\n";
    let new = "a\nB\nc\nd\n";
    let changes = diff_lines(old, new);
    let shown: Vec<_> =
        changes.iter().map(|change| (&old[change.old.clone()], &new[change.new.clone()])).collect();
    assert_eq!(shown, [("b\n", "B\n"), ("", "d\n")]);
    let words = diff_words("let total = a;", "let total = b + a;");
    assert_eq!(words.len(), 1);
    assert_eq!(split_lines("a\r\nb\rc"), ["a\r\n", "b\r", "c"]);
}

#[test]
fn a_unified_diff_reads_as_git_writes_it() {
    let diff = unified_diff("a\nb\nc", "a\nB\nc", "a/f", "b/f", 1);
    assert_eq!(diff, "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n\\ No newline at end of file\n");
    assert_eq!(unified_diff("same", "same", "a/f", "b/f", 3), "");
    assert!(unified_diff("", "x\n", "/dev/null", "b/f", 3).contains("@@ -0,0 +1 @@"));
}

#[test]
fn a_whole_new_text_becomes_small_edits() {
    let before = Text::from("one\ntwo\nthree\nfour\n");
    let after = Text::from("one\ntwo!\nthree\nfour\nfive\n");
    let changes = ChangeSet::between(&before, &after);
    assert_eq!(changes.edits(), [Edit::new(7..7, "!"), Edit::new(19..19, "five\n")]);
    assert_eq!(before.apply(&changes).unwrap(), after);
}
