#!/bin/sh
# A program that signs for `exec:`, by OpenSSL 3 with a key in a file; what a driver of a UKey does in its place is the same.
# The protocol: docs/operating.md, "A program that signs".
#
#   zhengyin key show "exec:examples/signer.sh operator.pem"
#   zhengyin trust build --signer "exec:examples/signer.sh operator.pem" …
#
# It asks for a passphrase on the terminal; ZHENGYIN_SIGNER_PASSIN (`file:PATH`) is passed on to OpenSSL for where nobody can be asked. Of
# the environment a signer gets little more than PATH and HOME, and every variable whose name begins with ZHENGYIN_SIGNER_.
set -eu
key=$1
PASSIN=${ZHENGYIN_SIGNER_PASSIN:-}
pkey() { openssl "$@" -inform PEM ${PASSIN:+-passin "$PASSIN"}; }

[ "${ZHENGYIN_SIGNER:-}" = 1 ] || { echo "signer.sh: this is no call of protocol 1" >&2; exit 2; }
case ${ZHENGYIN_REQUEST:-} in
  public-key)
    # The SubjectPublicKeyInfo, as DER.
    pkey pkey -in "$key" -pubout -outform DER
    ;;
  sign)
    # OpenSSL signs Ed25519 over a file that it can measure, not over a pipe. What is signed is no secret.
    message=$(mktemp)
    trap 'rm -f "$message"' EXIT
    cat >"$message"
    openssl pkeyutl -sign -rawin -inkey "$key" -in "$message" ${PASSIN:+-passin "$PASSIN"}
    ;;
  *)
    echo "signer.sh: what is ${ZHENGYIN_REQUEST:-(nothing)}?" >&2
    exit 2
    ;;
esac
