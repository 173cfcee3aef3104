//! `demo`: a demonstration federation, end to end.

mod cases;
mod data;
mod guide;
mod paper;
mod sealed;
mod stage;
mod suites;

use crate::args::{Global, Suites};
use crate::clock;
use crate::files::{self, Access};
use crate::keys;
use crate::output::{Exit, Failure, Out, Say, bold, dim, good, plain, say};
use cases::{ALTERATION, ALTERED, BOUND, REVOKED, SUSPENDED, TAMPERED};
use guide::Part;
use paper::Paper;
use stage::Stage;
use std::path::{Path, PathBuf};
use zhengyin::reason::Language;
use zhengyin::status::State;
use zhengyin::store::{Pin, Store};

/// Play a demonstration federation of four provinces, end to end, and leave everything in a folder to play with
///
/// Founds the provinces, enrols authorities, issues licenses of some sixteen types, revokes one, suspends one, tampers with one; makes seals, stamps documents with
/// them, revokes a seal, alters a document; and verifies each offline. Exit 0 if every verdict is the expected one. With `--suite mixed`
/// two provinces sign with SM2 and two with Ed25519, and each recognises what the others issue.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin demo\n  zhengyin demo /tmp/zhengyin --lang zh\n  zhengyin demo national --suite sm2\n  zhengyin demo both --suite mixed"
)]
pub(crate) struct Args {
    /// The folder to fill; it is not there yet, or empty
    #[arg(value_name = "DIR", default_value = "demo")]
    folder: PathBuf,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// What is said of every license that is valid.
const VALID: [&str; 2] =
    ["有效：真实、在有效期内、未被吊销，且在此获认可", "Valid: genuine, in force, not revoked, and recognised here"];

/// The steps that are told, by number.
struct Narration<'o> {
    out: &'o mut Out,
    step: usize,
}

impl Narration<'_> {
    fn step(&mut self, title: &Say) {
        self.step = self.step.saturating_add(1);
        self.out.line(&[]);
        let title = format!("{}. {}", self.step, self.out.say(title));
        self.out.line(&[bold(title)]);
    }

    fn say(&mut self, text: &Say) {
        let text = self.out.say(text).to_owned();
        self.out.line(&[plain("   "), plain(text)]);
    }
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let now = clock::now()?;
    let shown = args.folder.display();
    if args.dry_run {
        files::check_fillable(&args.folder)?;
        out.text(&say!("将写入文件夹 {shown}", "would fill the folder {shown}"));
        return Ok(Exit::Done);
    }
    let (unexpected, parts) =
        files::fill_folder(&args.folder, |within| play(within, args, (now, global.suites()?), out))?;
    out.line(&[]);
    out.line(&[bold(out.say(&say!("一切都在 {shown} 中，可以接着试：", "Everything is in {shown}. To go on:")))]);
    guide::tell(&parts, out);
    match unexpected.as_slice() {
        [] => Ok(Exit::Done),
        names => {
            let names = names.join(", ");
            Err(Failure::new(say!("演示结果与预期不符", "the demonstration did not come out as expected"))
                .because(say!("{names}", "{names}")))
        }
    }
}

/// Plays in the folder. Gives the cases that did not come out as expected, and what to try next.
fn play(
    folder: &Path,
    args: &Args,
    (now, suites): (zhengyin::time::Timestamp, Suites),
    out: &mut Out,
) -> Result<(Vec<String>, Vec<Part>), Failure> {
    out.line(&[bold(out.say(&say!(
        "证印演示：从建立信任到离线核验",
        "Zhengyin, end to end: from founding trust to verifying without a network"
    )))]);
    out.line(&[dim(out.say(&say!(
        "省份、机构和人员均为虚构（95 至 99 在 GB/T 2260 中不属于任何地方）；时间从三十天前开始。",
        "Provinces, authorities and people are invented (95 to 99 are nobody's in GB/T 2260); the story begins thirty days ago."
    )))]);
    let mut tell = Narration { out, step: 0 };
    let mut stage = Stage::new(folder, now, suites)?;
    stage.prepare()?;
    let pin = found(&mut stage, &mut tell)?;
    let fonts = paper::fonts();
    let paper = Paper::new(&fonts)?;
    make_seals(&stage, &paper, &mut tell)?;
    issue(&mut stage, &mut tell)?;
    seal(&stage, &paper, &mut tell)?;
    let store = publish(&stage, pin, &mut tell)?;
    tell.step(&say!(
        "不联网，逐份核验（在证照所在的区县）",
        "Without a network, each license is verified (in its own district)"
    ));
    tell.say(&Say { zh: VALID.join(" · "), en: VALID.join(" · ") });
    let mut unexpected = Vec::new();
    for (at, case) in cases::all(&stage).iter().chain(&cases::across(stage.suites)).enumerate() {
        if !cases::verify(at.saturating_add(1), case, &stage, &store, tell.out)? {
            unexpected.push(case.name().to_owned());
        }
    }
    tell.step(&say!("核验盖章的文件", "Documents that were sealed are verified"));
    for (at, case) in sealed::all(stage.suites).iter().enumerate() {
        if !sealed::verify(at.saturating_add(1), case, (&stage, &paper), &store, tell.out)? {
            unexpected.push(case.name().to_owned());
        }
    }
    if unexpected.is_empty() {
        tell.out.line(&[
            plain("   "),
            good("✓ "),
            plain(
                tell.out.say(&say!("每份结果与理由都与预期一致", "Every verdict and every reason is the expected one")),
            ),
        ]);
    }
    let parts = guide::parts((&args.folder, &program()), &stage.sheets, paper.ending(), stage.suites);
    files::create(&folder.join("README.md"), guide::file(&parts).as_bytes(), Access::Shared)?;
    Ok((unexpected, parts))
}

/// Roots, the trust list, authorities, directories.
fn found(stage: &mut Stage, tell: &mut Narration<'_>) -> Result<Pin, Failure> {
    tell.step(&say!(
        "四个演示省份各建立自己的根（三十天前）",
        "Four demonstration provinces found a root each (thirty days ago)"
    ));
    stage.found()?;
    let language = tell.out.language;
    for province in stage.provinces() {
        let (code, name) = (province.facts.code.as_str(), province.facts.names());
        let name = name.get(if language == Language::Zh { "zh" } else { "en" }).to_owned();
        let keeper = &province.facts.keeper;
        let suite = keys::suite_name(suites::of(stage.suites, code));
        tell.say(&say!(
            "{code}  {name}，由{keeper}保管，以 {suite} 签名",
            "{code}  {name}, kept by {keeper}, signs with {suite}"
        ));
    }
    tell.step(&say!("联邦签署互认清单", "The federation signs its trust list"));
    let list = stage.first_trust()?;
    let (name, provinces) = (stage.federation_name().to_owned(), list.provinces.len());
    tell.say(&say!("{name}，第 1 号，{provinces} 个省份", "{name}, number 1, {provinces} provinces"));
    if stage.suites == Suites::Mixed {
        tell.say(&say!(
            "两位签署者，一位用 Ed25519，一位用 SM2，缺一不可；一条规则使各省证照在四省通用",
            "Two operators sign, one with Ed25519, one with SM2, and both must; a rule lets licenses count in all four provinces"
        ));
    }
    let pin = Pin::new(list.signers_pin());
    tell.say(&say!(
        "签署者的摘要，由人当面交给每个核验端：{pin}",
        "Its signers' pin, which a person carries to every verifier: {pin}"
    ));
    tell.step(&say!("各省登记颁发机构，发布目录", "The provinces enrol authorities and publish their directories"));
    stage.enrol()?;
    for authority in stage.provinces().iter().flat_map(|province| &province.authorities) {
        let (code, name) = (authority.code.as_str(), &authority.name);
        tell.out.line(&[plain("   "), plain(format!("{code}  {name}"))]);
    }
    tell.say(&say!(
        "每个机构两个密钥：一个签证照，一个签状态清单；只能颁发授权范围内的类型和地区",
        "Two keys each: one signs licenses, one status lists; each may issue its own types, in its own regions"
    ));
    Ok(pin)
}

/// Seals, by makers of two provinces.
fn make_seals(stage: &Stage, paper: &Paper<'_>, tell: &mut Narration<'_>) -> Result<(), Failure> {
    tell.step(&say!("两个省的制章者制作印章（二十天前）", "Makers in two provinces make seals (twenty days ago)"));
    stage.make_seals(paper)?;
    let count = stage::SEALS.len();
    tell.say(&say!(
        "{count} 枚：每枚先在制章者的登记簿中占位，印模按机构名称画出，列明谁的密钥可以签章",
        "{count} seals: each gets its position in the maker's register, is drawn from the office's name, and lists whose key may stamp"
    ));
    if paper.ending() != "pdf" {
        tell.say(&say!(
            "这台计算机没有中文字体：印模不写名称，文件为纯文本",
            "this computer has no font with Chinese: seals are drawn without names, and documents are plain text"
        ));
    }
    Ok(())
}

/// Documents that are stamped, and a seal that is revoked.
fn seal(stage: &Stage, paper: &Paper<'_>, tell: &mut Narration<'_>) -> Result<(), Failure> {
    tell.step(&say!("为文件签章", "Documents are stamped"));
    stage.revoke_seal()?;
    stage.seal_documents(paper)?;
    if stage.suites == Suites::Mixed {
        tell.say(&say!(
            "一份两省联合通告：一省签其 SM3，另一省签其 SHA-256",
            "a notice of two provinces: one stamps its SM3, the other its SHA-256"
        ));
    }
    tell.say(&say!(
        "一份决定书，一份两省协议（后签者对前一签章副署）；合同专用章被吊销后仍有人使用；有人改动决定书",
        "a decision; an agreement of two provinces, the second of which stamps the stamp of the first; a contract, with a seal that was revoked; and somebody alters the decision"
    ));
    Ok(())
}

/// Licenses, and what becomes of some.
fn issue(stage: &mut Stage, tell: &mut Narration<'_>) -> Result<(), Failure> {
    tell.step(&say!("颁发证照（二十天前）", "Licenses are issued (twenty days ago)"));
    let refused = stage.issue(BOUND)?;
    let issued = stage.sheets.len().saturating_sub(usize::from(refused.is_some()));
    let mut types: Vec<&str> = stage.sheets.iter().map(|sheet| sheet.template.facts.type_code.as_str()).collect();
    types.sort_unstable();
    types.dedup();
    let types = types.len();
    tell.say(&say!(
        "{issued} 份，{types} 种类型；每份先在登记簿中占位，再签名，核验后才写出",
        "{issued} licenses of {types} types: each gets its position in the register, is signed, and is verified before it leaves"
    ));
    if let Some(refused) = refused {
        let why = refused.text();
        let (zh, en) = (why.zh, why.en);
        tell.say(&Say { zh: format!("一份被拒绝：{zh}"), en: format!("One is refused: {en}") });
    }
    tell.step(&say!("此后发生的事", "What happens to some of them"));
    stage.change(REVOKED, State::Revoked, "提交虚假材料（演示）")?;
    stage.change(SUSPENDED, State::Suspended, "安全检查期间暂扣（演示）")?;
    stage.tamper(ALTERED, ALTERATION.0, ALTERATION.1, TAMPERED)?;
    stage.overstep()?;
    tell.say(&say!(
        "食品经营许可证被吊销，施工许可证被暂扣",
        "A food permit is revoked, a construction permit suspended"
    ));
    tell.say(&say!("有人改动一份不动产权证书的一个字节", "Somebody changes one byte of a real-estate certificate"));
    tell.say(&say!(
        "有人用应急管理厅的密钥，绕过登记簿签出一份营业执照",
        "Somebody signs a business license with the key of an emergency department, past the register"
    ));
    Ok(())
}

/// The lists of today, the pack, the counter.
fn publish(stage: &Stage, pin: Pin, tell: &mut Narration<'_>) -> Result<Store, Failure> {
    tell.step(&say!("发布今天的清单，制作核验包（一小时前）", "Today's lists are published and packed (an hour ago)"));
    let list = stage.publish()?;
    let pack = stage.pack()?;
    let (seq, bytes) = (list.seq, pack.bytes.len());
    let (directories, lists) = (pack.store.directories().count(), pack.store.statuses().count());
    tell.say(&say!(
        "互认清单第 {seq} 号，{directories} 份目录，{lists} 份状态清单；核验包 {bytes} 字节",
        "trust list {seq}, {directories} directories, {lists} status lists; the pack has {bytes} bytes"
    ));
    tell.step(&say!(
        "一个核验窗口凭摘要建立信任库，装入核验包",
        "A counter sets up its store by the pin, and takes the pack in"
    ));
    let store = stage.counter(pin, &pack.bytes)?;
    let evidence = store.evidence().len();
    tell.say(&say!("全部采信；存疑 {evidence} 项", "everything is taken; doubts: {evidence}"));
    Ok(store)
}

/// How this program was called.
fn program() -> String {
    let called = std::env::args_os().next().map(PathBuf::from).unwrap_or_else(|| PathBuf::from("zhengyin"));
    files::quoted(&called)
}
