//! Addresses: where a call goes, given what people write into `base_url`.

use reqwest::Url;

use crate::error::Error;
use crate::infill::InfillFormat;
use crate::protocol::Protocol;

/// The key of settings that errors name.
pub(crate) const BASE_URL: &str = "base_url";

/// The address of a call: `base` may end before, in or after the version, or name the operation itself.
///
/// Fails when `base` is no http(s) address or holds credentials.
pub(crate) fn call_url(base: &str, protocol: Protocol, model: &str) -> Result<Url, Error> {
    let url = base_url(base)?;
    Ok(match protocol {
        Protocol::AnthropicMessages => with_operation(url, "v1", "messages"),
        Protocol::OpenaiChat => with_operation(url, "v1", "chat/completions"),
        Protocol::OpenaiResponses => with_operation(url, "v1", "responses"),
        Protocol::Gemini => gemini_url(url, model),
        Protocol::Ollama => ollama_url(url),
    })
}

/// The address of a call to fill in the middle.
pub(crate) fn infill_url(base: &str, format: InfillFormat) -> Result<Url, Error> {
    let mut url = base_url(base)?;
    Ok(match format {
        InfillFormat::OpenaiCompletions => with_operation(url, "v1", "completions"),
        InfillFormat::MistralFim => with_operation(url, "v1", "fim/completions"),
        InfillFormat::LlamaInfill => {
            let path = trimmed_path(&url);
            let root = path.strip_suffix("/infill").or_else(|| path.strip_suffix("/v1")).unwrap_or(&path);
            url.set_path(&format!("{root}/infill"));
            url
        }
    })
}

/// The address of the list of models beside `base`.
pub(crate) fn models_url(base: &str) -> Result<Url, Error> {
    Ok(with_operation(base_url(base)?, "v1", "models"))
}

/// The address that people write into `base_url`. Fails when it is no http(s) address or holds credentials.
pub(crate) fn base_url(base: &str) -> Result<Url, Error> {
    let bad = |why: String| Error::BadSetting { key: BASE_URL.to_owned(), why };
    let mut url = Url::parse(base.trim()).map_err(|error| bad(format!("no address ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(bad("must begin with http:// or https:// and name a host".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad(
            "must not hold a user name or password; put an `authorization` into `headers`".to_owned()
        ));
    }
    url.set_fragment(None);
    Ok(url)
}

fn with_operation(mut url: Url, version: &str, operation: &str) -> Url {
    let path = trimmed_path(&url);
    let path = if path.ends_with(&format!("/{operation}")) {
        path
    } else if path.split('/').any(is_version) || path.contains("/deployments/") {
        format!("{path}/{operation}")
    } else {
        format!("{path}/{version}/{operation}")
    };
    url.set_path(&path);
    url
}

/// The model stands in the path, and events have to be asked for.
fn gemini_url(url: Url, model: &str) -> Url {
    let model = model.strip_prefix("models/").unwrap_or(model);
    let mut url = match url.path().contains(":streamGenerateContent") {
        true => url,
        false => with_operation(url, "v1beta", &format!("models/{model}:streamGenerateContent")),
    };
    if !url.query_pairs().any(|(name, _)| name == "alt") {
        url.query_pairs_mut().append_pair("alt", "sse");
    }
    url
}

/// The own API stands beside the one that speaks like OpenAI's.
fn ollama_url(mut url: Url) -> Url {
    let path = trimmed_path(&url);
    let root = ["/api/chat", "/api", "/v1"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(&path);
    url.set_path(&format!("{root}/api/chat"));
    url
}

fn trimmed_path(url: &Url) -> String {
    url.path().trim_end_matches('/').to_owned()
}

/// Whether a segment of a path is a version: `v1`, `v4`, `v1beta`.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// Host, and port where it is not the scheme's.
pub(crate) fn host_label(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Whether an address is on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether an address is in a network that the world outside cannot reach, as far as it says so: on this machine, of an
/// address that is not routed, or a name of a local network.
pub(crate) fn is_internal(url: &Url) -> bool {
    use std::net::{IpAddr, Ipv4Addr};

    let v4 = |address: Ipv4Addr| {
        let is_shared = address.octets()[0] == 100 && (64..128).contains(&address.octets()[1]);
        address.is_private()
            || address.is_link_local()
            || address.is_unspecified()
            || is_shared
            || address.is_loopback()
    };
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => v4(address),
        Ok(IpAddr::V6(address)) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address.to_ipv4_mapped().is_some_and(v4)
        }
        Err(_) => {
            let is_local = |ending| host.ends_with(ending);
            is_loopback(url)
                || !host.contains('.')
                || [".local", ".internal", ".lan", ".home.arpa"].into_iter().any(is_local)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, protocol: Protocol, expect: &str) {
        match call_url(base, protocol, "m-1") {
            Ok(url) => assert_eq!(url.as_str(), expect),
            Err(error) => assert_eq!(error.to_string(), expect),
        }
    }

    #[test]
    fn the_version_may_be_written_or_left_out() {
        for base in [
            "https://api.openai.com",
            "https://api.openai.com/",
            "https://api.openai.com/v1",
            "https://api.openai.com/v1/",
        ] {
            check(base, Protocol::OpenaiChat, "https://api.openai.com/v1/chat/completions");
        }
        for base in [
            "https://api.anthropic.com",
            "https://api.anthropic.com/v1/",
            " https://api.anthropic.com/v1/messages ",
        ] {
            check(base, Protocol::AnthropicMessages, "https://api.anthropic.com/v1/messages");
        }
    }

    #[test]
    fn a_version_inside_the_path_is_kept() {
        check(
            "https://openrouter.ai/api/v1",
            Protocol::OpenaiChat,
            "https://openrouter.ai/api/v1/chat/completions",
        );
        check(
            "https://open.bigmodel.cn/api/paas/v4/",
            Protocol::OpenaiChat,
            "https://open.bigmodel.cn/api/paas/v4/chat/completions",
        );
        check(
            "https://generativelanguage.googleapis.com/v1beta/openai",
            Protocol::OpenaiChat,
            "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
        );
        check(
            "https://api.deepseek.com/anthropic",
            Protocol::AnthropicMessages,
            "https://api.deepseek.com/anthropic/v1/messages",
        );
    }

    #[test]
    fn a_whole_address_and_a_query_are_kept() {
        check(
            "https://api.perplexity.ai/chat/completions",
            Protocol::OpenaiChat,
            "https://api.perplexity.ai/chat/completions",
        );
        check(
            "https://x.openai.azure.com/openai/deployments/edits?api-version=2024-10-21",
            Protocol::OpenaiChat,
            "https://x.openai.azure.com/openai/deployments/edits/chat/completions?api-version=2024-10-21",
        );
    }

    #[test]
    fn every_protocol_has_its_own_operation() {
        let responses = Protocol::OpenaiResponses;
        check("https://api.openai.com", responses, "https://api.openai.com/v1/responses");
        check(
            "https://x.openai.azure.com/openai/v1/",
            responses,
            "https://x.openai.azure.com/openai/v1/responses",
        );
        for base in ["https://g.test", "https://g.test/v1beta/", "https://g.test/v1beta?alt=sse"] {
            check(base, Protocol::Gemini, "https://g.test/v1beta/models/m-1:streamGenerateContent?alt=sse");
        }
        check(
            "https://v.test/v1/projects/p/locations/l/publishers/google",
            Protocol::Gemini,
            "https://v.test/v1/projects/p/locations/l/publishers/google/models/m-1:streamGenerateContent?alt=sse",
        );
        for base in
            ["http://o.test:1", "http://o.test:1/v1", "http://o.test:1/api/", "http://o.test:1/api/chat"]
        {
            check(base, Protocol::Ollama, "http://o.test:1/api/chat");
        }
    }

    #[test]
    fn filling_in_the_middle_has_an_address_of_its_own() {
        let shown = |base, format| infill_url(base, format).unwrap().to_string();
        let mistral = shown("https://api.mistral.ai", InfillFormat::MistralFim);
        assert_eq!(mistral, "https://api.mistral.ai/v1/fim/completions");
        let deepseek = shown("https://api.deepseek.com/beta/v1", InfillFormat::OpenaiCompletions);
        assert_eq!(deepseek, "https://api.deepseek.com/beta/v1/completions");
        for base in ["http://l.test:8080", "http://l.test:8080/v1/", "http://l.test:8080/infill"] {
            assert_eq!(shown(base, InfillFormat::LlamaInfill), "http://l.test:8080/infill");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        check(
            "localhost:11434",
            Protocol::OpenaiChat,
            "setting `base_url`: must begin with http:// or https:// and name a host",
        );
        check(
            "api.openai.com",
            Protocol::OpenaiChat,
            "setting `base_url`: no address (relative URL without a base)",
        );
        check(
            "https://me:secret@host/v1",
            Protocol::OpenaiChat,
            "setting `base_url`: must not hold a user name or password; put an `authorization` into `headers`",
        );
    }

    #[test]
    fn loopback_is_known_in_all_spellings() {
        for base in ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "http://127.9.9.9"] {
            assert!(is_loopback(&Url::parse(base).unwrap()), "{base}");
        }
        for base in ["http://localhost.example.com", "http://10.0.0.1", "https://api.openai.com"] {
            assert!(!is_loopback(&Url::parse(base).unwrap()), "{base}");
        }
    }
}
