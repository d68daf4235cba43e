//! A supervisor and nothing else, for tests.

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    verify::run::supervise(&arguments)
}
