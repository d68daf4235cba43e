//! The floor: a rope and a tree, edited and parsed again with nothing in between; in process and behind a pipe.
//!
//! No code of ours takes part but [`Change`]. Positions are found as the protocol gives them, in UTF-16.

use std::collections::HashMap;
use std::io::{BufReader, Write};

use ropey::Rope;
use serde_json::{Value, json};
use tree_sitter::{InputEdit, Language, Parser, Point, Tree};

use crate::edits::Change;
use crate::pipe;

/// A text and its tree.
pub struct Bare {
    rope: Rope,
    tree: Tree,
    parser: Parser,
}

impl Bare {
    /// A parsed text.
    pub fn new(language: &str, text: &str) -> Bare {
        let mut parser = Parser::new();
        parser.set_language(&grammar(language)).expect("a grammar of this version");
        let rope = Rope::from_str(text);
        let tree = parsed(&mut parser, &rope, None);
        Bare { rope, tree, parser }
    }

    /// Changes the text only, and gives what the tree must be told.
    pub fn change(&mut self, changes: &[Change]) -> Vec<InputEdit> {
        changes.iter().map(|change| self.change_one(change)).collect()
    }

    /// Makes the tree that of the text, and gives the tree before: as in ours, it is freed when the new one is there.
    #[must_use]
    pub fn reparse(&mut self, edits: &[InputEdit]) -> Tree {
        edits.iter().for_each(|edit| self.tree.edit(edit));
        let tree = parsed(&mut self.parser, &self.rope, Some(&self.tree));
        std::mem::replace(&mut self.tree, tree)
    }

    /// The text.
    pub fn text(&self) -> String {
        self.rope.to_string()
    }

    fn change_one(&mut self, change: &Change) -> InputEdit {
        let rope = &mut self.rope;
        let row = change.line as usize;
        let line = rope.line_to_char(row);
        let unit = rope.char_to_utf16_cu(line) + change.character as usize;
        let start = rope.utf16_cu_to_char(unit);
        let end = rope.utf16_cu_to_char(unit + change.n_removed as usize);
        let line_byte = rope.line_to_byte(row);
        let (start_byte, old_end_byte) = (rope.char_to_byte(start), rope.char_to_byte(end));
        if start < end {
            rope.remove(start..end);
        }
        rope.insert(start, &change.text);
        let new_end_byte = start_byte + change.text.len();
        let point = |byte: usize| Point { row, column: byte - line_byte };
        InputEdit {
            start_byte,
            old_end_byte,
            new_end_byte,
            start_position: point(start_byte),
            old_end_position: point(old_end_byte),
            new_end_position: point(new_end_byte),
        }
    }
}

fn parsed(parser: &mut Parser, rope: &Rope, old: Option<&Tree>) -> Tree {
    let mut read = |offset: usize, _: Point| {
        if offset >= rope.len_bytes() {
            return &[][..];
        }
        let (chunk, start, _, _) = rope.chunk_at_byte(offset);
        chunk.as_bytes().get(offset - start..).unwrap_or(&[])
    };
    parser.parse_with_options(&mut read, old, None).expect("a parse without a limit")
}

fn grammar(language: &str) -> Language {
    match language {
        "python" => tree_sitter_python::LANGUAGE.into(),
        "typescript" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        "tsx" => tree_sitter_typescript::LANGUAGE_TSX.into(),
        "go" => tree_sitter_go::LANGUAGE.into(),
        "json" => tree_sitter_json::LANGUAGE.into(),
        other => panic!("there is no floor for {other}"),
    }
}

/// The floor behind a pipe, until its input ends.
///
/// `textDocument/didChange` edits, parses and tells; `bare/edit` only edits. Requests are answered with null.
pub fn serve() {
    let mut input = BufReader::new(std::io::stdin().lock());
    let mut output = std::io::stdout().lock();
    let mut open: HashMap<String, (Bare, Vec<InputEdit>)> = HashMap::new();
    while let Some(message) = pipe::read(&mut input) {
        let params = &message["params"];
        let uri = params["textDocument"]["uri"].as_str().unwrap_or("").to_owned();
        let mut before = None;
        let mut reply = message.get("id").map(|id| json!({ "jsonrpc": "2.0", "id": id, "result": null }));
        match message["method"].as_str().unwrap_or("") {
            "textDocument/didOpen" => {
                let document = &params["textDocument"];
                let (language, text) = (document["languageId"].as_str(), document["text"].as_str());
                let bare = Bare::new(language.unwrap_or(""), text.unwrap_or(""));
                open.insert(uri, (bare, Vec::new()));
            }
            "bare/edit" => {
                if let Some((bare, edits)) = open.get_mut(&uri) {
                    edits.extend(bare.change(&changes(params)));
                }
            }
            "textDocument/didChange" => {
                if let Some((bare, edits)) = open.get_mut(&uri) {
                    edits.extend(bare.change(&changes(params)));
                    before = Some(bare.reparse(&std::mem::take(edits)));
                    reply =
                        Some(json!({ "jsonrpc": "2.0", "method": "bare/parsed", "params": { "uri": uri } }));
                }
            }
            _ => {}
        }
        let written = reply.map(|reply| output.write_all(&pipe::frame(&reply)).and_then(|()| output.flush()));
        if written.is_some_and(|written| written.is_err()) {
            return;
        }
        drop(before);
    }
}

fn changes(params: &Value) -> Vec<Change> {
    let changes = params["contentChanges"].as_array();
    changes.into_iter().flatten().map(|change| Change::from_json(change).expect("a change")).collect()
}
