//! Web pages that an instruction mentions, as text.
//!
//! Owns what is read of one, and the time for which it is kept. Must never send more than the address: no key, no header of a
//! provider's, no cookie.

mod read;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Url;

use crate::error::Error;
use crate::settings::Settings;
use read::read;

/// How long a page counts as what it was: what a preview shows is sent, and a follow-up's prompt begins as the one before.
const KEPT: Duration = Duration::from_secs(10 * 60);
/// How many pages are kept.
const MAX_KEPT: usize = 16;

/// Why a page cannot be shown; reads behind its address and a colon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Not what can be asked for.
    #[error("it is no address of a page: {0}")]
    Address(String),
    /// Nothing came, or not all of it.
    #[error("{0}")]
    Failed(Error),
    /// The server answers with another status.
    #[error("the server answers with status {0}")]
    Status(u16),
    /// It leads to where one should not be led without asking.
    #[error("it leads to {0}, which is not followed; mention that address if you mean it")]
    Redirected(String),
    /// It holds no text.
    #[error("it is {0}, and only text is read")]
    NotText(String),
    /// It is larger than this many bytes.
    #[error("it is larger than {} KiB", .0 / 1024)]
    TooLarge(usize),
    /// Nothing came for so long.
    #[error("it was not there after {} seconds", .0.as_secs())]
    TooSlow(Duration),
}

/// Reads pages over one proxy and with one set of certificates, and keeps what it read for a while.
#[derive(Debug)]
pub struct Pages {
    settings: Settings,
    kept: Mutex<Vec<Kept>>,
}

#[derive(Debug)]
struct Kept {
    url: Url,
    text: String,
    since: Instant,
}

impl Pages {
    /// A reader that connects as a provider with these settings does: over its proxy, with its certificates.
    pub fn new(settings: &Settings) -> Pages {
        let Settings { proxy, ca_file, timeouts, .. } = settings.clone();
        let settings = Settings { proxy, ca_file, timeouts, ..Settings::default() };
        Pages { settings, kept: Mutex::default() }
    }

    /// The text of the page at an address; lines end with `\n`.
    pub async fn text(&self, address: &str) -> Result<String, PageError> {
        let url = parsed(address)?;
        if let Some(text) = self.kept(&url) {
            return Ok(text);
        }
        let text = read(&url, &self.settings).await?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|page| page.url != url);
        if kept.len() >= MAX_KEPT {
            kept.remove(0);
        }
        kept.push(Kept { url, text: text.clone(), since: Instant::now() });
        Ok(text)
    }

    fn kept(&self, url: &Url) -> Option<String> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|page| page.since.elapsed() < KEPT);
        kept.iter().find(|page| page.url == *url).map(|page| page.text.clone())
    }
}

fn parsed(address: &str) -> Result<Url, PageError> {
    let mut url = Url::parse(address).map_err(|error| PageError::Address(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(PageError::Address("it does not begin with http or https".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(PageError::Address("it holds a user's name or a password".to_owned()));
    }
    url.set_fragment(None);
    Ok(url)
}

impl From<Error> for PageError {
    fn from(error: Error) -> PageError {
        PageError::Failed(match error {
            Error::Network { cause, message, .. } => {
                Error::Network { endpoint: "its server".to_owned(), cause, message }
            }
            other => other,
        })
    }
}
