//! CBOR as a tree that can be bent: what the library's writer refuses to write can be written here.

use zhengyin::cbor::{Kind, Reader};

/// An item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Int(i64),
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Self>),
    Map(Vec<(Self, Self)>),
    Tag(u64, Box<Self>),
    Bool(bool),
    Null,
    /// An encoding as it stands.
    Raw(Vec<u8>),
}

impl Item {
    /// Reads one item that fills `bytes`.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut reader = Reader::new(bytes);
        let item = read(&mut reader);
        reader.finish().unwrap();
        item
    }

    /// Shortest heads, members in the order in which they stand.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Int(value) if *value < 0 => head(out, 1, u64::try_from(!*value).unwrap()),
            Self::Int(value) => head(out, 0, u64::try_from(*value).unwrap()),
            Self::Bytes(bytes) => {
                head(out, 2, bytes.len() as u64);
                out.extend_from_slice(bytes);
            }
            Self::Text(text) => {
                head(out, 3, text.len() as u64);
                out.extend_from_slice(text.as_bytes());
            }
            Self::List(items) => {
                head(out, 4, items.len() as u64);
                items.iter().for_each(|item| item.write(out));
            }
            Self::Map(members) => {
                head(out, 5, members.len() as u64);
                members.iter().for_each(|(key, value)| {
                    key.write(out);
                    value.write(out);
                });
            }
            Self::Tag(tag, item) => {
                head(out, 6, *tag);
                item.write(out);
            }
            Self::Bool(answer) => out.push(if *answer { 0xf5 } else { 0xf4 }),
            Self::Null => out.push(0xf6),
            Self::Raw(bytes) => out.extend_from_slice(bytes),
        }
    }

    /// What stands at a path of integer keys and places.
    pub(crate) fn at(&mut self, path: &[i64]) -> &mut Self {
        let Some((first, rest)) = path.split_first() else { return self };
        let next = match self {
            Self::Map(members) => members.iter_mut().find(|(key, _)| *key == Self::Int(*first)).map(|(_, value)| value),
            Self::List(items) => items.get_mut(usize::try_from(*first).unwrap()),
            _ => None,
        };
        next.unwrap_or_else(|| panic!("nothing at {first}")).at(rest)
    }

    /// Puts a member into the map at `path` at the place where its key belongs, or in the place of the one that is there.
    pub(crate) fn put(&mut self, path: &[i64], key: impl Into<Self>, value: impl Into<Self>) {
        let Self::Map(members) = self.at(path) else { panic!("no map at {path:?}") };
        let (key, value) = (key.into(), value.into());
        members.retain(|(known, _)| *known != key);
        members.push((key, value));
        members.sort_by_key(|(key, _)| key.encode());
    }

    /// Takes a member out of the map at `path`.
    pub(crate) fn cut(&mut self, path: &[i64], key: i64) {
        let Self::Map(members) = self.at(path) else { panic!("no map at {path:?}") };
        let before = members.len();
        members.retain(|(known, _)| *known != Self::Int(key));
        assert_eq!(members.len() + 1, before, "no key {key} at {path:?}");
    }
}

fn read(reader: &mut Reader<'_>) -> Item {
    match reader.kind().unwrap() {
        Kind::Uint | Kind::Negative => Item::Int(reader.int().unwrap()),
        Kind::Bytes => Item::Bytes(reader.bytes().unwrap().into()),
        Kind::Text => Item::Text(reader.text().unwrap().into()),
        Kind::Array => {
            let count = reader.array().unwrap();
            Item::List((0..count).map(|_| read(reader)).collect())
        }
        Kind::Map => {
            let mut map = reader.map().unwrap();
            let mut members = Vec::new();
            while let Some(key) = map.next(reader).unwrap() {
                let key = match key {
                    zhengyin::cbor::Key::Int(key) => Item::Int(key),
                    zhengyin::cbor::Key::Text(key) => Item::Text(key.into()),
                };
                members.push((key, read(reader)));
            }
            Item::Map(members)
        }
        Kind::Tag => {
            let known = [18, 98, 100].into_iter().find(|tag| reader.clone().tag(*tag).is_ok()).unwrap();
            reader.tag(known).unwrap();
            Item::Tag(known, Box::new(read(reader)))
        }
        Kind::Simple => match reader.boolean() {
            Ok(answer) => Item::Bool(answer),
            Err(_) => Item::Null,
        },
    }
}

fn head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let bytes = argument.to_be_bytes();
    let (info, length) = match argument {
        0..=23 => (bytes[7], 0),
        24..=0xff => (24, 1),
        0x100..=0xffff => (25, 2),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 8),
    };
    out.push(major << 5 | info);
    out.extend_from_slice(&bytes[8 - length..]);
}

impl From<i64> for Item {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Item {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<Vec<u8>> for Item {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<Vec<Self>> for Item {
    fn from(items: Vec<Self>) -> Self {
        Self::List(items)
    }
}

/// A map of integer keys, in the order given.
pub(crate) fn map<const N: usize>(members: [(i64, Item); N]) -> Item {
    Item::Map(members.into_iter().map(|(key, value)| (Item::Int(key), value)).collect())
}

/// A map without members.
pub(crate) fn empty() -> Item {
    Item::Map(Vec::new())
}

/// An array.
pub(crate) fn list<const N: usize>(items: [Item; N]) -> Item {
    Item::List(items.into())
}
