//! Reading and writing an envelope, beside minicbor with the same data.

use std::hint::black_box;

use zhengyin::cbor::Writer;
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::labels::{cose, tag, typ};

use super::at_most;
use super::measure::{Report, interleaved};
use super::world::World;

pub(crate) fn figures(report: &mut Report) {
    let license = World::new().issue("business-license").bytes;
    let envelope = Envelope::parse(&license, Expected::AnyKnown).expect("a license");
    let (kid, payload, signature) = (envelope.key_id(), envelope.claimed_payload(), envelope.signature());

    let ours = || {
        let mut header = Writer::with_capacity(64);
        header.map(|map| {
            map.entry(cose::ALG, |w| w.int(cose::ALG_ED25519));
            map.entry(cose::KID, |w| w.bytes(kid.as_bytes()));
            map.entry(cose::TYP, |w| w.text(typ::LICENSE));
        });
        let header = header.finish().expect("canonical");
        let mut writer = Writer::with_capacity(payload.len() + 160);
        writer.tag(tag::COSE_SIGN1);
        writer.array(4);
        writer.bytes(&header);
        writer.map(|_| ());
        writer.bytes(payload);
        writer.bytes(signature);
        writer.finish().expect("canonical")
    };
    assert_eq!(ours(), license, "what is measured writes the license");
    assert_eq!(minicbor_writes(kid.as_bytes(), payload, signature), license, "and so does its peer");

    let [theirs_read, ours_read, theirs_write, ours_write] = interleaved(
        101,
        1_000,
        [
            &mut || minicbor_reads(black_box(&license)),
            &mut || {
                black_box(Envelope::parse(black_box(&license), Expected::AnyKnown)).expect("a license");
            },
            &mut || {
                black_box(minicbor_writes(black_box(kid.as_bytes()), payload, signature));
            },
            &mut || {
                black_box(ours());
            },
        ],
    );
    report.print(&at_most("cbor.encode", ours_write / theirs_write, "minicbor writing the same envelope", 1.5));
    report.print(&at_most("cbor.decode", ours_read / theirs_read, "minicbor reading the same envelope", 1.5));
}

fn minicbor_writes(kid: &[u8], payload: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut header = minicbor::Encoder::new(Vec::with_capacity(64));
    header
        .map(3)
        .and_then(|e| e.i64(1)?.i64(cose::ALG_ED25519)?.i64(4)?.bytes(kid)?.i64(16)?.str(typ::LICENSE))
        .expect("writes");
    let header = header.into_writer();
    let mut out = minicbor::Encoder::new(Vec::with_capacity(payload.len() + 160));
    out.tag(minicbor::data::Tag::new(tag::COSE_SIGN1))
        .and_then(|e| e.array(4)?.bytes(&header)?.map(0)?.bytes(payload)?.bytes(signature))
        .expect("writes");
    out.into_writer()
}

fn minicbor_reads(envelope: &[u8]) {
    let mut reader = minicbor::Decoder::new(envelope);
    let mut read = || -> Result<(), minicbor::decode::Error> {
        reader.tag()?;
        reader.array()?;
        let header = reader.bytes()?;
        reader.map()?;
        black_box((reader.bytes()?, reader.bytes()?));
        let mut header = minicbor::Decoder::new(header);
        for _ in 0..header.map()?.unwrap_or(0) {
            match header.i64()? {
                cose::ALG => black_box(header.i64()?),
                cose::KID => black_box(header.bytes()?.len() as i64),
                _ => black_box(header.str()?.len() as i64),
            };
        }
        Ok(())
    };
    read().expect("reads");
}
