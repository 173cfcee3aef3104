#!/bin/sh
# A program that signs for `exec:`, by OpenSSL 3 with a key of Ed25519 or SM2 in a file; what a driver of a UKey does in its place is the same.
# The protocol: docs/operating.md, "A program that signs".
#
#   zhengyin key show "exec:examples/signer.sh operator.pem"
#   zhengyin trust build --signer "exec:examples/signer.sh operator.pem" …
#
# It asks for a passphrase on the terminal; ZHENGYIN_SIGNER_PASSIN (`file:PATH`) is passed on to OpenSSL for where nobody can be asked. Of
# the environment a signer gets little more than PATH and HOME, and every variable whose name begins with ZHENGYIN_SIGNER_.
set -eu
key=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

[ "${ZHENGYIN_SIGNER:-}" = 1 ] || { echo "signer.sh: this is no call of protocol 1" >&2; exit 2; }
if [ -z "${ZHENGYIN_SIGNER_PASSIN:-}" ] && grep -q ENCRYPTED "$key"; then
  # OpenSSL runs more than once; the person is asked once.
  printf 'Passphrase of %s: ' "$key" >/dev/tty
  stty -echo </dev/tty
  IFS= read -r passphrase </dev/tty || true
  stty echo </dev/tty
  echo >/dev/tty
  (umask 077 && printf '%s\n' "$passphrase" >"$scratch/passphrase")
  ZHENGYIN_SIGNER_PASSIN=file:$scratch/passphrase
fi
with_key() {
  command=$1
  shift
  openssl "$command" "$@" ${ZHENGYIN_SIGNER_PASSIN:+-passin "$ZHENGYIN_SIGNER_PASSIN"}
}

# The two numbers of a signature in DER, each as 32 bytes: what OpenSSL writes of SM2 is not what is asked for.
two_numbers() {
  openssl asn1parse -inform DER | sed -n 's/.*INTEGER *:0*//p' | while read -r digits; do
    while [ ${#digits} -lt 64 ]; do digits=0$digits; done
    while [ -n "$digits" ]; do
      rest=${digits#??}
      # shellcheck disable=SC2059
      printf "\\$(printf %03o "0x${digits%"$rest"}")"
      digits=$rest
    done
  done
}

case ${ZHENGYIN_REQUEST:-} in
  public-key)
    # The SubjectPublicKeyInfo, as DER.
    with_key pkey -in "$key" -pubout -outform DER
    ;;
  sign)
    # OpenSSL signs Ed25519 over a file that it can measure, not over a pipe. What is signed is no secret.
    cat >"$scratch/message"
    if with_key pkey -in "$key" -noout -text_pub | grep -q 'OID: SM2'; then
      # GB/T 32918.2 over SM3, with the identifier that everybody has who has no other (GB/T 35276).
      with_key pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678 -inkey "$key" -in "$scratch/message" >"$scratch/signature"
      two_numbers <"$scratch/signature"
    else
      with_key pkeyutl -sign -rawin -inkey "$key" -in "$scratch/message"
    fi
    ;;
  *)
    echo "signer.sh: what is ${ZHENGYIN_REQUEST:-(nothing)}?" >&2
    exit 2
    ;;
esac
