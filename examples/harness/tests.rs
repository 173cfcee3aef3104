#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn ok(question: &Value) -> Value {
    let answer = answer(question.to_string().as_bytes());
    assert_eq!(answer.get("ok"), Some(&json!(true)), "{question} {answer}");
    answer
}

fn no(question: &Value) -> String {
    let answer = answer(question.to_string().as_bytes());
    assert_eq!(answer.get("ok"), Some(&json!(false)), "{question} {answer}");
    assert!(answer.get("message").is_some_and(|message| !message.as_str().unwrap().is_empty()));
    answer.get("reason").unwrap().as_str().unwrap().into()
}

/// RFC 8032 §7.1, test 2.
const KEY: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const SIGNATURE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

#[test]
fn signatures() {
    let question =
        |alg: &str, key: &str, msg: &str| json!({"op":"verify-sig","alg":alg,"key":key,"msg":msg,"sig":SIGNATURE});
    ok(&question("Ed25519", KEY, "72"));
    ok(&question("Ed25519", &format!("302a300506032b6570032100{KEY}"), "72"));
    assert_eq!(no(&question("Ed25519", KEY, "73")), "signature.bad");
    assert_eq!(no(&question("Ed448", KEY, "72")), "encoding.algorithm_unknown");
    assert_eq!(no(&question("Ed25519", "00", "72")), "encoding.key_refused");
    assert_eq!(no(&question("Ed25519", &"0".repeat(64), "72")), "encoding.key_refused");
}

#[test]
fn encodings() {
    ok(&json!({"op":"cbor-check","hex":"a10102"}));
    ok(&json!({"op":"cbor-check","hex":"63E8AF81"}));
    assert_eq!(no(&json!({"op":"cbor-check","hex":"1800"})), "encoding.not_canonical");
    assert_eq!(no(&json!({"op":"cbor-check","hex":""})), "encoding.malformed");
    assert_eq!(no(&json!({"op":"cbor-check","hex":"0000"})), "encoding.trailing");
    assert_eq!(no(&json!({"op":"verify-sign1","hex":"d284","key":KEY})), "encoding.malformed");
    assert_eq!(no(&json!({"op":"status","hex":"82","index":0})), "encoding.malformed");
}

#[cfg(feature = "issue")]
#[path = "../world/mod.rs"]
mod world;

#[cfg(feature = "issue")]
#[test]
fn the_objects_of_a_federation() {
    let mut world = world::World::new();
    let authority = "11990100MB0000000P";
    let licenses = [world.issue("business-license"), world.issue("business-license")];
    world.set_state(&licenses[1], zhengyin::status::State::Suspended);

    let key = |name: &str| hex(&world::key(name).public_key().spki());
    let (bytes, signer) = (hex(&licenses[0].bytes), key(&world::license_key(authority)));
    let answer = ok(&json!({"op":"verify-sign1","hex":bytes,"key":signer}));
    assert_eq!(answer.get("typ"), Some(&json!("application/x.zy.license")));
    assert_eq!(no(&json!({"op":"verify-sign1","hex":bytes,"key":KEY})), "signature.bad");

    let list = hex(&world.status_object(authority));
    let status = |index: u64| json!({"op":"status","hex":list,"index":index,"key":key(&world::status_key(authority))});
    assert_eq!(ok(&status(0)).get("state"), Some(&json!(0)));
    assert_eq!(no(&status(1)), "status.suspended");
    assert_eq!(no(&status(2)), "status.out_of_range");
    assert_eq!(no(&json!({"op":"status","hex":list,"index":0,"key":KEY})), "signature.bad");

    let leaf = hex(&world.entry(authority, Use::License).certificate);
    let anchors = ["98", "99"].map(|province| hex(&world.anchor(province).certificate));
    let mut question = json!({"op":"verify-path","chain":[leaf],"anchors":anchors,"time":world::BASE,"eku":null});
    let answer = ok(&question);
    assert_eq!((answer.get("length"), answer.get("anchor")), (Some(&json!(2)), Some(&json!(1))));
    let mut asked = |field: &str, value: Value| {
        question.as_object_mut().unwrap().insert(field.into(), value);
        question.clone()
    };
    ok(&asked("eku", json!("2.25.289491636058257126236843353212901155602.2.0")));
    assert_eq!(no(&asked("eku", json!("2.25.289491636058257126236843353212901155602.2.3"))), "certificate.use");
    ok(&asked("eku", json!(null)));
    assert_eq!(no(&asked("max_length", json!(1))), "certificate.path");
    ok(&asked("max_length", json!(2)));
    assert_eq!(no(&asked("time", json!(world::BASE + 900 * world::DAY))), "certificate.validity");
    ok(&asked("time", json!(null)));
    // What cannot be read hides no path, and is named if there is none.
    assert_eq!(ok(&asked("anchors", json!(["00", anchors[1]]))).get("anchor"), Some(&json!(1)));
    assert_eq!(no(&asked("anchors", json!(["00", anchors[0]]))), "certificate.malformed");
    assert_eq!(no(&asked("anchors", json!([anchors[0]]))), "certificate.path");
}

#[test]
fn texts() {
    let answer = ok(&json!({"op":"decode-text","text":"zy1:BB8\r\n"}));
    assert_eq!(answer.get("hex"), Some(&json!("4142")));
    assert_eq!(answer.get("carrier"), Some(&json!("base45")));
    assert_eq!(answer.get("form"), Some(&json!(1)));
    assert_eq!(answer.get("repaired"), Some(&json!(["white_space", "lower_case"])));
    assert_eq!(no(&json!({"op":"decode-text","text":"ZY2:BB8"})), "carrier.compression");
    assert_eq!(no(&json!({"op":"decode-text","text":"ZY5:BB8"})), "encoding.form_unknown");
    assert_eq!(no(&json!({"op":"decode-text","text":"https://example.cn"})), "carrier.unknown");
    assert_eq!(no(&json!({"op":"decode-text","text":"8601999"})), "carrier.malformed");
}

#[test]
fn identifiers() {
    let id = |kind: &str, text: &str| json!({"op":"id","kind":kind,"text":text});
    let answer = ok(&id("uscc", "91350100M000100Y43"));
    assert_eq!(answer.get("organisation_check"), Some(&json!(true)));
    assert_eq!(no(&id("uscc", "91350100M000100Y44")), "id.check");
    assert_eq!(no(&id("uscc", "91350100M000100Y4")), "id.length");
    assert_eq!(no(&id("uscc", "91350100M000100y43")), "id.character");
    assert_eq!(no(&id("uscc", "I1350100M000100Y43")), "id.character");
    ok(&id("citizen", "11010519491231002X"));
    assert_eq!(no(&id("citizen", "110105194912310021")), "id.check");
    assert_eq!(no(&id("citizen", "11010519490231002X")), "id.birth");
    assert_eq!(no(&id("license", "1.2.3")), "id.root");
    assert_eq!(no(&id("license", "1.2.156.3005.2.1")), "id.parts");
    assert_eq!(no(&id("passport", "1")), "caller.field");
}

#[test]
fn a_question_that_cannot_be_asked_is_answered() {
    for line in [&b"not json"[..], b"\xff", b"{", b"[]{}"] {
        assert_eq!(answer(line).get("reason"), Some(&json!("caller.json")));
    }
    for question in [json!(null), json!([]), json!({}), json!({"op":7}), json!({"op":"cbor-check"})] {
        assert_eq!(no(&question), "caller.field");
    }
    assert_eq!(no(&json!({"op":"sing"})), "caller.op");
    for (field, value) in [
        ("chain", json!([])),
        ("chain", json!(["0"])),
        ("chain", json!("00")),
        ("anchors", json!(null)),
        ("time", json!(-1)),
        ("time", json!("now")),
        ("eku", json!("1.3.6.1.5.5.7.3.1")),
        ("max_length", json!(256)),
    ] {
        let mut question = json!({"op":"verify-path","chain":["30"],"anchors":[],"time":0,"eku":null});
        assert_eq!(no(&question), "certificate.malformed");
        question.as_object_mut().unwrap().insert(field.into(), value);
        assert_eq!(no(&question), "caller.field", "{question}");
    }
}
