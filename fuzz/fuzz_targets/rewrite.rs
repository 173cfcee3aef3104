//! A second, recursive reading of the grammar, through the typed methods, that writes what it reads.

use zhengyin::cbor::{Error, Fault, Kind, Reader, Writer};
use zhengyin::labels::tag;

/// Reads one item and writes it again. Map entries are given to the writer last first: it has to sort them.
pub(crate) fn rewrite(reader: &mut Reader<'_>, writer: &mut Writer) -> Result<(), Error> {
    match reader.kind()? {
        Kind::Uint => writer.uint(reader.uint()?),
        Kind::Negative => writer.int(reader.int()?),
        Kind::Bytes => writer.bytes(reader.bytes()?),
        Kind::Text => writer.text(reader.text()?),
        Kind::Array => {
            let items = reader.array()?;
            writer.array(items);
            for _ in 0..items {
                rewrite(reader, writer)?;
            }
        }
        Kind::Map => {
            let mut entries = Vec::new();
            let mut map = reader.map()?;
            while let Some(key) = map.next(reader)? {
                let mut value = Writer::new();
                rewrite(reader, &mut value)?;
                entries.push((key, value.finish()?));
            }
            writer.map(|map| entries.iter().rev().for_each(|(key, value)| map.entry(*key, |w| w.item(value))));
        }
        Kind::Tag => {
            for tag in [tag::COSE_SIGN1, tag::COSE_SIGN, tag::EPOCH_DAYS] {
                if reader.clone().tag(tag).is_ok() {
                    reader.tag(tag)?;
                    writer.tag(tag);
                    return rewrite(reader, writer);
                }
            }
            panic!("an admitted tag is one of three");
        }
        Kind::Simple if reader.clone().null().is_ok() => {
            reader.null()?;
            writer.null();
        }
        Kind::Simple => writer.boolean(reader.boolean()?),
    }
    Ok(())
}

/// What the strict reader admits is written as the same bytes, if its keys are of the kinds that typed reading knows.
pub(crate) fn check_round_trip(bytes: &[u8]) {
    let mut reader = Reader::new(bytes);
    let mut writer = Writer::new();
    match rewrite(&mut reader, &mut writer) {
        Ok(()) => assert_eq!(writer.finish().expect("it was read"), bytes, "read and written are the same"),
        // Typed reading knows keys of 64 bits with sign, and texts; skipping only has them in order.
        Err(error) => assert!(matches!(error.fault, Fault::WrongType | Fault::OutOfRange), "{error}"),
    }
}
