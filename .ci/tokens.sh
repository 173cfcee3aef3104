#!/usr/bin/env bash
# Keys in a device: `.ci/tokens.sh ZHENGYIN FOLDER`. A token of SoftHSM2 holds the keys of a whole desk (root, operator, licenses, lists); a
# license is issued, revoked and verified by them, and whatever is wrong with token, PIN, key or library is told; so is that a key of SM2 in a
# token does not sign this way. The key of a second operator is with examples/signer.sh, by OpenSSL. Needs softhsm2-util, openssl, python3.
set -euo pipefail
zhengyin=$(realpath "$1")
folder=$2
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder/tokens" && cd "$folder"
export SOFTHSM2_CONF="$folder/softhsm2.conf" ZHENGYIN_HOME="$folder/home" ZHENGYIN_LANG=en
unset ZHENGYIN_REGION ZHENGYIN_PKCS11_MODULE
echo "directories.tokendir = $folder/tokens" >"$SOFTHSM2_CONF"
pin=PIN-of-the-desk-7391
module=
for candidate in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so /usr/lib/*/libsofthsm2.so /usr/local/lib/softhsm/libsofthsm2.so; do
  [ ! -e "$candidate" ] || module=$candidate
done
[ -n "$module" ] || { echo "tokens: no libsofthsm2.so" >&2; exit 1; }
install -m 600 /dev/null pin && printf '%s\n' "$pin" >pin
install -m 600 /dev/null wrong && echo another >wrong

failures=0
said=said.txt
: >all-said.txt
fail() { echo "tokens: $*" >&2; failures=$((failures + 1)); }
# `runs WORDS…`: the command does it.
runs() {
  "$zhengyin" "$@" >"$said" 2>&1 || fail "$* failed: $(cat "$said")"
  cat "$said" >>all-said.txt
}
# `refuses TEXT WORDS…`: the command does not, and says the text.
refuses() {
  local text=$1 code=0
  shift
  "$zhengyin" "$@" >"$said" 2>&1 || code=$?
  cat "$said" >>all-said.txt
  [ "$code" = 1 ] || [ "$code" = 2 ] || fail "$* ended with $code"
  grep -qF -- "$text" "$said" || fail "$* did not say \`$text\` but: $(cat "$said")"
}

softhsm2-util --init-token --free --label desk --so-pin so-pin-0000 --pin "$pin" >/dev/null
softhsm2-util --init-token --free --label other --so-pin so-pin-0000 --pin "$pin" >/dev/null
# `put TOKEN LABEL ID [ALGORITHM]`
put() {
  if [ "${4:-}" = rsa ]; then
    openssl genpkey -quiet -algorithm RSA -out "$2.pem" 2>/dev/null || openssl genpkey -algorithm RSA -out "$2.pem" 2>/dev/null
  else
    openssl genpkey -algorithm ed25519 -out "$2.pem"
  fi
  softhsm2-util --import "$2.pem" --token "$1" --label "$2" --id "$3" --pin "$pin" >/dev/null
}
put desk root 01
put desk operator 02
put desk license 03
put desk status 04
put desk twin 05
put desk twin 06
put desk rsa 07 rsa
put other license 03
# Keys of other curves: softhsm2-util imports none of SM2, a program that speaks PKCS #11 does.
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem
softhsm2-util --import p256.pem --token desk --label p256 --id 08 --pin "$pin" >/dev/null
python3 - "$module" "$pin" <<'PYTHON'
import ctypes
import sys

module, pin = ctypes.CDLL(sys.argv[1]), sys.argv[2].encode()
Number, pointer = ctypes.c_ulong, ctypes.byref


class Attribute(ctypes.Structure):
    _fields_ = [("kind", Number), ("value", ctypes.c_void_p), ("length", Number)]


def call(name, *given):
    answer = getattr(module, name)(*given)
    assert answer == 0, (name, hex(answer))


call("C_Initialize", None)
count = Number(8)
slots = (Number * 8)()
call("C_GetSlotList", ctypes.c_ubyte(1), slots, pointer(count))
for slot in slots[: count.value]:
    # CK_TOKEN_INFO begins with the label.
    about = ctypes.create_string_buffer(512)
    call("C_GetTokenInfo", Number(slot), about)
    if about.raw[:32].strip() != b"desk":
        continue
    session = Number()
    call("C_OpenSession", Number(slot), Number(6), None, None, pointer(session))
    call("C_Login", session, Number(1), pin, Number(len(pin)))
    number = lambda value: int(value).to_bytes(ctypes.sizeof(Number), sys.byteorder)
    curve = bytes.fromhex("06082a811ccf5501822d")
    # CKO_PRIVATE_KEY, CKK_EC, on a token, private, sensitive; label, id, curve, number.
    template = {0x0: number(3), 0x100: number(3), 0x1: b"\1", 0x2: b"\1", 0x103: b"\1", 0x108: b"\1", 0x3: b"sm2", 0x102: b"\x09", 0x180: curve, 0x11: b"\x11" * 32}
    kept = [(kind, ctypes.create_string_buffer(value, len(value)), len(value)) for kind, value in template.items()]
    attributes = (Attribute * len(kept))(*[(kind, ctypes.addressof(value), length) for kind, value, length in kept])
    call("C_CreateObject", session, attributes, Number(len(kept)), pointer(Number()))
    sys.exit()
sys.exit("no token called desk")
PYTHON
rm -- *.pem
openssl genpkey -algorithm ed25519 -out second.pem

key() { echo "pkcs11:token=desk;object=$1?module-path=$module&pin-source=file://$folder/pin"; }
# The whole river.
runs authority init 99 --name 示例甲省 --name-en Jia --keeper 示例甲省数据局 --code 11990000MB0000908E --test --key "$(key root)"
runs trust build --federation 示例联邦 --signer "甲=$(key operator)" --signer "乙=exec:$root/examples/signer.sh second.pem" --json
fed=$(grep -o '"pin":"[0-9a-f]*"' "$said" | cut -d'"' -f4)
runs authority enrol 11990100MB0000000P --province 99 --name 示范市市场监督管理局 --region 9901 \
  --key "license=$(key license)" --key "status=$(key status)"
runs trust directory 99
runs license issue --data "$root/examples/data/business-license.json" --out one.zyl
runs license issue --data "$root/examples/data/food-operation-permit.json" --out two.zyl
runs license revoke two.zyl --reason 演示
runs status publish 11990100MB0000000P
runs pack build --out all.zyp
runs --home "$folder/counter" store init --pin "$fed" --from all.zyp --region 990102
runs --home "$folder/counter" verify one.zyl --clock 1h --json
grep -q '"verdict":"valid"' "$said" || fail "a license that a token signed is not valid: $(cat "$said")"
code=0
"$zhengyin" --home "$folder/counter" verify two.zyl --clock 1h --json >"$said" 2>&1 || code=$?
[ "$code" = 10 ] && grep -q '"status.revoked"' "$said" || fail "a license that was revoked is not: $code $(cat "$said")"
[ -z "$(find home -name '*.pem')" ] || fail "a key stands in a file"
# The library by the environment and by the configuration, the PIN by --passphrase.
plain='pkcs11:token=desk;id=%03;type=private'
ZHENGYIN_PKCS11_MODULE=$module runs key show "$plain" --passphrase file:pin
echo "pkcs11_module = $module" >home/config
runs key show "$plain" --passphrase file:pin
SECRET=$pin runs key show "$plain" --passphrase env:SECRET
runs key show 'pkcs11:token=desk;object=license;manufacturer=SoftHSM%20project;library-manufacturer=SoftHSM' --passphrase file:pin
# What is wrong is told.
refuses 'the PIN is wrong' key show "$plain" --passphrase file:wrong
refuses 'nobody can be asked' key show "$plain" --no-input
refuses 'no such token is plugged in' key show 'pkcs11:token=desc;object=license' --passphrase file:pin
refuses '2 tokens match' key show 'pkcs11:object=license' --passphrase file:pin
refuses 'holds no such private key' key show 'pkcs11:token=desk;object=licence' --passphrase file:pin
refuses '2 private keys of the token match' key show 'pkcs11:token=desk;object=twin' --passphrase file:pin
refuses 'it is not an Ed25519 key' key show 'pkcs11:token=desk;object=rsa' --passphrase file:pin
refuses 'it is not an Ed25519 key' key show 'pkcs11:token=desk;object=p256' --passphrase file:pin
refuses 'it is a key of SM2; PKCS #11 has no mechanism for SM2' key show 'pkcs11:token=desk;object=sm2' --passphrase file:pin
refuses 'next: zhengyin key show "exec:PROGRAM ARGS"' key show 'pkcs11:token=desk;object=sm2' --passphrase file:pin
refuses 'through exec:' authority init 98 --name 示例乙省 --name-en Yi --keeper 示例乙省数据局 --code 11980000MB0000908A --test \
  --key "pkcs11:token=desk;object=sm2?module-path=$module&pin-source=file://$folder/pin"
refuses 'is not the one that the URI describes' key show 'pkcs11:token=desk;library-version=9.9' --passphrase file:pin
refuses 'there is no such file' key show "$plain?module-path=/nowhere/lib.so" --passphrase file:pin
refuses 'cannot be used' key show "$plain?module-path=$zhengyin" --passphrase file:pin
refuses 'a PIN never stands in a URI' key show "$plain?pin-value=$pin"
chmod 644 pin
refuses 'others can read the key file' key show "$plain" --passphrase file:pin
refuses 'others can read the key file' license issue --data "$root/examples/data/business-license.json" --out three.zyl
chmod 600 pin
# Another key under the same label, in another token: not the certificate's.
sed -i 's/token=desk/token=other/' home/authorities/11990100MB0000000P/license/key.ref
refuses 'is not the one of the certificate beside it' license issue --data "$root/examples/data/business-license.json" --out three.zyl
# A second operator's key that signs with another key than it shows is examined in tests/signers.rs; here: one that is gone.
rm second.pem
refuses 'it ended with code' trust build --signer "$(key operator)" --signer "exec:$root/examples/signer.sh second.pem"
# A token that is pulled out.
mv tokens away && mkdir tokens
refuses 'no such token is plugged in' status publish 11990100MB0000000P
! grep -qF -- "$pin" all-said.txt || fail "the PIN was told"
! grep -rqF --exclude=pin -- "$pin" home counter || fail "the PIN was kept"
[ "$failures" = 0 ] || { echo "tokens: $failures failed" >&2; exit 1; }
echo "tokens: a desk on a token, and $(grep -c '^refuses ' "$root/.ci/tokens.sh") faults told"
