//! Documents, seals and stamps that examples name: of the demonstration world, whose makers the store of the desk does not list.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use zhengyin::suite::SecretKey;

use super::world::World;
use super::world::seals::{file, made};

/// The key with the seed of 32 times `F`.
const OFFICER: &str = "MC4CAQAwBQYDK2VwBCIEIEZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZG";

pub(crate) fn lay_out(folder: &Path) {
    let mut world = World::new().with_seals();
    let officer = SecretKey::from_seed(&[b'F'; 32]).unwrap().public_key().thumbprint();
    let mut seal = |province: &str| {
        let (mut facts, credential) = world.seal_facts(province);
        facts.signers.push(officer);
        made(facts, credential)
    };
    let (bureau, other) = (seal("99"), seal("98"));
    let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    for name in ["decision.pdf", "contract.pdf", "display.pdf"] {
        put(name, name.as_bytes());
    }
    let mut stamped = |name: &str| {
        let plan = world.plan_stamp(&bureau, name.as_bytes());
        file(&[&bureau.bytes, &world.stamp(&plan)])
    };
    let (decision, contract) = (stamped("decision.pdf"), stamped("contract.pdf"));
    put("decision.pdf.zys", &decision);
    put("stamps.zys", &decision);
    put("contract.pdf.zys", &contract);
    put("bureau.zye", &bureau.bytes);
    put("other.zye", &other.bytes);
    fs::create_dir(folder.join("archive")).unwrap();
    put("archive/contract.pdf", b"contract.pdf");
    put("archive/contract.pdf.zys", &contract);
    let path = folder.join("officer.pem");
    fs::write(&path, format!("-----BEGIN PRIVATE KEY-----\n{OFFICER}\n-----END PRIVATE KEY-----\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
