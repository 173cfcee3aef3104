//! What to try next in the demonstration's folder: commands that work as they stand.

use super::cases::{ALTERED, BOUND, REVOKED};
use super::data::Sheet;
use super::stage::{CONTRACT, COUNTER, DECISION, NOTICE};
use super::suites::NATIONAL_COUNTER;
use crate::args::Suites;
use crate::files::quoted;
use crate::output::{Out, Say, bold, dim, plain, say};
use std::path::Path;

/// What is done, and the command lines that do it.
#[derive(Clone, Debug)]
pub(super) struct Part {
    what: Say,
    commands: Vec<String>,
}

/// Every part, for the folder at `folder`, with the program as it was called.
pub(super) fn parts((folder, program): (&Path, &str), sheets: &[Sheet], ending: &str, suites: Suites) -> Vec<Part> {
    let at = |name: &str| quoted(&folder.join(name));
    let zhengyin = format!("{program} --home {}", at("home"));
    let passphrase = format!("--passphrase file:{}", at("passphrase"));
    let of = |name: &str| sheets.iter().find(|sheet| sheet.name == name);
    let number = of("business-license").map_or("", |sheet| sheet.template.facts.number.as_str());
    let authority = of(REVOKED).and_then(|sheet| sheet.template.authority);
    let authority = authority.as_ref().map_or("", |code| code.as_str());
    let mut parts = vec![
        Part {
            what: say!("核验，看每一步的依据", "Verify, and see the grounds of every step"),
            commands: vec![
                format!("{zhengyin} verify {}", at(&format!("licenses/{REVOKED}.zyl"))),
                format!("{zhengyin} verify {} --json", at(&format!("licenses/{ALTERED}-tampered.zyl"))),
                format!("{zhengyin} store show"),
            ],
        },
        Part {
            what: say!(
                "持证人用自己的密钥出示（亮证），两分钟内核验",
                "Let the holder show a license with a key of his own, and verify it within two minutes"
            ),
            commands: vec![
                format!(
                    "{zhengyin} holder present {} --key {} {passphrase} --audience 示例政务大厅 --out {}",
                    at(&format!("licenses/{BOUND}.zyl")),
                    at("holder.pem"),
                    at("shown.zyl")
                ),
                format!("{zhengyin} verify {} --audience 示例政务大厅 --seen {}", at("shown.zyl"), at("seen.txt")),
            ],
        },
        Part {
            what: say!(
                "核验盖章的文件：一份决定书，和两省的协议",
                "Verify documents that were sealed: a decision, and an agreement of two provinces"
            ),
            commands: vec![
                format!("{zhengyin} seal verify {}", at(&format!("documents/{DECISION}.{ending}.zys"))),
                format!("{zhengyin} seal verify {}", at(&format!("documents/{CONTRACT}.{ending}.zys"))),
                format!("{zhengyin} seal verify {}", at("documents")),
                format!("{zhengyin} seal list"),
            ],
        },
        Part {
            what: say!(
                "另一省对决定书上的签章副署（本机时钟可能差两分钟，两分钟后核验）",
                "Let another province stamp that stamp (two minutes later, as far as clocks may be apart, it verifies)"
            ),
            commands: vec![
                format!(
                    "{zhengyin} seal stamp {} --seal {} --key {} {passphrase} --counter --reason 副署演示",
                    at(&format!("documents/{DECISION}.{ending}")),
                    at("seals/health-commission.zye"),
                    at("home/authorities/11980000MB0000000E/seal-signer/key.pem")
                ),
                format!("{zhengyin} seal show {}", at(&format!("documents/{DECISION}.{ending}.zys"))),
            ],
        },
        Part {
            what: say!("颁发一份新证照", "Issue a new license"),
            commands: vec![format!(
                "{zhengyin} license issue --data {} --out {} {passphrase}",
                at("data/new-license.json"),
                at("licenses/new-license.zyl")
            )],
        },
        Part {
            what: say!("吊销一份证照", "Revoke a license"),
            commands: vec![format!("{zhengyin} license revoke {number} --reason 演示")],
        },
        Part {
            what: say!(
                "发布状态清单，带到核验端，再核验",
                "Publish the status list, carry it to the counter, and verify again"
            ),
            commands: vec![
                format!("{zhengyin} status publish {authority} {passphrase}"),
                format!("{zhengyin} pack build --out {}", at("today.zyp")),
                format!("{zhengyin} store apply {}", at("today.zyp")),
                format!("{zhengyin} verify {}", at("licenses/new-license.zyl")),
                format!("{zhengyin} verify {}", at("licenses/business-license.zyl")),
            ],
        },
    ];
    if suites == Suites::Mixed {
        parts.insert(1, across(&zhengyin, at, ending));
    }
    parts
}

/// Where the provinces are of two suites: what one signed, verified where the other signs.
fn across(zhengyin: &str, at: impl Fn(&str) -> String, ending: &str) -> Part {
    let license = |name: &str, region: &str| {
        format!("{zhengyin} verify {} --region {region}", at(&format!("licenses/{name}.zyl")))
    };
    Part {
        what: say!(
            "在另一种算法的省份核验：SM2 的证照在示例甲省，Ed25519 的证照在示例乙省；两省都盖章的通告",
            "Verify where the other suite signs: a license of SM2 in Province Jia, one of Ed25519 in Province Yi; and a notice that both stamped"
        ),
        commands: vec![
            license("driving-licence", COUNTER),
            license("business-license", NATIONAL_COUNTER),
            format!("{zhengyin} seal verify {}", at(&format!("documents/{NOTICE}.{ending}.zys"))),
        ],
    }
}

/// Says the parts.
pub(super) fn tell(parts: &[Part], out: &mut Out) {
    for part in parts {
        let what = out.say(&part.what).to_owned();
        out.line(&[plain("  "), dim(format!("# {what}"))]);
        for command in &part.commands {
            out.line(&[plain("  "), bold(command)]);
        }
    }
}

/// What stands in the folder.
const FILES: [(&str, &str, &str); 8] = [
    ("data/", "证照内容（JSON）", "the facts of the licenses"),
    ("licenses/", "颁发的证照，以及改动过的一份", "the licenses that were issued, and one that was altered"),
    ("seals/", "印章，和它们的印模（SVG）", "seals, and their pictures (SVG)"),
    ("documents/", "盖章的文件和签章（.zys）", "documents that were sealed, and their stamps (.zys)"),
    ("federation.zyp", "核验包：互认清单、目录、状态清单", "the pack: trust lists, directories, status lists"),
    (
        "home/",
        "各机构的密钥、登记簿和清单，以及核验窗口的信任库",
        "the desks' keys, registers and lists, and the counter's store",
    ),
    ("holder.pem", "持证人的密钥", "the key of a holder"),
    ("passphrase", "全部密钥的口令", "the passphrase of every key"),
];

/// The same as a file.
pub(super) fn file(parts: &[Part]) -> String {
    let mut text = String::from(
        "# 证印演示 Zhengyin demonstration\n\n此处一切均为虚构，密钥口令在文件 passphrase 中。\n\
         Everything here is invented; the keys' passphrase stands in the file `passphrase`.\n",
    );
    for (name, zh, en) in FILES {
        text.push_str(&format!("\n- `{name}`: {zh} {en}"));
    }
    text.push('\n');
    for part in parts {
        text.push_str(&format!("\n{} {}\n\n```sh\n{}\n```\n", part.what.zh, part.what.en, part.commands.join("\n")));
    }
    text
}
