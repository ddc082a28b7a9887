#!/usr/bin/env bash
# Builds the tests' own guests into elf/ here, compressed. A guest is skipped when its compiler is not installed:
# mips-linux-gnu-gcc, mips64-linux-gnuabi64-gcc, Go 1.19, 1.22 and 1.23 (GO119, GO122, GO123).
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p elf
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

common=(-O2 -ffreestanding -fno-builtin -fno-pic -fno-stack-protector -mno-abicalls -G0 -nostdlib -static
  -msoft-float -Wall -Wextra -Werror -Wl,--build-id=none -Wl,-z,noexecstack)
narrow=(mips-linux-gnu-gcc -EB -mabi=32 -mips32 "${common[@]}")
shared=(mips-linux-gnu-gcc -EB -mabi=32 -mips32 -O2 -ffreestanding -nostdlib -msoft-float -Wl,--build-id=none)
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

# compile_with_lines COMPILER NAME SOURCE FLAGS...: debug data stay, which name the source as it stands here.
compile_with_lines() {
  local -n compiler=$1
  local name=$2 source=$3
  shift 3
  command -v "${compiler[0]}" >/dev/null || return 0
  "${compiler[@]}" "$@" "-ffile-prefix-map=$PWD=." -o "$built/$name" "$source"
  keep "$name"
}

compile_go() {
  local go=$1 folder=$2 name=$3 architecture=$4 without=${5--w} package=${6-.}
  command -v "$go" >/dev/null || return 0
  (cd "$folder" && GOTOOLCHAIN=local GO111MODULE=off CGO_ENABLED=0 GOFLAGS= GOOS=linux GOARCH=$architecture \
    GOMIPS=softfloat GOMIPS64=softfloat "$go" build -trimpath -ldflags "$without -buildid=" -o "$built/$name" "$package")
  keep "$name"
}

compile wide wide.64.elf wide.S -DCOUNTS=1
compile wide wide-v3.64.elf wide.S -DCOUNTS=0
compile wide spawner.64.elf spawner.S -DCLONE=5055
compile wide greedy.64.elf greedy.c
compile narrow greedy.elf greedy.c
compile narrow chooser.elf chooser.c
compile shared interpreted.elf interpreted.c -pie -fPIE
compile shared object.elf interpreted.c -c
compile wide sparseheap.64.elf ../../bench/guests/sparseheap.c -DPAGES=2000 -DROUNDS=5000
compile_go "${GO122:-/usr/lib/go-1.22/bin/go}" worker worker.go122.elf mips
compile_go "${GO122:-/usr/lib/go-1.22/bin/go}" worker worker.64.go122.elf mips64
compile_go "${GO123:-/usr/lib/go-1.23/bin/go}" worker worker.64.go123.elf mips64
compile_go "${GO119:-/usr/lib/go-1.19/bin/go}" callmkdir callmkdir.64.go119.elf mips64
compile_go "${GO119:-/usr/lib/go-1.19/bin/go}" callwrite callwrite.go119.elf mips
compile_with_lines narrow nested.elf nested.c -g
compile_with_lines wide nested.64.elf nested.c -g
compile_with_lines narrow nested-dwarf4.elf nested.c -gdwarf-4 -gstrict-dwarf
compile_go "${GO119:-/usr/lib/go-1.19/bin/go}" walker walker.go119.elf mips "" main.go
compile_go "${GO119:-/usr/lib/go-1.19/bin/go}" walker walker.64.go119.elf mips64 "" main.go
ls -l elf
