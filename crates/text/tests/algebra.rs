//! Random tests of the change algebra: compose, invert and map agree with applying the edits one by one.

use fastrand::Rng;
use text::{Bias, ChangeSet, Edit, Encoding, Position, Text};

const ALPHABET: [&str; 12] = ["a", "b", "é", "😀", "\n", "\r\n", "\r", " ", "x", "日", "\t", "def"];

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

fn words(rng: &mut Rng, most: usize) -> String {
    (0..rng.usize(0..=most)).map(|_| ALPHABET[rng.usize(0..ALPHABET.len())]).collect()
}

fn change(rng: &mut Rng, text: &Text) -> ChangeSet {
    let mut offsets: Vec<usize> =
        (0..rng.usize(0..4) * 2).map(|_| text.floor(rng.usize(0..=text.len()))).collect();
    offsets.sort_unstable();
    let edits = offsets.chunks(2).map(|pair| Edit::new(pair[0]..pair[1], words(rng, 3))).collect();
    ChangeSet::new(text.len(), edits).expect("offsets are sorted")
}

#[test]
fn composed_changes_do_what_both_did() {
    let mut rng = Rng::with_seed(1);
    let rounds = 20_000 * soak();
    for round in 0..rounds {
        let before = Text::from(words(&mut rng, 20));
        let first = change(&mut rng, &before);
        let middle = before.apply(&first).unwrap();
        let second = change(&mut rng, &middle);
        let after = middle.apply(&second).unwrap();
        let both = first.compose(&second).unwrap();
        assert_eq!(
            before.apply(&both).unwrap().to_string(),
            after.to_string(),
            "round {round}: {first:?} then {second:?}"
        );
        assert_eq!(both.len_after(), after.len());
        let back = both.invert(&before).unwrap();
        assert_eq!(after.apply(&back).unwrap().to_string(), before.to_string(), "round {round}");
        let refined = both.refined(&before);
        assert_eq!(
            before.apply(&refined).unwrap().to_string(),
            after.to_string(),
            "round {round}: {both:?} refined {refined:?}"
        );
        let between = ChangeSet::between(&before, &after);
        assert_eq!(before.apply(&between).unwrap().to_string(), after.to_string(), "round {round}");
    }
    eprintln!("counts: composed changes {rounds}");
}

#[test]
fn mapped_offsets_keep_to_untouched_text() {
    let mut rng = Rng::with_seed(2);
    let rounds = 20_000 * soak();
    for round in 0..rounds {
        let before = Text::from(words(&mut rng, 20));
        let changes = change(&mut rng, &before);
        let after = before.apply(&changes).unwrap();
        let offset = before.floor(rng.usize(0..=before.len()));
        let low = changes.map_offset(offset, Bias::Before);
        let high = changes.map_offset(offset, Bias::After);
        assert!(low <= high && high <= after.len(), "round {round}");
        let is_untouched =
            changes.edits().iter().all(|edit| offset < edit.range.start || offset > edit.range.end);
        if is_untouched {
            assert_eq!(low, high, "round {round}");
            let next = changes.edits().iter().map(|edit| edit.range.start).find(|start| *start > offset);
            let len = next.unwrap_or(before.len()) - offset;
            assert!(after.is_at(&(low..low + len), &before.slice(offset..offset + len)), "round {round}");
        }
    }
    eprintln!("counts: mapped offsets {rounds}");
}

#[test]
fn positions_and_offsets_are_inverse() {
    let mut rng = Rng::with_seed(3);
    let rounds = 20_000 * soak();
    for round in 0..rounds {
        let text = Text::from(words(&mut rng, 30));
        let offset = text.floor(rng.usize(0..=text.len()));
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let position = text.position(offset, encoding);
            let back = text.offset(position, encoding);
            let is_inside_ending = offset > text.content_end(text.line_of(offset));
            assert!(back == offset || is_inside_ending, "round {round}: {offset} {position:?} {back}");
        }
    }
    eprintln!("counts: positions {rounds}");
}

/// A position counted in a plain string.
fn counted(text: &str, offset: usize, encoding: Encoding) -> Position {
    let offset = (0..=offset).rev().find(|offset| text.is_char_boundary(*offset)).unwrap_or(0);
    let is_in_ending = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
    let before = &text[..if is_in_ending { offset - 1 } else { offset }];
    let line_number = before.replace("\r\n", "\n").replace('\r', "\n").matches('\n').count();
    let start = before.rfind(['\r', '\n']).map_or(0, |ending| ending + 1);
    let line = &before[start..];
    let character = match encoding {
        Encoding::Utf8 => line.len(),
        Encoding::Utf16 => line.encode_utf16().count(),
        Encoding::Utf32 => line.chars().count(),
    };
    Position { line: line_number as u32, character: character as u32 }
}

#[test]
fn positions_in_long_edited_texts_are_those_of_the_plain_string() {
    let mut rng = Rng::with_seed(4);
    let rounds = 300 * soak();
    let mut n_positions = 0;
    for round in 0..rounds {
        let mut text = Text::from(words(&mut rng, 3_000));
        for _ in 0..rng.usize(0..20) {
            text = text.apply(&change(&mut rng, &text)).unwrap();
        }
        let plain = text.to_string();
        let joined = plain.replace(['\r', '\n'], "_");
        let one_line = Text::from(joined.as_str());
        for _ in 0..20 {
            let offset = rng.usize(0..=text.len());
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                assert_eq!(
                    text.position(offset, encoding),
                    counted(&plain, offset, encoding),
                    "round {round}: {offset}"
                );
                assert_eq!(one_line.position(offset, encoding), counted(&joined, offset, encoding));
                n_positions += 2;
            }
        }
    }
    eprintln!("counts: positions compared with a plain string {n_positions}");
}
