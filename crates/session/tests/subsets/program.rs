//! Small programs in several languages, and changes to them as a model would make: names given and used in many places.

use fastrand::Rng;

/// A language that programs are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Python,
    TypeScript,
    Go,
    Rust,
    Java,
    Kotlin,
}

pub const LANGUAGES: [Language; 6] =
    [Language::Python, Language::TypeScript, Language::Go, Language::Rust, Language::Java, Language::Kotlin];

/// Whether a name is one of the generator's: a letter and a number.
pub fn is_made(name: &str) -> bool {
    name.strip_prefix(['m', 'n', 'p', 'v'])
        .is_some_and(|rest| !rest.is_empty() && rest.parse::<u32>().is_ok())
}

#[derive(Debug, Clone)]
pub struct Program {
    imports: Vec<String>,
    functions: Vec<Function>,
    next: u32,
}

#[derive(Debug, Clone)]
struct Function {
    name: String,
    parameters: Vec<String>,
    body: Vec<Statement>,
}

#[derive(Debug, Clone)]
enum Statement {
    /// A line that names nothing: it keeps hunks apart.
    Filler(u32),
    /// A local.
    Let(String, String),
    /// A local that a call gives.
    Call(String, String, Vec<String>),
    /// A local that an import gives.
    Imported(String, String),
    /// A line of its own, as it is.
    Raw(&'static str),
    Return(String),
}

impl Program {
    pub fn random(rng: &mut Rng) -> Program {
        let mut program = Program { imports: Vec::new(), functions: Vec::new(), next: 0 };
        let import = program.name('m');
        program.imports.push(import);
        for _ in 0..rng.usize(2..4) {
            let function = program.function(rng);
            program.functions.push(function);
        }
        program
    }

    fn name(&mut self, letter: char) -> String {
        self.next += 1;
        format!("{letter}{}", self.next)
    }

    fn function(&mut self, rng: &mut Rng) -> Function {
        let name = self.name('n');
        let parameters: Vec<String> = (0..rng.usize(1..3)).map(|_| self.name('p')).collect();
        let mut body = Vec::new();
        let mut last = parameters[0].clone();
        for _ in 0..rng.usize(1..4) {
            let local = self.name('v');
            let used = last.clone();
            body.push(match rng.u8(0..4) {
                0 if !self.functions.is_empty() => {
                    let callee = &self.functions[rng.usize(0..self.functions.len())];
                    let arguments = callee.parameters.iter().map(|_| used.clone()).collect();
                    Statement::Call(local.clone(), callee.name.clone(), arguments)
                }
                1 => Statement::Imported(local.clone(), self.imports[0].clone()),
                _ => Statement::Let(local.clone(), used),
            });
            body.push(Statement::Filler(self.next));
            last = local;
        }
        body.push(Statement::Return(last));
        Function { name, parameters, body }
    }

    /// The program after some changes, each of which touches several places.
    pub fn changed(&self, rng: &mut Rng) -> Program {
        let mut program = self.clone();
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(0..program.functions.len());
            match rng.u8(0..9) {
                0 => program.rename_function(at),
                1 => program.add_parameter(at),
                2 => program.rename_local(at, rng),
                3 => program.add_local(at, rng),
                4 => program.add_function(rng),
                5 => program.add_import(at),
                6 => program.remove_function(at),
                7 => program.wrap(at),
                _ => program.break_line(at, rng),
            }
        }
        program
    }

    fn rename_function(&mut self, at: usize) {
        let new = self.name('n');
        let old = std::mem::replace(&mut self.functions[at].name, new.clone());
        for statement in self.functions.iter_mut().flat_map(|function| &mut function.body) {
            if let Statement::Call(_, callee, _) = statement
                && *callee == old
            {
                callee.clone_from(&new);
            }
        }
    }

    fn add_parameter(&mut self, at: usize) {
        let new = self.name('p');
        let name = self.functions[at].name.clone();
        self.functions[at].parameters.push(new.clone());
        if let Some(Statement::Return(used)) = self.functions[at].body.last_mut() {
            *used = new;
        }
        for statement in self.functions.iter_mut().flat_map(|function| &mut function.body) {
            if let Statement::Call(_, callee, arguments) = statement
                && *callee == name
            {
                arguments.push("1".to_owned());
            }
        }
    }

    fn rename_local(&mut self, at: usize, rng: &mut Rng) {
        let new = self.name('v');
        let body = &mut self.functions[at].body;
        let given: Vec<String> = body.iter().filter_map(Statement::gives).cloned().collect();
        let Some(old) = rng.choice(&given) else { return };
        body.iter_mut()
            .flat_map(Statement::names)
            .filter(|name| *name == old)
            .for_each(|name| *name = new.clone());
    }

    fn add_local(&mut self, at: usize, rng: &mut Rng) {
        let new = self.name('v');
        let function = &mut self.functions[at];
        let parameter = function.parameters[0].clone();
        let place = rng.usize(0..function.body.len());
        if let Some(Statement::Return(used)) = function.body.last_mut() {
            used.clone_from(&new);
        }
        function.body.insert(place, Statement::Let(new, parameter));
    }

    fn add_function(&mut self, rng: &mut Rng) {
        let function = self.function(rng);
        let local = self.name('v');
        let caller = rng.usize(0..self.functions.len());
        let arguments = function.parameters.iter().map(|_| "1".to_owned()).collect();
        self.functions[caller].body.insert(0, Statement::Call(local, function.name.clone(), arguments));
        let place = rng.usize(0..=self.functions.len());
        self.functions.insert(place, function);
    }

    fn add_import(&mut self, at: usize) {
        let (import, local) = (self.name('m'), self.name('v'));
        self.imports.push(import.clone());
        self.functions[at].body.insert(0, Statement::Imported(local, import));
    }

    fn remove_function(&mut self, at: usize) {
        if self.functions.len() < 2 {
            return;
        }
        let function = self.functions.remove(at);
        for statement in self.functions.iter_mut().flat_map(|function| &mut function.body) {
            if let Statement::Call(local, callee, _) = statement
                && *callee == function.name
            {
                *statement = Statement::Let(local.clone(), "1".to_owned());
            }
        }
    }

    /// A block round the body whose lines stay as they are: it opens in one hunk and closes in another.
    fn wrap(&mut self, at: usize) {
        let body = &mut self.functions[at].body;
        body.insert(0, Statement::Raw("{"));
        body.push(Statement::Raw("}"));
    }

    /// A line that does not parse.
    fn break_line(&mut self, at: usize, rng: &mut Rng) {
        let body = &mut self.functions[at].body;
        body.insert(rng.usize(0..body.len()), Statement::Raw(") ("));
    }

    pub fn text(&self, language: Language) -> String {
        let mut text = language.start().to_owned();
        for import in &self.imports {
            text.push_str(&language.import(import));
        }
        text.push_str(if language == Language::Java { "\nclass A {\n" } else { "\n" });
        for function in &self.functions {
            text.push_str(&language.function(function));
        }
        text.push_str(if language == Language::Java { "}\n" } else { "" });
        text
    }
}

impl Statement {
    fn gives(&self) -> Option<&String> {
        match self {
            Statement::Let(local, _) | Statement::Call(local, _, _) | Statement::Imported(local, _) => {
                Some(local)
            }
            Statement::Filler(_) | Statement::Raw(_) | Statement::Return(_) => None,
        }
    }

    fn names(&mut self) -> Vec<&mut String> {
        match self {
            Statement::Let(local, used) => vec![local, used],
            Statement::Call(local, _, arguments) => arguments.iter_mut().chain([local]).collect(),
            Statement::Imported(local, _) => vec![local],
            Statement::Return(used) => vec![used],
            Statement::Filler(_) | Statement::Raw(_) => Vec::new(),
        }
    }
}

impl Language {
    pub fn path(self) -> &'static str {
        match self {
            Language::Python => "a.py",
            Language::TypeScript => "a.ts",
            Language::Go => "a.go",
            Language::Rust => "a.rs",
            Language::Java => "A.java",
            Language::Kotlin => "a.kt",
        }
    }

    fn start(self) -> &'static str {
        if self == Language::Go { "package a\n\n" } else { "" }
    }

    fn import(self, name: &str) -> String {
        match self {
            Language::Python => format!("from lib import {name}\n"),
            Language::TypeScript => format!("import {{ {name} }} from './lib';\n"),
            Language::Go => format!("import \"lib/{name}\"\n"),
            Language::Rust => format!("use lib::{name};\n"),
            Language::Java => format!("import lib.{name};\n"),
            Language::Kotlin => format!("import lib.{name}\n"),
        }
    }

    fn function(self, function: &Function) -> String {
        let join = |form: &dyn Fn(&String) -> String| {
            function.parameters.iter().map(form).collect::<Vec<_>>().join(", ")
        };
        let name = &function.name;
        let head = match self {
            Language::Python => format!("def {name}({}):\n", join(&String::clone)),
            Language::TypeScript => format!("function {name}({}) {{\n", join(&|p| format!("{p}: number"))),
            Language::Go => format!("func {name}({}) int {{\n", join(&|p| format!("{p} int"))),
            Language::Rust => format!("fn {name}({}) -> u8 {{\n", join(&|p| format!("{p}: u8"))),
            Language::Java => format!("int {name}({}) {{\n", join(&|p| format!("int {p}"))),
            Language::Kotlin => format!("fun {name}({}): Int {{\n", join(&|p| format!("{p}: Int"))),
        };
        let body: String = function.body.iter().map(|statement| self.statement(statement)).collect();
        let end = if self == Language::Python { "\n" } else { "}\n\n" };
        format!("{head}{body}{end}")
    }

    fn statement(self, statement: &Statement) -> String {
        let end = match self {
            Language::TypeScript | Language::Rust | Language::Java => ";",
            Language::Python | Language::Go | Language::Kotlin => "",
        };
        let give = |local: &str, value: String| match self {
            Language::Python => format!("{local} = {value}"),
            Language::TypeScript => format!("const {local} = {value}"),
            Language::Go => format!("{local} := {value}"),
            Language::Rust => format!("let {local} = {value}"),
            Language::Java => format!("int {local} = {value}"),
            Language::Kotlin => format!("val {local} = {value}"),
        };
        let line = match statement {
            Statement::Filler(number) => format!("log({number})"),
            Statement::Let(local, used) => give(local, format!("{used} + 1")),
            Statement::Call(local, callee, arguments) => {
                give(local, format!("{callee}({})", arguments.join(", ")))
            }
            Statement::Imported(local, import) => match self {
                Language::Go | Language::Java => give(local, format!("{import}.of(1)")),
                Language::Python | Language::TypeScript | Language::Rust | Language::Kotlin => {
                    give(local, format!("{import}(1)"))
                }
            },
            // Python has no braces: a parenthesis that closes elsewhere does the same.
            Statement::Raw("{") if self == Language::Python => return "    (\n".to_owned(),
            Statement::Raw("}") if self == Language::Python => return "    )\n".to_owned(),
            Statement::Raw(raw) => return format!("    {raw}\n"),
            Statement::Return(used) => format!("return {used}"),
        };
        format!("    {line}{end}\n")
    }
}
