#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use alloc::vec;

use super::*;

fn t(seconds: i64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

fn timed() -> PresentationClaims<'static> {
    PresentationClaims::of(Digest::new([7; 32]), t(1_790_820_000))
}

fn fault(claims: &PresentationClaims<'_>) -> PresentationFault {
    claims.encode().unwrap_err().fault
}

#[test]
fn what_is_written_is_read() {
    let challenge = PresentationClaims {
        audience: Some("示例大厅"),
        nonce: Some(Nonce::new([3; 16])),
        purpose: Some("办理入住"),
        ..timed()
    };
    let service = PresentationClaims { service: CreditCode::parse("11990000MB0000000J").ok(), ..timed() };
    for (claims, form) in [
        (timed(), PresentationForm::Timed),
        (challenge, PresentationForm::Challenge),
        (service, PresentationForm::Service),
    ] {
        let payload = claims.encode().unwrap();
        let read = PresentationClaims::parse(&payload).unwrap();
        assert_eq!((read.claimed(), read.claimed().form()), (&claims, form));
    }
}

#[test]
fn a_presentation_is_short() {
    for seconds in [1, 60, 120] {
        let claims = PresentationClaims { expires: t(1_790_820_000 + seconds), ..timed() };
        assert!(claims.encode().is_ok(), "{seconds}");
    }
    for seconds in [-1, 0, 121, 86_400] {
        let claims = PresentationClaims { expires: t(1_790_820_000 + seconds), ..timed() };
        assert_eq!(fault(&claims), PresentationFault::Duration, "{seconds}");
    }
}

#[test]
fn texts_that_are_there_say_something() {
    for text in ["", " ", "\u{3000}"] {
        assert_eq!(fault(&PresentationClaims { audience: Some(text), ..timed() }), PresentationFault::Empty);
        assert_eq!(fault(&PresentationClaims { purpose: Some(text), ..timed() }), PresentationFault::Empty);
    }
    let turned = PresentationClaims { purpose: Some("\u{202e}"), ..timed() };
    assert_eq!(turned.encode().unwrap_err().reason(), Reason::EncodingText);
}

#[test]
fn a_service_answers_no_nonce() {
    let service = CreditCode::parse("11990000MB0000000J").ok();
    let both = PresentationClaims { service, nonce: Some(Nonce::new([3; 16])), ..timed() };
    assert_eq!(fault(&both), PresentationFault::ServiceNonce);
}

#[test]
fn the_map_is_closed_and_whole() {
    let payload = timed().encode().unwrap();
    // exp, iat, the digest.
    assert_eq!(payload.first(), Some(&0xa3));
    let mut more = vec![0xa4];
    more.extend_from_slice(payload.get(1..).unwrap());
    more.extend([0x61, b'x', 0]);
    let error = PresentationClaims::parse(&more).unwrap_err();
    assert_eq!((error.fault, error.reason()), (PresentationFault::Encoding(Fault::UnknownKey), Reason::EncodingClaims));
    let nothing = PresentationClaims::parse(&[0xa0]).unwrap_err();
    assert_eq!((nothing.fault, nothing.reason()), (PresentationFault::Missing(cwt::EXP), Reason::EncodingClaims));
    let trailing = [&payload[..], &[0]].concat();
    assert_eq!(PresentationClaims::parse(&trailing).unwrap_err().reason(), Reason::EncodingTrailing);
}

#[test]
fn a_challenge_comes_back() {
    let nonce = Nonce::new([9; 16]);
    for challenge in [
        Challenge::new(nonce, Some("示例大厅"), Some("办理入住")),
        Challenge::new(nonce, None, None),
        Challenge::new(nonce, Some("A"), None),
    ] {
        let bytes = challenge.encode().unwrap();
        assert_eq!(Challenge::parse(&bytes), Ok(challenge));
    }
    assert_eq!(Challenge::parse(&[0xa0]).unwrap_err().fault, PresentationFault::Missing(cwt::NONCE));
    assert!(Challenge::new(nonce, Some(" "), None).encode().is_err());
}

#[test]
fn a_nonce_is_told_and_read_as_text() {
    use alloc::string::ToString;
    let nonce = Nonce::new([0x0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xf0]);
    assert_eq!(nonce.to_string(), "0f0102030405060708090a0b0c0d0ef0");
    assert_eq!(nonce.to_string().parse(), Ok(nonce));
    assert_eq!(nonce.to_string().to_uppercase().parse(), Ok(nonce));
    for wrong in [
        "",
        "0f",
        "0f0102030405060708090a0b0c0d0ef",
        "0f0102030405060708090a0b0c0d0efg",
        "+f0102030405060708090a0b0c0d0ef0",
    ] {
        assert_eq!(wrong.parse::<Nonce>(), Err(NonceError), "{wrong}");
    }
}
