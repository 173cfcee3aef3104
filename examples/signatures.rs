//! Signatures of SM2 and digests of SM3, line by line, to be compared with what others make of the same: `cargo run --example signatures`.
//!
//! Each line of standard input is a question, with bytes in hexadecimal digits and `-` for none; each has one line for an answer:
//!
//! ```text
//! verify KEY MESSAGE SIGNATURE           holds, bad or key-refused: x‖y, and r‖s by the identifier 1234567812345678
//! certificate KEY ID MESSAGE SIGNATURE   the same by an identifier, the signature in DER, as certificates have it
//! sign SECRET MESSAGE                    KEY SIGNATURE
//! hash MESSAGE                           SM3
//! ```

#![allow(clippy::print_stdout, reason = "an example that prints its answers")]

use std::error::Error;
use std::io::{BufRead, Write};

use zhengyin::suite::{HashAlgorithm, Hasher, PublicKey, SecretKey};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let (question, given) = words.split_first().ok_or("an empty line")?;
        let given: Vec<Vec<u8>> = given.iter().map(|word| unhex(word)).collect::<Result<_, _>>()?;
        writeln!(out, "{}", answer(question, &given)?)?;
    }
    out.flush()?;
    Ok(())
}

fn answer(question: &str, given: &[Vec<u8>]) -> Result<String, Box<dyn Error>> {
    let told = |answer: Result<(), zhengyin::suite::BadSignature>| if answer.is_ok() { "holds" } else { "bad" };
    let key = |bytes: &[u8]| <&[u8; 64]>::try_from(bytes).ok().and_then(|point| PublicKey::sm2(point).ok());
    Ok(match (question, given) {
        ("verify", [point, message, signature]) => {
            key(point).map_or("key-refused", |key| told(key.verify(&[message], signature))).to_owned()
        }
        ("certificate", [point, id, message, signature]) => {
            let id = std::str::from_utf8(id)?;
            let answer = key(point).map(|key| told(key.verify_certificate_as(id, message, signature)));
            answer.unwrap_or("key-refused").to_owned()
        }
        ("sign", [secret, message]) => {
            let secret = SecretKey::sm2(secret.as_slice().try_into()?)?;
            format!("{} {}", hex(secret.public_key().coordinates()), hex(&secret.sign(message)?))
        }
        ("hash", [message]) => {
            let mut hasher = Hasher::new(HashAlgorithm::Sm3);
            hasher.update(message);
            hasher.finish().to_string()
        }
        _ => return Err(format!("no question: {question} of {} values", given.len()).into()),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let digits = if text == "-" { "" } else { text };
    let pairs = digits.as_bytes().chunks(2).map(std::str::from_utf8);
    pairs.map(|pair| Ok(u8::from_str_radix(pair?, 16)?)).collect()
}
