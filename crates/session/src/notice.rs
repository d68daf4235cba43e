//! Things to tell the user, as values: what happened, what was kept, what to do next.

use std::fmt;

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Good to know.
    Info,
    /// Something did not go as asked.
    Warning,
    /// Something failed.
    Error,
}

/// Something the user should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub level: Level,
    /// What happened, what was kept, what to do next.
    pub text: String,
}

impl Notice {
    /// Good to know.
    pub fn info(text: impl Into<String>) -> Notice {
        Notice { level: Level::Info, text: text.into() }
    }

    /// Something did not go as asked.
    pub fn warning(text: impl Into<String>) -> Notice {
        Notice { level: Level::Warning, text: text.into() }
    }

    /// Something failed.
    pub fn error(text: impl Into<String>) -> Notice {
        Notice { level: Level::Error, text: text.into() }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
