//! One page over HTTP, and what of it is text.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Response, Url};

use super::PageError;
use crate::endpoint::{host_label, is_internal};
use crate::settings::Settings;
use crate::transport::{broken, no_response, page_client};

/// The time for all of it, its conversion to text as well.
const LIMIT: Duration = Duration::from_secs(20);
/// Documentation that is longer is a book, of which the first pages would be shown.
const MAX_BYTES: usize = 1 << 20;
/// As many servers may send it on.
const MAX_REDIRECTS: usize = 5;
/// Columns of running text, and those that code and tables may take.
const WIDTH: (usize, usize) = (100, 400);

pub(super) async fn read(url: &Url, settings: &Settings) -> Result<String, PageError> {
    tokio::time::timeout(LIMIT, read_slowly(url, settings)).await.unwrap_or(Err(PageError::TooSlow(LIMIT)))
}

async fn read_slowly(url: &Url, settings: &Settings) -> Result<String, PageError> {
    let client = page_client(url, settings, Policy::custom(follow))?;
    let has_proxy = settings.proxy.is_some();
    let response = client
        .get(url.clone())
        .send()
        .await
        .map_err(|error| no_response(error, settings.timeouts.connect(), has_proxy))?;
    if response.status().is_redirection() {
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let target = location.and_then(|location| response.url().join(location).ok());
        return Err(match target {
            Some(target) => PageError::Redirected(host_label(&target)),
            None => PageError::Status(response.status().as_u16()),
        });
    }
    if !response.status().is_success() {
        return Err(PageError::Status(response.status().as_u16()));
    }
    let kind = Kind::of(&response)?;
    let bytes = body(response).await?;
    let text = String::from_utf8(bytes).map_err(|_| PageError::NotText("not in UTF-8".to_owned()))?;
    let text = match kind {
        Kind::Plain => text,
        // A page that is nested deep takes long, and a parser that nobody here wrote may panic.
        Kind::Html => tokio::task::spawn_blocking(move || text_of(&text))
            .await
            .ok()
            .flatten()
            .ok_or_else(|| PageError::NotText("a page that cannot be read".to_owned()))?,
    };
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    Ok(text.trim_end().to_owned() + "\n")
}

enum Kind {
    Html,
    Plain,
}

impl Kind {
    /// What an answer says it is; text where it says nothing.
    fn of(response: &Response) -> Result<Kind, PageError> {
        let said = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = said.unwrap_or("text/plain").split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        let is_text = kind.starts_with("text/")
            || kind.ends_with("+json")
            || kind.ends_with("+xml")
            || [
                "application/json",
                "application/xml",
                "application/yaml",
                "application/x-yaml",
                "application/toml",
                "application/javascript",
                "application/x-ndjson",
            ]
            .contains(&kind.as_str());
        match kind.as_str() {
            "text/html" | "application/xhtml+xml" => Ok(Kind::Html),
            _ if is_text => Ok(Kind::Plain),
            _ => Err(PageError::NotText(kind)),
        }
    }
}

/// Follows only to where the mentioned server could have sent anybody: not from the world outside into a network that only
/// this machine is in, and not out of what is encrypted.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let previous = attempt.previous();
    let (Some(first), Some(last)) = (previous.first(), previous.last()) else { return attempt.stop() };
    let is_same_host = first.host_str() == attempt.url().host_str();
    let may_follow = previous.len() <= MAX_REDIRECTS
        && (attempt.url().scheme() == "https" || attempt.url().scheme() == last.scheme())
        && (is_same_host || !is_internal(attempt.url()));
    if may_follow { attempt.follow() } else { attempt.stop() }
}

async fn body(mut response: Response) -> Result<Vec<u8>, PageError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(PageError::TooLarge(MAX_BYTES));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The text of a page, with headings, lists and code marked as in Markdown.
fn text_of(html: &str) -> Option<String> {
    let (running, whole) = WIDTH;
    html2text::config::plain()
        .link_footnotes(false)
        .no_table_borders()
        .max_wrap_width(running)
        .string_from_read(html.as_bytes(), whole)
        .ok()
}
