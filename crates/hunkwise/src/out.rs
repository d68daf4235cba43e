//! What the terminal shows. The only place that prints; colors obey NO_COLOR and non-terminals.

use std::io::{BufRead, IsTerminal, Write};

use anstyle::{AnsiColor, Color, Style};

const GREEN: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Green)));
const RED: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Red)));
const CYAN: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Cyan)));
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// A line on standard output. Here and below, output that nobody reads is no reason to stop: an edit may be half decided.
pub(crate) fn line(text: &str) {
    let _ = writeln!(anstream::stdout(), "{text}");
}

/// Text as it is on standard output, without a line ending of its own.
pub(crate) fn raw(text: &str) {
    let mut stdout = anstream::stdout();
    let _ = write!(stdout, "{text}").and_then(|()| stdout.flush());
}

/// A heading.
pub(crate) fn heading(text: &str) {
    line(&format!("\n{BOLD}{text}{BOLD:#}"));
}

/// Something that happens, apart from what is printed as result.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{DIM}{text}{DIM:#}");
}

/// Something that went wrong.
pub(crate) fn error(text: &str) {
    let _ = writeln!(anstream::stderr(), "{RED}error:{RED:#} {text}");
}

/// An error with its causes, each said once: some messages have their cause in them.
pub(crate) fn failure(error: &anyhow::Error) {
    let causes = error.chain().map(ToString::to_string);
    let said =
        causes.reduce(|said, cause| if said.ends_with(&cause) { said } else { format!("{said}: {cause}") });
    self::error(&said.unwrap_or_default());
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
        self::line(&format!("{style}{line}{style:#}"));
    }
}

/// A question and the line that answers it; none at the end of the input.
pub(crate) fn ask(question: &str) -> Option<String> {
    raw(&format!("{CYAN}{question}{CYAN:#} "));
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
