//! The whole: the real server as a process, the real binary, real editors, against the recorded model over real HTTP.

#[cfg(target_os = "linux")]
mod checks;
mod commands;
mod diagnostics;
mod emacs;
mod ends;
mod files;
mod folders;
mod hands;
mod helix;
mod hidden;
mod hostile;
mod index;
mod initialize;
mod kakoune;
mod lending;
mod lsp4ij;
mod models;
mod names;
mod needs;
mod neovim;
mod neovim_commands;
mod neovim_film;
mod neovim_plugin;
mod noise;
mod prefix;
mod proxies;
mod recording;
#[cfg(target_os = "linux")]
mod repair;
mod restart;
mod review;
mod rules;
mod scenario;
mod secrets;
mod sending;
mod sync;
mod terminal;
mod thin;
mod trusting;
mod vim;
mod warming;
