//! The document that shows a request before it is sent.

use session::Preview;

/// The name of the document in the state directory; a newer one takes its place.
pub(crate) const NAME: &str = "preview.md";

/// A request as Markdown: to whom it goes, what it shows and why, what it costs, and its messages as they would be sent.
pub fn document(preview: &Preview) -> String {
    let identity = &preview.identity;
    let mut out = format!(
        "# Preview: nothing was sent\n\nInstruction: {}\nModel: {} at {} ({})\n",
        preview.instruction.replace('\n', " "),
        identity.model,
        identity.endpoint,
        identity.via.name(),
    );
    out.push_str(&format!(
        "Prompt: about {} tokens of {}; an answer has at most {}\n",
        preview.tokens, preview.context_tokens, preview.request.max_output_tokens
    ));
    out.push_str(&match (preview.prompt_cost, preview.most_cost) {
        (Some(prompt), Some(most)) => {
            format!("Price: about {prompt}, at most {most} with the longest answer\n")
        }
        (Some(_) | None, _) => "Price: not known\n".to_owned(),
    });
    out.push_str(&format!("Hidden secrets: {}\n", preview.n_hidden));
    out.push_str("\n## What is shown\n\n| file | lines | tokens | why |\n|---|---|---|---|\n");
    for shown in &preview.shown {
        let lines = match shown.lines.len() {
            0 => "–".to_owned(),
            _ => format!("{}-{}", shown.lines.start + 1, shown.lines.end),
        };
        out.push_str(&format!(
            "| {} | {lines} | {} | {} |\n",
            cell(&shown.path),
            shown.tokens,
            cell(&shown.why)
        ));
    }
    let roles = preview.request.messages.iter().map(|message| match message.role {
        model::Role::User => ("User", message.text.as_str()),
        model::Role::Assistant => ("Assistant", message.text.as_str()),
    });
    for (role, text) in std::iter::once(("System", preview.request.system.as_str())).chain(roles) {
        let fence = fence(text);
        let end = if text.ends_with('\n') { "" } else { "\n" };
        out.push_str(&format!("\n## {role}\n\n{fence}\n{text}{end}{fence}\n"));
    }
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

/// A fence that nothing in a text closes.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}
