//! What the client can do, read from its `initialize`; and what the server offers it.

use serde_json::{Value, json};
use text::Encoding;
use tower_lsp::gen_lsp_types as lsp;

use crate::commands;

/// The capabilities that are read and are true or false.
pub(crate) const FLAGS: [&str; 9] = [
    "/experimental/hunkwise/model",
    "/window/workDoneProgress",
    "/window/showDocument/support",
    "/workspace/codeLens/refreshSupport",
    "/workspace/configuration",
    "/workspace/didChangeWatchedFiles/dynamicRegistration",
    "/experimental/hunkwise/didUpdate",
    "/experimental/hunkwise/prompt",
    "/experimental/hunkwise/words",
];

/// The kinds of code actions that the client knows.
pub(crate) const ACTION_KINDS: &str =
    "/textDocument/codeAction/codeActionLiteralSupport/codeActionKind/valueSet";

/// What matters of the client's capabilities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ClientFacts {
    /// How it counts characters.
    pub(crate) encoding: Encoding,
    /// It shows server-initiated progress.
    pub(crate) progress: bool,
    /// It opens documents for the server.
    pub(crate) show_document: bool,
    /// It asks for lenses again when told.
    pub(crate) lens_refresh: bool,
    /// It answers `workspace/configuration`.
    pub(crate) configuration: bool,
    /// It watches files for the server.
    pub(crate) watched_files: bool,
    /// It takes `hunkwise/didUpdate`.
    pub(crate) did_update: bool,
    /// It wants the lines of hunks in pieces with that.
    pub(crate) words: bool,
    /// It answers `hunkwise/prompt`.
    pub(crate) prompt: bool,
    /// It lends its model: it answers `hunkwise/model`.
    pub(crate) model: bool,
    /// It shows documents whose text the server has.
    pub(crate) document_content: bool,
    /// Of an action with an edit and a command it runs the command alone.
    pub(crate) only_commands: bool,
}

impl ClientFacts {
    /// The facts in the parameters of `initialize`.
    pub(crate) fn read(params: &lsp::InitializeParams) -> ClientFacts {
        // As JSON: a client may send what the typed form does not know, and every part may be missing.
        let capabilities = serde_json::to_value(&params.capabilities).unwrap_or_default();
        let has = |pointer: &str| capabilities.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        let options = params.initialization_options.as_ref();
        let sugar = |key: &str, option: &str| {
            has(&format!("/experimental/hunkwise/{key}"))
                || options
                    .and_then(|options| options.pointer(&format!("/client/{option}")))
                    .and_then(Value::as_bool)
                    .unwrap_or(false)
        };
        ClientFacts {
            encoding: encoding(&capabilities),
            progress: has("/window/workDoneProgress"),
            show_document: has("/window/showDocument/support"),
            lens_refresh: has("/workspace/codeLens/refreshSupport"),
            configuration: has("/workspace/configuration"),
            watched_files: has("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            did_update: sugar("didUpdate", "didUpdate"),
            words: sugar("words", "words"),
            prompt: sugar("prompt", "prompt"),
            model: sugar("model", "model"),
            document_content: capabilities
                .pointer("/workspace/textDocumentContent")
                .is_some_and(Value::is_object),
            // Nothing that a client announces says it; of the clients known, ALE (3.3, 4.0) does it, and no other names
            // no kind at all.
            only_commands: capabilities
                .pointer(ACTION_KINDS)
                .and_then(Value::as_array)
                .is_some_and(Vec::is_empty),
        }
    }
}

/// The first encoding of the client's list that is known; all three are. UTF-16 where it sends none.
fn encoding(capabilities: &Value) -> Encoding {
    let offered = capabilities.pointer("/general/positionEncodings").and_then(Value::as_array);
    let known = |name: &Value| match name.as_str()? {
        "utf-8" => Some(Encoding::Utf8),
        "utf-16" => Some(Encoding::Utf16),
        "utf-32" => Some(Encoding::Utf32),
        _ => None,
    };
    offered.into_iter().flatten().find_map(known).unwrap_or_default()
}

/// What the server offers.
pub(crate) fn server_capabilities(facts: &ClientFacts) -> Value {
    let files = json!({ "filters": [{ "scheme": "file", "pattern": { "glob": "**/*" } }] });
    let mut workspace = json!({
        "workspaceFolders": { "supported": true, "changeNotifications": true },
        "fileOperations": { "didRename": files, "didDelete": files },
    });
    if facts.document_content {
        workspace["textDocumentContent"] = json!({ "schemes": ["hunkwise"] });
    }
    json!({
        "positionEncoding": match facts.encoding {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
            Encoding::Utf32 => "utf-32",
        },
        "textDocumentSync": { "openClose": true, "change": 2, "save": { "includeText": false } },
        "codeActionProvider": { "codeActionKinds": ["quickfix", "refactor.rewrite"], "resolveProvider": false },
        "codeLensProvider": { "resolveProvider": false },
        "hoverProvider": true,
        "completionProvider": { "triggerCharacters": ["/", "@"], "resolveProvider": false },
        "executeCommandProvider": { "commands": commands::names() },
        "workspace": workspace,
    })
}
