//! What goes back.

use serde_json::Value;

use crate::wire::error::Error;

/// What a handler answers with.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Content,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Empty,
    Json(Value),
    /// The content type stands in the headers.
    Bytes(Vec<u8>),
    /// The connection ends after this, in the middle of the body.
    Beginning(&'static str),
}

/// How every handler answers.
pub(crate) type Reply = Result<Answer, Error>;

impl Answer {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Content::Json(body),
        }
    }

    /// An answer of this content type.
    pub(crate) fn of_type(status: u16, content_type: &str, body: Content) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body,
        }
    }

    /// 204, the answer to a DELETE.
    pub(crate) fn empty() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: Content::Empty,
        }
    }
}
