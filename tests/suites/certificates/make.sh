#!/bin/sh
# Made the certificates of this folder, once: `make.sh` with anchor.pem, license.pem and existing.pem beside it, the keys of SM2 that
# examples/world/mod.rs gives the names `SM2 anchor 99`, `SM2 license 11990100MB0000000P` and `SM2 foreign 11990100MB0000000P`.
# OpenSSL 3.0. The signer's identifier of `default` is the one where none was agreed on, that of `named` is the authority's own.
set -eu
cat >config <<'CONFIG'
[req]
distinguished_name = dn
prompt = no
utf8 = yes
string_mask = utf8only
[dn]
C = CN
[anchor]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, digitalSignature
subjectKeyIdentifier = hash
2.25.289491636058257126236843353212901155602.1 = critical, ASN1:SEQUENCE:mandate
[mandate]
regions = SEQUENCE:regions
[regions]
r = PRINTABLESTRING:99
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, 2.25.289491636058257126236843353212901155602.2.0
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[existing]
basicConstraints = CA:FALSE
keyUsage = digitalSignature, nonRepudiation
extendedKeyUsage = clientAuth, emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
certificatePolicies = 1.2.156.112600.1.1
CONFIG
own=1234567812345678
make() { # name identifier
  openssl req -new -x509 -utf8 -config config -extensions anchor -key anchor.pem -days 3650 -set_serial 0x1234567801 -sm3 -sigopt "distid:$2" \
    -subj "/C=CN/ST=示例甲省/O=示例甲省数据局（演示）/organizationIdentifier=GOVCN-11990000MB0000000J/CN=anchor" -out "$1-anchor.pem"
  certify "$1" "$2" leaf license.pem 02 "/C=CN/ST=示例甲省/O=示例甲省示范市市场监督管理局/organizationIdentifier=GOVCN-11990100MB0000000P/CN=leaf"
  certify "$1" "$2" existing existing.pem 03 "/C=CN/ST=示例甲省/L=示范市/O=示例甲省示范市市场监督管理局/OU=11990100MB0000000P/CN=existing"
  openssl x509 -in "$1-anchor.pem" -outform DER -out "$1-anchor.der"
}
certify() { # name identifier kind key serial subject
  openssl req -new -utf8 -config config -key "$4" -subj "$6" -sm3 -sigopt distid:$own -out request
  openssl x509 -req -in request -vfyopt distid:$own -CA "$1-anchor.pem" -CAkey anchor.pem -days 3650 -extfile config -extensions "$3" \
    -set_serial "0x12345678$5" -sm3 -sigopt "distid:$2" -outform DER -out "$1-$3.der"
  openssl x509 -inform DER -in "$1-$3.der" -out link
  openssl verify -ignore_critical -partial_chain -trusted "$1-anchor.pem" -vfyopt "distid:$2" link
  ! openssl verify -ignore_critical -partial_chain -trusted "$1-anchor.pem" -vfyopt distid:another link
}
make default $own
make named 示例甲省电子认证CA
rm -f config request link ./*-anchor.pem
