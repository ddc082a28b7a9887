#!/usr/bin/env bash
# Builds the tests' own guests into elf/ here, compressed. A guest is skipped when its compiler is not installed:
# mips-linux-gnu-gcc, mips64-linux-gnuabi64-gcc, Go 1.22 and 1.23 (GO122, GO123).
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p elf
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

common=(-O2 -ffreestanding -fno-builtin -fno-pic -fno-stack-protector -mno-abicalls -G0 -nostdlib -static
  -msoft-float -Wall -Wextra -Werror -Wl,--build-id=none -Wl,-z,noexecstack)
narrow=(mips-linux-gnu-gcc -EB -mabi=32 -mips32 "${common[@]}")
wide=(mips64-linux-gnuabi64-gcc -EB -mabi=64 -march=mips64 -msym32 "-Wl,-Ttext-segment=0x10000" "${common[@]}")

keep() { gzip -9 -n -c "$built/$1" > "elf/$1.gz"; }

# compile COMPILER NAME SOURCE FLAGS...: the symbol table stays, since loaders ask for it.
compile() {
  local -n compiler=$1
  local name=$2 source=$3
  shift 3
  command -v "${compiler[0]}" >/dev/null || return 0
  "${compiler[@]}" "$@" -o "$built/$name" "$source"
  "${compiler[0]%gcc}strip" --strip-debug "$built/$name"
  keep "$name"
}

compile_go() {
  local go=$1 name=$2 architecture=$3
  command -v "$go" >/dev/null || return 0
  (cd worker && GOTOOLCHAIN=local GO111MODULE=off CGO_ENABLED=0 GOFLAGS= GOOS=linux GOARCH=$architecture \
    GOMIPS=softfloat GOMIPS64=softfloat "$go" build -trimpath -ldflags '-w -buildid=' -o "$built/$name" .)
  keep "$name"
}

compile wide wide.64.elf wide.S -DCOUNTS=1
compile wide wide-v3.64.elf wide.S -DCOUNTS=0
compile wide spawner.64.elf spawner.S -DCLONE=5055
compile wide greedy.64.elf greedy.c
compile narrow greedy.elf greedy.c
compile wide sparseheap.64.elf ../../bench/guests/sparseheap.c -DPAGES=2000 -DROUNDS=5000
compile_go "${GO122:-/usr/lib/go-1.22/bin/go}" worker.go122.elf mips
compile_go "${GO122:-/usr/lib/go-1.22/bin/go}" worker.64.go122.elf mips64
compile_go "${GO123:-/usr/lib/go-1.23/bin/go}" worker.64.go123.elf mips64
ls -l elf
