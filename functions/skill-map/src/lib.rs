//! skill-map: who can, who should, who wants, who is free, and why not.
//!
//! - [`words`]: how texts become words that can be compared.
//! - [`vocabulary`]: the closed vocabulary of skills, read in place.
//! - [`matching`]: which skills a text names.
//! - [`documents`]: what the columns of member_skills hold.
//! - [`map`]: what follows from items, and what of it others may see.
//! - [`suggest`]: who could take an item, and who could not, and why.

pub mod documents;
pub mod map;
pub mod matching;
pub mod suggest;
pub mod vocabulary;
pub mod words;
