//! The columns that a type is made of, told by the type itself, so that none can be forgotten when they are asked for.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;

/// The names of a struct's fields as serde reads them; none for what is no struct.
///
/// A derived `Deserialize` names its fields to the format before it reads anything: here a format that keeps them.
pub fn of<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // It always fails: there is nothing to read.
    let _ = T::deserialize(Fields(&mut names));
    names
}

struct Fields<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("there is nothing to read"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::marker::PhantomData;

    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only its fields' names are looked at")]
    struct Narrow {
        due_date: Option<String>,
        r#type: String,
        #[serde(skip)]
        table: PhantomData<()>,
    }

    #[test]
    fn a_struct_tells_the_columns_that_it_is_read_from() {
        assert_eq!(of::<Narrow>(), ["dueDate", "type"]);
        assert!(of::<String>().is_empty());
        assert!(of::<Option<Narrow>>().is_empty());
    }
}
