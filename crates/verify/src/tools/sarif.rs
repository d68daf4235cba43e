//! SARIF 2.1: what the standard says about results with a place.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::json::document;
use super::{Found, Printed};
use crate::Severity;

#[derive(Deserialize)]
struct Log {
    #[serde(default)]
    runs: Vec<Run>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Option<Tool>,
    #[serde(default)]
    results: Option<Vec<SarifResult>>,
    #[serde(default)]
    original_uri_base_ids: BTreeMap<String, Artifact>,
}

#[derive(Deserialize)]
struct Tool {
    driver: Driver,
}

#[derive(Deserialize)]
struct Driver {
    #[serde(default)]
    name: String,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    default_configuration: Option<Configuration>,
    short_description: Option<Message>,
}

#[derive(Deserialize)]
struct Configuration {
    level: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: Option<String>,
    level: Option<String>,
    message: Option<Message>,
    #[serde(default)]
    locations: Vec<Location>,
    #[serde(default)]
    suppressions: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
struct Message {
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Option<PhysicalLocation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Option<Artifact>,
    region: Option<Region>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: Option<String>,
    uri_base_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: Option<usize>,
    start_column: Option<usize>,
}

pub(super) fn read(text: &str, found: &mut Found<'_>) {
    let Some(log) = document::<Log>(text) else { return };
    let given = found.tool;
    for run in log.runs {
        let driver = run.tool.map(|tool| tool.driver);
        let rules = driver.as_ref().map(|driver| driver.rules.as_slice()).unwrap_or_default();
        for result in run.results.unwrap_or_default() {
            if result.suppressions.is_some_and(|suppressions| !suppressions.is_empty()) {
                continue;
            }
            let rule = rules.iter().find(|rule| Some(&rule.id) == result.rule_id.as_ref());
            let configured = rule.and_then(|rule| rule.default_configuration.as_ref()?.level.as_deref());
            let severity = match result.level.as_deref().or(configured) {
                Some("error") => Severity::Error,
                Some("note" | "none") => Severity::Information,
                Some(_) | None => Severity::Warning,
            };
            let described = rule.and_then(|rule| rule.short_description.as_ref()?.text.as_deref());
            let said = result.message.as_ref().and_then(|message| message.text.as_deref());
            let message = said.or(described).or(result.rule_id.as_deref()).unwrap_or_default();
            let place = result.locations.into_iter().find_map(|location| location.physical_location);
            let Some(PhysicalLocation { artifact_location: Some(file), region }) = place else { continue };
            let Some(path) = path(&file, &run.original_uri_base_ids) else { continue };
            let line = region.as_ref().and_then(|region| region.start_line).unwrap_or(1);
            let column = region.and_then(|region| region.start_column);
            let n_before = found.findings.len();
            let at = Printed { path: &path, line, column };
            found.add(&at, severity, result.rule_id.as_deref(), message);
            // The log knows better who it is from, unless the user named the check.
            let name = driver.as_ref().map(|driver| driver.name.as_str()).filter(|name| !name.is_empty());
            if let (Some(name), true) = (name, given.is_empty()) {
                found.findings.iter_mut().skip(n_before).for_each(|found| found.tool = name.to_owned());
            }
        }
    }
}

/// A path out of an address; bases are followed where they are given.
fn path(file: &Artifact, bases: &BTreeMap<String, Artifact>) -> Option<String> {
    let mut uri = file.uri.clone()?;
    let mut base = file.uri_base_id.as_ref();
    for _ in 0..8 {
        let Some(above) = base.and_then(|base| bases.get(base)) else { break };
        let Some(start) = &above.uri else { break };
        uri = format!("{}/{uri}", start.trim_end_matches('/'));
        base = above.uri_base_id.as_ref();
    }
    let path = match uri.strip_prefix("file://") {
        Some(rest) => {
            let rest = rest.strip_prefix("localhost").unwrap_or(rest);
            // `/C:/a` names a drive.
            let drive = rest.strip_prefix('/').filter(|rest| rest.chars().nth(1) == Some(':'));
            drive.unwrap_or(rest)
        }
        None if uri.contains("://") => return None,
        None => uri.as_str(),
    };
    Some(percent_decoded(path))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter().copied();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
