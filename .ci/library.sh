#!/usr/bin/env bash
# Builds the library for others to link and installs it: `.ci/library.sh PREFIX [FEATURES [RUSTC-ARGUMENTS…]]`, as `cargo cinstall` would.
#
# PREFIX/lib      libzhengyin.so.1 (with its SONAME), libzhengyin.so, libzhengyin.a, pkgconfig/zhengyin.pc
# PREFIX/include  zhengyin.h
#
# FEATURES are `capi,sm` (the verifier) or `capi,sm,issue` (with the functions that issue). DESTDIR is put before PREFIX where it is set.
set -euo pipefail
prefix=${1:?usage: .ci/library.sh PREFIX [FEATURES]}
features=${2:-capi,sm}
shift $(($# < 2 ? $# : 2))
mkdir -p "${DESTDIR:-}$prefix"
prefix=$(cd "${DESTDIR:-}$prefix" && pwd)
prefix=${prefix#"${DESTDIR:-}"}
cd "$(dirname "$0")/.."
abi=$(sed -n 's/^pub const ZY_ABI_VERSION: u32 = \([0-9]*\);$/\1/p' src/capi/words.rs)
version=$(sed -n '0,/^version = /s/^version = "\(.*\)"$/\1/p' Cargo.toml)
[ -n "$abi" ] && [ -n "$version" ]
target=${CARGO_TARGET_DIR:-target}
into="${DESTDIR:-}$prefix"
mkdir -p "$into/lib/pkgconfig" "$into/include"

# One build for both kinds: the name for the linker goes into the shared library alone, for nothing links the static one here.
kinds=cdylib
[ "${ZHENGYIN_STATIC:-yes}" != yes ] || kinds=cdylib,staticlib
cargo rustc --quiet --release --locked --lib --features "$features" --crate-type "$kinds" -- -C "link-arg=-Wl,-soname,libzhengyin.so.$abi" -C strip=symbols "$@"
install -m 755 "$target/release/libzhengyin.so" "$into/lib/libzhengyin.so.$abi"
ln -sf "libzhengyin.so.$abi" "$into/lib/libzhengyin.so"
if [ "${ZHENGYIN_STATIC:-yes}" = yes ]; then
  install -m 644 "$target/release/libzhengyin.a" "$into/lib/libzhengyin.a"
fi
install -m 644 include/zhengyin.h "$into/include/zhengyin.h"
case ",$features," in
  *,issue,*) defines=' -DZY_ISSUE' ;;
  *) defines= ;;
esac
cat >"$into/lib/pkgconfig/zhengyin.pc" <<END
prefix=$prefix
libdir=\${prefix}/lib
includedir=\${prefix}/include

Name: zhengyin
Description: Verifies electronic licenses (电子证照) offline
Version: $version
Cflags: -I\${includedir}$defines
Libs: -L\${libdir} -lzhengyin
Libs.private: -lgcc_s -lpthread -ldl -lm
END
