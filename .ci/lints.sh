#!/usr/bin/env bash
# Proves that each lint of Cargo.toml's [lints] fires, at its level: a scratch crate with the same tables and one planted violation
# of each (.ci/lints.rs) must be told of every one. A lint without a planted violation fails too.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# level and name of each lint, as `deny clippy::panic`
lints=$(awk '
  /^\[/ { prefix = ($0 == "[lints.clippy]") ? "clippy::" : ""; inside = ($0 == "[lints.rust]" || $0 == "[lints.clippy]"); next }
  inside && /^[a-z_]+ *=/ { level = /"deny"|"forbid"/ ? "deny" : "warn"; sub(/ *=.*/, ""); print level, prefix $0 }
' Cargo.toml)
[ "$(wc -l <<<"$lints")" -ge 10 ] || { echo "lints: the tables of Cargo.toml were not found" >&2; exit 1; }

mkdir "$scratch/src"
{
  printf '[package]\nname = "planted"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n'
  awk '/^\[/ { inside = /^\[lints\./ } inside' Cargo.toml
} >"$scratch/Cargo.toml"
awk '/\/\/ LINES/ { for (i = 0; i < 120; i++) print "    n = n.wrapping_add(1);"; next } { print }' .ci/lints.rs >"$scratch/src/lib.rs"

# The build must fail; what it said is what counts.
if CLIPPY_CONF_DIR="$root/.ci" CARGO_TARGET_DIR="$scratch/target" \
  cargo clippy --quiet --offline --manifest-path "$scratch/Cargo.toml" --message-format=json >"$scratch/said.json" 2>"$scratch/errors"; then
  echo "lints: the planted violations compiled" >&2
  exit 1
fi
missing=0
while read -r level lint; do
  severity=$([ "$level" = deny ] && echo error || echo warning)
  # One line a message: first what a person is shown, somewhere behind it the lint's name.
  if ! grep -qE "\"message\":\{\"rendered\":\"$severity: .*\"code\":\{\"code\":\"$lint\"" "$scratch/said.json"; then
    echo "lints: \`$lint\` = $level was not reported as $severity" >&2
    missing=1
  fi
done <<<"$lints
warn clippy::disallowed_types"
[ "$missing" = 0 ] || { cat "$scratch/errors" >&2; exit 1; }
echo "lints: $(wc -l <<<"$lints") lints fire at their level"
