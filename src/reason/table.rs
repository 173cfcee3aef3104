//! The rows of the table of grounds. A new one takes the next free number of its band; none is ever changed or taken again.
//!
//! Number, variant, symbol, class, remedy, what must not be concluded, the word on its axis, result code of GB/T 36906; Chinese; English.

use super::{Caution, Class, Language, Remedy};

reasons! {
    101 EncodingMalformed "encoding.malformed" Invalid Rescan Damage "unknown" 5
        "数据不完整或不是本格式" "The bytes are not of this format, or are cut short";
    102 EncodingNotCanonical "encoding.not_canonical" Invalid AskIssuer None "unknown" 5
        "编码不是唯一规范形式" "The encoding is not the one canonical form";
    103 EncodingTooLarge "encoding.too_large" Invalid AskIssuer None "unknown" 5
        "数据超过本格式的大小或嵌套上限" "The object exceeds the format's size or nesting limits";
    104 EncodingWrongType "encoding.wrong_type" Invalid ShowOther None "unknown" 5
        "对象类型不是所要核验的类型" "The object is of another type than the one asked for";
    105 EncodingText "encoding.text" Invalid AskIssuer None "unknown" 5
        "文字含不可见、控制或改变显示方向的字符" "Text holds invisible, control or direction-changing characters";
    106 EncodingTrailing "encoding.trailing" Invalid Rescan Damage "unknown" 5
        "数据末尾有多余字节" "Bytes follow the end of the object";
    107 EncodingHeader "encoding.header" Invalid AskIssuer None "unknown" 5
        "签名信封的头部不合规定" "The envelope's header breaks the format's rules";
    108 EncodingClaims "encoding.claims" Invalid AskIssuer None "unknown" 5
        "证照内容缺项、多项或取值越界" "A claim is missing, unknown or out of range";
    109 EncodingKeyRefused "encoding.key_refused" Invalid AskIssuer None "unknown" 5
        "所含公钥不合规定" "A public key in it is not an admissible one";
    140 CarrierCompression "carrier.compression" Invalid Rescan Damage "unknown" 5
        "二维码中压缩的内容无法还原" "What is compressed in the code cannot be unpacked";
    150 EncodingVersionUnknown "encoding.version_unknown" Undetermined UpdateVerifier NotForged "unknown" 4
        "对象版本比本核验程序新" "The object's version is newer than this verifier";
    151 EncodingCriticalUnknown "encoding.critical_unknown" Undetermined UpdateVerifier NotForged "unknown" 4
        "含本核验程序不认识的关键标签" "A critical label is unknown to this verifier";
    152 EncodingAlgorithmUnknown "encoding.algorithm_unknown" Undetermined UpdateVerifier NotForged "unknown" 4
        "签名算法为本核验程序所不支持" "The signature algorithm is unknown to this verifier";
    153 EncodingFormUnknown "encoding.form_unknown" Undetermined UpdateVerifier NotForged "unknown" 4
        "编码形式比本核验程序新" "A coding form is newer than this verifier";
    154 CarrierPartMissing "carrier.part_missing" Undetermined ScanParts NotForged "unknown" 4
        "这是分成几部分的码，尚缺其他部分" "This is one part of several; others are missing";
    155 CarrierPartsMixed "carrier.parts_mixed" Undetermined ScanParts NotForged "unknown" 4
        "扫到的各部分不属于同一个码" "The parts that were scanned belong to different codes";
    160 CarrierMalformed "carrier.malformed" Invalid Rescan Damage "unknown" 5
        "二维码文字或文本块已损坏" "The code's text or the text block is damaged";
    161 CarrierUnknown "carrier.unknown" Invalid ShowOther None "unknown" 5
        "不是证印的二维码或文件" "This is not a code or file of this system";
    162 CarrierRunTogether "carrier.run_together" Undetermined Rescan NotForged "unknown" 4
        "两个码连成了一段：请一次只扫一个" "Two codes run together in one scan: scan one at a time";
    201 IssuerUnknown "issuer.unknown" Undetermined UpdatePack NotForged "unknown" 4
        "本机没有签发者的记录" "This verifier holds no record of the signer";
    202 IssuerNotListed "issuer.not_listed" Invalid AskIssuer None "forged" 5
        "完整有效的机构目录中没有该签发者" "A complete, current directory does not list the signer";
    203 IssuerRegion "issuer.region" Invalid AskIssuer None "unauthorised" 5
        "签发者无权为该区划签发" "The signer has no mandate for this region";
    204 IssuerType "issuer.type" Invalid AskIssuer None "unauthorised" 5
        "签发者无权签发该类型" "The signer has no mandate for this type";
    205 IssuerAuthority "issuer.authority" Invalid AskIssuer None "unauthorised" 5
        "签发者无权以该机构名义签发" "The signer has no mandate to issue for this authority";
    206 IssuerSigningPeriod "issuer.signing_period" Invalid AskIssuer None "unauthorised" 5
        "签发时间不在密钥的签发期内" "Signed outside the key's signing period";
    207 IssuerCompromised "issuer.compromised" Invalid AskIssuer None "unauthorised" 5
        "签发密钥在签发时已失密" "The signing key was compromised when this was issued";
    208 IssuerCompromisedUnproven "issuer.compromised_unproven" Undetermined AskIssuer NotForged "unknown" 4
        "签发密钥后来失密，签发时间无独立证明"
        "The signing key was compromised later, and nothing independent proves the issue time";
    209 IssuerWithdrawn "issuer.withdrawn" Invalid AskIssuer None "unauthorised" 5
        "签发时密钥已被撤回" "The signing key had been withdrawn when this was issued";
    210 IssuerUse "issuer.use" Invalid AskIssuer None "unauthorised" 5
        "该密钥不用于签发此类对象" "The key is not admitted for this kind of object";
    211 IssuerDirectoryMissing "issuer.directory_missing" Undetermined UpdatePack NotForged "unknown" 4
        "本机没有该省的机构目录" "This verifier holds no issuer directory of that province";
    212 IssuerDirectoryStale "issuer.directory_stale" Undetermined UpdatePack NotForged "unknown" 4
        "该省机构目录已过更新期" "The province's issuer directory is past its update time";
    213 IssuerDirectoryOlder "issuer.directory_older" Undetermined UpdatePack NotForged "unknown" 4
        "机构目录早于该证照的签发" "The issuer directory is older than this credential";
    214 IssuerTrustStale "issuer.trust_stale" Undetermined UpdatePack NotForged "unknown" 4
        "互认清单已过更新期" "The trust list is past its update time";
    215 IssuerTrustExpired "issuer.trust_expired" Undetermined UpdatePack NotForged "unknown" 4
        "互认清单或机构目录已失效" "The trust list or the directory has expired";
    216 IssuerAnchorWithdrawn "issuer.anchor_withdrawn" Undetermined AskProvince NotForged "unknown" 4
        "该省的信任锚已撤回或暂停" "The province's trust anchor is withdrawn or suspended";
    217 IssuerTimeDepends "issuer.time_depends" Undetermined CheckClock NotForged "unknown" 4
        "本机时间不足以判断签发者依据是否仍有效"
        "This device's time is too uncertain to tell whether the issuer data still holds";
    218 IssuerBudget "issuer.budget" Undetermined UpdatePack NotForged "unknown" 4
        "候选签发者过多，未能查完" "Too many candidate signers to try them all";
    219 IssuerEquivocation "issuer.equivocation" Undetermined AskProvince NotForged "unknown" 4
        "收到两份互相矛盾的签名清单" "Two contradicting signed lists are held";
    220 CertificateMalformed "certificate.malformed" Invalid AskIssuer None "unauthorised" 5
        "签发者证书不合格式" "The signer's certificate is malformed";
    221 CertificateNotCanonical "certificate.not_canonical" Invalid AskIssuer None "unauthorised" 5
        "签发者证书不是规范 DER 编码" "The signer's certificate is not canonical DER";
    222 CertificateAlgorithm "certificate.algorithm" Invalid AskIssuer None "unauthorised" 5
        "签发者证书内外算法不一致" "The certificate's inner and outer algorithms differ";
    223 CertificateExtension "certificate.extension" Invalid AskIssuer None "unauthorised" 5
        "签发者证书含未知关键扩展或重复扩展" "The certificate holds an unknown critical or a duplicate extension";
    224 CertificateValidity "certificate.validity" Invalid AskIssuer None "unauthorised" 5
        "签发时证书不在有效期内" "A certificate of the path was not valid at issue time";
    225 CertificateName "certificate.name" Invalid AskIssuer None "unauthorised" 5
        "证书名称或密钥标识与上级不衔接" "The certificate does not chain to its issuer by name or key identifier";
    226 CertificateConstraint "certificate.constraint" Invalid AskIssuer None "unauthorised" 5
        "证书的基本约束、路径长度或密钥用法不合规定"
        "Basic constraints, path length or key usage do not allow this path";
    227 CertificateSignature "certificate.signature" Invalid AskIssuer None "unauthorised" 5
        "证书签名无效" "A certificate's signature does not verify";
    228 CertificateUse "certificate.use" Invalid AskIssuer None "unauthorised" 5
        "证书的扩展用途不符" "The certificate's extended key usage does not fit";
    229 CertificateMandate "certificate.mandate" Invalid AskIssuer None "unauthorised" 5
        "证书声称的授权超出清单" "The certificate claims a wider mandate than the list gives";
    230 CertificatePath "certificate.path" Invalid AskIssuer None "unauthorised" 5
        "证书不能连到所列的信任锚" "The certificate does not lead to a listed anchor";
    231 CertificateKey "certificate.key" Invalid AskIssuer None "unauthorised" 5
        "证书所含公钥不合规定" "The certificate's key is not an admissible one";
    232 IssuerDefect "issuer.defect" Undetermined AskIssuer NotForged "unknown" 4
        "属于已公布的瑕疵批次，须人工核实"
        "It belongs to a published batch of known defects, which a person must look at";
    270 IssuerDefectRejected "issuer.defect_rejected" Invalid AskIssuer NotForged "unauthorised" 5
        "属于已公布的瑕疵批次，一律不予采信" "It belongs to a published batch of known defects that is refused";
    271 IssuerSuiteNotAccepted "issuer.suite_not_accepted" Undetermined AcceptSuite NotForged "unknown" 4
        "所用签名算法不在本机策略采信之列" "It is signed by an algorithm that this verifier's policy does not accept";
    272 IssuerSuiteEnded "issuer.suite_ended" Invalid AskIssuer None "unauthorised" 5
        "签发时联邦已停止用该算法签名"
        "It says that it was signed when the federation had stopped signing by this algorithm";
    273 IssuerSuiteRetired "issuer.suite_retired" Undetermined Refresh NotForged "unknown" 4
        "所用签名算法已停用，凡由其签名的均不再采信"
        "It is signed by an algorithm on which the federation relies no longer, whenever it says that it was signed";
    274 IssuerPathNotAccepted "issuer.path_not_accepted" Undetermined AcceptSuite NotForged "unknown" 4
        "签发者的证书或所在机构目录所用签名算法不在本机策略采信之列"
        "A certificate of the signer, or the directory that lists it, is signed by an algorithm that this verifier's policy does not accept";
    275 IssuerPathEnded "issuer.path_ended" Undetermined AskProvince NotForged "unknown" 4
        "签发者的证书或所在机构目录在该算法停止签名之后才签发"
        "A certificate of the signer, or the directory that lists it, was signed when the federation had stopped signing by its algorithm";
    276 IssuerPathRetired "issuer.path_retired" Undetermined AskProvince NotForged "unknown" 4
        "签发者的证书或所在机构目录所用签名算法已停用，不再采信"
        "A certificate of the signer, or the directory that lists it, is signed by an algorithm on which the federation relies no longer";
    301 SignatureBad "signature.bad" Invalid AskIssuer None "forged" 5
        "签名无效，内容被改动或出自他人之手"
        "The signature does not verify: the content was altered or made by another";
    302 SignatureNoCandidate "signature.no_candidate" Undetermined UpdatePack NotForged "unknown" 4
        "已知密钥都不能验证该签名，但目录不足以断定"
        "No known key verifies the signature, but the directories cannot rule out another";
    401 PeriodNotYet "period.not_yet" Invalid WaitUntil None "not-yet" 1
        "尚未生效" "Not yet valid";
    402 PeriodExpired "period.expired" Invalid Renew NotForged "expired" 3
        "证照有效期已过" "The license has expired";
    403 PeriodDepends "period.depends" Undetermined CheckClock NotForged "unknown" 4
        "本机时间不足以判断是否在有效期内"
        "This device's time is too uncertain to tell whether it is within its validity";
    404 PeriodCredentialExpired "period.credential_expired" Undetermined Refresh NotForged "unknown" 4
        "证照本身在有效期内，但电子凭证需要更新"
        "The license is in force, but this electronic credential needs refreshing";
    405 PeriodCopyExpired "period.copy_expired" Invalid Renew NotForged "expired" 3
        "加注件已过截止时间" "The annotated copy has expired";
    406 TimeClockBehind "time.clock_behind" Undetermined CheckClock NotForged "unknown" 4
        "本机时钟落后于已持有的签名数据" "This device's clock is behind signed data that it holds";
    407 TimeNoClock "time.no_clock" Undetermined CheckClock NotForged "unknown" 4
        "本机没有可信时钟" "This device has no clock to rely on";
    440 PeriodIssuedLater "period.issued_later" Invalid AskIssuer NotForged "not-yet" 1
        "所问之时该证照尚未颁发" "The license had not been issued at the time asked about";
    441 TimeAskedAhead "time.asked_ahead" Undetermined AskThen NotForged "unknown" 4
        "所问的时间尚未到来" "The time asked about has not come yet";
    501 StatusRevoked "status.revoked" Invalid AskIssuer NotForged "revoked" 3
        "已吊销" "Revoked";
    502 StatusSuspended "status.suspended" Invalid AskIssuer NotForged "suspended" 2
        "暂扣中" "Suspended";
    503 StatusSuperseded "status.superseded" Invalid ShowNewer NotForged "superseded" 3
        "已变更换发新证" "Superseded by a newer license";
    504 StatusCancelled "status.cancelled" Invalid AskIssuer NotForged "cancelled" 3
        "已注销" "Cancelled";
    505 StatusWithdrawn "status.withdrawn" Invalid AskIssuer NotForged "withdrawn" 3
        "已撤销" "Withdrawn";
    506 StatusReportedLost "status.reported_lost" Invalid AskIssuer NotForged "suspended" 2
        "已挂失" "Reported lost";
    507 StatusVoid "status.void" Invalid AskIssuer None "void" 5
        "该序号从未签发" "This position was never issued";
    510 StatusListMissing "status.list_missing" Undetermined UpdatePack NotForged "unknown" 4
        "本机没有该证照的吊销清单" "This verifier holds no status list for this license";
    511 StatusListStale "status.list_stale" Undetermined UpdatePack NotForged "unknown" 4
        "吊销清单已过更新期" "The status list is past its update time";
    512 StatusOutOfRange "status.out_of_range" Undetermined UpdatePack NotForged "unknown" 4
        "吊销清单早于该证照" "The status list is older than this license";
    513 StatusSuspendedStale "status.suspended_stale" Undetermined UpdatePack NotForged "unknown" 4
        "旧清单显示暂扣或挂失，可能已解除" "An old list shows a suspension or loss that may have been lifted";
    514 StatusListRefused "status.list_refused" Undetermined UpdatePack NotForged "unknown" 4
        "吊销清单不合规定，未采用" "The status list breaks the format's rules and is not used";
    515 StatusResurrected "status.resurrected" Undetermined AskProvince NotForged "unknown" 4
        "新清单清除了不可逆的状态" "A newer list clears an irreversible state";
    516 StatusPastUnknown "status.past_unknown" Undetermined UpdatePack NotForged "unknown" 4
        "清单不含日期，无法判断当时状态" "The list holds no dates, so the state at that time is unknown";
    517 StatusTimeDepends "status.time_depends" Undetermined CheckClock NotForged "unknown" 4
        "本机时间不足以判断吊销清单是否仍可用"
        "This device's time is too uncertain to tell whether the status list is still current";
    518 StatusListDamaged "status.list_damaged" Undetermined RestoreList NotForged "unknown" 4
        "本机的吊销清单文件缺失或已被改动"
        "The file of the status list that this verifier holds is missing or was changed";
    540 StatusDeltaBase "status.delta_base" Undetermined UpdatePack NotForged "unknown" 4
        "本机没有该增量所依据的吊销清单，需要完整清单"
        "The status list that this delta starts from is not held: the whole list is wanted";
    541 StatusDeltaRefused "status.delta_refused" Undetermined UpdatePack NotForged "unknown" 4
        "增量与其签名清单不符，未采用，需要完整清单"
        "The delta does not give the list that was signed, and is not used: the whole list is wanted";
    542 StatusProofRefused "status.proof_refused" Undetermined UpdatePack NotForged "unknown" 4
        "状态凭据与其签名清单不符，未采用" "The status proof is not of the list that was signed, and is not used";
    543 StatusProofOther "status.proof_other" Undetermined UpdatePack NotForged "unknown" 4
        "状态凭据不是该证照的" "The status proof is that of another license";
    560 StatusChangedThatDay "status.changed_that_day" Undetermined AskIssuer NotForged "unknown" 4
        "状态恰在所问之日变更，清单只记到日"
        "The state changed on the very day asked about, and the list tells days only";
    561 StatusWithdrawnLater "status.withdrawn_later" Undetermined AskIssuer NotForged "unknown" 4
        "所问之时在用，其后被撤销，撤销可能溯及当时"
        "In force at the time asked about and withdrawn later: a withdrawal may reach back to it";
    562 StatusLostLater "status.lost_later" Undetermined AskOwner NotForgedStamp "unknown" 4
        "印章在签章自述时间之后挂失，或其密钥泄露：自述时间不足为凭"
        "The seal was lost, or its key compromised, after the time that the stamp claims, which is the word of whoever had the key";
    580 StatusTooOld "status.too_old" Undetermined UpdatePack NotForged "unknown" 4
        "吊销清单签发已久，超过本机策略所许" "The status list is older than this verifier's policy allows";
    581 StatusSuiteNotAccepted "status.suite_not_accepted" Undetermined AcceptSuite NotForged "unknown" 4
        "吊销清单或状态凭据所依据的签名算法不在本机策略采信之列"
        "The status list or proof rests on an algorithm that this verifier's policy does not accept";
    582 StatusSuiteEnded "status.suite_ended" Undetermined AskProvince NotForged "unknown" 4
        "吊销清单或其依据在该算法停止签名之后才签发"
        "The status list, or what vouches for it, was signed when the federation had stopped signing by its algorithm";
    583 StatusSuiteRetired "status.suite_retired" Undetermined AskProvince NotForged "unknown" 4
        "吊销清单或其依据所用签名算法已停用，不再采信"
        "The status list, or what vouches for it, is signed by an algorithm on which the federation relies no longer";
    601 RecognitionRefused "recognition.refused" Invalid AskProvince NotForged "refused" 4
        "本地规则不认可该类证照" "A rule refuses this type from there";
    602 RecognitionNoRule "recognition.no_rule" Undetermined AskProvince NotForged "unknown" 4
        "没有适用于该外地证照的互认规则" "No recognition rule covers this license from elsewhere";
    603 RecognitionManual "recognition.manual" Undetermined AskProvince NotForged "unknown" 4
        "互认规则要求人工审核" "The recognition rule asks for a manual decision";
    604 RecognitionAmbiguous "recognition.ambiguous" Undetermined AskProvince NotForged "unknown" 4
        "互认规则互相冲突" "Recognition rules contradict each other";
    605 RecognitionRegionUnset "recognition.region_unset" Undetermined SetRegion NotForged "unknown" 4
        "本机未设定所在区划" "This verifier has no region configured";
    606 RecognitionUnsupported "recognition.unsupported" Undetermined UpdateVerifier NotForged "unknown" 4
        "本核验程序尚不执行互认规则" "This verifier does not apply recognition rules yet";
    610 RecognitionBinding "recognition.binding" Invalid AskProvince NotForged "refused" 4
        "证照与持证人的绑定弱于互认规则的要求"
        "The license is bound to its holder less strongly than the recognition rule asks";
    611 RecognitionStatusAge "recognition.status_age" Undetermined UpdatePack NotForged "unknown" 4
        "吊销清单比互认规则所允许的更旧" "The status list is older than the recognition rule admits";
    612 RecognitionRulesStale "recognition.rules_stale" Undetermined UpdatePack NotForged "unknown" 4
        "载有互认规则的清单已过更新期" "The trust list that holds the recognition rule is past its update time";
    613 RecognitionTimeDepends "recognition.time_depends" Undetermined CheckClock NotForged "unknown" 4
        "本机时间不足以判断适用哪条互认规则"
        "This device's time is too uncertain to tell which recognition rule applies";
    614 RecognitionUseUnset "recognition.use_unset" Undetermined NameUse NotForged "unknown" 4
        "互认规则因用途而异，核验方未说明用途"
        "The recognition rules differ by use, and the verifier did not state one";
    701 PresentationMissing "presentation.missing" Undetermined AskHolder NotHolder "missing" 4
        "该证照须由持证人密钥出示，未见出示" "This license must be shown with the holder's key, and was not";
    702 PresentationAudience "presentation.audience" Invalid AskHolder NotForged "misdirected" 4
        "加注件不是给本核验方的" "The annotated copy was made for another audience";
    703 PresentationPurpose "presentation.purpose" Invalid AskHolder NotForged "misdirected" 4
        "加注件的用途与本次不符" "The annotated copy was made for another purpose";
    704 PresentationContextUnknown "presentation.context_unknown" Undetermined NameContext NotForged "unknown" 4
        "加注件限定用途或对象，核验方未说明"
        "The copy is bound to a purpose or audience that the verifier did not state";
    // 705 stood for a verifier that did not check presentations yet.
    710 PresentationSignature "presentation.signature" Invalid AskHolder NotForged "missing" 4
        "亮证签名无效，不是持证人的密钥所签" "The presentation's signature is not by the holder's key";
    711 PresentationOtherLicense "presentation.other_license" Invalid AskHolder NotForged "missing" 4
        "亮证针对的是另一份证照" "The presentation shows another license";
    712 PresentationTooOld "presentation.too_old" Invalid AskHolder NotForged "missing" 4
        "亮证已过时，须重新出示" "The presentation has run out: it must be made anew";
    713 PresentationReplayed "presentation.replayed" Invalid AskHolder NotHolder "replayed" 4
        "该次亮证已在此使用过" "This very presentation was seen here before";
    714 PresentationOtherAudience "presentation.other_audience" Invalid AskHolder NotForged "misdirected" 4
        "亮证不是给本核验方的" "The presentation was made for another audience";
    715 PresentationOtherPurpose "presentation.other_purpose" Invalid AskHolder NotForged "misdirected" 4
        "亮证的用途与本次不符" "The presentation was made for another purpose";
    716 PresentationOtherChallenge "presentation.other_challenge" Invalid AskHolder NotForged "misdirected" 4
        "亮证回答的不是本次的核验码" "The presentation answers another challenge";
    717 PresentationNoHolderKey "presentation.no_holder_key" Invalid ShowAlone NotForged "missing" 4
        "证照未载明持证人密钥，亮证无从证明"
        "The license names no holder's key, so that the presentation proves nothing";
    730 PresentationClockWide "presentation.clock_wide" Undetermined UseChallenge NotHolder "unknown" 4
        "本机时间不够准，无法判断是否现场出示"
        "This device's time is too uncertain to tell whether it was shown just now";
    731 PresentationNotYet "presentation.not_yet" Undetermined UseChallenge NotHolder "unknown" 4
        "亮证时间在将来：持证人设备的时钟可能偏快"
        "The presentation is of a time to come: the holder's clock may be fast";
    732 PresentationUnanswered "presentation.unanswered" Undetermined AnswerChallenge NotHolder "missing" 4
        "亮证没有回答本次的核验码" "The presentation does not answer the challenge that was shown";
    733 PresentationChallengeUnstated "presentation.challenge_unstated" Undetermined UseChallenge NotHolder "unknown" 4
        "亮证回答了某个核验码，而核验方未说明是哪一个"
        "The presentation answers a challenge, and the verifier did not state one";
    734 PresentationContextUnstated "presentation.context_unstated" Undetermined NameContext NotHolder "unknown" 4
        "亮证限定用途或对象，核验方未说明"
        "The presentation is bound to a purpose or audience that the verifier did not state";
    735 PresentationServiceUnproven "presentation.service_unproven" Undetermined UpdatePack NotHolder "unknown" 4
        "无法确认为其担保的亮证服务" "The presentation service that vouches cannot be confirmed";
    740 PresentationSuiteNotAccepted "presentation.suite_not_accepted" Undetermined AcceptSuite NotHolder "unknown" 4
        "亮证所用签名算法不在本机策略采信之列"
        "The presentation rests on an algorithm that this verifier's policy does not accept";
    741 PresentationSuiteEnded "presentation.suite_ended" Undetermined Refresh NotHolder "unknown" 4
        "亮证时联邦已停止用该算法签名"
        "The presentation was signed when the federation had stopped signing by its algorithm";
    742 PresentationSuiteRetired "presentation.suite_retired" Undetermined Refresh NotHolder "unknown" 4
        "亮证所用签名算法已停用，不再采信"
        "The presentation is signed by an algorithm on which the federation relies no longer";
    801 DocumentDiffers "document.differs" Invalid ShowDocument Damage "unknown" 5
        "文件与签章时的不同：内容被改动，或不是同一份文件"
        "The document is not the one that was stamped: it was altered, or it is another file";
    802 DocumentNotNamed "document.not_named" Invalid ShowDocument Damage "unknown" 5
        "所给文件不是证照载明的任何一个文件" "The file is none of those that the license names";
    803 DocumentNotGiven "document.not_given" Undetermined ShowDocument NotForgedStamp "unknown" 4
        "没有给出文件，无法判断签章是否属于它" "No document was given that the stamp could be compared with";
    804 DocumentStampMissing "document.stamp_missing" Undetermined GiveStamps NotForgedStamp "unknown" 4
        "副署所针对的签章不在文件中" "The stamp that this one countersigns is not at hand";
    805 DocumentNoStamp "document.no_stamp" Undetermined GiveStamps NotForgedStamp "unknown" 4
        "文件中没有签章" "There is no stamp in the file";
    806 DocumentNotDigested "document.not_digested" Undetermined GiveDocument NotForged "unknown" 4
        "文件未按所载的算法计算摘要，无法比对"
        "The document was not digested by the hash that is named, so that it cannot be compared";
    810 SealPicture "seal.picture" Invalid AskMaker None "unknown" 5
        "印模图片不合规定：尺寸、格式，或含有图形以外的内容"
        "The seal's picture breaks the format's rules: its size, its form, or more in it than shapes";
    811 SealMakerRefused "seal.maker" Invalid AskMaker None "unauthorised" 5
        "制章者无权制作该印章" "The seal's maker had no right to make it";
    812 SealSignature "seal.signature" Invalid AskMaker None "forged" 5
        "印章的制章签名无效" "The maker's signature on the seal does not verify";
    813 SealKeyNotListed "seal.key" Invalid AskOwner None "unauthorised" 5
        "签章所用密钥不在印章授权之列" "The key that stamped is not among those that the seal authorises";
    814 SealOwner "seal.owner" Invalid AskOwner None "unauthorised" 5
        "签章者与印章所有者不符" "The stamp is made in the name of another than the seal's owner";
    815 SealNotYet "seal.not_yet" Invalid AskOwner NotForgedStamp "unauthorised" 5
        "签章时间早于印章有效期" "It was stamped before the seal's validity began";
    816 SealExpired "seal.expired" Invalid AskOwner NotForgedStamp "unauthorised" 5
        "签章时印章已过有效期" "It was stamped after the seal's validity had ended";
    817 SealKindRefused "seal.kind" Invalid AskOwner NotForgedStamp "unauthorised" 5
        "该印章不得用于此类文件" "The seal may not be used on documents of this kind";
    830 SealMissing "seal.missing" Undetermined GiveStamps NotForgedStamp "unknown" 4
        "缺少签章所用的印章" "The seal with which it was stamped is not at hand";
    831 SealMakerUnproven "seal.maker_unproven" Undetermined UpdatePack NotForgedStamp "unknown" 4
        "无法确认制章者" "The seal's maker cannot be confirmed";
    832 SealTimeOrder "seal.time_order" Undetermined AskOwner NotForgedStamp "unknown" 4
        "签章时间早于所用印章的制作，或早于所副署的签章"
        "It says that it was stamped before its seal was made, or before the stamp that it countersigns";
    833 SealKindUnstated "seal.kind_unstated" Undetermined NameLicense NotForgedStamp "unknown" 4
        "该印章限用于某类证照，未说明文件属于哪类证照"
        "The seal is for certain types of license, and it was not said of which the document is";
    870 SealSuiteNotAccepted "seal.suite_not_accepted" Undetermined AcceptSuite NotForgedStamp "unknown" 4
        "印章所依据的签名算法不在本机策略采信之列"
        "The seal rests on an algorithm that this verifier's policy does not accept";
    871 SealSuiteEnded "seal.suite_ended" Invalid AskMaker None "unauthorised" 5
        "制章时联邦已停止用该算法签名"
        "The seal says that it was made when the federation had stopped signing by its algorithm";
    872 SealSuiteRetired "seal.suite_retired" Undetermined AskMaker NotForgedStamp "unknown" 4
        "印章所用签名算法已停用，不再采信"
        "The seal is signed by an algorithm on which the federation relies no longer";
    901 StateMissing "state.missing" Undetermined InitStore NotForged "unknown" 4
        "本机没有信任数据" "This verifier holds no trust data";
    902 StepBlocked "step.blocked" Undetermined SeeOther NotForged "unknown" 4
        "因前一步未通过而无法执行" "Could not run because an earlier step did not pass";
    903 StoreRolledBack "store.rolled_back" Undetermined KeepOurs None "unknown" 4
        "所给对象比已持有的旧" "The object offered is older than the one held";
    904 StoreEquivocation "store.equivocation" Undetermined AskProvince None "unknown" 4
        "同一序号出现两份不同的签名对象" "Two different signed objects carry the same sequence number";
    905 StoreFuture "store.future" Undetermined CheckClock None "unknown" 4
        "所给对象的签发时间在将来" "The object offered was issued in the future";
    906 StoreNotLater "store.not_later" Undetermined KeepOurs None "unknown" 4
        "序号更高但签发时间不更晚" "The sequence is higher but the issue time is not later";
    907 StoreEpoch "store.epoch" Undetermined KeepOurs None "unknown" 4
        "对象的纪元或最低序号不合上级规定" "The object's epoch or sequence is not what its parent states";
    908 StoreUnauthorised "store.unauthorised" Undetermined KeepOurs None "unknown" 4
        "对象的签名者无权签发它" "The object is not signed by one entitled to sign it";
    909 StoreParentMissing "store.parent_missing" Undetermined UpdatePack None "unknown" 4
        "缺少该对象所依据的上级对象" "The object's parent is not held";
    910 StorePinMismatch "store.pin_mismatch" Undetermined CheckPin None "unknown" 4
        "互认清单与设定的摘要不符" "The trust list does not match the pinned digest";
    911 StoreCorrupt "store.corrupt" Undetermined RestoreStore None "unknown" 4
        "信任库文件已损坏" "The store file is damaged";
    912 StoreExpired "store.expired" Undetermined UpdatePack None "unknown" 4
        "所给对象已失效" "The object offered has expired";
    913 StoreSkipped "store.skipped" Undetermined UpdatePack None "unknown" 4
        "所给互认清单跳过了中间的清单或签名者不足"
        "The trust list offered is not a successor that its signers may make";
    920 StoreForked "store.forked" Undetermined KeepOurs None "unknown" 4
        "已被更换的签名者另签了互认清单" "Signers who had been replaced signed another trust list";
    921 StoreHistoryRewritten "store.history_rewritten" Undetermined AskProvince None "unknown" 4
        "新目录删去或改写了上一份目录的条目或履历" "The directory drops or rewrites what the one before it stated";
    940 StateLater "state.later" Undetermined UseArchive NotForged "unknown" 4
        "本机持有的数据晚于所问的知识时间" "What is held is newer than the knowledge that is asked about";
    941 StoreNumberFell "store.number_fell" Undetermined AskProvince None "unknown" 4
        "序号更低但签发时间更晚" "The sequence is lower but the issue time is later";
    960 ReceiptMalformed "receipt.malformed" Invalid AskForOriginal NotLicense "unknown" 4
        "不是核验回执，或内容不合规定" "This is no receipt, or its claims break the format's rules";
    961 ReceiptSignature "receipt.signature" Invalid AskForOriginal NotLicense "unknown" 4
        "回执的签名无效：签署后被改动" "The receipt's signature does not verify: it was altered since it was signed";
    962 ReceiptDeviceUnknown "receipt.device_unknown" Undetermined NameDevice NotLicense "unknown" 4
        "不知道签署回执的是哪台设备" "Nobody has said whose device signed the receipt";
    963 ReceiptDeviceRefused "receipt.device_refused" Undetermined NameDevice NotLicense "unknown" 4
        "目录列有该设备的密钥，但当时它不能签署回执"
        "A directory lists the device's key, but not for receipts, or not then";
    964 ReplayBytesMissing "replay.bytes_missing" Undetermined GiveEvidence NotLicense "unknown" 4
        "缺少当时所核验的字节，无法重放" "The bytes that were verified are not at hand";
    965 ReplayObjectMissing "replay.object_missing" Undetermined GiveEvidence NotLicense "unknown" 4
        "缺少结论所依据的对象，无法重放" "An object that the verdict rests on is not at hand";
    966 ReplayDiffers "replay.differs" Invalid AskForOriginal NotLicense "unknown" 4
        "重放得出的报告与回执不同" "Replaying gives another report than the receipt holds";
    967 ReplayOtherVersion "replay.other_version" Undetermined ReplayThere NotLicense "unknown" 4
        "回执由另一版本出具，本版本得不出或读不懂同样的报告"
        "Another version wrote the receipt, and this one does not come to its report or cannot read it";
    968 ReplayFederation "replay.federation" Undetermined CheckPin NotLicense "unknown" 4
        "结论所依据的互认清单不属于已知的联邦"
        "The verdict rests on a trust list of a federation that is not known here";
    969 ReplayObjectRefused "replay.object_refused" Undetermined GiveEvidence NotLicense "unknown" 4
        "所给对象未通过验证，或不为互认清单所认可"
        "An object that was given does not verify, or the trust list does not stand behind it";
    970 ReceiptSuiteEnded "receipt.suite_ended" Undetermined NameDevice NotLicense "unknown" 4
        "回执所用签名算法已停用"
        "The receipt is signed by an algorithm that was out of use then, or is no longer relied on";
}
