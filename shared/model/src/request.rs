//! What is sent, with only those parameters that this server takes.

use async_openai::types::chat::{
    ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage,
    ChatCompletionRequestSystemMessageContent, ChatCompletionRequestUserMessage,
    ChatCompletionRequestUserMessageContent, CreateChatCompletionRequest, ResponseFormat,
    ResponseFormatJsonSchema,
};
use serde_json::{json, Value};

use crate::prompt::Prompt;

/// Tokens that one answer may cost, thinking included. A few quotes take a tenth; models that think first need the rest.
pub const REPLY_TOKENS: u32 = 4_000;

/// Bytes of passages that one question holds; what does not fit is not asked about. A token is at least a byte.
pub const PASSAGE_BYTES: usize = 24 * 1024;

/// How the shape of the answer is asked for, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// The server holds the model to the schema.
    JsonSchema,
    /// The server holds the model to JSON; the schema stands in the instructions.
    JsonObject,
    /// Only the instructions tell.
    Plain,
}

impl Format {
    fn next(self) -> Option<Self> {
        match self {
            Self::JsonSchema => Some(Self::JsonObject),
            Self::JsonObject => Some(Self::Plain),
            Self::Plain => None,
        }
    }
}

/// What bounds the answer's length goes by two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LimitName {
    MaxCompletionTokens,
    MaxTokens,
}

/// What a server is known to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    format: Format,
    limit: LimitName,
    /// Both names were tried.
    limit_changed: bool,
    temperature: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            format: Format::JsonSchema,
            limit: LimitName::MaxCompletionTokens,
            limit_changed: false,
            temperature: true,
        }
    }
}

impl Dialect {
    /// The same with the next way to ask for the shape, if there is one.
    pub(crate) fn lower(self) -> Option<Self> {
        let format = self.format.next()?;
        Some(Self { format, ..self })
    }

    /// The same without a parameter that was refused. None where it was changed before or is none of ours: a limit goes
    /// by another name once, and never is a question sent without one.
    pub(crate) fn without(self, parameter: &str) -> Option<Self> {
        match parameter {
            "response_format" | "json_schema" => self.lower(),
            "temperature" if self.temperature => Some(Self {
                temperature: false,
                ..self
            }),
            "max_completion_tokens" | "max_tokens" if !self.limit_changed => Some(Self {
                limit: match self.limit {
                    LimitName::MaxCompletionTokens => LimitName::MaxTokens,
                    LimitName::MaxTokens => LimitName::MaxCompletionTokens,
                },
                limit_changed: true,
                ..self
            }),
            _ => None,
        }
    }
}

/// The request. Passages stand in it as JSON text, so that none can end where another begins.
pub(crate) fn request(
    dialect: Dialect,
    model: &str,
    prompt: &Prompt,
    schema: &Value,
    passages: &[String],
) -> CreateChatCompletionRequest {
    let instructions = match dialect.format {
        Format::JsonSchema => prompt.text.to_owned(),
        Format::JsonObject | Format::Plain => format!(
            "{}\nAnswer with one JSON object and nothing else. This JSON schema describes it:\n{schema}\n",
            prompt.text
        ),
    };
    let instructions = ChatCompletionRequestSystemMessageContent::from(instructions);
    let instructions = ChatCompletionRequestSystemMessage::from(instructions);
    let data = json!({"passages": within(passages)}).to_string();
    let data = ChatCompletionRequestUserMessageContent::from(data);
    let data = ChatCompletionRequestUserMessage::from(data);
    let mut request = CreateChatCompletionRequest {
        model: model.to_owned(),
        messages: vec![
            ChatCompletionRequestMessage::from(instructions),
            ChatCompletionRequestMessage::from(data),
        ],
        temperature: dialect.temperature.then_some(0.0),
        response_format: match dialect.format {
            Format::JsonSchema => Some(ResponseFormat::JsonSchema {
                json_schema: ResponseFormatJsonSchema {
                    description: None,
                    name: prompt.name.to_owned(),
                    schema: Some(schema.clone()),
                    strict: Some(true),
                },
            }),
            Format::JsonObject => Some(ResponseFormat::JsonObject),
            Format::Plain => None,
        },
        ..CreateChatCompletionRequest::default()
    };
    match dialect.limit {
        LimitName::MaxCompletionTokens => request.max_completion_tokens = Some(REPLY_TOKENS),
        #[expect(deprecated, reason = "the only name of it that many servers know")]
        LimitName::MaxTokens => request.max_tokens = Some(REPLY_TOKENS),
    }
    request
}

/// As many passages as fit, the first first.
fn within(passages: &[String]) -> &[String] {
    let mut left = PASSAGE_BYTES;
    let fits = |passage: &&String| match left.checked_sub(passage.len()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    let count = passages.iter().take_while(fits).count();
    passages.get(..count).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_changed_once() {
        let dialect = Dialect::default();
        let other = dialect.without("max_completion_tokens").unwrap();
        assert_eq!(other.limit, LimitName::MaxTokens);
        assert_eq!(other.without("max_tokens"), None);
        let other = dialect.without("temperature").unwrap();
        assert_eq!(other.without("temperature"), None);
        assert_eq!(dialect.without("store"), None);
        let plain = dialect.without("response_format").unwrap();
        let plain = plain.without("response_format").unwrap();
        assert_eq!(
            (plain.format, plain.without("response_format")),
            (Format::Plain, None)
        );
    }

    #[test]
    fn no_more_passages_are_sent_than_a_question_may_hold() {
        let passages: Vec<String> = vec!["a".repeat(PASSAGE_BYTES / 3); 5];
        assert_eq!(within(&passages).len(), 3);
        assert!(within(&["a".repeat(PASSAGE_BYTES + 1)]).is_empty());
    }
}
