//! A whole edit, an answer made from it, and what may become of that.

use std::fs;
use std::ops::Range;
use std::path::Path;

use edit::{Ending, Format, Site, resolve};
use syntax::{Stop, Tree, language_for};
use text::{ChangeSet, Text, fixture, split_lines};

/// A file, a scope in it, and the scope's new text.
pub struct Base {
    pub path: String,
    pub text: String,
    pub scope: Range<usize>,
    pub new: String,
}

/// A spoiled answer.
pub struct Case {
    pub kind: &'static str,
    pub path: String,
    pub text: String,
    pub scope: Range<usize>,
    pub answer: String,
    pub format: Format,
    pub ending: Ending,
    /// The text afterwards; none if the answer must be refused or changes nothing.
    pub becomes: Option<String>,
    /// Whether blank lines may differ: the answer does not tell.
    pub ignores_blank_lines: bool,
}

pub enum Verdict {
    Right,
    Refused(String),
    Wrong(String),
}

impl Base {
    /// The edits of `fixtures/edits`.
    pub fn all() -> Vec<Base> {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/edits");
        let mut paths: Vec<_> = fs::read_dir(dir)
            .expect("the fixtures are there")
            .map(|entry| entry.expect("readable").path())
            .collect();
        paths.sort();
        paths.iter().map(|path| Base::read(&fs::read_to_string(path).expect("a text"))).collect()
    }

    fn read(fixture: &str) -> Base {
        let files = fixture::files(fixture);
        let [file, new] = files.as_slice() else { panic!("a text and its new scope: {fixture}") };
        let scope = file.range.clone().expect("a scope is marked");
        Base { path: file.path.clone(), text: file.text.clone(), scope, new: new.text.clone() }
    }

    pub fn old(&self) -> &str {
        &self.text[self.scope.clone()]
    }

    pub fn above(&self) -> &str {
        &self.text[..self.scope.start]
    }

    pub fn below(&self) -> &str {
        &self.text[self.scope.end..]
    }

    /// The text with the scope's new text.
    pub fn after(&self) -> String {
        format!("{}{}{}", self.above(), self.new, self.below())
    }

    /// Blanks in front of the scope's first line.
    pub fn indent(&self) -> &str {
        indent(self.old())
    }

    pub fn rewrite(&self, kind: &'static str, answer: String) -> Case {
        Case {
            kind,
            path: self.path.clone(),
            text: self.text.clone(),
            scope: self.scope.clone(),
            answer,
            format: Format::Rewrite,
            ending: Ending::Complete,
            becomes: Some(self.after()),
            ignores_blank_lines: false,
        }
    }

    pub fn replace(&self, kind: &'static str, answer: String) -> Case {
        Case { format: Format::SearchReplace, ..self.rewrite(kind, answer) }
    }
}

impl Case {
    pub fn refused(self) -> Case {
        Case { becomes: None, ..self }
    }

    pub fn cut(self) -> Case {
        Case { ending: Ending::Cut, becomes: None, ..self }
    }

    /// With `\r\n` at the end of every line of the text.
    pub fn with_crlf(self) -> Case {
        let crlf = |text: &str| text.replace('\n', "\r\n");
        let scope = crlf(&self.text[..self.scope.start]).len()..crlf(&self.text[..self.scope.end]).len();
        Case { scope, text: crlf(&self.text), becomes: self.becomes.as_deref().map(crlf), ..self }
    }

    pub fn must_apply(&self) -> bool {
        self.becomes.is_some()
    }

    pub fn verdict(&self) -> Verdict {
        let text = Text::from(self.text.as_str());
        let language = language_for("", &self.path).expect("a known language");
        let tree = Tree::parse(language, &text, &Stop::never()).expect("nothing stops it");
        let site = Site::new(&text, &self.scope, Some(tree));
        let edits = match resolve(&self.answer, self.format, self.ending, &site) {
            Ok(settled) => settled.with_imports(),
            Err(_) if self.becomes.is_none() => return Verdict::Right,
            Err(refusals) => return Verdict::Refused(refusals[0].to_string()),
        };
        let changes = ChangeSet::new(text.len(), edits).expect("edits are sorted");
        let result = text.apply(&changes).expect("edits fit").to_string();
        match &self.becomes {
            None if result == self.text => Verdict::Right,
            Some(expected) if self.same(expected, &result) => Verdict::Right,
            Some(_) if result == self.text => Verdict::Refused("no change".to_owned()),
            _ => Verdict::Wrong(result),
        }
    }

    fn same(&self, a: &str, b: &str) -> bool {
        let lines = |text: &str| -> Vec<String> {
            let lines = split_lines(text).into_iter().map(|line| match line.strip_suffix("\r\n") {
                Some(line) => format!("{}\r\n", line.trim_end()),
                None => line.trim_end().to_owned(),
            });
            lines.filter(|line| !self.ignores_blank_lines || !line.trim().is_empty()).collect()
        };
        lines(a) == lines(b)
    }
}

pub fn indent(text: &str) -> &str {
    &text[..text.len() - text.trim_start_matches([' ', '\t']).len()]
}

/// `text` with every line that is not blank through `change`; the index counts all lines.
pub fn map_lines(text: &str, change: impl Fn(usize, &str) -> String) -> String {
    let lines = text.lines().enumerate();
    lines
        .map(|(idx, line)| if line.trim().is_empty() { "\n".to_owned() } else { change(idx, line) + "\n" })
        .collect()
}

pub fn fence(text: &str) -> String {
    format!("```\n{text}```\n")
}
