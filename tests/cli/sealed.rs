//! What lies before a clerk beside licenses: documents that were sealed, and what became of some of them.

use std::collections::BTreeMap;

use zhengyin::claims::Place;
use zhengyin::issue::{AttachmentFacts, key};
use zhengyin::status::State;
use zhengyin::suite::sha256;

use super::world::seals::{Made, file, object_digest, stamping_key, unit};
use super::world::{self, HOUR, World};

const DECISION: &[u8] = b"%PDF-1.7\n% \xe7\xa4\xba\xe4\xbe\x8b a decision of the demonstration city\n%%EOF\n";
const CONTRACT: &[u8] = b"%PDF-1.7\n% \xe7\xa4\xba\xe4\xbe\x8b a contract of two provinces\n%%EOF\n";

pub(crate) fn add(files: &mut BTreeMap<&'static str, Vec<u8>>) {
    let mut world = World::new().with_seals();
    let seal = world.make_seal("99");
    let neighbour = world.make_seal("98");
    let fallen = world.make_seal("99");
    world.set_seal_state(&fallen, State::Revoked);
    let stamp = |world: &mut World, seal: &Made, document: &[u8], at: i64| {
        let mut plan = world.plan_stamp(seal, document);
        plan.at = at;
        plan
    };
    let mut plan = stamp(&mut world, &seal, DECISION, -2 * HOUR);
    (plan.reason, plan.place) = (Some("同意".into()), Some(Place { page: 1, x: 120, y: 230 }));
    let decided = file(&[&seal.bytes, &world.stamp(&plan)]);
    files.insert("decision.pdf", DECISION.to_vec());
    files.insert("altered.pdf", DECISION.iter().map(|byte| if *byte == b'a' { b'b' } else { *byte }).collect());
    files.insert("altered.pdf.zys", decided.clone());
    files.insert("decision.pdf.zys", decided);
    let first = stamp(&mut world, &seal, CONTRACT, -2 * HOUR);
    let first = world.stamp(&first);
    let mut second = stamp(&mut world, &neighbour, CONTRACT, -2 * HOUR + 600);
    (second.document, second.media_type) = (object_digest(&first), "application/x.zy.stamp".into());
    let second = world.stamp(&second);
    files.insert("contract.pdf", CONTRACT.to_vec());
    files.insert("contract.pdf.zys", file(&[&seal.bytes, &neighbour.bytes, &first, &second]));
    let late = stamp(&mut world, &fallen, DECISION, -HOUR / 2);
    files.insert("revoked.pdf", DECISION.to_vec());
    files.insert("revoked.pdf.zys", file(&[&fallen.bytes, &world.stamp(&late)]));
    let alone = stamp(&mut world, &seal, DECISION, -2 * HOUR);
    files.insert("alone.zys", world.stamp(&alone));
    files.insert("bureau.zye", seal.bytes.clone());
    let officer = world::key(&stamping_key(unit("99").0));
    let pem = |name: &[u8; 16], secret| key::to_encrypted_pem(secret, b"example", name, &[2; 16]).unwrap();
    files.insert("officer.pem", pem(&[3; 16], &officer).as_bytes().to_vec());
    // A license with its display file, which is sealed too.
    let mut licensed = world.issue("business-license");
    licensed.facts.attachments = vec![AttachmentFacts {
        name: "营业执照.pdf".into(),
        media_type: "application/pdf".into(),
        digest_algorithm: -16,
        digest: sha256(DECISION).as_bytes().to_vec(),
        size: u64::try_from(DECISION.len()).unwrap(),
    }];
    let licensed = world.issue_as(licensed.facts, licensed.credential);
    files.insert("licensed.zyl", licensed.bytes);
    files.insert("sealed.zyp", world.pack());
}
