//! The desk at which examples are run: a home with a whole federation, and beside it every file that an example names.

use super::help::zhengyin;
use super::{offices, seals, sheets};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

/// What becomes of a line.
pub(crate) struct Done {
    pub(crate) exit: Option<i32>,
    pub(crate) said: String,
}

/// Lays out what examples name. What follows each other here depends on each other.
const LAY_OUT: &str = r#"
set -eu
zhengyin demo "$PWD/demo" >/dev/null
mv demo/home home
mkdir media etc elsewhere held ../jia ../yi
cp map.json held/
cp -r home/provinces ../jia/
cp home/provinces/98/directory-000002.zyt ../yi/directory-000004.zyt
for name in pass root.pass holder.pass old new; do install -m 600 demo/passphrase $name; done
for key in root operator counter-3 li wang zhang; do zhengyin key gen $key.pem >/dev/null; done
cp -p demo/holder.pem holder.pem
cp -p holder.pem held/

cp demo/data/*.json .
cp demo/data/new-license.json facts.json
cp demo/data/business-license.json again.json
sed 's/演示路18号/演示路19号/' business-license.json >changed.json
echo 91990100MA00000A9K >numbers.txt
# Two operators, who consent to what one may not decide.
for name in li wang zhang; do zhengyin key show $name.pem --json | sed 's/.*"public_key":"\([0-9a-f]*\)".*/\1/' >held/$name; done
cat >held/admit <<'END'
zhengyin register operator add 李示例 $(cat held/li)
zhengyin register operator add 王示例 $(cat held/wang)
true
END
cp demo/licenses/business-license.zyl copy.zyl
cp demo/seals/market-bureau.zye held/made.zye
# One maker of seals, as in most provinces.
rm -r home/authorities/11980000MB0000908A/seal-maker
zhengyin status publish 11990100MB0000000P >/dev/null
zhengyin pack build --out federation.zyp >/dev/null
zhengyin store apply federation.zyp >/dev/null
for week in 21 41; do cp federation.zyp week-$week.zyp; done
cp federation.zyp media/week-40.zyp
cp home/provinces/99/directory-000002.zyt trust.zyt
cp demo/licenses/business-license.zyl license.zyl
cp license.zyl large.zyl
cp demo/licenses/constructor-certificate.zyl held/bound.zyl

zhengyin qr make license.zyl --out photo.png >/dev/null
mv photo.png photo.jpg
zhengyin qr make license.zyl --max-version 12 --out side.png >/dev/null
cp side-1.png front.png
cp side-2.png back.png
mv side-1.png front.jpg
mv side-2.png back.jpg
cp photo.jpg seal.png
zhengyin qr make license.zyl --out scanned.txt >/dev/null
zhengyin type show 11950000MB0000019Y001 --json >my-type.json
printf 'base = "kiosk"\nname = "示例大厅"\nmax_status_age = "8d"\n' >hall.toml
printf '# the old system\n17 revoked 2026-03-01 deception\n' >positions.txt
cp positions.txt other-system.txt

# A trust list that offices sign, which are named by these keys.
mkdir joint
cp -r home/provinces joint/
joint() { zhengyin --home joint trust "$@" >/dev/null; }
joint build --federation 示例联邦 --operator 甲=$JIA --operator 乙=$YI --operator 丙=$BING --threshold 2 --draft list.zyd
joint sign list.zyd --key jia.pem
joint sign list.zyd --key yi.pem
joint check list.zyd --publish
rm list.zyd*
joint build --changes rules.json --draft list-2.zyd
cp list-2.zyd held/
joint sign list-2.zyd --key jia.pem --out from-jia.zyd
joint sign list-2.zyd --key yi.pem --out from-yi.zyd
joint sign list-2.zyd --key jia.pem
joint sign list-2.zyd --key yi.pem
cp joint/federation/trust-000001.zyt home/federation/trust-000002.zyt .

zhengyin verify license.zyl --receipt license.zyr --device counter-3.pem --evidence evidence >/dev/null
cp license.zyr 2026-0017.zyr
zhengyin qr challenge --audience 示例政务大厅 --purpose 办理入住 --out held/challenge.txt --json >held/challenge.json
zhengyin store show --json >held/store.json
zhengyin status show 11990100MB0000000P --json >held/list.json
rm -r demo
zhengyin key show counter-3.pem --json >held/device.json
"#;

/// What differs from the common desk, by how lines begin.
const BEFORE: &[(&str, &str)] = &[
    ("zhengyin key gen", "rm -f root.pem operator.pem counter-3.pem li.pem"),
    ("zhengyin holder key", "rm -f holder.pem"),
    ("zhengyin holder present", "cp held/bound.zyl license.zyl; cp -p held/holder.pem holder.pem"),
    (
        "zhengyin verify shown.zyl",
        "zhengyin holder present held/bound.zyl --key held/holder.pem --audience 示例政务大厅 --purpose 办理入住 --out shown.zyl",
    ),
    (
        "zhengyin verify answer.zyl",
        "zhengyin holder present held/bound.zyl --key held/holder.pem --challenge held/challenge.txt --out answer.zyl",
    ),
    ("zhengyin verify license.zyl --receipt", "rm -rf 2026-0017.zyr evidence"),
    ("zhengyin authority init", "rm -rf home operator.pem"),
    // Another authority certified the key that it has.
    (
        "zhengyin authority enrol",
        "cd home/authorities/11990100MB0000000P/license; cp -p key.pem ../../../../office.pem; cp certificate.der ../../../../office.crt; cd ../..; rm -rf 11990100MB0000000P",
    ),
    ("zhengyin authority enrol 11990000MB0000908E", "rm -rf home/authorities/11990000MB0000908E"),
    ("zhengyin trust build --federation", "rm -rf home/federation home/store list-1.zyd"),
    // The home of the secretariat, unless it was just begun.
    (
        "zhengyin trust build --changes",
        "[ ! -e home/federation/signer.pem ] || { rm -r home; mv joint home; }; rm -f list-2.zyd*",
    ),
    ("zhengyin trust build --operator", "rm -r home; mv joint home"),
    (
        "zhengyin trust sign",
        "[ ! -e home/federation/signer.pem ] || { rm -r home; mv joint home; }; cp held/list-2.zyd .; cp held/list-2.zyd media/",
    ),
    ("zhengyin trust check", "[ ! -e home/federation/signer.pem ] || { rm -r home; mv joint home; }"),
    (
        "zhengyin trust check list-1.zyd from-bing.zyd",
        "zhengyin trust sign list-1.zyd --key bing.pem --out from-bing.zyd",
    ),
    ("zhengyin store init", "rm -rf home/store home/config"),
    ("zhengyin register operator add 张示例", "sh held/admit"),
    (
        "zhengyin register operator remove",
        "sh held/admit; zhengyin register operator add 张示例 $(cat held/zhang) --operator li.pem --approve wang.pem",
    ),
    ("zhengyin license revoke --batch", "sh held/admit"),
    ("zhengyin authority withdraw-key", "sh held/admit"),
    (
        "zhengyin register approve",
        "sh held/admit; [ -e revocations.zyq ] || zhengyin license suspend 91990100MA00000A9K --reason 调查 --operator li.pem --propose revocations.zyq",
    ),
    // A register that was lost.
    (
        "zhengyin register restore",
        "zhengyin register backup media/register-2026-05-20.sqlite; rm home/register.sqlite*",
    ),
    ("zhengyin license resume", "zhengyin license suspend 91990100MA00000A9K --reason 调查 || true"),
    ("zhengyin license issue --batch table.csv --map-template", "rm -f map.json"),
    // The starter, as an operator fills it in.
    ("zhengyin license issue --batch table.csv --map map.json", "cp held/map.json map.json"),
    ("zhengyin license issue --data -", "rm -f license.zyl"),
    // The store of the desk lists no maker of seals, nor whoever stamps; without a store that is not known.
    ("zhengyin seal", "rm -rf home/store"),
    (
        "zhengyin seal make --owner",
        "set -e; [ -e home/authorities/11990100MB00001174/seal-signer ] || zhengyin authority enrol 11990100MB00001174 --province 99 --name 示例市数据局 --use seal-signer --region 9901; \
         cp home/authorities/11990100MB00001174/seal-signer/certificate.der officer.crt; cp home/authorities/11990100MB0000000P/seal-signer/certificate.der deputy.crt; rm -f bureau.zye",
    ),
    ("zhengyin seal suspend bureau.zye", "cp held/made.zye bureau.zye"),
    ("zhengyin status show bureau.zye", "cp held/made.zye bureau.zye"),
    ("zhengyin qr make proved.zyl", "zhengyin status prove 91990100MA00000A9K --out proved.zyl || true"),
];

/// Exits other than 0, by how lines begin.
const EXITS: &[(&str, i32)] = &[
    // Another province, which has no rule on licenses of this type.
    ("zhengyin verify license.zyl --region 980101", 20),
    // By whom it was sealed is not known.
    ("zhengyin seal verify", 20),
    // The license names no files.
    ("zhengyin verify license.zyl --document", 10),
    // Nobody says whose device it is.
    ("zhengyin replay license.zyr --evidence evidence", 20),
];

/// Places of a real machine, and what stands in for them; what is written short, and what it stands for.
fn with_places(line: &str, known: &Known) -> String {
    let mut line = line.to_owned();
    for (place, here) in [
        ("/etc/bash_completion.d", "etc"),
        ("/media/stick", "media"),
        ("/mnt/backup", "media"),
        ("/dev/ttyACM0", "scanned.txt"),
        ("/tmp/zhengyin", "elsewhere/demo"),
        ("/usr/local/share/man", "elsewhere/man"),
        ("exec:sign-with-ukey --slot 3", "exec:examples/signer.sh operator.pem"),
    ] {
        line = line.replace(place, here);
    }
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    for at in 1..words.len() {
        if words[at].contains('…') || words[at] == "NONCE" {
            words[at] = match words[at - 1].as_str() {
                "--operator" => {
                    let (name, _) = words[at].split_once('=').unwrap();
                    let office = OFFICES.iter().find(|(known, ..)| *known == name).unwrap();
                    format!("{name}={}", office.2)
                }
                "--pin" => known.pin.clone(),
                "--since" => known.root.clone(),
                "--device" => known.device.clone(),
                "--challenge" if words[at] == "NONCE" => known.nonce.clone(),
                "--challenge" => known.challenge.clone(),
                option => panic!("{option} {} of an example stands for what?", words[at]),
            };
        }
    }
    words.join(" ")
}

/// The offices that sign trust lists: their names, the shell's names of their public keys, and these (`offices.rs` has the secret ones).
const OFFICES: [(&str, &str, &str); 3] = [
    ("甲", "JIA", "db995fe25169d141cab9bbba92baa01f9f2e1ece7df4cb2ac05190f37fcc1f9d"),
    ("乙", "YI", "2152f8d19b791d24453242e15f2eab6cb7cffa7b6a5ed30097960e069881db12"),
    ("丙", "BING", "22fc297792f0b6ffc0bfcfdb7edb0c0aa14e025a365ec0e342e86e3829cb74b6"),
];

/// What was told at the common desk.
struct Known {
    pin: String,
    root: String,
    device: String,
    nonce: String,
    challenge: String,
    /// Has this computer a font with Chinese?
    has_font: bool,
}

/// The folder of this run.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("manual")
}

/// The common desk, made once.
fn common() -> &'static (PathBuf, Known) {
    static COMMON: OnceLock<(PathBuf, Known)> = OnceLock::new();
    COMMON.get_or_init(|| {
        let _ = fs::remove_dir_all(folder());
        let bin = folder().join("bin");
        fs::create_dir_all(&bin).unwrap();
        fs::create_dir_all(folder().join("common/desk")).unwrap();
        // What a person would be asked for is told.
        let script = format!(
            "#!/bin/sh\ncase \" $* \" in *\" --passphrase \"*) ;; *) set -- \"$@\" --passphrase file:pass ;; esac\n\
             case \" $* \" in *\" --new-passphrase \"*) ;; *\" key passwd \"*) set -- \"$@\" --new-passphrase file:new ;; esac\n\
             case \" $* \" in *\" --yes \"*) ;; *\" trust sign \"*|*\" register approve \"*) set -- \"$@\" --yes ;; esac\n\
             exec '{}' \"$@\"\n",
            zhengyin()
        );
        fs::write(bin.join("zhengyin"), script).unwrap();
        fs::set_permissions(bin.join("zhengyin"), fs::Permissions::from_mode(0o755)).unwrap();
        let common = folder().join("common");
        fs::write(common.join("desk/table.csv"), format!("\u{feff}{}", sheets::table(3))).unwrap();
        fs::write(common.join("desk/map.json"), sheets::MAP).unwrap();
        offices::lay_out(&common.join("desk"));
        seals::lay_out(&common.join("desk"));
        let done = sh(&common, LAY_OUT);
        assert_eq!(done.exit, Some(0), "the desk cannot be laid out: {}", done.said);
        let preview = "zhengyin seal make --owner 示例局 --owner-code 11990100MB0000000P --signer 11990100MB0000000P --until 2099-01-01 --preview -";
        let has_font = sh(&common, &format!("{preview} >/dev/null")).exit == Some(0);
        let held = common.join("desk/held");
        let told = |file: &str, key: &str| {
            let text = fs::read_to_string(held.join(file)).unwrap();
            let json: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
            json[key].as_str().unwrap_or_else(|| panic!("{file} has no {key}: {text}")).to_owned()
        };
        let known = Known {
            pin: told("store.json", "pin"),
            root: told("list.json", "root"),
            device: told("device.json", "thumbprint"),
            nonce: told("challenge.json", "nonce"),
            challenge: fs::read_to_string(held.join("challenge.txt")).unwrap().trim().to_owned(),
            has_font,
        };
        (common, known)
    })
}

/// A desk of one's own, laid out as the common one.
pub(crate) struct Desk {
    place: PathBuf,
}

impl Desk {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let (common, _) = common();
        let place = folder().join(COUNT.fetch_add(1, Ordering::Relaxed).to_string());
        let copied = Command::new("cp").arg("-a").args([common, &place]).status().unwrap();
        assert!(copied.success());
        let examples = place.join("desk/examples");
        fs::create_dir(&examples).unwrap();
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/signer.sh"), examples.join("signer.sh")).unwrap();
        Self { place }
    }

    /// Makes it as a line wants to find it.
    pub(crate) fn prepare(&self, line: &str) {
        for (_, script) in BEFORE.iter().filter(|(beginning, _)| line.starts_with(beginning)) {
            let done = sh(&self.place, script);
            assert_eq!(done.exit, Some(0), "before {line}: {}", done.said);
        }
    }

    /// Runs a line, and says what it did if that is not what it should do.
    pub(crate) fn run(&self, line: &str) -> Result<(), String> {
        let (_, known) = common();
        let mut here = with_places(line, known);
        if !known.has_font {
            // What the demonstration stamps, and what README says of a computer like this.
            here = here
                .replace("play/documents/contract.pdf", "play/documents/contract.txt")
                .replace("play/documents/decision.pdf", "play/documents/decision.txt");
            if line.contains("finance.zye") || line.contains("/usr/share/fonts/") {
                return Ok(());
            }
        }
        let done = sh(&self.place, &here);
        // Devices are tested in .ci/tokens.sh; here there is none, and that is said.
        if line.contains("pkcs11:") && done.exit == Some(1) && done.said.to_lowercase().contains("pkcs") {
            return Ok(());
        }
        // The program of the examples calls OpenSSL.
        let has_openssl = Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_ok();
        if line.contains("exec:") && done.exit == Some(1) && !has_openssl {
            return Ok(());
        }
        if (line.starts_with("zhengyin license export") || line.starts_with("zhengyin seal make"))
            && done.exit == Some(1)
            && done.said.contains("fonts-wqy-microhei")
        {
            return Ok(());
        }
        let line = &line.replace(" --dry-run", "");
        let expected = EXITS.iter().find(|(beginning, _)| line.starts_with(beginning)).map_or(0, |(_, exit)| *exit);
        if done.exit == Some(expected) {
            Ok(())
        } else {
            Err(format!("{line}\n  exit {:?}: {}", done.exit, done.said.trim_end()))
        }
    }

    /// Every file, by its path, with what is in it; but for what SQLite leaves beside a database that somebody looked at: its index, and
    /// a log with nothing in it.
    pub(crate) fn everything(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut all = BTreeMap::new();
        read_all(&self.place, &mut all);
        all
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.place);
    }
}

fn read_all(folder: &Path, all: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.insert(path.clone(), Vec::new());
            read_all(&path, all);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let is_left_over = name.ends_with("-shm") || (name.ends_with("-wal") && bytes.is_empty());
        if !is_left_over {
            all.insert(path, bytes);
        }
    }
}

/// Does something with each, several at once, and tells all that went wrong.
pub(crate) fn each<T: Sync>(all: &[T], act: impl Fn(&T) -> Result<(), String> + Sync) {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(error) = act(one) {
                        wrong.lock().unwrap().push(error);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {} went wrong:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

/// Runs a script at a desk.
fn sh(place: &Path, script: &str) -> Done {
    let path = format!(
        "{}:{}:{}",
        folder().join("bin").display(),
        place.join("desk").display(),
        std::env::var("PATH").unwrap()
    );
    let output = Command::new("sh")
        .args(["-c", script])
        .current_dir(place.join("desk"))
        .env("PATH", path)
        .env("ROOT", env!("CARGO_MANIFEST_DIR"))
        .env("ZHENGYIN_HOME", "home")
        .env("ZHENGYIN_LANG", "en")
        .env("ROOT_PASSPHRASE", "demonstration")
        .env("ZHENGYIN_SIGNER_PASSIN", "file:pass")
        .envs(OFFICES.map(|(_, variable, key)| (variable, key)))
        .env_remove("ZHENGYIN_REGION")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    Done { exit: output.status.code(), said: String::from_utf8_lossy(&said).into_owned() }
}
