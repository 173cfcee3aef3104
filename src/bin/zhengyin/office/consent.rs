//! What one operator alone may not do: the keys of two, and what they sign, here or on two machines.

use super::register::explain as explain_register;
use super::words::explain_draft;
use crate::args::Global;
use crate::files::{self, Access};
use crate::keys::{self, Key, Place};
use crate::output::{Failure, Out, Say, bold, good, plain, say};
use crate::secrets::{self, Source};
use serde_json::json;
use std::path::{Path, PathBuf};
use zhengyin::claims::id::CreditCode;
use zhengyin::issue::DraftError;
use zhengyin::register::{Consent, Decision, Proposal, ProposalError, Proposed, Stated};
use zhengyin::time::Timestamp;

/// A million licenses.
const MAX_PROPOSAL: usize = 128 << 20;

/// Whose keys consent.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Two operators")]
pub(crate) struct ConsentArgs {
    /// The key of the operator who does it: a file, exec:PROGRAM ARGS or pkcs11:…; see `register operator`
    #[arg(long, value_name = "KEY", requires = "second")]
    operator: Option<Place>,
    /// The key of a second operator, who approves it here
    #[arg(long, value_name = "KEY", requires = "operator", group = "second")]
    approve: Option<Place>,
    /// Where the passphrase, or PIN, of the second operator's key comes from [default: as --passphrase]
    #[arg(long, value_name = "SOURCE", requires = "approve")]
    approve_passphrase: Option<Source>,
    /// Do nothing yet: write what is to be done to this file, signed, for a second operator elsewhere (`register approve`)
    #[arg(long, value_name = "FILE", requires = "operator", group = "second")]
    propose: Option<PathBuf>,
    /// The file of --propose with the approval of the second operator: what it says is done now, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "operator", group = "second")]
    approval: Option<PathBuf>,
}

/// What came of asking two operators.
pub(crate) enum Asked {
    /// Nobody was to be asked.
    Nobody,
    /// Both have signed.
    Both(Signed),
    /// One has, and it was written down for the other.
    Proposed,
}

/// What both of them signed.
pub(crate) struct Signed {
    proposal: Proposal,
    stated: Stated,
}

impl Signed {
    /// For the register.
    pub(crate) fn consent(&self) -> Option<Consent<'_>> {
        self.proposal.consent(self.stated)
    }
}

fn failed(why: Say) -> Failure {
    Failure::new(say!("没有取得两名操作员的同意", "two operators have not consented")).because(why)
}

impl ConsentArgs {
    /// The time that "now" and durations mean: what was approved was said at its own time.
    pub(crate) fn said_at(&self, now: Timestamp) -> Result<Timestamp, Failure> {
        match &self.approval {
            Some(path) => Ok(read(path)?.1.stated.time),
            None => Ok(now),
        }
    }

    /// Has two operators sign what is to be done, or reads what they signed.
    pub(crate) fn ask(
        &self,
        (authority, reason): (Option<CreditCode>, &str),
        now: Timestamp,
        decision: &Decision<'_>,
        global: &Global,
        out: &mut Out,
    ) -> Result<Asked, Failure> {
        let refused = |error| failed(explain_register(&error));
        if let Some(path) = &self.approval {
            let (proposal, Proposed { stated, .. }) = read(path)?;
            let shown = files::quoted(path);
            if !proposal.is_for(authority, reason, stated, decision).map_err(refused)? {
                return Err(failed(say!("批准的不是此事", "what was approved is not this"))
                    .next(format!("zhengyin register approve {shown} --dry-run")));
            }
            let signed = Signed { proposal, stated };
            if signed.consent().is_none() {
                return Err(failed(say!("第二名操作员还没有批准", "the second operator has not approved it yet"))
                    .next(format!("zhengyin register approve {shown} --key KEY")));
            }
            return Ok(Asked::Both(signed));
        }
        let Some(operator) = &self.operator else { return Ok(Asked::Nobody) };
        let stated = Stated { time: now, nonce: secrets::random()? };
        let mut proposal = Proposal::new(authority, reason, stated, decision).map_err(refused)?;
        if let Some(path) = &self.propose {
            files::check_absent(path)?;
            files::check_can_create(path)?;
        }
        sign(&mut proposal, &keys::open(operator, global.passphrase(), global)?)?;
        if let Some(path) = &self.propose {
            write(&proposal, path)?;
            tell_proposed(&proposal, path, out);
            return Ok(Asked::Proposed);
        }
        if let Some(approve) = &self.approve {
            let source = self.approve_passphrase.as_ref().unwrap_or(global.passphrase());
            sign(&mut proposal, &keys::open(approve, source, global)?)?;
        }
        Ok(Asked::Both(Signed { proposal, stated }))
    }
}

/// Adds the signature of one operator.
pub(crate) fn sign(proposal: &mut Proposal, key: &Key) -> Result<(), Failure> {
    proposal.sign(key).map_err(|error| {
        failed(match error {
            ProposalError::Sign(error) => explain_draft(DraftError::Sign(error)),
            error => explain(error),
        })
    })
}

/// Reads a proposal; its signatures verify.
pub(crate) fn read(path: &Path) -> Result<(Proposal, Proposed), Failure> {
    let shown = path.display();
    Proposal::parse(&files::read(path, MAX_PROPOSAL)?)
        .map_err(|error| Failure::new(say!("无法使用 {shown}", "{shown} cannot be used")).because(explain(error)))
}

/// Writes a proposal to a new file.
pub(crate) fn write(proposal: &Proposal, path: &Path) -> Result<(), Failure> {
    let bytes = proposal.encode().map_err(|error| failed(explain(error)))?;
    // It names licenses.
    files::create(path, &bytes, Access::Private)
}

fn tell_proposed(proposal: &Proposal, path: &Path, out: &mut Out) {
    let digest = proposal.digest().to_string();
    let said = say!("已写下，待第二名操作员批准；尚未办理", "written down for a second operator; nothing was done yet");
    out.line(&[good("✓ "), plain(out.say(&said))]);
    out.line(&[plain("  "), bold(path.display().to_string())]);
    out.line(&[plain("  digest "), bold(&digest)]);
    out.json(&json!({"schema": "zhengyin.proposal-written/1", "file": path, "digest": digest}));
    out.next(&format!("zhengyin register approve {} --key KEY", files::quoted(path)));
}

fn explain(error: ProposalError) -> Say {
    match error {
        ProposalError::Shape(error) => say!("不是待批准的文件：{error}", "it is no proposal of this version: {error}"),
        ProposalError::Contents => say!("所列内容与所签内容不符", "what is written out is not what was signed"),
        ProposalError::Signature => say!("签名不能通过验证", "a signature does not verify"),
        ProposalError::Signed => say!("这个密钥已经签过，或已有两人签过", "this key has signed already, or two have"),
        error => say!("{error}", "{error}"),
    }
}
