#!/usr/bin/env bash
# Key files of SM2, between this command, OpenSSL and Tongsuo: `.ci/keys.sh ZHENGYIN FOLDER PYTHON`, PYTHON with the package tongsuopy. What one
# writes the other reads and signs with; a desk whose keys of SM2 are with examples/signer.sh, by OpenSSL, issues a license that verifies; what
# cannot be read is told, with the way round.
set -euo pipefail
zhengyin=$(realpath "$1")
folder=$2
python=$3
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder" && cd "$folder"
export ZHENGYIN_HOME="$folder/home" ZHENGYIN_LANG=en
unset ZHENGYIN_REGION ZHENGYIN_SUITE
install -m 600 /dev/null pass && echo secret-of-the-desk >pass
# OpenSSL reads two lines of a file that is named twice.
cp -p pass again

failures=0
fail() { echo "keys: $*" >&2; failures=$((failures + 1)); }
runs() { "$zhengyin" "$@" >said.txt 2>&1 || fail "$* failed: $(cat said.txt)"; }
refuses() {
  local text=$1 code=0
  shift
  "$zhengyin" "$@" >said.txt 2>&1 || code=$?
  [ "$code" = 1 ] && grep -qF -- "$text" said.txt || fail "$* ended with $code and did not say \`$text\` but: $(cat said.txt)"
}
# The kid of a key by OpenSSL: the start of SHA-256 of its SubjectPublicKeyInfo.
kid_by_openssl() { openssl pkey -in "$1" -passin file:pass -pubout -outform DER | openssl dgst -sha256 -r | cut -c1-16; }
same_key() {
  runs key show "$1" --passphrase file:pass --json
  grep -q '"alg":"[^"]*SM2' said.txt || fail "$1 is not told as a key of SM2: $(cat said.txt)"
  grep -q "\"kid\":\"$(kid_by_openssl "$1")\"" said.txt || fail "$1 is another key here than in OpenSSL: $(cat said.txt)"
}

# Ours, read by OpenSSL, as a whole key: OpenSSL finds the point to be that of the number.
runs key gen own.pem --suite sm2 --passphrase file:pass
same_key own.pem
openssl pkey -in own.pem -passin file:pass -check -noout >check.txt 2>&1 && grep -qi 'is valid' check.txt || fail "OpenSSL: $(cat check.txt)"
openssl pkey -in own.pem -passin file:pass -noout -text | grep -q 'OID: SM2' || fail "own.pem is not on the curve of SM2 by OpenSSL"
# OpenSSL's, read here: in the clear, encrypted in each way that is read, and with the older name of the algorithm.
openssl genpkey -algorithm SM2 -out plain.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out curve.pem
openssl pkcs8 -topk8 -v2 aes-256-cbc -in plain.pem -out aes-256.pem -passout file:pass
openssl pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA512 -in plain.pem -out aes-128.pem -passout file:pass
openssl pkcs8 -topk8 -scrypt -in plain.pem -out scrypt.pem -passout file:pass
chmod 600 ./*.pem
for key in plain curve aes-256 aes-128 scrypt; do same_key "$key.pem"; done
kids=$(for key in plain aes-256 aes-128 scrypt; do kid_by_openssl "$key.pem"; done | sort -u | wc -l)
[ "$kids" = 1 ] || fail "one key has $kids kids"
# By SM4, which is not in every OpenSSL; Tongsuo takes it unasked.
if openssl pkcs8 -topk8 -v2 sm4-cbc -in plain.pem -out sm4.pem -passout file:pass 2>/dev/null; then
  chmod 600 sm4.pem
  same_key sm4.pem
else
  echo "keys: this OpenSSL has no SM4 for keys"
fi
"$python" - <<'PROGRAM'
from tongsuopy.crypto import _serialization as form
from tongsuopy.crypto.asymciphers import ec

key = ec.generate_private_key(ec.SM2())
passphrase = form.BestAvailableEncryption(open("pass", "rb").read().strip())
with open("tongsuo.pem", "wb") as file:
    file.write(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, passphrase))
with open("tongsuo.pub", "wb") as file:
    file.write(key.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo))
PROGRAM
chmod 600 tongsuo.pem
openssl asn1parse -in tongsuo.pem | grep -qi sm4-cbc || fail "Tongsuo does not encrypt by SM4"
runs key show tongsuo.pem --passphrase file:pass --json
grep -q "\"kid\":\"$(sha256sum <tongsuo.pub | cut -c1-16)\"" said.txt || fail "the key of Tongsuo is another here: $(cat said.txt)"
# Other ciphers are refused, and the command that is told instead writes the key anew.
openssl pkcs8 -topk8 -v2 des3 -in plain.pem -out des.pem -passout file:pass && chmod 600 des.pem
refuses 'openssl pkcs8 -topk8 -v2 aes-256-cbc' key show des.pem --passphrase file:pass
told=$(sed -n 's/.*next: //p' said.txt)
sh -c "$told -passin file:pass -passout file:again" 2>/dev/null && chmod 600 new.pem || fail "what was told does not work: $told"
same_key new.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem && chmod 600 p256.pem
refuses 'is of an algorithm' key show p256.pem

# A desk: the root is OpenSSL's key in a file of ours, the operator and the authority sign by OpenSSL with keys that we wrote.
signer() { echo "exec:$root/examples/signer.sh $folder/$1"; }
runs key gen license.pem --suite sm2 --passphrase file:pass
runs key gen operator.pem --suite sm2 --passphrase file:pass
export ZHENGYIN_SIGNER_PASSIN=file:$folder/pass
runs authority init 99 --name 示例甲省 --name-en Jia --keeper 示例甲省数据局 --code 11990000MB0000908E --test --key aes-256.pem --passphrase file:pass
runs trust build --federation 示例联邦 --signer "甲=$(signer operator.pem)" --json
pin=$(grep -o '"pin":"[0-9a-f]*"' said.txt | cut -d'"' -f4)
runs authority enrol 11990100MB0000000P --province 99 --name 示范市市场监督管理局 --region 9901 \
  --key "license=$(signer license.pem)" --key "status=$(signer plain.pem)" --passphrase file:pass
runs trust directory 99 --passphrase file:pass
for n in 1 2 3 4 5 6 7 8; do runs license issue --data "$root/examples/data/business-license.json" --out "$n.zyl" --passphrase file:pass; done
runs status publish 11990100MB0000000P
runs pack build --out all.zyp
runs --home counter store init --pin "$pin" --from all.zyp --region 990102
for n in 1 2 3 4 5 6 7 8; do
  runs --home counter verify "$n.zyl" --clock 1h --json
  grep -q '"verdict":"valid"' said.txt || fail "what OpenSSL signed is not valid: $(cat said.txt)"
done

# The office gets a certificate of an authority that was there before us, made by OpenSSL as GB/T 20518 has them, and keeps it.
cat >existing.cnf <<'CONFIG'
[req]
distinguished_name = dn
prompt = no
utf8 = yes
string_mask = utf8only
[dn]
C = CN
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = keyCertSign, cRLSign
subjectKeyIdentifier = hash
[office]
basicConstraints = CA:FALSE
keyUsage = digitalSignature, nonRepudiation
extendedKeyUsage = clientAuth, emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CONFIG
openssl req -new -x509 -config existing.cnf -extensions ca -key curve.pem -days 30 -sm3 -sigopt distid:1234567812345678 -subj "/C=CN/O=示例 CA" -utf8 -out ca.crt
openssl genpkey -algorithm SM2 -out office.pem && chmod 600 office.pem
openssl req -new -config existing.cnf -utf8 -key office.pem -sm3 -sigopt distid:1234567812345678 -subj "/C=CN/ST=示例甲省/O=示范市市场监督管理局/CN=existing" -out office.csr
openssl x509 -req -in office.csr -vfyopt distid:1234567812345678 -CA ca.crt -CAkey curve.pem -days 20 -extfile existing.cnf -extensions office \
  -set_serial 0x1234567890 -sm3 -sigopt distid:1234567812345678 -out office.crt 2>/dev/null
runs authority rotate-key 11990100MB0000000P --use license --key "$(signer office.pem)" --certificate office.crt
runs trust directory 99 --passphrase file:pass
runs license issue --data "$root/examples/data/business-license.json" --out existing.zyl --passphrase file:pass
runs status publish 11990100MB0000000P
runs pack build --out existing.zyp
runs --home counter store apply existing.zyp
for license in 1 existing; do
  runs --home counter verify "$license.zyl" --clock 1h --json
  grep -q '"verdict":"valid"' said.txt || fail "with a certificate that OpenSSL made, $license.zyl is not valid: $(cat said.txt)"
done
[ "$failures" = 0 ] || { echo "keys: $failures failed" >&2; exit 1; }
echo "keys: key files of SM2 are those of OpenSSL and Tongsuo, and a desk whose keys and certificate are of OpenSSL issues"
