//! Where things lie: the platform's directories, or what the environment says.

use std::path::PathBuf;

use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};

/// The state directory: `HUNKWISE_STATE_DIR`, else the platform's; none where there is no home.
pub fn state_dir() -> Option<PathBuf> {
    from_env("HUNKWISE_STATE_DIR").or_else(|| {
        let strategy = strategy()?;
        Some(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()))
    })
}

/// The user's settings file: `HUNKWISE_CONFIG`, else `config.toml` in the platform's directory.
pub fn config_file() -> Option<PathBuf> {
    from_env("HUNKWISE_CONFIG").or_else(|| Some(strategy()?.config_dir().join("config.toml")))
}

/// The log file.
pub fn log_file() -> Option<PathBuf> {
    Some(state_dir()?.join("hunkwise.log"))
}

fn from_env(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn strategy() -> Option<impl AppStrategy> {
    let args = AppStrategyArgs {
        top_level_domain: "dev".to_owned(),
        author: "hunkwise".to_owned(),
        app_name: "hunkwise".to_owned(),
    };
    choose_app_strategy(args).ok()
}
