//! An office that holds a certificate of an existing authority keeps it: it is enrolled and exchanged as it stands.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use zhengyin::issue::certificate::{CertificateRequest, IssuedBy, MandateText, Role, Subject, issue};
use zhengyin::issue::key::to_encrypted_pem;
use zhengyin::suite::SecretKey;
use zhengyin::time::Period;
use zhengyin::x509::{Certificate, Use};

use super::{AUTHORITY, done, fails, folder, lay_out, run};

/// Days.
const DAY: i64 = 86_400;
const PASS: &str = "--passphrase file:pass";
/// For whom the other authority certified, and for what: neither counts here.
const OFFICE: Subject<'static> = Subject {
    province: "示例甲省",
    organization: "示例甲省示范市市场监督管理局",
    common_name: "existing",
    credit_code: "11980000MB0000019B",
};

/// Writes a key of SM2, and what an authority that nobody lists certifies of it: of a use that is not asked about, valid from and until so many
/// days from now.
fn write_existing(folder: &Path, name: &str, number: u8, [from, until]: [i64; 2]) {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let root = SecretKey::sm2(&[9; 32]).unwrap();
    let mandate = MandateText { regions: &["98"], types: None, authorities: None };
    let request = |key, role, validity| CertificateRequest {
        subject: OFFICE,
        public_key: key,
        role,
        serial: [number; 16],
        validity,
    };
    let whole = Period::new(now - 900 * DAY, Some(now + 900 * DAY)).unwrap();
    let issuer = Role::Issuer { mandate, path_length: None };
    let anchor = issue(&request(root.public_key(), issuer, whole), IssuedBy::Itself, &root).unwrap();
    let anchor = Certificate::parse(&anchor).unwrap();
    let key = SecretKey::sm2(&[number; 32]).unwrap();
    let validity = Period::new(now + from * DAY, Some(now + until * DAY)).unwrap();
    let certified = request(key.public_key(), Role::EndEntity(Use::Receipt), validity);
    fs::write(folder.join(format!("{name}.crt")), issue(&certified, IssuedBy::Certificate(&anchor), &root).unwrap())
        .unwrap();
    let pem = to_encrypted_pem(&key, b"secret", &[number; 16], &[number; 16]).unwrap();
    let path = folder.join(format!("{name}.pem"));
    fs::write(&path, pem.as_bytes()).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(folder.join(format!("{name}-anchor.crt")), anchor.as_der()).unwrap();
}

/// A province with its root, and nobody under it; two keys with certificates of another authority.
fn province(name: &str) -> PathBuf {
    let folder = folder(name);
    lay_out(&folder);
    write_existing(&folder, "one", 1, [-30, 300]);
    write_existing(&folder, "two", 2, [-30, 400]);
    let line = "authority init 99 --name 甲 --name-en Jia --keeper 局 --code 11990000MB0000908E --test";
    done(&folder, &format!("{line} {PASS}"));
    done(&folder, &format!("key gen operator.pem {PASS}"));
    done(&folder, &format!("trust build --federation F --signer O=operator.pem {PASS}"));
    folder
}

/// What verifies at a new counter, with the newest lists.
fn verdicts<const N: usize>(folder: &Path, licenses: [&str; N]) -> [String; N] {
    done(folder, &format!("status publish {AUTHORITY} {PASS}"));
    let _ = fs::remove_dir_all(folder.join("counter"));
    let _ = fs::remove_file(folder.join("all.zyp"));
    done(folder, "pack build --out all.zyp");
    let json = |told: &str| serde_json::from_str::<Value>(told.lines().next().unwrap()).unwrap();
    let pin = json(&done(folder, "trust show --json"))["pin"].as_str().unwrap().to_owned();
    done(folder, &format!("--home counter store init --pin {pin} --from all.zyp --region 990102"));
    licenses.map(|license| {
        let output = run(folder, &format!("--home counter verify {license} --clock 1h --json"));
        json(&String::from_utf8(output.stdout).unwrap())["verdict"].as_str().unwrap().to_owned()
    })
}

#[test]
fn a_certificate_that_an_office_has_is_enrolled_and_exchanged() {
    let folder = province("desk-admitted");
    let enrol = format!("authority enrol {AUTHORITY} --province 99 --name 局 --region 9901 --key license=one.pem");
    done(&folder, &format!("{enrol} --certificate license=one.crt {PASS}"));
    let home = folder.join("home/authorities").join(AUTHORITY);
    assert_eq!(fs::read(home.join("license/certificate.der")).unwrap(), fs::read(folder.join("one.crt")).unwrap());
    let shown = |word: &str| {
        let told = done(&folder, "authority show --json");
        let seats = told.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        seats.filter(|seat| seat["use"] == word).map(|seat| seat["profile"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((shown("license"), shown("status")), (vec!["admitted".into()], vec![Value::Null]));
    done(&folder, &format!("trust directory 99 {PASS}"));
    done(&folder, &format!("license issue --data business-license.json --out one.zyl {PASS}"));
    assert_eq!(verdicts(&folder, ["one.zyl"]), ["valid"]);

    // The next certificate of the same authority, and then one of the root's own.
    let rotate = format!("authority rotate-key {AUTHORITY} --use license {PASS}");
    let refused = fails(&folder, &format!("{rotate} --key li.pem --certificate two.crt"));
    assert!(refused.contains("the key is not that of the certificate two.crt"), "{refused}");
    done(&folder, &format!("{rotate} --key two.pem --certificate two.crt"));
    assert_eq!(shown("license"), ["admitted"]);
    done(&folder, &format!("trust directory 99 {PASS}"));
    done(&folder, &format!("license issue --data food-operation-permit.json --out two.zyl {PASS}"));
    assert_eq!(verdicts(&folder, ["one.zyl", "two.zyl"]), ["valid", "valid"]);
    done(&folder, &rotate);
    assert_eq!(shown("license"), [Value::Null]);
    done(&folder, &format!("trust directory 99 {PASS}"));
    assert_eq!(verdicts(&folder, ["one.zyl", "two.zyl"]), ["valid", "valid"]);
}

#[test]
fn a_certificate_that_no_verifier_would_admit_is_refused_before_anything_is_made() {
    let folder = province("desk-not-admitted");
    write_existing(&folder, "ended", 3, [-300, -1]);
    write_existing(&folder, "early", 4, [1, 300]);
    let whole = fs::read(folder.join("one.crt")).unwrap();
    fs::write(folder.join("cut.crt"), &whole[..whole.len() - 1]).unwrap();
    let enrol = format!("authority enrol {AUTHORITY} --province 99 --name 局 --use license {PASS}");
    for (key, file, told) in [
        ("ended", "ended.crt", "it is not valid now"),
        ("early", "early.crt", "it is not valid now"),
        ("one", "cut.crt", "the bytes end inside an element"),
        ("one", "one.pem", "it is no certificate in DER or PEM"),
        ("one", "one-anchor.crt", "an issuer's certificate in the place of an end entity's"),
        ("one", "two.crt", "the key is not that of the certificate two.crt"),
    ] {
        let said = fails(&folder, &format!("{enrol} --key license={key}.pem --certificate license={file}"));
        assert!(said.contains(told), "{file}: {said}");
        assert!(!folder.join("home/authorities").join(AUTHORITY).join("license").exists(), "{file}");
    }
    for (words, told) in [
        ("--certificate license=one.crt", "does not say where its key is"),
        ("--key license=one.pem --certificate status=one.crt", "of a use that is not enrolled"),
        ("--key license=one.pem --certificate license=one.crt --certificate license=two.crt", "stands twice"),
        ("--key license=one.pem --certificate one.crt", "expected USE=FILE"),
    ] {
        let output = run(&folder, &format!("{enrol} {words}"));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.contains(told)), (Some(2), true), "{said}");
    }
}
