//! A directory for one test: workspace, state and settings, and the environment that points the server at them.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Model;

/// Everything one test's server may read or write.
pub struct World {
    dir: TempDir,
    env: Vec<(String, String)>,
}

impl World {
    /// A world with the files of `fixture` (see [`text::fixture`]) in its workspace, and a model to ask.
    pub fn new(fixture: &str, model: Option<&Model>) -> World {
        let dir =
            tempfile::Builder::new().prefix("hunkwise-e2e-").tempdir().expect("a directory for the test");
        let mut world = World { dir, env: Vec::new() };
        for name in ["workspace", "state"] {
            std::fs::create_dir_all(world.dir.path().join(name)).expect("a directory inside the test's");
        }
        for file in text::fixture::files(fixture) {
            world.write(file.path.trim_start_matches('/'), &file.text);
        }
        let state = world.dir.path().join("state");
        let config = world.dir.path().join("config.toml");
        world.set("HUNKWISE_STATE_DIR", &state.display().to_string());
        world.set("HUNKWISE_CONFIG", &config.display().to_string());
        // Keys and proxies of the machine must neither help nor leak.
        for name in [
            "ANTHROPIC_API_KEY",
            "OPENAI_API_KEY",
            "OPENROUTER_API_KEY",
            "GEMINI_API_KEY",
            "OLLAMA_API_KEY",
            "HTTPS_PROXY",
            "HTTP_PROXY",
            "ALL_PROXY",
        ] {
            world.set(name, "");
        }
        if let Some(model) = model {
            world.set("HUNKWISE_PROTOCOL", model.protocol());
            world.set("HUNKWISE_BASE_URL", &model.base_url());
            world.set("HUNKWISE_MODEL", "recorded");
            world.set("HUNKWISE_API_KEY", "a-key-for-the-recorded-model");
        }
        world
    }

    /// Sets a variable of the server's environment.
    pub fn set(&mut self, name: &str, value: &str) {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.to_owned()));
    }

    /// The environment of the server, over the machine's.
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }

    /// The workspace.
    pub fn root(&self) -> PathBuf {
        self.dir.path().join("workspace")
    }

    /// The state directory.
    pub fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// The user's settings file.
    pub fn config(&self) -> PathBuf {
        self.dir.path().join("config.toml")
    }

    /// A file of the workspace.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// The URI of a path.
    pub fn uri_of(path: &Path) -> String {
        let path = path.display().to_string().replace('\\', "/");
        if path.starts_with('/') { format!("file://{path}") } else { format!("file:///{path}") }
    }

    /// The URI of a file of the workspace.
    pub fn uri(&self, name: &str) -> String {
        World::uri_of(&self.path(name))
    }

    /// Parameters of `initialize` for its workspace.
    pub fn initialize(&self, capabilities: Value) -> Value {
        json!({
            "processId": std::process::id(),
            "rootUri": World::uri_of(&self.root()),
            "workspaceFolders": [{ "uri": World::uri_of(&self.root()), "name": "workspace" }],
            "capabilities": capabilities,
        })
    }

    /// Writes a file of the workspace.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file has a directory"))
            .expect("a directory in the workspace");
        std::fs::write(path, text).expect("a file in the workspace");
    }

    /// Reads a file of the workspace.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file in the workspace")
    }
}
