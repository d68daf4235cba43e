//! Screens of a terminal as one moving picture: an SVG whose frames are shown in turn, without a script.
//!
//! Owns how frames are put together. Must never change what is on a screen.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

struct Frame<'a> {
    /// The screen's text with the escape sequences that color it.
    screen: &'a str,
    /// The keys that led to it; empty for none.
    keys: &'a str,
    /// What they are for.
    does: &'a str,
    ms: u32,
}

/// The color of Neovim's background.
const BACKGROUND: &str = "#14161B";

/// The frames of a JSON list of `{screen, keys, does, ms}`, one after the other, over and over. Who wants no motion sees
/// frame `still`. Fails when the list is no such list.
pub fn film(frames: &str, still: usize) -> Result<String> {
    let frames: Vec<Value> = serde_json::from_str(frames).context("read the frames")?;
    let frames: Vec<Frame<'_>> = frames.iter().map(Frame::read).collect::<Result<_>>()?;
    let whole: u32 = frames.iter().map(|frame| frame.ms).sum();
    let (mut head, mut rules, mut shown) = (String::new(), BTreeSet::new(), String::new());
    let (mut motion, mut rows) = (String::new(), Rows::default());
    let mut begun = 0;
    for (idx, frame) in frames.iter().enumerate() {
        let svg = anstyle_svg::Term::new().render_svg(&with_caption(frame));
        let (start, rest) = svg.split_once("  <style>\n").context("a style in the frame")?;
        let (style, rest) = rest.split_once("  </style>\n").context("the style's end")?;
        let (_, text) = rest.split_once("<text").context("a text in the frame")?;
        let (text, _) = text.split_once("</text>").context("the text's end")?;
        // The widest and highest frame gives the size; all have the same lines.
        head = head.max(start.to_owned());
        rules.extend(style_rules(style));
        shown.push_str(&format!("<g class=\"frame\" id=\"f{idx}\">{}</g>\n", rows.used_by(text)));
        let percent = |ms: u32| f64::from(ms) * 100.0 / f64::from(whole);
        let (from, to) = (percent(begun), percent(begun + frame.ms));
        motion.push_str(&format!(
            "#f{idx} {{ animation-name: k{idx} }}\n@keyframes k{idx} {{ 0% {{ visibility: {} }} {from:.2}% {{ visibility: visible }} {to:.2}% {{ visibility: hidden }} }}\n",
            if idx == 0 { "visible" } else { "hidden" },
        ));
        begun += frame.ms;
    }
    let rules: Vec<String> = rules.into_iter().collect();
    Ok(format!(
        "{head}<style>\n{}\n.frame {{ visibility: hidden; animation: {whole}ms step-end infinite }}\n{motion}\
         @media (prefers-reduced-motion: reduce) {{ .frame {{ animation: none }} #f{still} {{ visibility: visible }} }}\n</style>\n\
         <defs>\n{}</defs>\n<rect width=\"100%\" height=\"100%\" rx=\"4.5\" class=\"bg\" />\n{shown}</svg>\n",
        on_background(&rules.join("\n")),
        rows.all,
    ))
}

impl Frame<'_> {
    fn read(frame: &Value) -> Result<Frame<'_>> {
        let text = |key: &str| frame[key].as_str().with_context(|| format!("read `{key}` of a frame"));
        let ms = frame["ms"].as_u64().and_then(|ms| u32::try_from(ms).ok());
        let ms = ms.context("read `ms` of a frame")?;
        Ok(Frame { screen: text("screen")?, keys: text("keys")?, does: text("does")?, ms })
    }
}

/// The same with the editor's background, also where there are no cells.
pub fn on_background(svg: &str) -> String {
    svg.replace(".bg { fill: #000000 }", &format!(".bg {{ fill: {BACKGROUND} }}"))
}

/// The screen with the keys below it.
fn with_caption(frame: &Frame<'_>) -> String {
    let keys = if frame.keys.is_empty() { String::new() } else { format!("{}  ", frame.keys) };
    format!("{}\u{1b}[0m\n\n \u{1b}[1m{keys}\u{1b}[0m{}", frame.screen, frame.does)
}

/// Each rule of a style, its lines put together.
fn style_rules(style: &str) -> Vec<String> {
    let mut rules = Vec::new();
    let mut rule = String::new();
    for line in style.lines() {
        rule.push_str(line.trim());
        if line.trim().ends_with('}') {
            rules.push(std::mem::take(&mut rule));
        }
    }
    rules
}

/// Rows that are on the screen again and again, each of them once.
#[derive(Default)]
struct Rows {
    known: BTreeMap<String, usize>,
    all: String,
}

impl Rows {
    /// The rows of a frame's text, in their places.
    fn used_by(&mut self, text: &str) -> String {
        let mut used = String::new();
        for row in text.split("<tspan x=\"10px\" y=\"").skip(1) {
            let Some((y, row)) = row.split_once("px\">") else { continue };
            // The last of them closes the row itself.
            let row = row.trim_end().strip_suffix("</tspan>").unwrap_or(row).trim_end_matches('\n');
            if row.is_empty() {
                continue;
            }
            let next = self.known.len();
            let number = *self.known.entry(row.to_owned()).or_insert(next);
            if number == next {
                self.all.push_str(&format!(
                    "<text id=\"r{number}\" x=\"10\" xml:space=\"preserve\" class=\"container fg\">{row}</text>\n"
                ));
            }
            used.push_str(&format!("<use href=\"#r{number}\" y=\"{y}\"/>"));
        }
        used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_seen_one_after_the_other() {
        let frames = r#"[
            {"screen": "alpha\n\u001b[31mred", "keys": "", "does": "looks", "ms": 1000},
            {"screen": "alpha", "keys": "x", "does": "acts", "ms": 3000}
        ]"#;
        let film = film(frames, 1).unwrap();
        assert!(
            film.contains(".frame { visibility: hidden; animation: 4000ms step-end infinite }"),
            "{film}"
        );
        assert!(
            film.contains(
                "@keyframes k1 { 0% { visibility: hidden } 25.00% { visibility: visible } 100.00% "
            )
        );
        assert_eq!((film.matches("<svg").count(), film.matches("class=\"frame\"").count()), (1, 2));
        assert_eq!((film.matches("alpha").count(), film.matches("href=").count()), (1, 5));
        for part in ["red", "looks", "acts", ".fg-red"] {
            assert!(film.contains(part), "{part} is in {film}");
        }
    }

    #[test]
    fn what_are_no_frames_is_an_error() {
        assert!(film("{}", 0).unwrap_err().to_string().contains("read the frames"));
    }
}
