#!/usr/bin/env bash
# One script for people and for CI: ./build.sh VERB. Verbs: build test demo fuzz publish bench check help.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
configuration=Release

usage() {
  cat <<'TEXT'
usage: ./build.sh VERB
  build     compile everything
  test      build, then run all tests
  demo      build, then play a withdrawal and a theft on the real contracts, and write artifacts/demo.html
            (demo steps: run a real guest and let the real contract check its proofs)
  fuzz      compare the engines on random programs (--minutes N, --seed S, --version V, --cases N)
  publish   the native executable artifacts/culverin; the library artifacts/libculverin.so and its header
            artifacts/include/culverin.h; the .NET packages in artifacts/packages
  bench     measure: writes bench/RESULTS.md and .svg (--peer PATH and --peer-64 PATH set reference binaries
            beside ours; --gate fails below the ratios of bench/expected.json)
  check     formatting, generated files, lock files
TEXT
}

# Installs system packages, or says how where only an administrator can.
install() {
  local missing=("$@")
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"
  else
    echo "Missing system packages; run: sudo apt-get install -y ${missing[*]}" >&2
    exit 1
  fi
}

# Native compilation links with the system's C compiler and zlib.
need_packages() {
  local missing=()
  command -v cc >/dev/null || command -v clang >/dev/null || missing+=(gcc libc6-dev)
  [ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
  install "${missing[@]}"
}

# The harness reaches anvil and the contracts through npm, and signs by libsecp256k1.
need_contracts() {
  local folder=harness/contracts
  if [ "$(uname -s)" = Linux ] && ! PATH=$PATH:/sbin ldconfig -p | grep -q 'libsecp256k1\.so'; then
    install libsecp256k1-1
  fi
  if [ ! -f "$folder/node_modules/.installed" ] \
    || ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then
    npm ci --prefix "$folder" --no-fund --no-audit --loglevel=error
    cp "$folder/package-lock.json" "$folder/node_modules/.installed"
  fi
}

# Tests open the demo's page in a browser; without one they say that they did not.
need_browser() {
  command -v chromium chromium-browser google-chrome >/dev/null || [ "$(id -u)" != 0 ] || install chromium
}

build() { dotnet build Engine.sln -c "$configuration" -v quiet -nologo; }

# .NET 10's native runtime pack is not in every package source; the executable is then made with .NET 9.
native_framework() {
  local probe=artifacts/probe
  mkdir -p "$probe"
  cat > "$probe/probe.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <PublishAot>true</PublishAot>
    <RestorePackagesWithLockFile>false</RestorePackagesWithLockFile>
    <RestoreLockedMode>false</RestoreLockedMode>
  </PropertyGroup>
</Project>
XML
  if dotnet restore "$probe/probe.csproj" -v quiet >/dev/null 2>&1; then echo net10.0; else echo net9.0; fi
}

# Compiles a project to one native file.
publish_native() {
  local project=$1 output=$2 framework
  need_packages
  framework=$(native_framework)
  [ "$framework" = net10.0 ] \
    || echo "The native runtime pack of net10.0 cannot be restored here: $project is made with $framework."
  dotnet publish "$project" -c "$configuration" -f "$framework" -r linux-x64 -o "$output" \
    -p:NativeFramework="$framework" -v quiet -nologo
}

# The library for other languages, with its header.
publish_library() {
  local output=artifacts/publish/library
  publish_native bindings/c "$output"
  mkdir -p artifacts/include
  cp bindings/c/culverin.h artifacts/include/culverin.h
  cp "$output/libculverin.so" artifacts/libculverin.so
}

# The same after a build, unless what is there is newer.
need_library() {
  local built=artifacts/bin/Culverin.Abi/release_net10.0
  [ artifacts/libculverin.so -nt "$built/Culverin.Abi.dll" ] \
    && [ artifacts/libculverin.so -nt "$built/Culverin.dll" ] \
    || publish_library
}

publish() {
  local output=artifacts/publish/native
  publish_native bindings/cli "$output"
  cp "$output/culverin" artifacts/culverin
  publish_library
  dotnet pack engine -c "$configuration" -o artifacts/packages -v quiet -nologo
  dotnet pack bindings/dotnet -c "$configuration" -o artifacts/packages -v quiet -nologo
  ls -l artifacts/culverin artifacts/libculverin.so artifacts/packages
}

# The engine outside .NET: the native executable unless it is older than the built one.
engine_executable() {
  local built=artifacts/bin/Culverin.Cli/release_net10.0/Culverin.Cli
  if [ artifacts/culverin -nt "$built.dll" ]; then echo "$PWD/artifacts/culverin"; else echo "$PWD/$built"; fi
}

# The tests in Solidity; their last line is made to look like those of the other tests.
solidity_tests() (
  CULVERIN=$(engine_executable)
  export CULVERIN
  cd harness/contracts
  local last='^Ran .*: ([0-9]+) tests passed, ([0-9]+) failed, ([0-9]+) skipped.*'
  node_modules/.bin/forge test --color never \
    | sed -E "s/$last/Failed: \\2, Passed: \\1, Skipped: \\3, Solidity/"
)

# Sums the closing lines of all test projects, so that one line at the end tells the whole. With a filter
# the tests in Solidity, which it does not suit, are left out.
run_tests() {
  local log=artifacts/test.log status=0 passed failed skipped
  mkdir -p artifacts
  dotnet test Engine.sln -c "$configuration" --no-build -nologo -v quiet "$@" 2>&1 | tee "$log" || status=$?
  [ $# -gt 0 ] || solidity_tests 2>&1 | tee -a "$log" || status=$?
  read -r passed failed skipped < <(sed -nE \
    's/.*Failed: +([0-9]+), Passed: +([0-9]+), Skipped: +([0-9]+).*/\1 \2 \3/p' "$log" \
    | awk '{ f += $1; p += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
  if [ "$passed" = 0 ] && [ "$status" = 0 ]; then status=1; fi
  [ "$skipped" = 0 ] || echo "$skipped skipped (their lines above say why)"
  echo "$passed passed, $failed failed"
  return "$status"
}

check() {
  dotnet restore Engine.sln --locked-mode -v quiet
  dotnet format Engine.sln --no-restore --verify-no-changes --exclude artifacts harness/contracts
  build
  dotnet test tests/Tidy -c "$configuration" --no-build -nologo -v quiet
  dotnet test tests/Culverin.Tests -c "$configuration" --no-build -nologo -v quiet \
    --filter "FullyQualifiedName~InstructionReferenceTests"
  need_library
  dotnet test tests/Abi -c "$configuration" --no-build -nologo -v quiet \
    --filter "FullyQualifiedName~HeaderTests|FullyQualifiedName~SymbolTests"
}

fuzz() {
  local status=0
  dotnet build tests/Fuzz -c "$configuration" -v quiet -nologo
  dotnet artifacts/bin/Culverin.Fuzz/release/Culverin.Fuzz.dll "$@" || status=$?
  if [ "$status" -gt 1 ]; then
    echo "The process ended with $status in one of these:" >&2
    cat artifacts/fuzz-under-way.txt >&2
    status=1
  fi
  return "$status"
}

verb=${1:-help}
[ $# -eq 0 ] || shift
case "$verb" in
  build) build ;;
  test) need_contracts; need_browser; build; need_library; run_tests "$@" ;;
  demo) need_contracts; build; dotnet artifacts/bin/Culverin.Harness.Cli/release/culverin-harness.dll demo "$@" ;;
  fuzz) fuzz "$@" ;;
  publish) publish ;;
  bench) publish; build; dotnet artifacts/bin/Culverin.Bench/release/Culverin.Bench.dll "$@" ;;
  check) check ;;
  help | --help | -h) usage ;;
  *) usage >&2; exit 2 ;;
esac
