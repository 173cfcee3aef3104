#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::*;
use crate::claims::id::SealCode;
use crate::claims::{Picture, PictureFormat};
use crate::suite::Digest;

const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>"#;

fn claims<'a>(signers: &'a [Digest], allowed: &'a [&'a str]) -> SealClaims<'a> {
    let time = |seconds| Timestamp::new(seconds).unwrap();
    SealClaims {
        maker: CreditCode::parse("11990000MB0000908E").unwrap(),
        validity: Period::new(100, Some(200)).unwrap(),
        issued_at: time(50),
        id: CredentialId::new([1; 16]),
        status: StatusPointer { list: 3, index: 4 },
        seal: Seal {
            code: SealCode::parse("99010012345678").unwrap(),
            name: "示例公章",
            kind: SealKind::UNIT,
            owner_name: "示例局",
            owner: CreditCode::parse("11990100MB0000000P").unwrap(),
            picture: Picture::check(PictureFormat::Svg, SVG.as_bytes(), [40, 30]).unwrap(),
            signers: Signers::of(signers),
            allowed: Some(Allowed::of(allowed)).filter(|_| !allowed.is_empty()),
        },
    }
}

#[test]
fn everything_that_was_written_is_read() {
    let signers = [Digest::new([1; 32]), Digest::new([2; 32])];
    let allowed = ["11950000MB0000019Y001", "application/pdf"];
    let payload = claims(&signers, &allowed).encode().unwrap();
    let read = SealClaims::parse(&payload).unwrap();
    let read = read.claimed();
    assert_eq!((read.validity.from(), read.validity.until(), read.issued_at.seconds()), (100, Some(200), 50));
    assert_eq!(read.status, StatusPointer { list: 3, index: 4 });
    let seal = &read.seal;
    assert_eq!((seal.code.as_str(), seal.code.region().unwrap().as_str()), ("99010012345678", "990100"));
    assert_eq!((seal.name, seal.owner_name, seal.kind.number()), ("示例公章", "示例局", 1));
    assert_eq!((seal.picture.width(), seal.picture.height(), seal.picture.bytes()), (40, 30, SVG.as_bytes()));
    assert_eq!(seal.signers.iter().collect::<Vec<_>>(), signers);
    assert!(seal.signers.contains(&signers[1]) && !seal.signers.contains(&Digest::new([3; 32])));
    let kinds = seal.allowed.as_ref().unwrap();
    assert_eq!(kinds.iter().collect::<Vec<_>>(), allowed);
    assert!(kinds.has_media_type("application/pdf") && kinds.names_license_types());
    assert_eq!(read.encode().unwrap(), payload, "what was read is written as it was");
}

#[test]
fn what_could_not_be_read_is_not_written() {
    let two = [Digest::new([2; 32]), Digest::new([1; 32])];
    assert_eq!(claims(&two, &[]).encode().unwrap_err().fault, SealFault::Signers);
    assert_eq!(claims(&[], &[]).encode().unwrap_err().fault, SealFault::Signers);
    assert_eq!(claims(&two[..1], &["pdf"]).encode().unwrap_err().fault, SealFault::Allowed);
    let mut unnamed = claims(&two[..1], &[]);
    unnamed.seal.name = " ";
    assert_eq!(unnamed.encode().unwrap_err().fault, SealFault::Empty);
}
