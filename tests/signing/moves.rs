//! A province that moves from one suite to the other, as docs/operating.md tells: what was signed in time stands, and a counter that holds the
//! end of the old algorithm answers by the new one.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use super::{AUTHORITY, ISSUE, ISSUE_OTHER, desk, done, run};

const PASS: &str = "--passphrase file:pass";

#[test]
fn a_province_moves_to_another_suite() {
    // From the suite that keys are of if nothing is said: in both directions, by `.ci/run sm2`.
    let (old, new) = match std::env::var("ZHENGYIN_SUITE").as_deref() {
        Ok("sm2") => ("sm2", "ed25519"),
        _ => ("ed25519", "sm2"),
    };
    let folder = desk("desk-moves");
    done(&folder, ISSUE);
    sleep(Duration::from_millis(1_100));
    // A second root, in a home of its own, becomes one more anchor; then it takes the place of the first.
    let root = "authority init 99 --name 甲 --name-en Jia --keeper 局 --code 11990000MB0000908E --test --suite";
    done(&folder, &format!("--home new {root} {new} {PASS}"));
    done(&folder, &format!("trust build --province new/provinces/99 --signer operator.pem {PASS}"));
    let shown = done(&folder, "trust show --json");
    let shown: serde_json::Value = serde_json::from_str(shown.lines().next().unwrap()).unwrap();
    let end = shown["issued"].as_str().unwrap();
    for file in ["root.pem", "anchor.der"] {
        fs::copy(folder.join("new/provinces/99").join(file), folder.join("home/provinces/99").join(file)).unwrap();
    }
    for purpose in ["status", "license"] {
        done(&folder, &format!("authority rotate-key {AUTHORITY} --use {purpose} --suite {new} {PASS}"));
    }
    done(&folder, &format!("trust directory 99 {PASS}"));
    // Nobody is left behind by the end of the old algorithm; of the new one everybody would be.
    let ending =
        |algorithm: &str| format!(r#"{{"sunsets": [{{"algorithm": "{algorithm}", "signed_until": "{end}"}}]}}"#);
    fs::write(folder.join("end.json"), ending(new)).unwrap();
    let build = format!("trust build --changes end.json --signer operator.pem {PASS}");
    let told = done(&folder, &format!("{build} --dry-run"));
    assert!(!told.contains("has no anchor"), "the first anchor goes on: {told}");
    fs::write(folder.join("end.json"), ending(old)).unwrap();
    let told = done(&folder, &build);
    assert!(!told.contains("has no anchor"), "{told}");
    done(&folder, ISSUE_OTHER);
    done(&folder, &format!("status publish {AUTHORITY} {PASS}"));
    done(&folder, "pack build --out all.zyp");
    let pin = shown["pin"].as_str().unwrap();
    done(&folder, &format!("--home counter store init --pin {pin} --from all.zyp --region 990102"));
    fs::write(folder.join("of-new.toml"), format!("suites = [\"{new}\"]\n")).unwrap();
    for license in ["one.zyl", "two.zyl"] {
        let verdict = done(&folder, &format!("--home counter verify {license} --clock 1h --json"));
        assert!(verdict.contains("\"verdict\":\"valid\""), "{verdict}");
    }
    // By a policy that relies on the new suite alone the old license is told by name, and the new one is valid.
    let verdict = done(&folder, "--home counter verify two.zyl --policy of-new.toml --clock 1h --json");
    assert!(
        verdict.contains("\"verdict\":\"valid\"") && verdict.contains(&format!("\"suites\":[\"{new}\"]")),
        "{verdict}"
    );
    let old = run(&folder, "--home counter verify one.zyl --policy of-new.toml --clock 1h --json");
    let told = String::from_utf8(old.stdout).unwrap();
    assert!(old.status.code() == Some(20) && told.contains("issuer.suite_not_accepted"), "{told}");
}
