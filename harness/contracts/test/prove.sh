#!/bin/sh
# Lets the engine prove steps of a guest for a test. The engine is the program that CULVERIN names.
#   prove.sh prepare NAME GUEST     makes the guest's first state in the folder NAME
#   prove.sh all NAME GUEST         the same, and proves every step; prints how many, as a word
#   prove.sh step NAME STEP         prints the proof of one step
set -eu
: "${CULVERIN:?must name the executable of the engine}"
verb=$1
folder=node_modules/.cache/culverin/solidity/$2

prepare() {
  rm -rf "$folder"
  mkdir -p "$folder"
  gzip -dc "../../tests/vectors/elf/$1.elf.gz" >"$folder/guest.elf"
  "$CULVERIN" load-elf --type singlethreaded --path "$folder/guest.elf" \
    --out "$folder/first.bin" --meta '' >"$folder/log" 2>&1
}

case $verb in
  prepare)
    prepare "$3"
    ;;
  all)
    prepare "$3"
    "$CULVERIN" run --input "$folder/first.bin" --output '' --meta '' --info-at never \
      --proof-at always --proof-fmt "$folder/%d.json" >>"$folder/log" 2>&1
    printf '0x%064x' "$(ls "$folder" | grep -c '^[0-9]*\.json$')"
    ;;
  step)
    "$CULVERIN" run --input "$folder/first.bin" --output '' --meta '' --info-at never \
      --proof-at "=$3" --proof-fmt - --stop-at "=$(($3 + 1))" 2>>"$folder/log"
    ;;
esac
