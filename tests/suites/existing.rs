//! Certificates that OpenSSL 3.0 made, with SM2: those of an authority that signs with the identifier `1234567812345678`, and with one of its own.
//!
//! `suites/certificates/make.sh` says how they were made. An anchor, under it a certificate of our profile, and one of the kind that authorities in
//! the country hand out already (GB/T 20518): no purpose of ours, mail and TLS instead, extensions that are not critical, no
//! organizationIdentifier. OpenSSL verifies each link, with the identifier and with no other.

use zhengyin::reason::Reason;
use zhengyin::suite::SecretKey;
use zhengyin::trust::{Profile, TrustList};
use zhengyin::verify::{Step, Verdict, Verifier};
use zhengyin::x509::{Certificate, Use};

use super::world::{World, anchor_key, key, license_key, prefix};
use super::{policy, with_sm2};

/// The identifier of the anchor `named`.
const IDENTIFIER: &str = "示例甲省电子认证CA";
const ISSUER: &str = "11990100MB0000000P";
/// 2026-12-01T00:00:00+08:00: the certificates are valid from 2026-11-22 on.
const NOW: i64 = 1_796_054_400;

const DEFAULT: [&[u8]; 3] = [
    include_bytes!("certificates/default-anchor.der"),
    include_bytes!("certificates/default-leaf.der"),
    include_bytes!("certificates/default-existing.der"),
];
const NAMED: [&[u8]; 3] = [
    include_bytes!("certificates/named-anchor.der"),
    include_bytes!("certificates/named-leaf.der"),
    include_bytes!("certificates/named-existing.der"),
];

/// The key of the certificates of existing authorities.
fn existing_key() -> SecretKey {
    key("SM2 foreign 11990100MB0000000P")
}

/// A federation whose province 99 has such an anchor, and a license by the key of one of the certificates under it.
fn world([anchor, leaf, existing]: [&[u8]; 3], identifier: Option<&str>, profile: Profile) -> (World, Vec<u8>) {
    let mut world = World::at(NOW);
    let is_existing = profile == Profile::Admitted;
    {
        let listed = &mut world.province("99").anchors[0];
        (listed.certificate, listed.identifier) = (anchor.to_vec(), identifier.map(Into::into));
    }
    world.directory("99").issuers.retain(|entry| entry.authority.as_str() == ISSUER);
    let entry = world.entry(ISSUER, Use::License);
    (entry.certificate, entry.profile) = (if is_existing { existing } else { leaf }.to_vec(), profile);
    // Signed with the day's date, for the certificates are younger than the world's other objects.
    let license = world.issue("business-license");
    let signer = if is_existing { "SM2 foreign 11990100MB0000000P".into() } else { license_key(ISSUER) };
    let bytes = world.sign_license(&license.facts, &license.credential, &signer);
    // The signer of its status list was certified by the anchor that was listed before.
    world.entry(ISSUER, Use::Status).profile = Profile::Admitted;
    (world, bytes)
}

fn judged(certificates: [&[u8]; 3], identifier: Option<&str>, profile: Profile) -> (Verdict, Option<(Step, Reason)>) {
    with_sm2(&["99"], || {
        let (world, license) = world(certificates, identifier, profile);
        let store = world.store();
        let report = Verifier::new(&store, policy()).verify(&license, world.clock());
        (report.verdict(), report.steps().deciding())
    })
}

#[test]
fn the_certificates_are_those_of_the_keys_and_each_is_signed_by_its_anchor() {
    for certificates in [DEFAULT, NAMED] {
        let [anchor, leaf, existing] = certificates.map(|der| Certificate::parse(der).unwrap());
        with_sm2(&["99"], || {
            assert_eq!(anchor.public_key(), key(&anchor_key("99")).public_key());
            assert_eq!(leaf.public_key(), key(&license_key(ISSUER)).public_key());
            assert_eq!(existing.public_key(), existing_key().public_key());
        });
        let is_default = certificates == DEFAULT;
        assert_eq!(leaf.verify_signed_by(anchor.public_key()).is_ok(), is_default);
        assert_eq!(existing.verify_signed_by(anchor.public_key()).is_ok(), is_default);
    }
}

#[test]
fn a_path_leads_to_an_anchor_by_the_identifier_that_the_trust_list_gives_it_and_by_no_other() {
    let issuer = |certificates, identifier| judged(certificates, identifier, Profile::Ours);
    for (certificates, identifier) in [(DEFAULT, None), (NAMED, Some(IDENTIFIER))] {
        assert_eq!(issuer(certificates, identifier), (Verdict::Valid, None));
    }
    for (certificates, identifier) in [
        (DEFAULT, Some(IDENTIFIER)),
        (NAMED, None),
        (NAMED, Some("示例甲省电子认证ca")),
        (NAMED, Some("示例甲省电子认证CA ")),
    ] {
        let refused = (Verdict::Invalid, Some((Step::Issuer, Reason::CertificateSignature)));
        assert_eq!(issuer(certificates, identifier), refused);
    }
}

#[test]
fn certificates_of_existing_authorities_are_admitted_by_the_directory() {
    for certificates in [DEFAULT, NAMED] {
        // The directory's signature pins the certificate: who signed it, and by which identifier, is not asked.
        assert_eq!(judged(certificates, None, Profile::Admitted), (Verdict::Valid, None));
        // As one of ours it would have to be of our profile.
        let [anchor, _, existing] = certificates;
        let (verdict, decided) = judged([anchor, existing, existing], None, Profile::Ours);
        assert!(verdict != Verdict::Valid && decided.is_some_and(|(step, _)| step == Step::Issuer), "{decided:?}");
    }
}

#[test]
fn a_trust_list_keeps_the_identifier_and_writes_it_in_one_way() {
    let mut world = World::at(NOW);
    let written = |world: &World| world.trust.encode().unwrap();
    let plain = written(&world);
    world.province("99").anchors[0].identifier = Some(IDENTIFIER.into());
    let named = written(&world);
    let read = TrustList::parse(&named).unwrap();
    assert_eq!(read.provinces[&prefix("99")].anchors[0].identifier.as_deref(), Some(IDENTIFIER));
    assert_eq!(read.encode().unwrap(), named);
    assert_eq!(TrustList::parse(&plain).unwrap().provinces[&prefix("99")].anchors[0].identifier, None);
    // The one where none was agreed on is never written; none is empty or longer than 64 bytes.
    for wrong in ["1234567812345678", "", " ", &"9".repeat(65)] {
        world.province("99").anchors[0].identifier = Some(wrong.into());
        assert!(TrustList::parse(&written(&world)).is_err(), "{wrong}");
    }
}
