//! Reads the layers of settings where they lie.

use std::path::PathBuf;

use serde_json::Value;
use workspace::Uri;

use crate::notice::Notice;

use super::{Config, Layer, Origin};

/// The variable that holds settings as a JSON object, for an editor that keeps the user's own settings by itself. Keys of
/// providers do not belong there: they have variables of their own.
pub const SETTINGS: &str = "HUNKWISE_SETTINGS";

/// The user's own settings file.
pub fn user_file() -> Option<PathBuf> {
    store::config_file()
}

/// Name of a workspace's settings file, at its root.
pub fn workspace_file_name() -> &'static str {
    ".hunkwise.toml"
}

/// The settings of the user's file, of [`SETTINGS`], of each root's file, and of the client, weak to strong, with a notice for all that is
/// left out.
pub fn load(roots: &[Uri], client: &[Value]) -> (Config, Vec<Notice>) {
    let mut layers = Vec::new();
    let mut notices = Vec::new();
    let mut files = Vec::new();
    let mut environment = None;
    match store::read_config() {
        Ok(Some(toml)) => {
            let name = user_file().map_or_else(|| "settings".to_owned(), |path| path.display().to_string());
            files.push((Origin::UserFile(name), toml));
        }
        Ok(None) => {}
        Err(error) => notices.push(Notice::error(format!("{error}; the built-in settings are used"))),
    }
    match std::env::var(SETTINGS).map(|json| serde_json::from_str::<Value>(&json)) {
        Ok(Ok(value)) => environment = Some(Layer { origin: Origin::Environment(SETTINGS), value }),
        Ok(Err(error)) => {
            notices.push(Notice::error(format!("{SETTINGS}: {error}; these settings are left out")));
        }
        Err(_) => {}
    }
    for root in roots {
        let Some(path) = root.to_path().map(|root| root.join(workspace_file_name())) else { continue };
        if let Ok(file) = workspace::read_file(&path) {
            files.push((Origin::WorkspaceFile(path.display().to_string()), file.text));
        }
    }
    for (origin, toml) in files {
        if matches!(origin, Origin::WorkspaceFile(_)) {
            layers.extend(environment.take());
        }
        match Layer::from_toml(origin, &toml) {
            Ok(layer) => layers.push(layer),
            Err(notice) => notices.push(notice),
        }
    }
    layers.extend(environment);
    layers.extend(client.iter().map(|value| Layer { origin: Origin::Client, value: value.clone() }));
    let (config, left_out) = Config::merged(&layers);
    notices.extend(left_out);
    (config, notices)
}
