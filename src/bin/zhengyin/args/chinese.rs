//! The help texts in Chinese: one line for each command and each of its words, and what clap says around them.

mod seals;

use clap::{Arg, Command};

/// `command subcommand`, or `command subcommand --word`, or `command NAME` for a word by its place. Words known everywhere stand
/// without a command.
const TEXTS: &[(&str, &str)] = &[
    ("", "离线颁发、吊销和核验电子证照。"),
    ("--home", "密钥、登记簿和信任库所在的文件夹 [默认：ZHENGYIN_HOME，其次为用户数据文件夹]"),
    ("--lang", "回答所用的语言：zh 或 en [默认：ZHENGYIN_LANG，其次为系统语言环境]"),
    ("--json", "以 JSON 回答，每行一个对象"),
    (
        "--suite",
        "新密钥所用的算法：ed25519 或 sm2（GB/T 32918）；demo 还可用 mixed [默认：ZHENGYIN_SUITE，否则 ed25519]",
    ),
    ("--color", "颜色：auto、always 或 never；遵从 NO_COLOR"),
    ("--quiet", "除答案外不输出任何内容"),
    ("--verbose", "输出更多过程信息"),
    ("--no-input", "从不询问"),
    ("--passphrase", "密钥口令或令牌 PIN 的来源：prompt、env:NAME、file:PATH、fd:N 或 stdin"),
    ("--help", "显示帮助"),
    ("--version", "显示版本"),
    ("--dry-run", "只说明会做什么，不做任何更改"),
    ("--as", "png、svg、text、bytes 或 drawn [默认：按 --out 的结尾，否则为 drawn]"),
    ("--level", "至少容许多少损坏：L 7 %，M 15 %，Q 25 %（会折叠或盖章的纸），H 30 %"),
    ("--carrier", "digits（数字），或 base45（字母数字模式的读码器）"),
    ("--plain", "不压缩"),
    ("--max-version", "二维码不大于此版本（1 至 40）：装不下则分为几个"),
    ("--scale", "PNG 中每个模块的像素数"),
    ("demo", "演示一个四省联邦的全过程，并把一切留在一个文件夹里供试用"),
    ("demo FOLDER", "要写入的文件夹：尚不存在，或是空的"),
    ("key", "生成、查看和重新加密私钥"),
    ("key gen", "生成一个新的密钥，用口令加密后存入新文件"),
    ("key gen FILE", "要生成的文件；已存在的文件绝不覆盖"),
    ("key show", "显示密钥的公开部分"),
    ("key show KEY", "密钥：文件（PKCS#8，PEM）、exec:程序 参数（签名程序）或 pkcs11:…（令牌，RFC 7512）"),
    ("key passwd", "更换密钥的口令"),
    ("key passwd FILE", "密钥文件；整体替换"),
    ("key passwd --new-passphrase", "新口令的来源"),
    ("authority", "建立省的根，登记颁发机构，查看它们"),
    ("authority init", "建立一个省的根：密钥、证书，以及互认清单中关于该省的内容"),
    ("authority init PROVINCE", "省份：GB/T 2260 的前两位"),
    ("authority init --name", "省份的中文名称"),
    ("authority init --name-en", "省份的英文名称"),
    ("authority init --keeper", "保管根的机构"),
    ("authority init --code", "保管机构的统一社会信用代码"),
    ("authority init --phone", "解决疑问的电话"),
    ("authority init --url", "解决疑问的网址"),
    ("authority init --test", "演示或测试用的省份：每个核验结果都会注明"),
    ("authority init --key", "根的密钥，如不在新文件中生成：exec:程序 参数、pkcs11:… 或现有的密钥文件"),
    ("authority init --until", "证书有效到何时"),
    ("authority enrol", "登记一个机构：每种用途各有一个密钥和一张由省的根签发的证书，自下一份目录起可签署"),
    ("authority enrol CODE", "机构的统一社会信用代码"),
    ("authority enrol --province", "所属省份"),
    ("authority enrol --name", "机构名称"),
    (
        "authority enrol --use",
        "签署什么：license、status、seal-maker、seal-signer、presentation、time-stamping 或 receipt；可重复",
    ),
    ("authority enrol --region", "可颁发的行政区划：2、4 或 6 位数字；可重复 [默认：全省]"),
    ("authority enrol --type", "可颁发的证照类型：21 位，或定义机构的 18 位（其全部类型）；可重复 [默认：全部]"),
    (
        "authority enrol --key",
        "某一用途的密钥，如不在新文件中生成：例如 license=pkcs11:token=desk;object=license；可重复",
    ),
    (
        "authority enrol --certificate",
        "某一用途的证书，如其密钥已有现有机构签发的证书：例如 license=office.crt（DER 或 PEM）；可重复",
    ),
    ("authority enrol --until", "由根签发的证书有效到何时"),
    ("authority enrol --new-passphrase", "新密钥口令的来源 [默认：同 --passphrase]"),
    ("authority show", "查看这里的根和机构"),
    ("authority show CODE", "只看这个机构"),
    ("--store", "信任库文件 [默认：数据文件夹中的 store/trust.store]"),
    ("--clock-uncertainty", "时钟可能相差多少，如 10m [默认：配置文件所写，其次为 2m]"),
    ("--clock", "按此时间而非本机时钟判断，并在结果中注明；none 表示不采用任何时钟"),
    ("IDS", "证照：编号、凭据编号、证照标识或其文件；可有多份"),
    ("--basis", "法律依据，记入登记簿：法律及其条款，或决定的文号"),
    ("--effective", "自何时起在法律上生效：日期、时间，或多久之前 [默认：现在]"),
    ("--operator", "经办操作员的密钥：文件、exec:程序 参数或 pkcs11:…；见 register operator"),
    ("--approve", "另一名操作员（批准人）的密钥"),
    ("--propose", "暂不办理：把要办的事写入此文件并签名，交由别处的另一名操作员批准（register approve）"),
    ("--approval", "另一名操作员已批准的 --propose 文件：现在办理其中的事，别无其他"),
    ("--approve-passphrase", "批准人的密钥口令或 PIN 的来源 [默认：同 --passphrase]"),
    ("--cause", "公开的事由：带详情的清单所载的一个词，例如 deception 或 not-renewed"),
    ("--simulate", "按类型和区划统计将不再有效的在用证照，不作任何更改"),
    ("--batch", "逐行写明证照的文件；全部变更，或一份也不变更"),
    ("--type", "此类型的证照：21 位，或定义机构的 18 位（其全部类型）；可重复"),
    ("--region", "此区划的证照：2、4 或 6 位数字；可重复"),
    ("--issued-from", "此日及以后颁发的证照"),
    ("--issued-until", "此日及以前颁发的证照"),
    ("store", "建立、更新和查看本机持有的信任数据"),
    ("store init", "建立信任库：只相信与所给摘要相符的联邦"),
    ("store init --pin", "互认清单或其签名者的摘要，64 位十六进制，须由可信的人告知"),
    ("store init --from", "首次装入的核验包；可给出多个"),
    ("store init --region", "本机所在区划，例如 990100：同省证照为本地证照"),
    ("store doctor", "说明有什么使核验无法判定，或不久将会如此，以及该怎么办"),
    ("store doctor --within", "向前看多久"),
    ("store doctor --policy", "按哪个策略：counter、kiosk、archive、strict，或 TOML 文件"),
    ("store doctor --kiosk", "同时检验自助机：已知的好码和坏码，与每次扫描走同一条路"),
    ("store doctor --device", "与 --kiosk 一起检验的设备密钥（签署回执）：文件、exec:程序或 pkcs11:…"),
    ("store apply", "从核验包装入较新的互认清单、机构目录和吊销清单"),
    ("store apply PACKS", "核验包，顺序不限；- 表示标准输入"),
    ("store show", "显示持有的数据：序号、签发多久、还剩几天、时间下限、证据"),
    ("kiosk", "逐个核验所扫的码，每扫一次立即回答"),
    ("kiosk --in", "扫描来自何处：- 表示标准输入，或设备、命名管道的路径"),
    ("kiosk --idle", "没有换行时，停顿多久算一次扫描结束，以毫秒计（80ms）；none：只以换行结束"),
    ("kiosk --parts-within", "分成几部分的码，最后一部分之后保留多久"),
    ("kiosk --region", "本机所在区划 [默认：ZHENGYIN_REGION，其次为 store init --region 所设]"),
    ("kiosk --policy", "counter、kiosk、archive、strict，或在其中之一上收紧要求的 TOML 文件"),
    ("kiosk --purpose", "核验的用途，与加注件和亮证所写的用途比较"),
    ("kiosk --audience", "核验方，与加注件和亮证所写的对象比较"),
    ("kiosk --use-case", "证照用于何种事项，以互认规则所用的名称表示（用于外省证照）"),
    ("kiosk --challenge", "何时出示核验码供持证人回答：asked（答案需要时）、always（始终）、never（从不）"),
    ("kiosk --show-fields", "JSON 中也列出持证主体和证照所载内容：读到的人即得到个人信息"),
    ("kiosk --screen", "占用整个终端：一个大的标志，下面是卡片"),
    ("kiosk --card", "标准输出不是终端时也显示卡片"),
    ("kiosk --state", "记录所在的文件夹：出示过的亮证、用过的码 [默认：数据文件夹中的 kiosk]"),
    ("kiosk --uses-for", "用过的码保留多久"),
    ("kiosk --seals", "印章文件，或存放 .zye、.zys 的文件夹，供核验扫到的签章：码中不含印章"),
    ("kiosk --receipt", "将每个结论的回执写入此文件夹，由本设备签署，不含持证人"),
    ("kiosk --device", "签署回执的设备密钥：文件、exec:程序或 pkcs11:…"),
    ("kiosk --evidence", "将结论所依据的对象存入此文件夹，供重放；不保存所扫的内容"),
    ("verify", "离线核验证照"),
    ("verify FILES", "证照文件，或装有二维码文字、文本块的文件；- 表示标准输入"),
    ("verify --image", "图片（PNG、JPEG），内有证照的二维码；分成几部分的码合在一起核验；可重复"),
    ("verify --region", "本机所在区划 [默认：ZHENGYIN_REGION，其次为 store init --region 所设]"),
    ("verify --policy", "counter、kiosk、archive、strict，或在其中之一上收紧要求的 TOML 文件"),
    ("verify --purpose", "本次核验的用途，与加注件所写的用途比较"),
    ("verify --audience", "核验方，与加注件所写的对象比较"),
    ("verify --event-time", "当时是否有效？日期指当日零时（北京时间），时长指多久之前 [默认：现在]"),
    ("verify --document", "须为证照载明的文件之一；其旁的签章（文件名加 .zys）一并核验"),
    ("verify --known-as-of", "按当时所知判断，此后签发的一概不用 [默认：现在]"),
    ("verify --use-case", "证照用于何种事项，以互认规则所用的名称表示（用于外省证照）"),
    ("verify --challenge", "出示给持证人的核验码中的随机数：亮证须回答它"),
    ("verify --seen", "记录用过的亮证的文件：同一次亮证不能再用"),
    ("verify --no-recognition", "不问本地是否认可该类证照"),
    ("verify --receipt", "将由本设备签署的核验回执写入新文件"),
    ("verify --device", "签署回执的设备密钥：文件、exec:程序或 pkcs11:…"),
    ("verify --evidence", "将重放所需的内容存入此文件夹：所依据的对象，以及（未用 --redact 时）所核验的内容"),
    ("replay", "重放一份核验回执：重新得出其结论并逐字节比较"),
    ("replay RECEIPT", "回执文件；- 表示标准输入"),
    ("replay --evidence", "所核验的内容和所依据的对象在哪里：证照、核验包、对象的文件或文件夹；可重复"),
    ("replay --device", "已知设备：其密钥的 sha-256，由 key show 显示；可重复"),
    ("replay --pin", "已知联邦：互认清单或其签名者的摘要；可重复"),
    ("verify --redact", "略去持证人、证照所载内容和文件名：供日志使用"),
    ("verify --no-presentation", "不问持证人是否以本人密钥出示"),
    ("license", "颁发、更新、换发、加注证照；吊销、暂扣和恢复证照"),
    (
        "license issue",
        "颁发一份证照，或整张表的证照：状态清单中的位置先登记后签名，写出前先核验；同样的内容再次颁发得到同一份证照",
    ),
    ("license issue --data", "证照内容（JSON，键见 examples/data/README.md），或 - 表示标准输入"),
    ("license issue --authority", "颁发机构 [默认：内容中的 authority]"),
    ("license issue --out", "证照写到哪里，或 - 表示标准输出 [默认：home 文件夹的 out/证照标识.zyl]"),
    ("license issue --list", "列入第几份状态清单"),
    (
        "license issue --holder-key",
        "持证人的公钥，64 位十六进制，SM2 为 128 位（见 zhengyin key show）；bind 为 2 时需要",
    ),
    ("license issue --expires", "凭据应在何时更新；证照本身可以更久"),
    ("license issue --batch", "一张证照表：首行为列名的 CSV，或每行一个 JSON 对象（.jsonl）；- 表示标准输入"),
    ("license issue --map", "映射文件：每列是什么，以及各行相同的内容；CSV 必需"),
    ("license issue --map-template", "只为这张表写一个供修改的映射文件"),
    ("license issue --encoding", "表的编码：auto、utf-8 或 gb18030"),
    (
        "license issue --as",
        "证照的写法：folder（每份一个文件）、pack（全部写入一个文件）或 lines（每行一个含二维码文字的 JSON）",
    ),
    ("license issue --report", "报告写到哪里，每行对应一条 [默认：与表同处，名为 NAME.report.csv]"),
    ("license issue --resume", "继续被中断的批次：已颁发的不再颁发，已写出的予以补全"),
    ("license issue --max-errors", "不合格的行不超过此数时颁发其余各行；超过时一份也不签"),
    ("license suspend", "暂扣证照：可以恢复"),
    ("license suspend --reason", "原因，记入登记簿：至多 1024 字节"),
    ("license suspend --authority", "只在这个机构颁发的证照中查找"),
    ("license resume", "恢复被暂扣或挂失的证照"),
    ("license resume --reason", "原因，记入登记簿：至多 1024 字节"),
    ("license resume --authority", "只在这个机构颁发的证照中查找"),
    ("license revoke", "吊销证照，不可撤回"),
    ("license revoke --reason", "原因，记入登记簿：至多 1024 字节"),
    ("license revoke --authority", "只在这个机构颁发的证照中查找"),
    ("license cancel", "注销证照，不可撤回：持证人放弃或主体终止"),
    ("license cancel --reason", "原因，记入登记簿：至多 1024 字节"),
    ("license cancel --authority", "只在这个机构颁发的证照中查找"),
    ("license report-lost", "挂失证照：可以恢复"),
    ("license report-lost --reason", "原因，记入登记簿：至多 1024 字节"),
    ("license report-lost --authority", "只在这个机构颁发的证照中查找"),
    ("license export", "再次写出登记簿中的证照：可打印的页面（PDF、SVG）、二维码，或证照文件本身"),
    ("license export ID", "证照：编号、凭据编号、证照标识或其文件；不写则为下列条件所指的全部"),
    (
        "license export --out",
        "写到哪里：NAME.pdf、NAME.svg、NAME.png、NAME.zyl，或 - 表示标准输出；多份时为文件夹 [默认：home 文件夹的 out/证照标识.pdf]",
    ),
    ("license export --as", "page（页面）、code（二维码）或 file（文件）[默认：按 --out 的后缀，其次为 page]"),
    (
        "license export --font",
        "含中文的字体（TrueType、OpenType；PATH#N 指定字体集中的一个）；可再给一个以补缺字 [默认：config 中的 font，其次为系统已有的]",
    ),
    ("license export --seal", "机构印章的图片（PNG），显示在页面上"),
    ("license export --full-ids", "自然人的代码完整写出；否则遮盖"),
    ("license export --authority", "由此机构颁发"),
    ("license export --type", "属于此类型：21 位，或定义机构的 18 位（其全部类型）"),
    ("license export --region", "属于此区划：2、4 或 6 位数字"),
    (
        "license export --state",
        "处于此状态：in-force、suspended、reported-lost、superseded、cancelled、revoked 或 withdrawn；可重复",
    ),
    ("license export --issued-from", "在这一天或以后签发"),
    ("license export --issued-until", "在这一天或以前签发"),
    ("license export --number", "编号为此；末尾的 * 代表任意内容"),
    ("license export --holder", "持证主体代码为此；- 从标准输入读取，以免出现在命令行上"),
    ("license list", "列出登记簿中的证照：全部，或符合条件的；更新的凭据和加注件各占一行"),
    ("license list --csv", "把电子表格用的表（CSV，UTF-8）写入此文件；- 表示标准输出"),
    ("license list --full-ids", "自然人的代码完整写出；否则遮盖"),
    ("license list --authority", "由此机构颁发"),
    ("license list --type", "属于此类型：21 位，或定义机构的 18 位（其全部类型）"),
    ("license list --region", "属于此区划：2、4 或 6 位数字"),
    (
        "license list --state",
        "处于此状态：in-force、suspended、reported-lost、superseded、cancelled、revoked 或 withdrawn；可重复",
    ),
    ("license list --issued-from", "在这一天或以后签发"),
    ("license list --issued-until", "在这一天或以前签发"),
    ("license list --number", "编号为此；末尾的 * 代表任意内容"),
    ("license list --holder", "持证主体代码为此；- 从标准输入读取，以免出现在命令行上"),
    ("license renew", "更新凭据：同一证照，有效更久；先前的凭据用到其到期为止"),
    ("license renew --batch", "逐行写明证照的文件"),
    ("license renew --all", "全部在用且凭据将到期的证照"),
    ("license renew --due", "凭据在此之前到期的才更新；其余原样写出"),
    ("license renew --expires", "新凭据应在何时更新"),
    ("license renew --list", "列入第几份状态清单 [默认：同先前的凭据]"),
    ("license renew --out", "文件写入哪个文件夹 [默认：home 文件夹的 out]"),
    ("license renew --authority", "只在这个机构颁发的证照中查找"),
    ("license replace", "变更换发：新证照写明所替换的证照，后者即被替换"),
    ("license replace ID", "被替换的证照：编号、凭据编号、证照标识或其文件"),
    ("license replace --data", "新证照的内容（JSON），或 - 表示标准输入；类型和编号不变时版本加一"),
    ("license replace --reason", "原因，记入登记簿：至多 1024 字节"),
    ("license replace --authority", "只在这个机构颁发的证照中查找"),
    ("license replace --out", "证照写到哪里，或 - 表示标准输出 [默认：home 文件夹的 out/证照标识.zyl]"),
    ("license replace --list", "列入第几份状态清单 [默认：同被替换的证照]"),
    (
        "license replace --holder-key",
        "持证人的公钥，64 位十六进制，SM2 为 128 位（见 zhengyin key show）；bind 为 2 时需要",
    ),
    ("license replace --expires", "凭据应在何时更新；证照本身可以更久"),
    ("license copy", "制作加注件：限于一个用途、一段时间，也可限于一个对象"),
    ("license copy --batch", "逐行写明证照的文件"),
    ("license copy --purpose", "用途：核验方须说明自己的用途"),
    ("license copy --audience", "为谁制作"),
    ("license copy --until", "到何时为止"),
    ("license copy --made-by", "制作者"),
    ("license copy --list", "列入第几份状态清单 [默认：同其证照]"),
    ("license copy --out", "文件写入哪个文件夹 [默认：home 文件夹的 out]"),
    ("license copy --resume", "继续被中断的批次：用途、对象、制作者和期限相同且有效的加注件再次写出，不再另制"),
    ("license copy --authority", "只在这个机构颁发的证照中查找"),
    ("license erase", "依法删除证照的内容和名称，不可撤回；摘要、位置和状态保留"),
    ("license erase ID", "证照：编号、凭据编号、证照标识或其文件"),
    ("license erase --reason", "原因，记入登记簿：至多 1024 字节，勿写被删除的内容"),
    ("license erase --authority", "只在这个机构颁发的证照中查找"),
    ("register", "检查、备份、恢复登记簿；查看日志；登记操作员"),
    ("register check", "证明登记簿完好：日志相连、位置各用一次、清单与日志相符、每份证照可核验"),
    ("register backup", "备份登记簿，其他人可同时工作"),
    ("register backup FILE", "要写入的新文件"),
    ("register journal", "查看日志：谁在何时为何做了什么"),
    ("register journal --from", "从第几条记录开始"),
    ("register journal --last", "只看最后几条记录"),
    ("register journal --authority", "只看这个机构的记录"),
    ("register restore", "用备份恢复损坏或丢失的登记簿；不会回到已发布的清单之前"),
    ("register restore BACKUP", "备份文件"),
    ("register restore --skip", "每份清单跳过多少位置：须不少于备份之后可能颁发的份数"),
    ("register restore --reason", "原因，记入登记簿：至多 1024 字节"),
    ("register operator", "可以互相批准的操作员：登记、除名、查看"),
    ("register approve", "批准另一名操作员所提的事：说明要办的一切，询问后加上自己的签名"),
    ("register approve FILE", "--propose 写出的文件"),
    ("register approve --key", "自己的密钥：文件、exec:程序 参数或 pkcs11:…"),
    ("register approve --out", "批准后的文件写到哪里 [默认：原文件名加 .approved]"),
    ("register approve --yes", "不再询问：要办的事已经看过"),
    ("register operator list", "列出操作员"),
    ("register operator add", "登记一名操作员；前两名之后须由两名操作员同意"),
    ("register operator add NAME", "姓名"),
    ("register operator add KEY", "公钥，64 位十六进制，SM2 为 128 位（见 zhengyin key show）"),
    ("register operator add --reason", "原因，记入登记簿：至多 1024 字节"),
    ("register operator remove", "除名一名操作员，须由两名操作员同意"),
    ("register operator remove NAME", "姓名"),
    ("register operator remove --reason", "原因，记入登记簿：至多 1024 字节"),
    ("authority rotate-key", "更换机构的密钥：新的密钥和证书，授权同前；旧密钥停用，其签署的仍然有效"),
    ("authority rotate-key CODE", "机构的统一社会信用代码"),
    ("authority rotate-key --use", "密钥签署什么：license、status 等"),
    ("authority rotate-key --key", "不在文件里新建的新密钥：exec:程序 参数、pkcs11:… 或已有的密钥文件"),
    ("authority rotate-key --certificate", "新密钥的证书，如现有机构已签发（DER 或 PEM）；不给则由根签发"),
    ("authority rotate-key --until", "由根签发的新证书何时到期"),
    ("authority rotate-key --reason", "原因，记入登记簿：至多 1024 字节"),
    ("authority rotate-key --new-passphrase", "新密钥口令的来源 [默认：同 --passphrase]"),
    ("authority withdraw-key", "停用机构的密钥：停止使用、撤销，或已泄露；撤销和泄露须由两名操作员同意"),
    ("authority withdraw-key CODE", "机构"),
    ("authority withdraw-key --use", "哪一用途的密钥：license、status 等"),
    ("authority withdraw-key --as", "retired（停止使用）、withdrawn（撤销）或 compromised（泄露）"),
    ("authority withdraw-key --since", "泄露的密钥自何时起可能已在他人手中：日期、时间，或多久之前"),
    ("authority withdraw-key --reason", "原因，记入登记簿：至多 1024 字节"),
    ("license show", "查看登记簿中的一份证照；不写则列出全部"),
    ("license show ID", "证照：编号、凭据编号、证照标识或其文件"),
    ("license show --authority", "只看这个机构颁发的证照"),
    ("status", "发布和查看状态清单（吊销清单）；查看和证明证照的状态"),
    ("status publish", "发布一个机构的下一份状态清单：登记簿中每份证照的状态"),
    ("status publish CODE", "机构"),
    ("status publish --list", "只发布这一份 [默认：该机构的全部清单]"),
    ("status publish --details", "载明自何日起、事由、由何证替代，以及此前何时不在用：供追溯核验"),
    ("status publish --format", "zhengyin，或 token-status-list：把上次发布的清单另以 IETF 格式发布，供其核验方使用"),
    ("status publish --base", "token-status-list 的网址前缀，清单在 BASE/N [默认：互认清单中该省的网址加机构代码]"),
    (
        "status publish --types",
        "token-status-list：fine，每种状态各有代码；registered，只用 0x01 INVALID 和 0x02 SUSPENDED",
    ),
    ("status publish --expires", "token-status-list 何时完全失效 [默认：下次更新时]"),
    ("status publish --positions", "由别的系统颁发证照时，写明 --list 中哪些位置不在用的文件"),
    ("status publish --length", "该系统已分配的位置数"),
    ("status publish --next-update", "下一份何时发布"),
    ("status show", "查看一个机构的最新状态清单；或一份证照、一枚印章的现状和经过"),
    ("status show WHAT", "机构；或证照：编号、凭据编号、证照标识或其文件；或印章：编码或其文件"),
    ("status show --authority", "只在这个机构颁发的证照中查找"),
    ("status prove", "按这里最新发布的清单证明一份证照的状态（核验凭据）"),
    ("status prove ID", "证照：编号、凭据编号、证照标识或其文件"),
    ("status prove --authority", "只在这个机构颁发的证照中查找"),
    (
        "status prove --out",
        "附有核验凭据的证照写到哪里，或 - 表示标准输出 [默认：home 文件夹的 out/证照标识-status-序号.zyl]",
    ),
    ("status prove --proof-only", "只写核验凭据，不含证照"),
    ("type", "查看证照类型的定义；检查定义和证照内容"),
    ("type list", "列出这里已定义的证照类型"),
    ("type show", "显示一个类型的定义：照面信息及其规则"),
    ("type show NAME", "类型：代码，或中文、英文名称"),
    ("type check", "检查类型定义，或按定义检查证照内容"),
    ("type check FILES", "含定义或证照内容的文件"),
    ("pack", "制作核验包"),
    ("pack build", "把这里发布过的互认清单、目录和状态清单制作成核验包"),
    ("pack build FILES", "一并收入的其他目录和状态清单"),
    (
        "pack build --since",
        "核验端已持有的清单：编号、根摘要或时间（当时最新的一份）；可写多个，每份清单以其首个相符的为准",
    ),
    ("pack build --out", "核验包写到哪里，或 - 表示标准输出 [默认：home 文件夹的 out/pack-时间.zyp]"),
    ("trust", "建立联邦的互认清单和各省的目录"),
    ("trust build", "建立下一份互认清单：在上一份的基础上列入或更新这些省份；没有上一份时建立第一份"),
    ("trust build --federation", "联邦的名称，用于第一份清单"),
    (
        "trust build --signer",
        "谁来签署：名称和密钥（文件、exec:程序 参数或 pkcs11:…），或上一份清单已列出者的密钥；可重复",
    ),
    (
        "trust build --operator",
        "谁可签署以后的清单：名称=公钥（64 个十六进制数字，SM2 为 128 个，见 key show）；已列出者换用此密钥；可重复",
    ),
    ("trust build --remove-operator", "谁不再签署以后的清单；可重复"),
    ("trust build --threshold", "以后的清单需要多少个签署者 [默认：与上一份相同；第一份为全部]"),
    ("trust build --changes", "其他变更：规则、宽限、瑕疵、省份和信任锚的变动（JSON）"),
    ("trust build --draft", "只写出草稿供他人签署，并在旁边写一份说明，不发布"),
    ("trust build --issued", "清单何时签发：不早于全部签完，规则变更的提前期从此算起 [默认：现在]"),
    ("trust build --province", "省份的文件夹，内有 province.json 和 anchor.der；可重复 [默认：这里的全部省份]"),
    ("trust build --next-update", "下一份何时发布"),
    ("trust build --expires", "这一份何时完全失效"),
    ("trust directory", "发布一个省的下一份目录：为该省签署的全部密钥"),
    ("trust directory PROVINCE", "省份：GB/T 2260 的前两位"),
    ("trust directory --next-update", "下一份何时发布"),
    ("trust directory --expires", "这一份何时完全失效"),
    ("trust show", "查看这里所知的最新互认清单和目录，或文件中清单、草稿的全部内容"),
    ("trust show FILE", "互认清单或其草稿；不核验签名"),
    ("trust sign", "签署互认清单草稿：说明变更、询问、把签名加入文件"),
    ("trust sign DRAFT", "草稿"),
    ("trust sign --key", "您的密钥：文件、exec:程序 参数或 pkcs11:…"),
    ("trust sign --before", "用于比较的上一份清单 [默认：这里最新的一份]"),
    ("trust sign --out", "签署后的草稿写到哪里 [默认：替换原草稿]"),
    ("trust sign --yes", "不再询问；变更已读过"),
    ("trust check", "检查互认清单草稿：全部规则、谁已签署、还缺谁"),
    ("trust check DRAFTS", "草稿，或签名不同的几份副本"),
    ("trust check --before", "用于比较的上一份清单 [默认：这里最新的一份]"),
    ("trust check --publish", "把清单存入这里，供 pack build 使用"),
    ("trust diff", "说明一份互认清单或草稿与另一份的不同；不核验签名"),
    ("trust diff BEFORE", "用来比较的清单"),
    ("trust diff AFTER", "要比较的清单或草稿"),
    ("qr", "写出二维码，从图片读取二维码；不作核验"),
    ("qr make", "把证照等写成二维码：PNG、SVG 或终端字符；默认为纯数字形式，压缩后更小时压缩"),
    ("qr make FILE", "证照等文件、二维码文字或文本块；- 表示标准输入"),
    ("qr make --out", "写到哪里：.png、.svg、.txt（码中的文字）或 .zyl（原字节），- 表示标准输出 [默认：画在终端上]"),
    (
        "qr make --without-seals",
        "签章文件只写签章、不写印章，码小到可印在正文旁边；扫码的一方自有印章（kiosk --seals）",
    ),
    ("qr challenge", "生成核验码供持证人回答：随机数、核验方、用途；不需要时钟"),
    ("qr challenge --audience", "核验方"),
    ("qr challenge --purpose", "用途"),
    ("qr challenge --out", "写到哪里：.png、.svg、.txt 或 .zyl，- 表示标准输出 [默认：画在终端上]"),
    ("holder", "持证人：生成密钥，用它出示证照（亮证）"),
    ("holder key", "生成持证人密钥，用口令加密后存入新文件；公钥交给颁发机构写入证照"),
    ("holder key FILE", "要生成的文件；已存在的文件绝不覆盖"),
    ("holder present", "出示证照：用持证人密钥签明此刻向谁、为何出示"),
    ("holder present FILE", "证照文件、二维码文字或文本块；- 表示标准输入"),
    ("holder present --key", "持证人密钥：文件、exec:程序 参数 或 pkcs11:…"),
    ("holder present --timed", "按双方时钟两分钟内有效 [默认]"),
    ("holder present --challenge", "回答核验方的核验码：码中的文字，或 qr challenge 写出的文件（文字或字节）"),
    ("holder present --audience", "向谁出示；他人不能再用"),
    ("holder present --purpose", "出示的用途"),
    ("holder present --out", "写到哪里：.png、.svg、.txt 或 .zyl，- 表示标准输出 [默认：画在终端上]"),
    ("qr read", "读取图片（PNG、JPEG）中的二维码文字，不作核验"),
    ("qr read PICTURES", "图片"),
    ("inspect", "显示一个对象的内容（未经核验：任何人都能写出这样的字节）"),
    ("inspect FILE", "文件，或 - 表示标准输入"),
    ("explain", "解释一个结果代码：含义、下一步、不应得出的结论"),
    ("explain CODE", "编号或符号，例如 501 或 status.revoked；不写则列出全部"),
    ("completions", "输出命令行补全脚本"),
    ("completions SHELL", "命令行环境"),
    ("man", "写出手册：每个命令一页，语言同 --lang"),
    ("man FOLDER", "写入的文件夹；其中旧版本的手册页会被替换"),
];

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// Every key with its text.
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEXTS.iter().chain(seals::TEXTS).copied()
}

fn text(key: &str) -> Option<&'static str> {
    all().find(|(name, _)| *name == key).map(|(_, text)| text)
}

/// The whole grammar with Chinese help.
pub(super) fn translate(command: Command) -> Command {
    with_chinese(command, "")
}

fn with_chinese(mut command: Command, path: &str) -> Command {
    // Makes clap put in the words that it adds by itself, so that they are translated too.
    if path.is_empty() {
        command.build();
    }
    command = command.help_template(TEMPLATE).subcommand_help_heading("命令").subcommand_value_name("命令");
    if let Some(about) = text(path) {
        command = command.about(about).long_about(None::<&str>);
    }
    if let Some(after) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(after.replace("Examples:", "示例："));
    }
    command = command.mut_args(|arg| {
        let heading = match arg.get_help_heading() {
            Some("Everywhere") => "通用选项",
            Some(_) | None if arg.is_positional() => "参数",
            Some(_) | None => "选项",
        };
        let arg = arg.help_heading(heading);
        match text(&key(path, &arg)).or_else(|| text(&key("", &arg))) {
            Some(help) => arg.help(help).long_help(None::<&str>),
            None => arg,
        }
    });
    command.mut_subcommands(|sub| {
        let own = format!("{path} {}", sub.get_name());
        with_chinese(sub, own.trim_start())
    })
}

fn key(path: &str, arg: &Arg) -> String {
    let word = arg.get_long().map_or_else(|| arg.get_id().as_str().to_uppercase(), |long| format!("--{long}"));
    format!("{path} {word}").trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{all, key, text};
    use clap::{Command, CommandFactory};
    use std::collections::BTreeSet;

    fn keys(command: &Command, path: &str, found: &mut BTreeSet<String>) {
        found.insert(path.to_owned());
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            let own = key(path, arg);
            let everywhere = key("", arg);
            found.insert(if text(&own).is_none() && text(&everywhere).is_some() { everywhere } else { own });
        }
        for sub in command.get_subcommands() {
            keys(sub, format!("{path} {}", sub.get_name()).trim_start(), found);
        }
    }

    #[test]
    fn every_word_has_its_text_and_every_text_its_word() {
        let mut command = crate::args::Cli::command();
        command.build();
        let mut found = BTreeSet::new();
        keys(&command, "", &mut found);
        let known: BTreeSet<String> = all().map(|(key, _)| key.to_owned()).collect();
        let untold: Vec<&String> = found.difference(&known).collect();
        let stale: Vec<&String> = known.difference(&found).collect();
        assert!(untold.is_empty() && stale.is_empty(), "without a text: {untold:?}\nwithout a word: {stale:?}");
        assert_eq!(all().count(), known.len(), "a key stands twice");
    }
}
