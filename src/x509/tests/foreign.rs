//! Certificates that OpenSSL 3.0 wrote: an anchor, an issuer and an end entity of our profile, made with `openssl req -x509` and
//! `openssl x509 -req` from a configuration with these sections:
//!
//! ```text
//! [issuer]
//! basicConstraints = critical, CA:TRUE, pathlen:0
//! keyUsage = critical, keyCertSign, digitalSignature
//! subjectKeyIdentifier = hash
//! authorityKeyIdentifier = keyid
//! 2.25.289491636058257126236843353212901155602.1 = critical, ASN1:SEQUENCE:mandate
//! [mandate]
//! regions = SEQUENCE:regions
//! types = IMPLICIT:0, SEQUENCE:types
//! authorities = IMPLICIT:1, SEQUENCE:authorities
//! [leaf]
//! basicConstraints = critical, CA:FALSE
//! keyUsage = critical, digitalSignature
//! extendedKeyUsage = critical, 2.25.289491636058257126236843353212901155602.2.0
//! subjectKeyIdentifier = hash
//! authorityKeyIdentifier = keyid
//! ```
//!
//! `openssl verify -ignore_critical -x509_strict -CAfile anchor.pem -untrusted issuer.pem leaf.pem` accepts them, and without
//! `-ignore_critical` refuses them for the Mandate, which it does not know.

use super::*;

const ANCHOR: &str = "\
3082023f308201f1a00302010202142b53f20e15adb6717238150193392bfc60fc4615300506032b65703072310b300906035504061302434e3112\
301006035504080c09e7a4bae88c83e79c81311b3019060355040a0c12e7a4bae88c83e79c81e695b0e68daee5b1803121301f06035504610c1847\
4f56434e2d31313939303030304d42303030303030304a310f300d06035504030c06616e63686f72301e170d3236313132313233313531315a170d\
3336313131383233313531315a3072310b300906035504061302434e3112301006035504080c09e7a4bae88c83e79c81311b3019060355040a0c12\
e7a4bae88c83e79c81e695b0e68daee5b1803121301f06035504610c18474f56434e2d31313939303030304d42303030303030304a310f300d0603\
5504030c06616e63686f72302a300506032b65700321000ae144970196e342a732014a7bb9700b681ecd3f9b8f17f4a15f8bc0b5ede4e8a3819830\
8195300f0603551d130101ff040530030101ff300e0603551d0f0101ff040403020284301d0603551d0e04160414299aedf95a6c20b408c7ebe025\
b0ca19ba56964b305306156983b3ca87e8a6a7faa2c3bdd88bbb97b8e1c612010101ff04373035300413023939a017131531313130303030304d42\
3033323731363939303031a114131231313939303030304d42303030303030304a300506032b65700341008afb26284810478523d845e7aafd2d69\
483be120626e3c5734c53dbdb60584d6c99936a89580b7349dfdd89e7c999d798f387163459169aa340b1b396490ca09";
const ISSUER: &str = "\
3082025430820206a00302010202051234567890300506032b65703072310b300906035504061302434e3112301006035504080c09e7a4bae88c83\
e79c81311b3019060355040a0c12e7a4bae88c83e79c81e695b0e68daee5b1803121301f06035504610c18474f56434e2d31313939303030304d42\
303030303030304a310f300d06035504030c06616e63686f72301e170d3236313132313233313531315a170d3336313131383233313531315a3072\
310b300906035504061302434e3112301006035504080c09e7a4bae88c83e79c81311b3019060355040a0c12e7a4bae88c83e79c81e695b0e68dae\
e5b1803121301f06035504610c18474f56434e2d31313939303030304d42303030303030304a310f300d06035504030c06697373756572302a3005\
06032b65700321007eaa4f1f72d98801e32339ee407ccd5c5289adb8d7d9ad8b280ab4ef462d1ebaa381bc3081b930120603551d130101ff040830\
060101ff020100300e0603551d0f0101ff040403020284301d0603551d0e04160414a296ec14ac70215992f9a1839a9b8d0cd823e7a9301f060355\
1d23041830168014299aedf95a6c20b408c7ebe025b0ca19ba56964b305306156983b3ca87e8a6a7faa2c3bdd88bbb97b8e1c612010101ff043730\
35300413023939a017131531313130303030304d423033323731363939303031a114131231313939303030304d42303030303030304a300506032b\
65700341003b6faeef3e70f04e0835f97bb225b56acf0da831fa11b6dec3abc01bd8bd379e0536d0910b81376069daa8bb4718f7d021943e564605\
2b671cb128846ac70d07";
const LEAF: &str = "\
3082021d308201cfa00302010202051234567891300506032b65703072310b300906035504061302434e3112301006035504080c09e7a4bae88c83\
e79c81311b3019060355040a0c12e7a4bae88c83e79c81e695b0e68daee5b1803121301f06035504610c18474f56434e2d31313939303030304d42\
303030303030304a310f300d06035504030c06697373756572301e170d3236313132313233313531315a170d3336313131383233313531315a3070\
310b300906035504061302434e3112301006035504080c09e7a4bae88c83e79c81311b3019060355040a0c12e7a4bae88c83e79c81e695b0e68dae\
e5b1803121301f06035504610c18474f56434e2d31313939303030304d42303030303030304a310d300b06035504030c046c656166302a30050603\
2b6570032100d946dc07c1d95902b358438792ca43ebcfc150fe79e4195065f6e81b7167bd1aa38187308184300c0603551d130101ff0402300030\
0e0603551d0f0101ff04040302078030240603551d250101ff041a301806166983b3ca87e8a6a7faa2c3bdd88bbb97b8e1c6120200301d0603551d\
0e04160414c5ed4af136eb98b284f5ee2f02d5007d03353a6c301f0603551d23041830168014a296ec14ac70215992f9a1839a9b8d0cd823e7a930\
0506032b6570034100d997f36d86e79fd623fb23885c4476e53a2e9c3f7a0ab2022e5b5dbc7a3f08a71ad7f517ea4b101d85afad4a4281244c2f93\
4b7a3ade09b42425d95d98f8cf05";

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn chain_of_openssl() -> Chain {
    Chain { leaf: bytes(LEAF), issuer: bytes(ISSUER), anchor: bytes(ANCHOR) }
}

/// 2030-01-01.
fn then() -> PathQuestion {
    PathQuestion { at: Some(at(UNTIL_SECONDS)), ..question(Some(Use::License)) }
}

#[test]
fn a_chain_of_openssl_is_a_path() {
    let chain = chain_of_openssl();
    assert_eq!(chain.ask(then()), Ok(3));
    assert_eq!(chain.ask(PathQuestion { purpose: None, ..then() }), Ok(3));
    assert_eq!(chain.ask(question(Some(Use::License))), Err(PathError::NotValid { depth: 0 }));
    let other = PathQuestion { purpose: Some(Use::SealSigner), ..then() };
    assert_eq!(chain.ask(other), Err(PathError::Profile { depth: 0, error: ProfileError::PurposeOther }));
}

#[test]
fn a_mandate_of_openssl_is_read() {
    let issuer = chain_of_openssl().issuer;
    let mandate = Certificate::parse(&issuer).unwrap().claimed_mandate().unwrap();
    assert_eq!(mandate.regions().collect::<Vec<_>>(), ["99"]);
    assert_eq!(mandate.types().unwrap().collect::<Vec<_>>(), ["11100000MB03271699001"]);
    assert_eq!(mandate.authorities().unwrap().collect::<Vec<_>>(), ["11990000MB0000000J"]);
    let written = encode_mandate(&["99"], Some(&["11100000MB03271699001"]), Some(&["11990000MB0000000J"])).unwrap();
    assert!(issuer.windows(written.len()).any(|window| window == written));
}

#[test]
fn names_of_openssl_are_read() {
    let leaf = chain_of_openssl().leaf;
    let leaf = Certificate::parse(&leaf).unwrap();
    assert_eq!(leaf.subject().credit_code(), Some("11990000MB0000000J"));
    assert_eq!(leaf.subject().province(), Some("示范省"));
    assert_eq!(leaf.subject().organization(), Some("示范省数据局"));
    assert_eq!(leaf.subject().common_name(), Some("leaf"));
    assert_eq!(leaf.issuer().common_name(), Some("issuer"));
}
