#!/usr/bin/env bash
# Builds the fault-proof program and its first state: build.sh CULVERIN [FOLDER]. CULVERIN is the command that loads
# programs, FOLDER takes the files (this folder unless given). GO names another compiler.
set -euo pipefail
source=$(cd "$(dirname "$0")" && pwd)
culverin=${1:?the culverin command}
folder=$(realpath "${2:-$source}")
go=${GO:-/usr/lib/go-1.19/bin/go}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOTOOLCHAIN=local GOFLAGS= CGO_ENABLED=0 GOOS=linux GOARCH=mips GOMIPS=softfloat
# The symbols stay: the loader patches functions of the Go runtime by their names.
(cd "$source" && "$go" build -trimpath -buildvcs=false -ldflags='-w -buildid=' -o "$work/guest.elf" .)
$culverin load-elf --type singlethreaded --path "$work/guest.elf" --out "$work/prestate.bin.gz" --meta ""
$culverin witness --input "$work/prestate.bin.gz" | sed -nE 's/.*"witnessHash": *"(0x[0-9a-f]+)".*/\1/p' \
  > "$work/prestate.hash"
gzip -9 -n "$work/guest.elf"
cp "$work/guest.elf.gz" "$work/prestate.bin.gz" "$work/prestate.hash" "$folder"
cat "$folder/prestate.hash"
