//! Bodies of requests to fill in the middle.

use serde_json::{Map, Value, json};

use super::{Dialect, members, merge};
use crate::infill::{InfillFormat, InfillRequest};

/// The body of a request to fill in the middle. Members of `extra` win, except that the answer always streams.
pub(crate) fn infill_body(
    format: InfillFormat,
    model: &str,
    request: &InfillRequest,
    dialect: Dialect,
    extra: &Map<String, Value>,
) -> Value {
    let temperature = dialect.temperature(request.temperature).map(Value::from);
    let stop = (!request.stop.is_empty()).then(|| json!(request.stop));
    let limit = Some(json!(request.max_output_tokens));
    let (prefix, suffix) = (Some(json!(request.prefix)), Some(json!(request.suffix)));
    let mut body = match format {
        InfillFormat::OpenaiCompletions | InfillFormat::MistralFim => members([
            ("model", Some(json!(model))),
            ("prompt", prefix),
            // Some servers fill in the middle only if there is a suffix, and refuse an empty one.
            ("suffix", suffix.filter(|_| !request.suffix.is_empty())),
            ("max_tokens", limit),
            ("temperature", temperature),
            ("stop", stop),
        ]),
        InfillFormat::LlamaInfill => members([
            ("input_prefix", prefix),
            ("input_suffix", suffix),
            ("prompt", Some(json!(""))),
            ("n_predict", limit),
            ("temperature", temperature),
            ("stop", stop),
            ("cache_prompt", Some(json!(true))),
        ]),
    };
    merge(&mut body, extra);
    body.insert("stream".to_owned(), Value::Bool(true));
    Value::Object(body)
}
