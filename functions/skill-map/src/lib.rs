//! skill-map: who can, who should, who wants, who is free, and why not.
//!
//! - [`words`]: how texts become words that can be compared.
//! - [`vocabulary`]: the closed vocabulary of skills, read in place.
//! - [`matching`]: which skills a text names.

pub mod matching;
pub mod vocabulary;
pub mod words;
