//! Answers of models, in both formats, cut at every byte.

use edit::{Answer, AnswerParser, Block, Ending, Format};
use expect_test::{Expect, expect};

fn parse(format: Format, pieces: &[&str], ending: Ending) -> (Vec<Block>, Answer) {
    let mut parser = AnswerParser::new(format);
    let mut blocks: Vec<Block> = pieces.iter().flat_map(|piece| parser.push(piece)).collect();
    let answer = parser.finish(ending);
    blocks.extend(answer.blocks.clone());
    (blocks, Answer { blocks: Vec::new(), ..answer })
}

fn show(format: Format, pieces: &[&str], ending: Ending) -> String {
    let (blocks, answer) = parse(format, pieces, ending);
    let mut out = String::new();
    for block in &blocks {
        out += &shown(block);
        out.push('\n');
    }
    for problem in &answer.problems {
        out += &format!("refused: {problem}\n");
    }
    if !answer.prose.is_empty() {
        out += &format!("said {:?}\n", answer.prose);
    }
    out
}

fn shown(block: &Block) -> String {
    let list =
        |blocks: &[Block]| blocks.iter().map(|block| format!("\n  {}", shown(block))).collect::<String>();
    match block {
        Block::Rewrite { text } => format!("rewrite {text:?}"),
        Block::Bare { text } => format!("no fence around {text:?}"),
        Block::Replace { search, replace } => format!("replace {search:?} by {replace:?}"),
        Block::Literal { search, replace } => format!("replace the text {search:?} by {replace:?}"),
        Block::Diff { changes } => {
            let changes =
                changes.iter().map(|change| format!("\n  {:?} by {:?}", change.search, change.replace));
            format!("diff{}", changes.collect::<String>())
        }
        Block::Several { blocks } => format!("all of{}", list(blocks)),
        Block::OneOf { readings, is_first_plain } => {
            format!("one of{}{}", if *is_first_plain { ", plainly the first" } else { "" }, list(readings))
        }
    }
}

/// The answer as a whole, and the same for every place at which the stream can be cut.
#[track_caller]
fn check_ending(format: Format, text: &str, ending: Ending, expect: Expect) {
    let whole = show(format, &[text], ending);
    for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        let (head, tail) = text.split_at(at);
        assert_eq!(show(format, &[head, tail], ending), whole, "cut at {at}");
    }
    let singles: Vec<String> = text.chars().map(String::from).collect();
    let singles: Vec<&str> = singles.iter().map(String::as_str).collect();
    assert_eq!(show(format, &singles, ending), whole, "cut everywhere");
    expect.assert_eq(&whole);
}

#[track_caller]
fn check_rewrite(text: &str, expect: Expect) {
    check_ending(Format::Rewrite, text, Ending::Complete, expect);
}

#[track_caller]
fn check_blocks(text: &str, expect: Expect) {
    check_ending(Format::SearchReplace, text, Ending::Complete, expect);
}

#[test]
fn a_fence_is_the_new_text() {
    check_rewrite(
        "```python\na = 1\n\n  b\n```\n",
        expect![[r#"
        rewrite "a = 1\n\n  b\n"
    "#]],
    );
}

#[test]
fn a_fence_needs_no_language_and_no_last_newline() {
    check_rewrite(
        "```\na\n```",
        expect![[r#"
        rewrite "a\n"
    "#]],
    );
    check_rewrite(
        "~~~\na\n~~~",
        expect![[r#"
        rewrite "a\n"
    "#]],
    );
}

#[test]
fn prose_around_a_fence_is_said_to_the_user() {
    check_rewrite(
        "Sure, é:\n\n```py\na\n```\n\nDone.\n",
        expect![[r#"
        rewrite "a\n"
        said "Sure, é:\n\nDone."
    "#]],
    );
}

#[test]
fn line_endings_of_the_answer_do_not_matter() {
    check_rewrite(
        "```\r\na\r\nb\r\n```\r\n",
        expect![[r#"
        rewrite "a\nb\n"
    "#]],
    );
    check_rewrite(
        "```\ra\rb\r```\r",
        expect![[r#"
        rewrite "a\nb\n"
    "#]],
    );
    check_blocks(
        "<<<<<<< SEARCH\r\na\r\n=======\r\nb\r\n>>>>>>> REPLACE\r\n",
        expect![[r#"
        replace "a\n" by "b\n"
    "#]],
    );
}

#[test]
fn blank_lines_inside_the_fence_border_go() {
    check_rewrite(
        "```\n\n  \n  a\n\nb\n\n```\n",
        expect![[r#"
        rewrite "  a\n\nb\n"
    "#]],
    );
}

#[test]
fn an_empty_fence_is_an_empty_text() {
    check_rewrite(
        "```\n```\n",
        expect![[r#"
        rewrite ""
    "#]],
    );
}

#[test]
fn a_longer_fence_holds_a_shorter_one() {
    check_rewrite(
        "````md\n# a\n```py\nb\n```\n````\n",
        expect![[r##"
            one of, plainly the first
              rewrite "# a\n```py\nb\n```\n"
              rewrite "b\n```\n"
        "##]],
    );
    check_rewrite(
        "~~~~md\n```\nb\n```\n~~~~\n",
        expect![[r#"
            rewrite "```\nb\n```\n"
        "#]],
    );
}

#[test]
fn an_indented_fence_is_code() {
    check_rewrite(
        "```py\ndef f():\n    \"\"\"\n    ```\n    x\n    ```\n    \"\"\"\n```\n",
        expect![[r#"
            one of, plainly the first
              rewrite "def f():\n    \"\"\"\n    ```\n    x\n    ```\n    \"\"\"\n"
              rewrite "def f():\n    \"\"\"\n"
              rewrite "def f():\n    \"\"\"\n    ```\n    x\n"
              rewrite "    x\n"
              rewrite "    x\n    ```\n    \"\"\"\n"
              rewrite "    \"\"\"\n"
        "#]],
    );
}

#[test]
fn a_fence_of_the_same_length_inside_has_several_readings() {
    check_rewrite(
        "```md\n# a\n```py\nb\n```\n",
        expect![[r##"
            one of
              rewrite "# a\n```py\nb\n"
              rewrite "b\n"
        "##]],
    );
    check_rewrite(
        "```md\n# a\n```py\nb\n```\nc\n```\n",
        expect![[r##"
            one of
              rewrite "# a\n```py\nb\n"
              rewrite "# a\n```py\nb\n```\nc\n"
              rewrite "b\n"
              rewrite "b\n```\nc\n"
              rewrite "c\n"
            said "c"
        "##]],
    );
    check_rewrite(
        "```md\na\n```\nb\n```\nc\n```\n",
        expect![[r#"
            one of
              rewrite "a\n"
              rewrite "a\n```\nb\n"
              rewrite "a\n```\nb\n```\nc\n"
              rewrite "b\n"
              rewrite "b\n```\nc\n"
              rewrite "c\n"
            said "b"
        "#]],
    );
}

#[test]
fn of_several_fences_one_must_be_the_text() {
    check_rewrite(
        "```py\na\n```\nor\n```py\nb\n```\n",
        expect![[r#"
            one of
              rewrite "a\n"
              rewrite "a\n```\nor\n```py\nb\n"
              rewrite "or\n```py\nb\n"
              rewrite "b\n"
            said "or"
        "#]],
    );
    check_rewrite(
        "```py\na\n```\nRun it:\n```sh\npytest\n```\n",
        expect![[r#"
            one of, plainly the first
              rewrite "a\n"
              rewrite "a\n```\nRun it:\n```sh\npytest\n"
              rewrite "Run it:\n```sh\npytest\n"
              rewrite "pytest\n"
            said "Run it:"
        "#]],
    );
    check_rewrite(
        "```sh\na\n```\nIt prints:\n```text\nb\n```\n",
        expect![[r#"
            one of
              rewrite "a\n"
              rewrite "a\n```\nIt prints:\n```text\nb\n"
              rewrite "It prints:\n```text\nb\n"
              rewrite "b\n"
            said "It prints:"
        "#]],
    );
}

#[test]
fn inline_code_is_no_fence() {
    check_rewrite(
        "```a``` is inline\n```\nb\n```\n",
        expect![[r#"
        rewrite "b\n"
        said "```a``` is inline"
    "#]],
    );
}

#[test]
fn an_answer_without_a_fence_is_read_bare() {
    check_rewrite(
        "def f():\n    pass\n",
        expect![[r#"
            no fence around "def f():\n    pass\n"
            said "def f():\n    pass"
        "#]],
    );
    check_blocks(
        "",
        expect![[r#"
        refused: the answer holds no code fence and no search/replace block
    "#]],
    );
}

#[test]
fn no_change_is_an_answer() {
    check_rewrite(
        "NO CHANGE: it is sorted already.\n",
        expect![[r#"
        said "NO CHANGE: it is sorted already."
    "#]],
    );
    check_blocks(
        "**No change** needed.\n",
        expect![[r#"
        said "**No change** needed."
    "#]],
    );
}

#[test]
fn thoughts_are_dropped() {
    check_rewrite(
        "<think>\n```py\ndraft\n```\n</think>\n```py\na\n```\n",
        expect![[r#"
        rewrite "a\n"
    "#]],
    );
    check_rewrite(
        "<think>short</think>Here:\n```py\na\n```\n",
        expect![[r#"
        rewrite "a\n"
        said "Here:"
    "#]],
    );
    check_blocks(
        "<think>\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n</think>\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n",
        expect![[r#"
            replace "a\n" by "b\n"
        "#]],
    );
}

#[test]
fn a_thought_without_its_opening_tag_is_dropped() {
    check_rewrite(
        "hm\n```py\ndraft\n```\n</think>\n\n```py\na\n```\n",
        expect![[r#"
        rewrite "a\n"
    "#]],
    );
    check_blocks(
        "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n</think>\n",
        expect![[r#"
        replace "a\n" by "b\n"
        refused: the answer mixes search/replace blocks with other code
    "#]],
    );
}

#[test]
fn a_thought_that_does_not_end_is_a_cut_answer() {
    check_rewrite(
        "<think>\nhm\n```py\na\n```\n",
        expect![[r#"
        refused: the answer ended before it was complete
    "#]],
    );
}

#[test]
fn think_tags_in_code_are_code() {
    check_rewrite(
        "```html\n<think>\nx\n</think>\n```\n",
        expect![[r#"
        rewrite "<think>\nx\n</think>\n"
    "#]],
    );
}

#[test]
fn a_fence_that_is_not_closed_is_refused() {
    check_rewrite(
        "```py\ndef f():\n",
        expect![[r#"
        refused: the last code fence is not closed
    "#]],
    );
}

#[test]
fn a_cut_stream_is_refused_even_if_its_fence_is_closed() {
    check_ending(
        Format::Rewrite,
        "```py\na\n```\n",
        Ending::Cut,
        expect![[r#"
        refused: the answer ended before it was complete
    "#]],
    );
}

#[test]
fn blocks_that_closed_before_a_cut_are_told_apart() {
    let text = "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n<<<<<<< SEARCH\nc\n=======\nd";
    check_ending(
        Format::SearchReplace,
        text,
        Ending::Cut,
        expect![[r#"
        replace "a\n" by "b\n"
        refused: the answer ended before it was complete
    "#]],
    );
    check_blocks(
        text,
        expect![[r#"
        replace "a\n" by "b\n"
        refused: a search/replace block is not closed
    "#]],
    );
}

#[test]
fn blocks_come_with_prose_and_fences_around_them() {
    check_blocks(
        "First:\n```py\n<<<<<<< SEARCH\n  a\n=======\n  b\n\n  c\n>>>>>>> REPLACE\n```\nThen:\n<<<<<<< SEARCH\nd\n=======\n>>>>>>> REPLACE",
        expect![[r#"
            replace "  a\n" by "  b\n\n  c\n"
            replace "d\n" by ""
            said "First:\nThen:"
        "#]],
    );
}

#[test]
fn markers_have_five_to_nine_characters() {
    check_blocks(
        "<<<<< SEARCH\na\n=====\nb\n>>>>> REPLACE\n",
        expect![[r#"
        replace "a\n" by "b\n"
    "#]],
    );
    check_blocks(
        "<<<<<<<<< SEARCH\na\n=======\nb\n=========\nc\n>>>>>>> REPLACE\n>>>>>>>>> REPLACE\n",
        expect![[r#"
        replace "a\n=======\nb\n" by "c\n>>>>>>> REPLACE\n"
    "#]],
    );
    check_blocks(
        "<<<<<<< SEARCH\na\n========\nb\n>>>>>>>> REPLACE\n",
        expect![[r#"
        replace "a\n" by "b\n"
    "#]],
    );
    check_blocks(
        "<<<< SEARCH\na\n====\nb\n>>>> REPLACE\n",
        expect![[r#"
            no fence around "<<<< SEARCH\na\n====\nb\n>>>> REPLACE\n"
            said "<<<< SEARCH\na\n====\nb\n>>>> REPLACE"
        "#]],
    );
}

#[test]
fn each_divider_of_a_block_is_a_reading() {
    check_blocks(
        "<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n",
        expect![[r#"
        refused: a search/replace block has no dividing line; the block begins with `a`
    "#]],
    );
    check_blocks(
        "<<<<<<< SEARCH\nTitle\n=======\n=======\nText\n=======\n>>>>>>> REPLACE\n",
        expect![[r#"
            one of
              replace "Title\n" by "=======\nText\n=======\n"
              replace "Title\n=======\n" by "Text\n=======\n"
              replace "Title\n=======\n=======\nText\n" by ""
        "#]],
    );
    check_blocks(
        "<<<<<<< SEARCH\nTitle\n=====\n=======\nText\n>>>>>>> REPLACE\n",
        expect![[r#"
        replace "Title\n=====\n" by "Text\n"
    "#]],
    );
}

#[test]
fn an_empty_search_is_refused() {
    check_blocks(
        "<<<<<<< SEARCH\n=======\nb\n>>>>>>> REPLACE\n",
        expect![[r#"
        refused: the search part of a block is empty; the block begins with `=======`
    "#]],
    );
    check_blocks(
        "<<<<<<< SEARCH\n  \n=======\nb\n>>>>>>> REPLACE\n",
        expect![[r#"
        refused: the search part of a block is empty; the block begins with `=======`
    "#]],
    );
}

#[test]
fn a_block_that_starts_inside_another_is_refused() {
    check_blocks(
        "<<<<<<< SEARCH\na\n=======\nb\n<<<<<<< SEARCH\nc\n=======\nd\n>>>>>>> REPLACE\n",
        expect![[r#"
            replace "c\n" by "d\n"
            refused: a search/replace block is not closed; the block begins with `a`
        "#]],
    );
}

#[test]
fn a_block_that_is_sent_twice_counts_once() {
    let block = "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n";
    check_blocks(
        &block.repeat(2),
        expect![[r#"
        replace "a\n" by "b\n"
    "#]],
    );
}

#[test]
fn the_other_format_is_read_where_it_is_unmistakable() {
    let block = "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n";
    check_rewrite(
        block,
        expect![[r#"
        replace "a\n" by "b\n"
    "#]],
    );
    check_rewrite(
        &format!("```py\nsrc/a.py\n{block}```\n"),
        expect![[r#"
        replace "a\n" by "b\n"
    "#]],
    );
    check_rewrite(
        &format!("```py\ndef f():\n    pass\n{block}```\n"),
        expect![[r#"
        refused: the answer mixes search/replace blocks with other code
    "#]],
    );
    check_blocks(
        "```py\na\n```\n",
        expect![[r#"
        rewrite "a\n"
    "#]],
    );
}

#[test]
fn blocks_are_yielded_while_the_answer_streams() {
    let mut parser = AnswerParser::new(Format::SearchReplace);
    assert_eq!(parser.push("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE"), []);
    assert_eq!(parser.progress(), 3);
    let block = Block::Replace { search: "a\n".to_owned(), replace: "b\n".to_owned() };
    assert_eq!(parser.push("\n<<<<<<< SEARCH\nc"), [block]);
    let answer = parser.finish(Ending::Complete);
    assert_eq!((answer.blocks.len(), answer.problems.len()), (0, 1));
}

#[test]
fn a_rewrite_comes_at_the_end_and_tells_its_progress() {
    let mut parser = AnswerParser::new(Format::Rewrite);
    assert_eq!(parser.push("```\na\nb\nc\n```\n"), []);
    assert_eq!(parser.progress(), 3);
    assert_eq!(parser.finish(Ending::Complete).blocks.len(), 1);
}

/// Pieces that answers are made of, whole and broken.
const PIECES: [&str; 34] = [
    "```",
    "````",
    "~~~",
    "```py\n",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "a",
    "  b",
    "é",
    "😀",
    "<<<<<<< SEARCH",
    "=======",
    ">>>>>>> REPLACE",
    "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n",
    "<<<<< SEARCH\n",
    "=====\n",
    ">>>>> REPLACE\n",
    "<<<<<<<<< SEARCH\n",
    "<think>",
    "</think>",
    "<thinking>\n",
    "</thinking>\n",
    "NO CHANGE",
    " ",
    "\t",
    "`",
    "=",
    "<",
    ">",
    "```sh\n",
    "text",
];

#[test]
fn where_a_stream_is_cut_makes_no_difference() {
    let mut rng = fastrand::Rng::with_seed(11);
    let rounds = 20_000 * soak();
    let (mut n_blocks, mut n_refused) = (0_usize, 0_usize);
    for round in 0..rounds {
        let text: String = (0..rng.usize(0..24)).map(|_| PIECES[rng.usize(0..PIECES.len())]).collect();
        let format = if rng.bool() { Format::Rewrite } else { Format::SearchReplace };
        let ending = if rng.usize(0..8) == 0 { Ending::Cut } else { Ending::Complete };
        let whole = parse(format, &[&text], ending);
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let mut at = rng.usize(1..=rest.len().min(9));
            while !rest.is_char_boundary(at) {
                at += 1;
            }
            let (head, tail) = rest.split_at(at);
            pieces.push(head);
            rest = tail;
        }
        assert_eq!(parse(format, &pieces, ending), whole, "round {round}: {text:?}");
        if ending == Ending::Cut {
            assert!(!whole.1.problems.is_empty(), "round {round}: {text:?}");
        }
        n_blocks += whole.0.len();
        n_refused += whole.1.problems.len();
    }
    assert!(n_blocks > rounds / 20 && n_refused > rounds / 20, "{n_blocks} blocks, {n_refused} refused");
    eprintln!("counts: answers cut at random {rounds} ({n_blocks} blocks, {n_refused} refused)");
}

#[test]
fn a_long_line_of_tags_is_read_in_one_go() {
    check_len(&"<think></think>".repeat(20_000));
    check_len(&"</think>".repeat(20_000));
}

#[track_caller]
fn check_len(text: &str) {
    let (blocks, answer) = parse(Format::Rewrite, &[text], Ending::Complete);
    assert!(blocks.is_empty() && !answer.problems.is_empty());
}

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}
