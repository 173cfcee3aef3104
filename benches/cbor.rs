//! The cost of reading a license's payload: 15 Chinese fields with 445 bytes of values, as many as a business license shows.
//!
//! `check` is our reader over the whole payload with every rule of the format; `claims` reads the license out of it. `minicbor` is a
//! fast general decoder that walks the same bytes, checks UTF-8, and asks neither for the canonical form nor for admitted characters:
//! the distance to it is what our rules cost. `verify_strict` is one signature check over the same bytes, the measure of both.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ed25519_dalek::{Signer as _, SigningKey};
use zhengyin::cbor::{self, Writer};
use zhengyin::claims::LicenseClaims;

const FIELDS: [(i64, &str); 15] = [
    (1, "91990100MA00000A9K"),
    (2, "有限责任公司（自然人投资或控股）"),
    (3, "示例市示例区演示路１号样本大厦三层"),
    (4, "王小明"),
    (5, "伍佰万元整"),
    (6, "技术开发、技术咨询、技术服务；软件开发。（依法须经批准的项目除外）"),
    (7, "2019年04月12日"),
    (8, "长期"),
    (9, "示例市市场监督管理局"),
    (10, "存续（在营、开业、在册）"),
    (11, "软件和信息技术服务业"),
    (12, "正本"),
    (13, "1/1"),
    (14, "“示例”— 第九类"),
    (15, "每年1月至6月填报"),
];

/// The payload of a license.
fn payload() -> Vec<u8> {
    let mut writer = Writer::new();
    writer.map(|claims| {
        claims.entry(1, |w| w.text("11990100MB0000000P"));
        claims.entry(4, |w| w.int(1_800_000_000));
        claims.entry(5, |w| w.int(1_700_000_000));
        claims.entry(6, |w| w.int(1_700_000_001));
        claims.entry(7, |w| w.bytes(&[7; 16]));
        claims.entry(-70_002, |w| w.array_of([3_u64, 41_234].into_iter(), Writer::uint));
        claims.entry(-70_001, |w| {
            w.map(|license| {
                license.entry(1, |w| w.text("11100000MB03271699022"));
                license.entry(2, |w| w.text("营业执照"));
                license.entry(3, |w| w.text("23010000123456"));
                license.entry(4, |w| {
                    w.array(1);
                    w.map(|holder| {
                        holder.entry(1, |w| w.text("示例市演示科技有限公司"));
                        holder.entry(2, |w| w.uint(1));
                        holder.entry(3, |w| w.text("91990100MA00000A9K"));
                    });
                });
                license.entry(5, |w| w.text("示例市市场监督管理局"));
                license.entry(6, |w| w.text("990100"));
                license.entry(7, |w| w.int(20_000));
                license.entry(8, |w| w.array_of([20_000_i64].into_iter(), Writer::int));
                license.entry(9, |w| {
                    w.map(|fields| FIELDS.iter().for_each(|(key, value)| fields.entry(*key, |w| w.text(value))));
                });
                license.entry(10, |w| {
                    w.array(2);
                    w.text("000000016");
                    w.uint(1);
                });
                license.entry(14, |w| w.uint(1));
            });
        });
    });
    writer.finish().expect("the payload is canonical")
}

/// Walks every item with a general decoder; gives a sum over what it found, so that nothing is left out.
fn walk(decoder: &mut minicbor::Decoder<'_>) -> Result<usize, minicbor::decode::Error> {
    use minicbor::data::Type;
    let items = match decoder.datatype()? {
        Type::Array => decoder.array()?.unwrap_or(0),
        Type::Map => decoder.map()?.unwrap_or(0) * 2,
        Type::Bytes => return Ok(decoder.bytes()?.len()),
        Type::String => return Ok(decoder.str()?.len()),
        _ => return decoder.int().map(|_| 1),
    };
    (0..items).try_fold(0, |sum, _| Ok(sum + walk(decoder)?))
}

fn read(criterion: &mut Criterion) {
    let payload = payload();
    LicenseClaims::parse(&payload).expect("the payload is a license's");
    let mut group = criterion.benchmark_group(format!("payload of {} bytes", payload.len()));
    group.bench_function("check", |b| b.iter(|| cbor::check(black_box(&payload)).unwrap()));
    group.bench_function("claims", |b| b.iter(|| black_box(LicenseClaims::parse(black_box(&payload)).unwrap())));
    group.bench_function("minicbor", |b| {
        b.iter(|| walk(&mut minicbor::Decoder::new(black_box(&payload))).unwrap());
    });
    let key = SigningKey::from_bytes(&[7; 32]);
    let signature = key.sign(&payload);
    let key = key.verifying_key();
    group.bench_function("verify_strict", |b| {
        b.iter(|| key.verify_strict(black_box(&payload), black_box(&signature)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
