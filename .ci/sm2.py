"""SM2 and SM3 of this library against those of others: `sm2.py SIGNATURES [COUNT]`.

SIGNATURES is the program examples/signatures.rs. OpenSSL's libcrypto (by ctypes), Tongsuo (tongsuopy; it grew out of OpenSSL, its SM2 apart from it)
and the package gmssl, which share no code with ours, judge the same random and mutated signatures; each signs what the others verify. Where verdicts
differ this ends with 1. gmssl looks at no range of r and s and is slow: it is asked about what lies in the range, and of every tenth.
"""

import ctypes
import ctypes.util
import hashlib
import hmac
import random
import subprocess
import sys

from gmssl import sm2 as gmssl_sm2
from tongsuopy.crypto import exceptions, hashes
from tongsuopy.crypto.asymciphers import ec
from tongsuopy.crypto.serialization import load_der_public_key

N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
OWN = b"1234567812345678"
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")

crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
for name in ("d2i_PUBKEY", "d2i_AutoPrivateKey", "EVP_MD_CTX_new", "EVP_PKEY_CTX_new", "EVP_sm3"):
    getattr(crypto, name).restype = ctypes.c_void_p


def integer(number):
    data = number.to_bytes(max(1, (number.bit_length() + 8) // 8), "big")
    return b"\x02" + bytes([len(data)]) + data


def der(signature):
    body = integer(int.from_bytes(signature[:32], "big")) + integer(int.from_bytes(signature[32:], "big"))
    return b"\x30" + bytes([len(body)]) + body


def raw(signature):
    """r‖s of DER."""
    length = signature[3]
    r, s = signature[4 : 4 + length], signature[6 + length :]
    return int.from_bytes(r, "big").to_bytes(32, "big") + int.from_bytes(s, "big").to_bytes(32, "big")


def decoded(function, *given):
    *kind, data = given
    buffer = ctypes.create_string_buffer(data, len(data))
    at = ctypes.c_void_p(ctypes.addressof(buffer))
    return ctypes.c_void_p(getattr(crypto, function)(*kind, None, ctypes.byref(at), ctypes.c_long(len(data))))


def with_context(key, identifier, start, run):
    context = ctypes.c_void_p(crypto.EVP_MD_CTX_new())
    of_key = ctypes.c_void_p(crypto.EVP_PKEY_CTX_new(key, None))
    try:
        assert crypto.EVP_PKEY_CTX_set1_id(of_key, identifier, ctypes.c_size_t(len(identifier))) == 1
        crypto.EVP_MD_CTX_set_pkey_ctx(context, of_key)
        assert start(context, None, ctypes.c_void_p(crypto.EVP_sm3()), None, key) == 1
        return run(context)
    finally:
        crypto.EVP_MD_CTX_free(context)
        crypto.EVP_PKEY_CTX_free(of_key)


def openssl_verifies(point, identifier, message, signature):
    key = decoded("d2i_PUBKEY", SPKI + point)
    if not key:
        return "key-refused"
    sized = ctypes.c_size_t
    run = lambda context: crypto.EVP_DigestVerify(context, signature, sized(len(signature)), message, sized(len(message)))
    answer = with_context(key, identifier, crypto.EVP_DigestVerifyInit, run)
    crypto.EVP_PKEY_free(key)
    return "holds" if answer == 1 else "bad"


def openssl_signs(secret, identifier, message):
    curve = bytes.fromhex("06082a811ccf5501822d")
    body = b"\x02\x01\x01\x04\x20" + secret + b"\xa0" + bytes([len(curve)]) + curve
    key = decoded("d2i_AutoPrivateKey", b"\x30" + bytes([len(body)]) + body)
    size, signature = ctypes.c_size_t(128), ctypes.create_string_buffer(128)
    run = lambda context: crypto.EVP_DigestSign(context, signature, ctypes.byref(size), message, ctypes.c_size_t(len(message)))
    assert with_context(key, identifier, crypto.EVP_DigestSignInit, run) == 1
    crypto.EVP_PKEY_free(key)
    return signature.raw[: size.value]


def gmssl_verifies(point, message, signature):
    verifier = gmssl_sm2.CryptSM2(private_key="", public_key=point.hex())
    try:
        return "holds" if verifier.verify_with_sm3(signature.hex(), message) else "bad"
    except (TypeError, ValueError):
        return "bad"


def gmssl_signs(secret, point, message, chance):
    signer = gmssl_sm2.CryptSM2(private_key=secret.hex(), public_key=point.hex())
    z = signer._sm3_z(message)
    signature = signer.sign(bytes.fromhex(z), f"{chance.randrange(1, N):064x}")
    return bytes.fromhex(signature) if signature else None


SM2_WITH_SM3 = ec.ECDSA(hashes.SM3())


def tongsuo_verifies(point, message, signature):
    try:
        key = load_der_public_key(SPKI + point)
    except ValueError:
        return "key-refused"
    try:
        key.verify(signature, message, SM2_WITH_SM3)
    except exceptions.InvalidSignature:
        return "bad"
    return "holds"


def tongsuo_signs(secret, message):
    return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SM2()).sign(message, SM2_WITH_SM3)


def ours(program, questions):
    lines = [" ".join([question[0], *(part.hex() or "-" for part in question[1:])]) for question in questions]
    told = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    answers = told.stdout.splitlines()
    assert len(answers) == len(questions)
    return answers


def mutated(signature, chance):
    """A signature r‖s after something was done to it; some of these do nothing that matters."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    join = lambda r, s: (r % 2**256).to_bytes(32, "big") + (s % 2**256).to_bytes(32, "big")
    flipped = bytearray(signature)
    flipped[chance.randrange(64)] ^= 1 << chance.randrange(8)
    edges = [0, 1, N - 1, N, N + 1, 2**256 - 1]
    return chance.choice(
        [
            bytes(flipped),
            join(s, r),
            join(r, N - r),
            join(N - r, s),
            join(r, N - s),
            join(r + N, s),
            join(r, s + N),
            join(chance.choice(edges), s),
            join(r, chance.choice(edges)),
            join(chance.choice(edges), chance.choice(edges)),
            join(r + 1, s),
            join(r, s + 1),
            chance.randbytes(64),
        ]
    )


def in_range(signature):
    return all(0 < int.from_bytes(half, "big") < N for half in (signature[:32], signature[32:]))


def main(program, count="12000"):
    chance, count = random.Random(32918), int(count)
    secrets = [chance.randrange(1, N - 1).to_bytes(32, "big") for _ in range(50)]
    messages = [chance.randbytes(chance.randrange(300)) for _ in range(count // 6)]
    pairs = [(chance.choice(secrets), message) for message in messages]
    # Ours, those of OpenSSL, Tongsuo and some of gmssl; then what becomes of them.
    by_us = [answer.split() for answer in ours(program, [("sign", secret, message) for secret, message in pairs])]
    cases = []
    for number, ((secret, message), (point, signature)) in enumerate(zip(pairs, by_us)):
        point = bytes.fromhex(point)
        made = [bytes.fromhex(signature), raw(openssl_signs(secret, OWN, message)), raw(tongsuo_signs(secret, message))]
        if number % 20 == 0 and (other := gmssl_signs(secret, point, message, chance)):
            made.append(other)
        cases += [(point, message, signature, True) for signature in made]
        cases += [(point, message, mutated(chance.choice(made), chance), None) for _ in range(3)]
        cases.append((point, message + b"\0", made[0], False))
    refused = [(bytes(chance.randbytes(64)), b"message", chance.randbytes(64), None) for _ in range(200)]
    cases += refused
    found = ours(program, [("verify", point, message, signature) for point, message, signature, _ in cases])
    by_gmssl = holds = 0
    for number, ((point, message, signature, expected), answer) in enumerate(zip(cases, found)):
        told = openssl_verifies(point, OWN, message, der(signature))
        assert answer == told, ("openssl", answer, told, point.hex(), message.hex(), signature.hex())
        told = tongsuo_verifies(point, message, der(signature))
        assert answer == told, ("tongsuo", answer, told, point.hex(), message.hex(), signature.hex())
        assert expected is None or (answer == "holds") == expected, (answer, expected)
        holds += answer == "holds"
        if number % 10 == 0 and answer != "key-refused" and in_range(signature):
            told = gmssl_verifies(point, message, signature)
            assert answer == told, ("gmssl", answer, told, point.hex(), message.hex(), signature.hex())
            by_gmssl += 1
    # Other identifiers, as certificates are signed by.
    named = []
    for secret, (point, _) in zip([secret for secret, _ in pairs[:1000]], by_us):
        identifier = chance.choice(["ALICE123@YAHOO.COM", "示例甲省电子认证CA", "1", "x" * 64]).encode()
        message = chance.randbytes(200)
        asked = chance.choice([identifier, identifier, OWN])
        named.append((bytes.fromhex(point), asked, message, openssl_signs(secret, identifier, message), asked == identifier))
    found = ours(program, [("certificate", *case[:4]) for case in named])
    for (point, asked, message, signature, expected), answer in zip(named, found):
        assert answer == openssl_verifies(point, asked, message, signature) == ("holds" if expected else "bad")
    # SM3, and HMAC over it, which goes through every length of a block.
    texts = [chance.randbytes(length) for length in range(400)]
    for text, answer in zip(texts, ours(program, [("hash", text) for text in texts])):
        assert answer == hashlib.new("sm3", text).hexdigest()
    keys = [(chance.randbytes(chance.randrange(1, 65)).ljust(64, b"\0"), text) for text in texts]
    pad = lambda key, with_byte: bytes(byte ^ with_byte for byte in key)
    inner = ours(program, [("hash", pad(key, 0x36) + text) for key, text in keys])
    outer = ours(program, [("hash", pad(key, 0x5C) + bytes.fromhex(digest)) for (key, _), digest in zip(keys, inner)])
    for (key, text), answer in zip(keys, outer):
        assert answer == hmac.new(key.rstrip(b"\0") or b"\0", text, "sm3").hexdigest()
    print(f"sm2: {len(cases)} signatures, {holds} of which hold, judged by OpenSSL and Tongsuo alike, {by_gmssl} by gmssl; {len(named)} by other identifiers")
    print(f"sm2: SM3 of {len(texts)} texts and {len(keys)} HMACs over it are those of OpenSSL")


main(*sys.argv[1:])
