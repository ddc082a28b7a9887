#!/usr/bin/env bash
# Builds the benchmark guests into elf/ here, compressed: C for 32 and 64 bits, Go likewise. A guest is skipped when
# its compiler is not installed: mips-linux-gnu-gcc, mips64-linux-gnuabi64-gcc, and Go 1.22 or 1.23 (GO122, GO123).
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p elf
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

# No instruction outside MIPS32 release 1 (or MIPS III), no traps on division, no branch-likely.
common=(-O2 -ffreestanding -fno-builtin -fno-pic -fno-stack-protector -mno-abicalls -G0 -nostdlib -static
  -msoft-float -mno-branch-likely -mno-check-zero-division -mno-imadd -fno-tree-loop-distribute-patterns
  -Wall -Wextra -Werror -Wl,--build-id=none -Wl,-z,noexecstack)
narrow=(mips-linux-gnu-gcc -EB -mabi=32 -mips32 "${common[@]}")
wide=(mips64-linux-gnuabi64-gcc -EB -mabi=64 -mips3 -msym32 "-Wl,-Ttext-segment=0x10000" "${common[@]}")

keep() { gzip -9 -n -c "$built/$1" > "elf/$1.gz"; }

# compile NAME SOURCE FLAGS...: the symbol table stays, since loaders ask for it.
compile() {
  local name=$1 source=$2
  shift 2
  if command -v "${narrow[0]}" >/dev/null && [ "$source" != sparseheap.c ]; then
    "${narrow[@]}" "$@" -o "$built/$name.elf" "$source"
    mips-linux-gnu-strip --strip-debug "$built/$name.elf"
    keep "$name.elf"
  fi
  if command -v "${wide[0]}" >/dev/null; then
    "${wide[@]}" "$@" -o "$built/$name.64.elf" "$source"
    mips64-linux-gnuabi64-strip --strip-debug "$built/$name.64.elf"
    keep "$name.64.elf"
  fi
}

compile_go() {
  local go=$1 name=$2 architecture=$3
  command -v "$go" >/dev/null || return 0
  (cd program && GOTOOLCHAIN=local GO111MODULE=off CGO_ENABLED=0 GOFLAGS= GOOS=linux GOARCH=$architecture \
    GOMIPS=softfloat GOMIPS64=softfloat "$go" build -trimpath -ldflags '-w -buildid=' -o "$built/$name" .)
  keep "$name"
}

for guest in sieve matmul xorshift keccak branchy unaligned sparseheap; do
  compile "$guest" "$guest.c"
done
compile branchy-long branchy.c -DROUNDS=400
compile_go "${GO122:-/usr/lib/go-1.22/bin/go}" program.go122.elf mips
compile_go "${GO123:-/usr/lib/go-1.23/bin/go}" program.64.go123.elf mips64
ls -l elf
