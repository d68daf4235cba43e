//! Names as a model makes them up: near to what it remembers, in the style of the file.
//!
//! Owns the kinds of mutation. Each takes a real name and gives another; whether that is a name of the folder, too, is not
//! known here.

/// A way to get a name wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mutation {
    /// A letter is missing, doubled or in the place of its neighbor.
    Typo,
    /// A part more at the end: `get_user_by_name`.
    Suffix,
    /// Another verb in front, or one more.
    Verb,
    /// Two parts in each other's place.
    Swapped,
    /// One for many, or many for one.
    Number,
    /// Underscores for humps, or humps for underscores.
    Style,
    /// Nothing in common with the name.
    Fresh,
}

pub(crate) const MUTATIONS: [Mutation; 7] = [
    Mutation::Typo,
    Mutation::Suffix,
    Mutation::Verb,
    Mutation::Swapped,
    Mutation::Number,
    Mutation::Style,
    Mutation::Fresh,
];

const SUFFIXES: [&[&str]; 12] = [
    &["by", "name"],
    &["by", "id"],
    &["async"],
    &["all"],
    &["or", "default"],
    &["value"],
    &["list"],
    &["info"],
    &["internal"],
    &["with", "options"],
    &["safe"],
    &["data"],
];

const VERBS: [(&str, &[&str]); 18] = [
    ("get", &["fetch", "load", "retrieve"]),
    ("set", &["update", "assign"]),
    ("is", &["has", "check"]),
    ("has", &["contains", "is"]),
    ("add", &["append", "insert"]),
    ("remove", &["delete", "drop"]),
    ("delete", &["remove"]),
    ("create", &["make", "build"]),
    ("new", &["create", "make"]),
    ("make", &["create"]),
    ("find", &["lookup", "search"]),
    ("update", &["refresh", "set"]),
    ("to", &["as", "into"]),
    ("on", &["handle"]),
    ("handle", &["process", "on"]),
    ("parse", &["read", "decode"]),
    ("render", &["draw", "paint"]),
    ("check", &["verify", "validate"]),
];

const FRESH: [&[&str]; 10] = [
    &["resolve", "pending", "entries"],
    &["collect", "remaining"],
    &["sanitize", "payload"],
    &["normalized", "bounds"],
    &["ensure", "initialized"],
    &["apply", "overrides"],
    &["merge", "defaults"],
    &["effective", "settings"],
    &["try", "acquire"],
    &["dispatch", "pending"],
];

/// The name changed in one way; none where that way leads nowhere.
pub(crate) fn mutated(
    name: &str,
    mutation: Mutation,
    is_snake: bool,
    random: &mut fastrand::Rng,
) -> Option<String> {
    let style = Style::of(name, is_snake);
    let mut parts = split(name);
    let changed = match mutation {
        Mutation::Typo => typo(name, random)?,
        Mutation::Suffix => {
            let suffix = SUFFIXES[random.usize(..SUFFIXES.len())];
            parts.extend(suffix.iter().map(|part| (*part).to_owned()));
            style.joined(&parts)
        }
        Mutation::Verb => {
            let others = VERBS.iter().find(|(verb, _)| *verb == parts.first().map_or("", String::as_str));
            match others {
                Some((_, others)) => parts[0] = others[random.usize(..others.len())].to_owned(),
                None => parts.insert(0, VERBS[random.usize(..VERBS.len())].0.to_owned()),
            }
            style.joined(&parts)
        }
        Mutation::Swapped => {
            let at = (parts.len() >= 2).then(|| random.usize(..parts.len() - 1))?;
            parts.swap(at, at + 1);
            style.joined(&parts)
        }
        Mutation::Number => match name.strip_suffix('s') {
            Some(one) => one.to_owned(),
            None => format!("{name}s"),
        },
        Mutation::Style => {
            let other = match style {
                Style::Snake => Style::Camel,
                Style::Camel => Style::Snake,
                Style::Pascal | Style::Upper => return None,
            };
            other.joined(&parts)
        }
        Mutation::Fresh => {
            let fresh: Vec<String> =
                FRESH[random.usize(..FRESH.len())].iter().map(|part| (*part).to_owned()).collect();
            style.joined(&fresh)
        }
    };
    let is_name = changed.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    (changed != name && is_name && changed.len() > 2).then_some(changed)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Snake,
    Camel,
    Pascal,
    Upper,
}

impl Style {
    fn of(name: &str, is_snake: bool) -> Style {
        let has_lower = name.contains(char::is_lowercase);
        match name.trim_start_matches('_').chars().next() {
            Some(first) if first.is_uppercase() && has_lower => Style::Pascal,
            Some(first) if first.is_uppercase() => Style::Upper,
            _ if name.trim_matches('_').contains('_') || is_snake => Style::Snake,
            _ => Style::Camel,
        }
    }

    fn joined(self, parts: &[String]) -> String {
        let humps = |from: usize| {
            let parts = parts.iter().enumerate();
            parts.map(|(idx, part)| if idx < from { part.clone() } else { capital(part) }).collect()
        };
        match self {
            Style::Snake => parts.join("_"),
            Style::Upper => parts.join("_").to_uppercase(),
            Style::Camel => humps(1),
            Style::Pascal => humps(0),
        }
    }
}

fn capital(part: &str) -> String {
    let mut chars = part.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The parts of a name in lower case, none left out.
fn split(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut was_lower = false;
    for c in name.chars() {
        if c == '_' {
            was_lower = false;
            parts.push(String::new());
            continue;
        }
        if parts.is_empty() || c.is_uppercase() && was_lower {
            parts.push(String::new());
        }
        was_lower = c.is_lowercase() || c.is_numeric();
        if let Some(part) = parts.last_mut() {
            part.extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn typo(name: &str, random: &mut fastrand::Rng) -> Option<String> {
    let mut chars: Vec<char> = name.chars().collect();
    let at = (chars.len() >= 4).then(|| random.usize(1..chars.len() - 1))?;
    match random.u8(..3) {
        0 => drop(chars.remove(at)),
        1 => chars.insert(at, chars[at]),
        _ => chars.swap(at, at + 1),
    }
    Some(chars.into_iter().collect())
}
