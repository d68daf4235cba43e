//! What the terminal shows. The only place that prints; colors obey NO_COLOR and non-terminals.

use std::io::{BufRead, IsTerminal, Write};

use anstyle::{AnsiColor, Color, Style};

const GREEN: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Green)));
const RED: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Red)));
const CYAN: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Cyan)));
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// A line on standard output.
pub(crate) fn line(text: &str) {
    anstream::println!("{text}");
}

/// Text as it is on standard output, without a line ending of its own.
pub(crate) fn raw(text: &str) {
    anstream::print!("{text}");
    let _ = std::io::stdout().flush();
}

/// A heading.
pub(crate) fn heading(text: &str) {
    anstream::println!("\n{BOLD}{text}{BOLD:#}");
}

/// Something that happens, apart from what is printed as result.
pub(crate) fn note(text: &str) {
    anstream::eprintln!("{DIM}{text}{DIM:#}");
}

/// Something that went wrong.
pub(crate) fn error(text: &str) {
    anstream::eprintln!("{RED}error:{RED:#} {text}");
}

/// A diff, colored by line.
pub(crate) fn diff(text: &str) {
    for line in text.lines() {
        let style = match line.chars().next() {
            Some('+') => GREEN,
            Some('-') => RED,
            Some('@') => CYAN,
            _ => Style::new(),
        };
        anstream::println!("{style}{line}{style:#}");
    }
}

/// A question and the line that answers it; none at the end of the input.
pub(crate) fn ask(question: &str) -> Option<String> {
    anstream::print!("{CYAN}{question}{CYAN:#} ");
    let _ = std::io::stdout().flush();
    let mut answer = String::new();
    match std::io::stdin().lock().read_line(&mut answer) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(answer.trim_end_matches(['\r', '\n']).to_owned()),
    }
}

/// Whether a person sits in front of it.
pub(crate) fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}
