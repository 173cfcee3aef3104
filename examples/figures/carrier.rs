//! The code that a license needs on paper, beside what others need for the same fields.
//!
//! A version of ISO/IEC 18004 has 17 + 4 × version modules a side; all are at error correction level M.
//!
//! | beside it | what is counted |
//! |---|---|
//! | as the EU Digital COVID Certificate has it | the same signed bytes, deflated by zlib at level 9, in base45 after four characters of prefix: alphanumeric mode |
//! | SD-JWT (RFC 9901) of the same fields | compact JSON: what stands on the face of the license in disclosures with salts of 128 bits, all else and the digests in the payload, `kid` and `typ` in the header, one signature of Ed25519: byte mode, for base64url has lower case |

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};
use serde_json::{Value, json};
use zhengyin::carrier::encode_base45;
use zhengyin::claims::fields::FieldName;
use zhengyin::claims::{Binding, PresentationClaims};
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::issue::{CredentialFacts, FieldLabel, FieldValue, LicenseFacts, prepare, present};
use zhengyin::reason::Language;
use zhengyin::suite::sha256;
use zhengyin::time::Timestamp;

use super::measure::{Figure, Report};
use super::status::deflated;
use super::world::{World, data, draw, key};

/// What `format.md` allows a license with fifteen Chinese fields, and one that its holder shows.
const MOST: f64 = 20.0;
const MOST_PRESENTED: f64 = 24.0;

pub(crate) fn figures(report: &mut Report) {
    let mut world = World::new();
    for (name, _) in data::LICENSES {
        let license = world.issue(name);
        let peers = Peers { signed: &license.bytes, facts: &license.facts, credential: &license.credential };
        print(report, name, &license.bytes, Some(MOST), &peers);
    }
    let (facts, credential) = fifteen_fields(&mut world);
    let license = world.issue_as(facts, credential);
    let peers = Peers { signed: &license.bytes, facts: &license.facts, credential: &license.credential };
    print(report, "fifteen-fields", &license.bytes, Some(MOST), &peers);

    let mut facts = license.facts.clone();
    facts.binding = Binding::HolderKey;
    let mut credential = license.credential.clone();
    credential.holder_key = Some(key("holder").public_key().clone());
    let bound = world.issue_as(facts, credential);
    let shown = presented(&bound.bytes, bound.credential.issued_at);
    let peers = Peers { signed: &shown, facts: &bound.facts, credential: &bound.credential };
    print(report, "fifteen-fields-presented", &shown, Some(MOST_PRESENTED), &peers);
    let proved = world.with_proof(&license);
    let peers = Peers { signed: &proved, facts: &license.facts, credential: &license.credential };
    print(report, "fifteen-fields-with-status-proof", &proved, None, &peers);
}

struct Peers<'a> {
    signed: &'a [u8],
    facts: &'a LicenseFacts,
    credential: &'a CredentialFacts,
}

fn print(report: &mut Report, name: &str, bytes: &[u8], goal: Option<f64>, peers: &Peers<'_>) {
    let prepared = prepare(bytes).expect("a license fits");
    let ours = prepared.digits();
    let certificate = format!("HC1:{}", base45(&deflated(peers.signed)));
    let token = sd_jwt(peers.facts, peers.credential);
    let code = |text: &str| version(text).map_or("no code".to_owned(), |version| format!("version {version}"));
    let against = format!(
        "version of the code at level M: {} bytes, {} in it; zlib and base45: {}; SD-JWT of {} bytes: {}",
        bytes.len(),
        prepared.content().len(),
        code(&certificate),
        token.len(),
        code(&token),
    );
    // What fits no code is beyond the largest.
    let value = f64::from(version(&ours).unwrap_or(41));
    report.print(&Figure { name: format!("qr.version.{name}"), value, against, goal });
}

/// The smallest code that takes a text, in the modes that suit it.
fn version(text: &str) -> Option<u8> {
    let segments = QrSegment::make_segments(text);
    let ecc = QrCodeEcc::Medium;
    QrCode::encode_segments_advanced(&segments, ecc, Version::MIN, Version::MAX, None, false)
        .ok()
        .map(|code| code.version().value())
}

/// RFC 9285, without what we put before it.
fn base45(bytes: &[u8]) -> String {
    let text = encode_base45(bytes).expect("within the bounds");
    text.split_once(':').expect("a prefix").1.to_owned()
}

/// A license with fifteen Chinese fields: the construction permit with four more.
fn fifteen_fields(world: &mut World) -> (LicenseFacts, CredentialFacts) {
    let template = data::license("construction-permit");
    let mut facts = template.facts;
    let more = [
        ("工程监理负责人", "样例监理工程师（演示）"),
        ("勘察项目负责人", "试用勘察工程师（演示）"),
        ("质量监督机构", "示例甲省示范市建设工程质量监督站"),
        ("备注", "本证放置施工现场，作为准予施工的凭证。"),
    ];
    facts.fields.extend(more.map(|(label, text)| (FieldLabel::of_text(label), FieldValue::Text(text.into()))));
    assert_eq!(facts.fields.len(), 15);
    (facts, world.credential(&template.authority))
}

/// The license as its holder shows it: for two minutes, to whoever sees it.
fn presented(license: &[u8], now: Timestamp) -> Vec<u8> {
    let envelope = Envelope::parse(license, Expected::AnyKnown).expect("a license");
    let claims = PresentationClaims::of(envelope.object_digest(), now);
    present(license, &claims, &key("holder")).expect("the holder's key")
}

/// Of dates and signatures only the length counts here.
const DATE: &str = "2026-01-01";

/// RFC 9901: the issuer's token and, after a tilde each, what it discloses.
fn sd_jwt(facts: &LicenseFacts, credential: &CredentialFacts) -> String {
    let base64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let name = |label: &FieldLabel| match label {
        FieldLabel::Number(number) => {
            FieldName::of_number(*number).expect("of the registry").text(Language::Zh).to_owned()
        }
        FieldLabel::Name(name) => name.clone(),
    };
    let value = |value: &FieldValue| match value {
        FieldValue::Text(text) => json!(text),
        FieldValue::Int(number) => json!(number),
        FieldValue::Bool(truth) => json!(truth),
        FieldValue::Day(_) => json!(DATE),
        FieldValue::Texts(texts) => json!(texts),
    };
    let disclosures: Vec<String> = (0..)
        .zip(&facts.fields)
        .map(|(at, (label, content))| {
            let salt = base64(&draw(&format!("salt {at}")));
            base64(json!([salt, name(label), value(content)]).to_string().as_bytes())
        })
        .collect();
    let digests: Vec<String> =
        disclosures.iter().map(|disclosure| base64(sha256(disclosure.as_bytes()).as_bytes())).collect();
    let holders: Vec<Value> =
        facts.holders.iter().map(|holder| json!({ "name": holder.name, "id": holder.id })).collect();
    let mut payload = json!({
        "iss": credential.issuer.to_string(),
        "iat": credential.issued_at.seconds(),
        "nbf": credential.not_before.seconds(),
        "exp": credential.expires.map(Timestamp::seconds),
        "vct": facts.type_code.to_string(),
        "status": { "status_list": { "idx": credential.status.index, "uri": "https://status.example.org/1" } },
        "name": facts.name, "number": facts.number, "holders": holders, "authority": facts.authority_name,
        "region": facts.region.to_string(), "issued": DATE, "from": DATE,
        "serial": facts.serial, "version": facts.version,
        "_sd_alg": "sha-256", "_sd": digests,
    });
    if let Some(key) = &credential.holder_key {
        payload["cnf"] = json!({ "jwk": { "kty": "OKP", "crv": "Ed25519", "x": base64(key.coordinates()) } });
    }
    let header = json!({ "alg": "Ed25519", "typ": "dc+sd-jwt", "kid": "k1" });
    let token = [header, payload].map(|part| base64(part.to_string().as_bytes())).join(".");
    let signature = base64(&[0; 64]);
    format!("{token}.{signature}~{}~", disclosures.join("~"))
}
