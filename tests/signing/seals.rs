//! Seals from an empty home, with the command alone: enrolled, made, stamped with, verified, revoked, verified again.

use std::path::Path;
use std::process::Output;

use super::{done, folder, lay_out, run};

fn verdict(folder: &Path, line: &str) -> (i32, String) {
    // What was stamped a moment ago is of a past that a clock which may be off does not know of.
    let output: Output = run(folder, &format!("seal verify {line} --clock-uncertainty 0s --json"));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), said["reason"].as_str().unwrap_or("valid").to_owned())
}

#[test]
fn seals_go_their_way_from_an_empty_home() {
    let folder = folder("desk-seals");
    lay_out(&folder);
    let pass = "--passphrase file:pass";
    let (maker, office) = ("11990000MB0000908E", "11990100MB0000000P");
    done(
        &folder,
        &format!(
            "authority init 99 --name 示例甲省 --name-en Jia --keeper 示例甲省数据局 --code {maker} --test {pass}"
        ),
    );
    done(
        &folder,
        &format!(
            "authority enrol {maker} --province 99 --name 示例制章中心 --use seal-maker --use status --region 99 {pass}"
        ),
    );
    done(
        &folder,
        &format!("authority enrol {office} --province 99 --name 示例局 --use seal-signer --region 9901 {pass}"),
    );
    done(&folder, &format!("key gen operator.pem {pass}"));
    let built = done(&folder, &format!("trust build --federation 示例联邦 --signer A=operator.pem --json {pass}"));
    let built: serde_json::Value = serde_json::from_str(built.lines().next().unwrap()).unwrap();
    let pin = built["pin"].as_str().unwrap();
    done(&folder, &format!("trust directory 99 {pass}"));
    let make = format!(
        "seal make --owner 示例局 --owner-code {office} --signer {office} --until 365d --region 990100 --picture seal.svg --size 42 \
         --out bureau.zye {pass}"
    );
    done(&folder, &make);
    done(&folder, &make);
    let publish = |name: &str| {
        done(&folder, &format!("status publish {maker} --details {pass}"));
        done(&folder, &format!("pack build --out {name}"));
    };
    publish("first.zyp");
    done(&folder, &format!("store init --pin {pin} --from first.zyp --region 990100"));
    let stamp =
        format!("seal stamp decision.pdf --seal bureau.zye --key home/authorities/{office}/seal-signer/key.pem {pass}");
    done(&folder, &stamp);
    assert_eq!(verdict(&folder, "decision.pdf.zys"), (0, "valid".to_owned()));
    // Beside the text, as a code that is small; whoever scans it has the seal.
    let code = done(&folder, "qr make decision.pdf.zys --without-seals --out stamp.png --max-version 12 --json");
    let code: serde_json::Value = serde_json::from_str(&code).unwrap();
    assert_eq!(code["codes"].as_array().unwrap().len(), 1, "{code}");
    let text = done(&folder, "qr read stamp.png");
    std::fs::write(folder.join("stamp.txt"), text.trim()).unwrap();
    done(&folder, "qr make stamp.txt --out printed.zys");
    assert_eq!(verdict(&folder, "printed.zys --document decision.pdf"), (20, "seal.missing".to_owned()));
    assert_eq!(verdict(&folder, "printed.zys --document decision.pdf --seals bureau.zye"), (0, "valid".to_owned()));
    assert_eq!(run(&folder, "qr make bureau.zye --without-seals").status.code(), Some(1));
    // The owner's other key does not stamp with it, nor does a maker's.
    for key in ["li.pem".to_owned(), format!("home/authorities/{maker}/seal-maker/key.pem")] {
        let other =
            run(&folder, &format!("seal stamp decision.pdf --seal bureau.zye --key {key} --out other.zys {pass}"));
        assert_eq!(other.status.code(), Some(1), "{key}");
        assert!(String::from_utf8(other.stderr).unwrap().contains("not among those"), "{key}");
    }
    done(&folder, "seal revoke bureau.zye --reason 机构撤并 --cause out-of-use --effective 2d");
    publish("second.zyp");
    done(&folder, "store apply second.zyp");
    assert_eq!(verdict(&folder, "decision.pdf.zys"), (10, "status.revoked".to_owned()));
    assert!(done(&folder, "register check").contains("the register is whole"));
    assert!(done(&folder, "seal list").contains("revoked"));
}
