//! `pkcs11:` URIs (RFC 7512): which token, which key in it, by which module, and where its PIN comes from. Never the PIN itself.

use crate::output::{Say, say};
use std::path::PathBuf;

/// Which key in which device. What is absent is not asked for; what is there has to match.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct TokenUri {
    text: String,
    /// Token label, manufacturer, model, serial number.
    pub(crate) token: Option<String>,
    pub(crate) manufacturer: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) serial: Option<String>,
    pub(crate) slot_id: Option<u64>,
    pub(crate) slot_description: Option<String>,
    pub(crate) slot_manufacturer: Option<String>,
    pub(crate) library_description: Option<String>,
    pub(crate) library_manufacturer: Option<String>,
    /// `MAJOR.MINOR`.
    pub(crate) library_version: Option<String>,
    /// The key's label (`CKA_LABEL`).
    pub(crate) object: Option<String>,
    /// The key's id (`CKA_ID`).
    pub(crate) id: Option<Vec<u8>>,
    /// The library that drives the device.
    pub(crate) module_path: Option<PathBuf>,
    /// The file in which the PIN stands.
    pub(crate) pin_source: Option<PathBuf>,
}

impl TokenUri {
    /// Reads a URI. Of what is wrong no value is repeated, for it might be a PIN.
    pub(crate) fn parse(text: &str) -> Result<Self, Say> {
        let rest =
            text.strip_prefix("pkcs11:").ok_or_else(|| say!("不以 pkcs11: 开头", "it does not begin with pkcs11:"))?;
        // RFC 7512 §2.3: pk11-URI = "pkcs11:" pk11-path [ "?" pk11-query ]
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self { text: text.to_owned(), ..Self::default() };
        for attribute in path.split(';').filter(|attribute| !attribute.is_empty()) {
            let (name, value) = split(attribute)?;
            uri.path_attribute(name, &value)?;
        }
        for attribute in query.split('&').filter(|attribute| !attribute.is_empty()) {
            let (name, value) = split(attribute)?;
            uri.query_attribute(name, &value)?;
        }
        if uri.object.is_none()
            && uri.id.is_none()
            && uri.token.is_none()
            && uri.serial.is_none()
            && uri.slot_id.is_none()
        {
            return Err(say!(
                "pkcs11: 之后应写明哪个密钥，例如 pkcs11:token=desk;object=license",
                "after pkcs11: it is to be said which key, as in pkcs11:token=desk;object=license"
            ));
        }
        Ok(uri)
    }

    /// As it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn path_attribute(&mut self, name: &str, value: &[u8]) -> Result<(), Say> {
        let slot = match name {
            "token" => &mut self.token,
            "manufacturer" => &mut self.manufacturer,
            "model" => &mut self.model,
            "serial" => &mut self.serial,
            "slot-description" => &mut self.slot_description,
            "slot-manufacturer" => &mut self.slot_manufacturer,
            "library-description" => &mut self.library_description,
            "library-manufacturer" => &mut self.library_manufacturer,
            "library-version" => &mut self.library_version,
            "object" => &mut self.object,
            "id" => return set(&mut self.id, name, value.to_vec()),
            "slot-id" => {
                let number = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                let number = number.ok_or_else(|| say!("slot-id 不是数字", "slot-id is no number"))?;
                return set(&mut self.slot_id, name, number);
            }
            // RFC 7512 §2.3: what kind of object; only private keys sign.
            "type" if value == b"private" => return Ok(()),
            "type" => return Err(say!("type 应为 private", "type is to be private")),
            // One that is passed over might have told this key from another.
            _ => return Err(unknown(name)),
        };
        set(slot, name, text(name, value)?)
    }

    fn query_attribute(&mut self, name: &str, value: &[u8]) -> Result<(), Say> {
        match name {
            "module-path" => set(&mut self.module_path, name, PathBuf::from(text(name, value)?)),
            "pin-source" => set(&mut self.pin_source, name, pin_file(&text(name, value)?)?),
            "pin-value" => Err(say!(
                "PIN 绝不写在命令行或文件的 URI 里：改用 pin-source=file:/PATH 或 --passphrase",
                "a PIN never stands in a URI, where others could read it: use pin-source=file:/PATH or --passphrase"
            )),
            "module-name" => Err(say!(
                "不支持 module-name：用 module-path 写出库文件",
                "module-name is not supported: name the file by module-path"
            )),
            _ => Err(unknown(name)),
        }
    }
}

/// RFC 7512 §2.4: the value of pin-source is a URI or an absolute path; a command behind `|` is not run.
fn pin_file(value: &str) -> Result<PathBuf, Say> {
    let path = value.strip_prefix("file://").or_else(|| value.strip_prefix("file:")).unwrap_or(value);
    if path.starts_with('/') {
        Ok(PathBuf::from(path))
    } else {
        Err(say!(
            "pin-source 应为 file: 和完整路径",
            "pin-source is to be file: and a whole path, as file:/etc/desk.pin"
        ))
    }
}

fn split(attribute: &str) -> Result<(&str, Vec<u8>), Say> {
    let (name, value) = attribute
        .split_once('=')
        .ok_or_else(|| say!("pkcs11: URI 的每一项应为 名称=值", "each part of a pkcs11: URI is to be name=value"))?;
    Ok((name, decoded(name, value)?))
}

/// RFC 3986 §2.1: `%` and two hexadecimal digits are one byte.
fn decoded(name: &str, value: &str) -> Result<Vec<u8>, Say> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit =
            || rest.next().and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
        let (high, low) = (digit(), digit());
        match high.zip(low) {
            Some((high, low)) => bytes.push(high << 4 | low),
            None => {
                return Err(say!(
                    "{name} 中的 % 之后应为两位十六进制",
                    "two hexadecimal digits are expected after % in {name}"
                ));
            }
        }
    }
    Ok(bytes)
}

fn text(name: &str, value: &[u8]) -> Result<String, Say> {
    String::from_utf8(value.to_vec()).map_err(|_| say!("{name} 不是 UTF-8", "{name} is not UTF-8"))
}

/// RFC 7512 §2.3: no attribute stands twice.
fn set<T>(slot: &mut Option<T>, name: &str, value: T) -> Result<(), Say> {
    if slot.is_some() {
        return Err(say!("{name} 出现两次", "{name} stands twice"));
    }
    *slot = Some(value);
    Ok(())
}

fn unknown(name: &str) -> Say {
    // The name is what stands before `=`: no secret, but nothing says how long it is.
    let name: String = name.chars().take(32).collect();
    say!("不认识 pkcs11: URI 中的 {name}", "what is {name} in a pkcs11: URI?")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_named_is_read() {
        let text = "pkcs11:token=The%20Desk;serial=0f;object=%E8%AF%81;id=%01%ff;slot-id=7;type=private?module-path=/l/x.so&pin-source=file:/p%20q";
        let uri = TokenUri::parse(text).unwrap();
        assert_eq!(uri.text(), text);
        assert_eq!((uri.token.as_deref(), uri.serial.as_deref()), (Some("The Desk"), Some("0f")));
        assert_eq!((uri.object.as_deref(), uri.id.as_deref()), (Some("证"), Some(&[1, 255][..])));
        assert_eq!((uri.slot_id, uri.module_path), (Some(7), Some("/l/x.so".into())));
        assert_eq!(uri.pin_source, Some("/p q".into()));
        let source = |value: &str| {
            TokenUri::parse(&format!("pkcs11:token=t?pin-source={value}")).map(|uri| uri.pin_source.unwrap())
        };
        assert_eq!(source("file:///etc/pin").unwrap(), PathBuf::from("/etc/pin"));
        assert_eq!(source("/etc/pin").unwrap(), PathBuf::from("/etc/pin"));
        assert!(source("file:pin").is_err(), "it would mean another file in another folder");
    }

    #[test]
    fn what_is_wrong_is_told_without_its_value() {
        for (wrong, told) in [
            ("pkcs11:", "which key"),
            ("pkcs11:type=private", "which key"),
            ("pkcs11:tokn=s3cret", "what is tokn"),
            ("pkcs11:token=s3cret;token=b", "stands twice"),
            ("pkcs11:token", "name=value"),
            ("pkcs11:token=%zs3cret", "two hexadecimal digits"),
            ("pkcs11:token=%", "two hexadecimal digits"),
            ("pkcs11:token=%ff", "not UTF-8"),
            ("pkcs11:slot-id=s3cret", "no number"),
            ("pkcs11:token=a;type=cert", "private"),
            ("pkcs11:token=a?pin-value=s3cret", "never stands in a URI"),
            ("pkcs11:token=a?pin-source=|s3cret", "whole path"),
            ("pkcs11:token=a?module-name=s3cret", "module-path"),
            ("pkcs11:token=a?x-vendor=s3cret", "what is x-vendor"),
        ] {
            let why = TokenUri::parse(wrong).unwrap_err();
            assert!(why.en.contains(told), "{wrong}: {}", why.en);
            assert!(!why.en.contains("s3cret") && !why.zh.contains("s3cret"), "{wrong}");
        }
    }
}
