//! The HTTP client: TLS with the system's certificates, proxies, and no redirects.

use std::path::Path;

use reqwest::{Certificate, Client, ClientBuilder, Proxy, Url, redirect};

use crate::endpoint::is_loopback;
use crate::error::{Error, NetworkCause};
use crate::key::without_credentials;
use crate::mistaken::shown_path;
use crate::settings::{Settings, Timeouts};

/// A client for calls to `url`.
pub(super) fn client(url: &Url, settings: &Settings) -> Result<Client, Error> {
    build(builder_for(url, settings)?)
}

/// A client that reads the page at `url`; it has nothing with it that a redirect could take elsewhere.
pub(crate) fn page_client(
    url: &Url,
    settings: &Settings,
    redirects: redirect::Policy,
) -> Result<Client, Error> {
    build(builder_for(url, settings)?.redirect(redirects).referer(false))
}

fn builder_for(url: &Url, settings: &Settings) -> Result<ClientBuilder, Error> {
    let mut builder = builder(&settings.timeouts);
    if let Some(proxy) = &settings.proxy {
        let bad = |why: String| Error::BadSetting { key: "proxy".to_owned(), why };
        let shown = without_credentials(proxy);
        let parsed = Url::parse(proxy).map_err(|error| bad(format!("`{shown}` is no address ({error})")))?;
        if !matches!(parsed.scheme(), "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h") {
            return Err(bad(format!("`{shown}` does not begin with http, https, socks5 or socks5h")));
        }
        builder = builder.proxy(Proxy::all(proxy).map_err(|_| bad(format!("`{shown}` cannot be used")))?);
    } else if is_loopback(url) {
        // A proxy for the world outside cannot reach this machine's own servers.
        builder = builder.no_proxy();
    }
    if let Some(path) = &settings.ca_file {
        builder = builder.tls_certs_merge(certificates(path)?);
    } else if url.scheme() == "http" && is_loopback(url) && settings.proxy.is_none() {
        builder = builder.tls_certs_only([]);
    }
    Ok(builder)
}

/// A client that reaches only this machine.
pub(crate) fn local_client() -> Result<Client, Error> {
    build(builder(&Timeouts::default()).no_proxy().tls_certs_only([]))
}

fn builder(timeouts: &Timeouts) -> ClientBuilder {
    // Whoever came first has installed one; any will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("hunkwise/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(timeouts.connect())
        // A redirect could take the key and the prompt to another host.
        .redirect(redirect::Policy::none())
}

fn build(builder: ClientBuilder) -> Result<Client, Error> {
    builder.build().map_err(|error| Error::Network {
        endpoint: "the provider".to_owned(),
        cause: NetworkCause::Tls,
        message: super::failure::innermost(&error),
    })
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, Error> {
    let name = shown_path(path);
    let bad = |why: String| Error::BadSetting { key: "ca_file".to_owned(), why };
    let pem = std::fs::read(path).map_err(|error| bad(format!("read {name}: {error}")))?;
    let certificates =
        Certificate::from_pem_bundle(&pem).map_err(|_| bad(format!("{name} is no PEM file")))?;
    match certificates.is_empty() {
        true => Err(bad(format!("{name} holds no certificate"))),
        false => Ok(certificates),
    }
}
