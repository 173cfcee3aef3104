//! Form 2. The streams were made by Google's compressor, or by hand from RFC 7932.

use super::*;

fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn open(stream: &[u8]) -> Result<Vec<u8>, Error> {
    let [digits, base45] = [digits::write(Form::Brotli, stream), base45::write(Form::Brotli, stream)];
    let decoded = decode(&digits);
    assert_eq!(decoded.as_ref().map(|decoded| &decoded.bytes), decode(&base45).as_ref().map(|decoded| &decoded.bytes));
    decoded.map(|decoded| {
        assert_eq!((decoded.form, decoded.parts), (Form::Brotli, 1));
        decoded.bytes
    })
}

/// RFC 7932 §9.2: a stream of one block that is not compressed, in a window of 64 KiB.
fn stored(content: &[u8]) -> Vec<u8> {
    let head = u32::try_from(content.len() - 1).unwrap() << 4 | 1 << 20;
    let mut stream = head.to_le_bytes()[..3].to_vec();
    stream.extend_from_slice(content);
    stream.push(0b11);
    stream
}

#[test]
fn streams_of_another_compressor_are_unpacked() {
    for (stream, bytes) in [
        // 100, 65536 zeros; a window of 2¹⁰.
        ("620c00ff044020160874", vec![0; 100]),
        ("e2ff1fff04403c1608e4de0300", vec![0; MAX_DECODED]),
        ("a11803c03f01108805021d", vec![0; 100]),
        (
            "900210e8af81e785a7e5908de7a7b0efbc9ae7a4bae4be8be9a39fe59381e7bb8fe890a5e8aeb8e58fafe8af8103",
            "证照名称：示例食品经营许可证".as_bytes().to_vec(),
        ),
    ] {
        assert_eq!(open(&bytes_of(stream)).unwrap(), bytes, "{stream}");
    }
    assert_eq!(open(&stored(b"Hello")).unwrap(), b"Hello");
}

/// Threats A 14.
#[test]
fn what_would_come_out_too_large_is_refused() {
    for (stream, error) in [
        // 65537 zeros.
        ("0a0020f04f00c4638180ee3d00", Error::TooLong),
        // 100 zeros by a window of 2²²; ten million by one of 2²⁴; a window of 2¹⁷.
        ("1b6300f8270002b140a003", Error::Window),
        ("9f7f9698f82700e2b14020c71113", Error::Window),
        ("016300f8270002b140a003", Error::Window),
        // The mark of what is not RFC 7932.
        ("116300f8270002b140a003", Error::Compression),
    ] {
        assert_eq!(open(&bytes_of(stream)), Err(error), "{stream}");
    }
}

#[test]
fn a_stream_ends_exactly_where_it_must() {
    let stream = stored(b"Hello");
    for end in 1..stream.len() {
        assert_eq!(open(&stream[..end]), Err(Error::Compression), "{end}");
    }
    for more in [&[0][..], &[3], &stream] {
        assert_eq!(open(&[&stream, more].concat()), Err(Error::Compression), "{more:?}");
    }
    // RFC 7932 §10: the bits that fill the last byte are zero.
    let mut filled = stream.clone();
    *filled.last_mut().unwrap() |= 0x80;
    assert_eq!(open(&filled), Err(Error::Compression));
    // Nothing in it.
    assert_eq!(open(&[0b110]), Err(Error::Empty));
    assert_eq!(Error::Compression.reason(), Reason::CarrierCompression);
    assert_eq!(Error::Window.reason(), Reason::EncodingTooLarge);
}

#[test]
fn only_what_can_be_read_is_written() {
    assert_eq!(Prepared::compressed(bytes_of("1b6300f8270002b140a003")), Err(Error::Window));
    assert_eq!(Prepared::compressed(vec![]), Err(Error::Empty));
    assert_eq!(Prepared::compressed(stored(b"x")).unwrap().form(), Form::Brotli);
}

proptest! {
    #[test]
    fn any_stream_ends_in_an_answer(stream in prop::collection::vec(any::<u8>(), 1..200), even in any::<bool>()) {
        let mut stream = stream;
        stream[0] &= if even { 0xfe } else { 0xff };
        if let Ok(bytes) = open(&stream) {
            prop_assert!((1..=MAX_DECODED).contains(&bytes.len()));
        }
    }

    #[test]
    fn a_changed_stream_ends_in_an_answer(at in 0_usize..46, bit in 0_u8..8) {
        let mut stream = bytes_of("900210e8af81e785a7e5908de7a7b0efbc9ae7a4bae4be8be9a39fe59381e7bb8fe890a5e8aeb8e58fafe8af8103");
        stream[at] ^= 1_u8 << bit;
        let _ = open(&stream);
    }
}
