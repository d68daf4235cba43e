//! One file per request or notification. The first statement of each puts its message into the mailbox.

pub(crate) mod code_action;
pub(crate) mod code_lens;
pub(crate) mod completion;
pub(crate) mod diagnostics;
pub(crate) mod did_change;
pub(crate) mod did_change_configuration;
pub(crate) mod did_change_watched_files;
pub(crate) mod did_change_workspace_folders;
pub(crate) mod did_close;
pub(crate) mod did_delete_files;
pub(crate) mod did_open;
pub(crate) mod did_rename_files;
pub(crate) mod did_save;
pub(crate) mod document_text;
pub(crate) mod execute_command;
pub(crate) mod hover;
pub(crate) mod index_status;
pub(crate) mod initialize;
pub(crate) mod initialized;
pub(crate) mod model_delta;
pub(crate) mod progress_cancel;
pub(crate) mod text_document_content;
