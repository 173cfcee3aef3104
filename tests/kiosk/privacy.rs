//! Nothing of the holder leaves the card: not in lines of JSON, logs, receipts, nor in what is remembered.

use super::*;
use zhengyin::carrier::{Prepared, encode_digits};
use zhengyin::issue::prepare;

/// What only the license says, and what of other codes is nobody's business.
const SECRETS: [&str; 7] = [
    "91990100MA00000A9K",
    "示范市样本茶业有限公司",
    "张示例",
    "演示路18号",
    "1.2.156.3005",
    "11010519491231002X",
    "134567890123456789",
];

fn input(world: &mut World) -> String {
    let license = world.issue("business-license").bytes;
    let whole = prepare(&license).unwrap().digits();
    let parts = Prepared::plain(&license).unwrap().split(400).unwrap();
    let altered = world::spoil::flip(&license, license.len() - 200, 0);
    let mut scans = vec![whole.clone(), encode_digits(&altered).unwrap(), whole[..whole.len() - 3].to_owned()];
    scans.extend(parts.iter().map(Prepared::digits));
    scans.extend(
        ["11010519491231002X", "134567890123456789", "91990100MA00000A9K", "示范市样本茶业有限公司"].map(String::from),
    );
    scans.push(whole);
    scans.join("\n") + "\n"
}

/// Every file under a folder, and what is in it.
fn files(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.clone(), fs::read(path).unwrap()));
        }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn key_files(folder: &Path) {
    let pem = zhengyin::issue::key::to_encrypted_pem(&world::key("device"), b"example", &[1; 16], &[2; 16]).unwrap();
    for (name, bytes) in [("device.pem", pem.as_bytes()), ("word", b"example")] {
        fs::write(folder.join(name), bytes).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
}

#[test]
fn nothing_of_the_holder_leaves_the_card() {
    let mut world = World::new();
    let input = input(&mut world);
    let folder = folder("privacy", &mut world);
    key_files(&folder);
    let receipts =
        ["--receipt", "receipts", "--device", "device.pem", "--passphrase", "file:word", "--evidence", "objects"];
    let (told, exit, errors) = kiosk(&folder, &receipts, input.as_bytes());
    assert_eq!(exit, Some(0), "{errors}");
    let count = input.lines().count();
    assert_eq!(answers(&told).len(), count);
    let stream = told.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let mut everything = Vec::new();
    files(&folder, &mut everything);
    let named = |part: &str| everything.iter().filter(|(path, _)| path.to_string_lossy().contains(part)).count();
    assert_eq!((named("receipts/"), named("home/kiosk/")), (2, 3), "receipts; lock, uses and its key");
    everything.push(("standard output".into(), stream.into_bytes()));
    everything.push(("standard error".into(), errors.into_bytes()));
    for (path, bytes) in &everything {
        for secret in SECRETS {
            // The pack that the store came from says what the federation publishes, and nothing of licenses.
            assert!(!holds(bytes, secret), "{secret} stands in {}", path.display());
        }
    }
    // Asked for, it is told: the test can fail.
    let (told, _, _) = kiosk(&folder, &["--show-fields", "--dry-run"], input.as_bytes());
    let stream = told.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    assert!(SECRETS[..5].iter().all(|secret| stream.contains(secret)));
    assert!(SECRETS[5..].iter().all(|secret| !stream.contains(secret)), "what is foreign is never told");
    check_schema(&told);
}

/// Receipts of a kiosk are confirmed by whoever has the license; one that cannot be written costs no answer.
#[test]
fn receipts_are_replayed_and_their_loss_is_told() {
    let mut world = World::new();
    let license = world.issue("business-license").bytes;
    let folder = folder("receipts", &mut world);
    key_files(&folder);
    fs::write(folder.join("license.zyl"), &license).unwrap();
    let words =
        ["--receipt", "receipts", "--device", "device.pem", "--passphrase", "file:word", "--evidence", "objects"];
    let scan = prepare(&license).unwrap().digits() + "\n";
    let (told, exit, errors) = kiosk(&folder, &words, scan.as_bytes());
    assert_eq!(exit, Some(0), "{errors}");
    let name = answers(&told)[0]["receipt"].as_str().unwrap().to_owned();
    assert!(name.starts_with("20261001T020000Z-") && name.ends_with(".zyr"), "{name}");
    let thumbprint = world::key("device").public_key().thumbprint().to_string();
    let receipt = format!("receipts/{name}");
    let words_of_replay =
        ["replay", &receipt, "--evidence", "objects", "--evidence", "license.zyl", "--device", &thumbprint, "--json"];
    let replayed = command(&folder, &words_of_replay).output().unwrap();
    assert_eq!(replayed.status.code(), Some(0), "{}", String::from_utf8_lossy(&replayed.stdout));
    // Without a key there are none; with --dry-run none are written.
    assert_eq!(kiosk(&folder, &["--receipt", "receipts"], b"").1, Some(2));
    fs::remove_dir_all(folder.join("receipts")).unwrap();
    let (told, _, _) = kiosk(&folder, &[&words[..], &["--dry-run"]].concat(), scan.as_bytes());
    assert_eq!((&answers(&told)[0]["receipt"], folder.join("receipts").exists()), (&Value::Null, false));
    // A folder that is taken away meanwhile: the scan is answered, it is told, and the end is no success.
    #[cfg(unix)]
    {
        let mut child = start(&folder, &[&words[..], &["--clock", NOW]].concat());
        let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut ready = String::new();
        std::io::BufRead::read_line(&mut stdout, &mut ready).unwrap();
        fs::remove_dir_all(folder.join("receipts")).unwrap();
        child.stdin.take().unwrap().write_all(scan.as_bytes()).unwrap();
        let mut rest = Vec::new();
        std::io::Read::read_to_end(&mut stdout, &mut rest).unwrap();
        let told = lines(&rest);
        assert_eq!((&told[0]["verdict"], &told[0]["receipt"]), (&"valid".into(), &Value::Null));
        assert_eq!(events(&told), ["record_failed", "ended"]);
        assert_eq!(child.wait().unwrap().code(), Some(1));
    }
}
