//! The codes by which a kiosk tries itself are what the world gives: `SPECIMENS=overwrite` writes them.

use super::*;
use zhengyin::Store;
use zhengyin::issue::{pack, prepare};

#[test]
fn the_specimens_are_those_of_the_world() {
    let mut world = World::new();
    let license = world.issue("business-license");
    let authority = license.credential.issuer.as_str();
    let objects = [world.trust_object(), world.directory_object("99"), world.status_object(authority)];
    let mut store = Store::new(world.pin());
    let window = store.window(world.clock());
    assert!(store.apply_pack(&pack(&objects).unwrap(), window).unwrap().iter().all(Result::is_ok));
    let code = prepare(&license.bytes).unwrap().digits() + "\n";
    let specimens = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/zhengyin/commands/kiosk/specimen");
    for (name, bytes) in [("trust.store", store.to_bytes()), ("license.txt", code.into_bytes())] {
        let path = specimens.join(name);
        if std::env::var("SPECIMENS").as_deref() == Ok("overwrite") {
            fs::write(&path, &bytes).unwrap();
        }
        assert!(fs::read(&path).is_ok_and(|held| held == bytes), "{name} is another: SPECIMENS=overwrite");
    }
}

/// What `store doctor --kiosk` tries, and what it says where something does not work.
#[test]
fn the_doctor_tries_the_kiosk() {
    let mut world = World::new();
    let folder = folder("doctor", &mut world);
    let pem = zhengyin::issue::key::to_encrypted_pem(&world::key("device"), b"example", &[1; 16], &[2; 16]).unwrap();
    for (name, bytes) in [("device.pem", pem.as_bytes()), ("word", b"example")] {
        fs::write(folder.join(name), bytes).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
    let doctor = ["store", "doctor", "--within", "1h", "--clock", NOW, "--json"];
    let words = [&doctor[..], &["--kiosk", "--device", "device.pem", "--passphrase", "file:word"]].concat();
    let output = command(&folder, &words).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let told = &lines(&output.stdout)[0]["kiosk"];
    let trials = told["self_test"].as_array().unwrap();
    assert!(trials.len() >= 8 && trials.iter().all(|trial| trial["passed"] == true), "{told}");
    let thumbprint = world::key("device").public_key().thumbprint().to_string();
    assert_eq!(told["device"], serde_json::json!({"thumbprint": thumbprint, "signs": true, "listed": false}));
    let output = command(&folder, &doctor).output().unwrap();
    assert_eq!(lines(&output.stdout)[0]["kiosk"], Value::Null);
}
