#!/usr/bin/env bash
# Builds the programs of this module and their first states: build.sh CULVERIN [FOLDER]. CULVERIN is the command that
# loads programs, FOLDER takes the files (this folder unless given). GO names another compiler. Symbols and debug data
# stay: the loader patches functions of the Go runtime by their names, and whoever debugs a dispute wants its lines.
set -euo pipefail
source=$(cd "$(dirname "$0")" && pwd)
culverin=${1:?the culverin command}
folder=$(realpath "${2:-$source}")
go=${GO:-/usr/lib/go-1.19/bin/go}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
brotli='-modfile=brotli.mod -tags=brotli'
[ -d /usr/share/gocode/src/github.com/andybalholm/brotli ] \
  || { echo "Debian's package golang-github-andybalholm-brotli-dev is missing: fault-proof needs it." >&2; exit 1; }
export GOTOOLCHAIN=local CGO_ENABLED=0 GOOS=linux GOMIPS=softfloat GOMIPS64=softfloat

# build PACKAGE FLAGS ARCHITECTURE TYPE ELF STATE HASH: one program for one state version, and the names of its files.
build() {
  local flags=$2
  set -- "$1" "${@:3}"
  (cd "$source" && GOFLAGS=$flags GOARCH=$2 "$go" build -trimpath -buildvcs=false -ldflags=-buildid= \
    -o "$work/guest.elf" "$1")
  $culverin load-elf --type "$3" --path "$work/guest.elf" --out "$work/state.bin.gz" --meta ""
  mkdir -p "$(dirname "$folder/$4")"
  $culverin witness --input "$work/state.bin.gz" | sed -nE 's/.*"witnessHash": *"(0x[0-9a-f]+)".*/\1/p' > "$folder/$6"
  gzip -9 -n -c "$work/guest.elf" > "$folder/$4"
  cp "$work/state.bin.gz" "$folder/$5"
  echo "$1 $3 $(cat "$folder/$6")"
}

build . "" mips singlethreaded guest.elf.gz prestate.bin.gz prestate.hash
build ./execute-block "" mips singlethreaded \
  execute-block/version-0.elf.gz execute-block/version-0.bin.gz execute-block/version-0.hash
build ./execute-block "" mips64 multithreaded64-5 \
  execute-block/version-8.elf.gz execute-block/version-8.bin.gz execute-block/version-8.hash
build ./fault-proof "$brotli" mips singlethreaded \
  fault-proof/version-0.elf.gz fault-proof/version-0.bin.gz fault-proof/version-0.hash
build ./fault-proof "$brotli" mips64 multithreaded64-5 \
  fault-proof/version-8.elf.gz fault-proof/version-8.bin.gz fault-proof/version-8.hash
