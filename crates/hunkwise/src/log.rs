//! The log file: standard output belongs to the protocol, standard error to people.

use std::fs::OpenOptions;
use std::sync::Mutex;

use session::config::{self, LogLevel};
use tracing_subscriber::filter::LevelFilter;

/// Starts logging to the file in the state directory, as much as the user's settings say; nowhere when there is none.
pub(crate) fn start() {
    let (config, _) = config::load(&[], &[]);
    let level = match config.log_level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let Some(file) = file() else { return };
    let subscriber =
        tracing_subscriber::fmt().with_writer(Mutex::new(file)).with_ansi(false).with_max_level(level);
    // A second start in one process keeps the first; nothing is lost.
    let _ = subscriber.try_init();
}

fn file() -> Option<std::fs::File> {
    let path = store::log_file()?;
    std::fs::create_dir_all(path.parent()?).ok()?;
    OpenOptions::new().create(true).append(true).open(path).ok()
}
