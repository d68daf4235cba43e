//! The lines of a definition, and the words that its caller has to know.

use super::query::Found;
use super::words::{LocalId, Words};
use crate::{Definition, DefinitionKind};

/// Most lines of a signature without a body behind it.
const BODILESS_LINES: u32 = 6;
/// Most lines of a signature whose words are kept.
const SIGNATURE_LINES: u32 = 8;
/// Most bytes of a signature whose words are kept.
const SIGNATURE_BYTES: usize = 800;

/// A definition whose strings are local ids; the words of its signature are added to `pool`.
pub(super) fn definition(
    found: &Found<'_>,
    name: LocalId,
    kind: DefinitionKind,
    container: Option<LocalId>,
    source: &str,
    words: &Words<'_>,
    pool: &mut Vec<LocalId>,
) -> Definition {
    let node = found.node.byte_range();
    let name_node = found.name.unwrap_or(found.node);
    let content = source.get(node.clone()).unwrap_or("").trim_end();
    let last = (node.start + content.len()).saturating_sub(1).max(name_node.start_byte());
    let line = words.line_of(name_node.start_byte());
    let lines = words.line_of(found.start).min(line)..words.line_of(last) + 1;
    let signature_end = match found.body {
        Some(body) => {
            let begins = words.line_of(body.start_byte());
            if source.as_bytes().get(body.start_byte()) == Some(&b'{') { begins + 1 } else { begins }
        }
        None => line + BODILESS_LINES,
    };
    let signature_end = signature_end.min(lines.end).max(line + 1);
    let start = words.line_start(line);
    let end = words.line_start(signature_end.min(line + SIGNATURE_LINES)).min(start + SIGNATURE_BYTES);
    let n_before = pool.len();
    for word in words.within(start..end) {
        if word != name && !pool.iter().skip(n_before).any(|other| *other == word) {
            pool.push(word);
        }
    }
    Definition {
        name,
        kind,
        container,
        line,
        signature_end,
        n_bytes: words.line_bytes(line).min(usize::from(u16::MAX)) as u16,
        signature: n_before as u32..pool.len() as u32,
        words: 0..0,
        lines,
    }
}
