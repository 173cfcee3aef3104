//! A program that signs: `exec:PROGRAM ARGS`. The protocol is in docs/operating.md, and an example in examples/signer.sh.
//!
//! The program is started once for each request, without a shell. Of the environment it gets a short list, for what else stands there may
//! be secret, and two variables more: `ZHENGYIN_SIGNER`, the version of the protocol, and `ZHENGYIN_REQUEST`, what is asked. It answers on
//! standard output and ends with 0. Its standard error and its terminal are the person's: that is where it asks for a PIN. What it hands
//! out is believed only after it has been verified.

use crate::args;
use crate::output::{Failure, say};
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use zhengyin::issue::{SignError, Signer};
use zhengyin::suite::PublicKey;

/// The version of the protocol.
const PROTOCOL: &str = "1";
/// No key and no signature is longer.
const MAX_ANSWER: u64 = 4096;
/// A signature of every suite: `R‖s` of Ed25519, `r‖s` of SM2 (docs/format.md §2).
const SIGNATURE: usize = 64;
/// What a program gets of the environment: where programs and its own files are, language and time, terminal and display. Nothing else, for
/// passphrases of other things stand in environments.
const INHERITED: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "TERM",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
];
/// And every variable whose name begins so: the last is for what is meant for the program.
const INHERITED_PREFIXES: &[&str] = &["LC_", "ZHENGYIN_SIGNER_"];
/// How often a program that has answered is looked at until it has ended.
const GLANCE: Duration = Duration::from_millis(2);

/// What is asked of the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Request {
    /// Nothing on standard input; the SubjectPublicKeyInfo (RFC 5280 §4.1, DER) on standard output.
    PublicKey,
    /// The bytes to be signed on standard input; the signature alone on standard output: 64 bytes, R‖S of Ed25519 (RFC 8032 §5.1.6) or r‖s of SM2.
    Sign,
}

impl Request {
    const fn word(self) -> &'static str {
        match self {
            Self::PublicKey => "public-key",
            Self::Sign => "sign",
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
enum Trouble {
    NotStarted(io::Error),
    /// It ended with this code, or by a signal.
    Ended(Option<i32>),
    TimedOut,
    TooLong,
}

/// A key with a program.
#[derive(Debug)]
pub(crate) struct ProgramSigner {
    words: Vec<String>,
    limit: Duration,
    public: PublicKey,
    /// A device behind the program serves one at a time.
    turn: Mutex<()>,
}

impl ProgramSigner {
    /// Asks the program for its public key.
    pub(super) fn start(words: &[String], limit: Duration) -> Result<Self, Failure> {
        let shown = words.first().map_or("", String::as_str);
        let unusable = || Failure::new(say!("无法使用签名程序 {shown}", "the signer {shown} cannot be used"));
        let answer = ask(words, Request::PublicKey, &[], limit).map_err(|trouble| match trouble {
            Trouble::NotStarted(error) => unusable().because_io(&error),
            Trouble::Ended(Some(code)) => unusable().because(say!(
                "它对 public-key 的回答是退出码 {code}",
                "asked for its public key, it ended with code {code}"
            )),
            Trouble::Ended(None) => unusable().because(say!("它被信号终止", "a signal ended it")),
            Trouble::TimedOut => {
                let seconds = limit.as_secs();
                unusable().because(say!(
                    "{seconds} 秒内没有回答（可在 config 中设置 signer_timeout）",
                    "it did not answer within {seconds} s (`signer_timeout` in config sets how long)"
                ))
            }
            Trouble::TooLong => unusable().because(say!("它的回答过长", "its answer is too long")),
        })?;
        let public = PublicKey::from_spki(&answer).map_err(|error| {
            let length = answer.len();
            unusable().because(say!(
                "它对 public-key 的回答（{length} 字节）不是 Ed25519 或 SM2 公钥（SubjectPublicKeyInfo，DER）：{error}",
                "what it answered to public-key ({length} bytes) is no key of Ed25519 or SM2 (SubjectPublicKeyInfo, DER): {error}"
            ))
        })?;
        Ok(Self { words: words.to_vec(), limit, public, turn: Mutex::new(()) })
    }
}

impl Signer for ProgramSigner {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = ask(&self.words, Request::Sign, message, self.limit).map_err(|trouble| match trouble {
            Trouble::NotStarted(_) => SignError::Unreachable,
            Trouble::Ended(code) => SignError::Ended(code),
            Trouble::TimedOut => SignError::TimedOut,
            Trouble::TooLong => SignError::Length(usize::try_from(MAX_ANSWER).unwrap_or(usize::MAX)),
        })?;
        if answer.len() == SIGNATURE { Ok(answer) } else { Err(SignError::Length(answer.len())) }
    }
}

/// Starts the program and has one request answered.
fn ask(words: &[String], request: Request, input: &[u8], limit: Duration) -> Result<Vec<u8>, Trouble> {
    let began = Instant::now();
    let (program, arguments) =
        words.split_first().ok_or_else(|| Trouble::NotStarted(io::ErrorKind::NotFound.into()))?;
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(inherited(std::env::vars_os(), &args::secret_variables()))
        .env("ZHENGYIN_SIGNER", PROTOCOL)
        .env("ZHENGYIN_REQUEST", request.word())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(Trouble::NotStarted)?;
    let answer = exchange(&mut child, input, limit).and_then(|answer| {
        match ended(&mut child, limit.saturating_sub(began.elapsed())) {
            None => Err(Trouble::TimedOut),
            // Only what a program says that ended well is an answer.
            Some(Ok(0)) => Ok(answer),
            Some(Ok(code)) => Err(Trouble::Ended(Some(code))),
            Some(Err(())) => Err(Trouble::Ended(None)),
        }
    });
    // Where it has ended already, this does nothing.
    let _ = child.kill();
    let _ = child.wait();
    answer
}

/// What of the environment a program gets. A variable that holds a passphrase is not among it, whatever its name.
fn inherited(
    all: impl Iterator<Item = (OsString, OsString)>,
    secret: &[String],
) -> impl Iterator<Item = (OsString, OsString)> {
    all.filter(move |(name, _)| {
        name.to_str().is_some_and(|name| {
            let is_named =
                INHERITED.contains(&name) || INHERITED_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
            is_named && !secret.iter().any(|secret| secret == name)
        })
    })
}

/// Hands over the input and takes the answer. A program that reads nothing, or writes without end, or leaves its output open behind it,
/// holds up a thread of its own and not the caller.
fn exchange(child: &mut Child, input: &[u8], limit: Duration) -> Result<Vec<u8>, Trouble> {
    if let Some(stdin) = child.stdin.take() {
        let input = input.to_vec();
        thread::spawn(move || hand_over(stdin, &input));
    }
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        thread::spawn(move || {
            // Where nobody waits any more, nobody is told.
            let _ = sender.send(take(stdout));
        });
    }
    match receiver.recv_timeout(limit) {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err(Trouble::TooLong),
        Err(RecvTimeoutError::Timeout) => Err(Trouble::TimedOut),
        Err(RecvTimeoutError::Disconnected) => Err(Trouble::Ended(None)),
    }
}

/// A program need not read what it does not want: that the pipe is closed is no fault.
fn hand_over(mut stdin: ChildStdin, input: &[u8]) {
    let _ = stdin.write_all(input);
}

/// The answer, if it is not too long.
fn take(stdout: ChildStdout) -> Option<Vec<u8>> {
    let mut answer = Vec::new();
    let read = stdout.take(MAX_ANSWER).read_to_end(&mut answer).ok()?;
    (u64::try_from(read).ok()? < MAX_ANSWER).then_some(answer)
}

/// With which code the program ended (`Err`: by a signal), if it did so in time.
fn ended(child: &mut Child, limit: Duration) -> Option<Result<i32, ()>> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.code().ok_or(())),
            Ok(None) if began.elapsed() < limit => thread::sleep(GLANCE),
            Ok(None) => return None,
            Err(_) => return Some(Err(())),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shell(script: &str, seconds: u64) -> Result<Vec<u8>, Trouble> {
        let words = ["sh", "-c", script].map(str::to_owned);
        ask(&words, Request::Sign, &[7; 100_000], Duration::from_secs(seconds))
    }

    #[test]
    fn one_answer_of_a_program_that_ends_well() {
        assert_eq!(shell("printf %s-%s $ZHENGYIN_SIGNER $ZHENGYIN_REQUEST", 60).unwrap(), b"1-sign");
        assert_eq!(shell("wc -c | tr -d ' \\n'", 60).unwrap(), b"100000");
        assert_eq!(shell(":", 60).unwrap(), b"");
    }

    #[test]
    fn what_goes_wrong_is_told_apart() {
        assert!(matches!(shell("echo signature; exit 3", 60), Err(Trouble::Ended(Some(3)))));
        assert!(matches!(shell("kill -9 $$", 60), Err(Trouble::Ended(None))));
        assert!(matches!(shell("yes", 60), Err(Trouble::TooLong)));
        let words = ["/there/is/no/such/program".to_owned()];
        let missing = ask(&words, Request::Sign, &[], Duration::from_secs(60));
        assert!(matches!(missing, Err(Trouble::NotStarted(_))));
    }

    #[test]
    fn a_program_gets_no_secrets() {
        let all = ["PATH", "LC_ALL", "ZHENGYIN_SIGNER_SLOT", "ZHENGYIN_HOME", "SECRET", "LANG", "AWS_KEY", "LC_PIN"];
        let all = all.iter().map(|name| (OsString::from(name), OsString::from("x")));
        let kept: Vec<OsString> = inherited(all, &["LC_PIN".to_owned()]).map(|(name, _)| name).collect();
        assert_eq!(kept, ["PATH", "LC_ALL", "ZHENGYIN_SIGNER_SLOT", "LANG"]);
        // The program of this test was started by cargo, which sets such variables.
        assert!(std::env::vars_os().any(|(name, _)| name.to_string_lossy().starts_with("CARGO")));
        let seen = String::from_utf8(shell("env", 60).unwrap()).unwrap();
        assert!(seen.contains("ZHENGYIN_SIGNER=1\n") && !seen.contains("CARGO"), "{seen}");
    }

    #[test]
    fn nobody_waits_for_ever() {
        let began = Instant::now();
        for script in ["sleep 60", "exec >&-; sleep 60", "sleep 60 & exit 0"] {
            assert!(matches!(shell(script, 1), Err(Trouble::TimedOut)), "{script}");
        }
        assert!(began.elapsed() < Duration::from_secs(30));
    }
}
