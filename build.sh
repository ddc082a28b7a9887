#!/usr/bin/env bash
# One script for people and for CI: ./build.sh VERB. Verbs: build test mutate demo fuzz publish bench check help.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
configuration=Release

usage() {
  cat <<'TEXT'
usage: ./build.sh VERB
  build     compile everything (with Go: artifacts/l2-node and l2-execute too, which arenas and tests use)
  test      build, then run all tests
  mutate    take away each rule and safety check of the player in turn: a test or scenario must turn red each time
            (names choose some, --sample N so many by chance)
  demo      build, then play a withdrawal and a theft on the real contracts, and write artifacts/demo.html
            (demo steps: run a real guest and let the real contract check its proofs)
  fuzz      compare the engines on random programs (--minutes N, --seed S, --version V, --cases N)
  fuzz-executor  give damaged transactions, tries, code and more to the executor of L2 blocks (--minutes N)
  compare-executor  compare the executor of L2 blocks with a local node on random transactions
            (--transactions N, default 10000; --seed S)
  crash-node  end the L2's node at random moments, as a crash does: nothing that it acknowledged may be lost
            (--crashes N, default 300)
  publish   the native executable artifacts/culverin and, with Go, artifacts/l2-execute and l2-node; the library
            artifacts/libculverin.so and its header artifacts/include/culverin.h; the .NET packages in
            artifacts/packages
  bench     measure: writes bench/RESULTS.md and .svg (--peer PATH and --peer-64 PATH set reference binaries
            beside ours; --gate fails below the ratios of bench/expected.json)
  contracts write harness/Contracts from the ABIs of the npm packages
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

# The harness reaches anvil and the contracts through npm.
need_contracts() {
  local folder=harness/contracts
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

# Tests drive a real gdb; without one they say that they did not.
need_gdb() {
  command -v gdb-multiarch >/dev/null || [ "$(id -u)" != 0 ] || (install gdb-multiarch) \
    || echo "gdb-multiarch cannot be installed here." >&2
}

# The Go compiler that the programs for the virtual machine were built by, or any other for native ones; empty without.
go_compiler() {
  local debian=/usr/lib/go-1.19/bin/go
  if [ -x "$debian" ]; then echo "$debian"; else command -v go || true; fi
}

# Without Go everything works from the committed programs; what was then not built is said.
need_go() {
  [ -n "$(go_compiler)" ] || [ "$(id -u)" != 0 ] || (install golang-1.19-go) \
    || echo "Go 1.19 cannot be installed here." >&2
  [ -d "$brotli_sources" ] || [ "$(id -u)" != 0 ] || (install golang-github-andybalholm-brotli-dev) \
    || echo "Brotli's Go sources cannot be installed here: programs are built without it." >&2
  [ -d "$bolt_sources" ] || [ "$(id -u)" != 0 ] || (install golang-github-coreos-bbolt-dev) \
    || echo "bbolt's Go sources cannot be installed here: l2-node cannot keep a chain." >&2
}

# What native programs of the module harness/guest are built by: with brotli and bbolt where Debian's packages of them are
# installed; see its brotli.mod and node.mod.
brotli_sources=/usr/share/gocode/src/github.com/andybalholm/brotli
bolt_sources=/usr/share/gocode/src/go.etcd.io/bbolt
go_flags() {
  if [ ! -d "$brotli_sources" ]; then return 0; fi
  if [ -d "$bolt_sources" ]; then
    echo '-modfile=node.mod -tags=brotli,bbolt'
  else
    echo '-modfile=brotli.mod -tags=brotli'
  fi
}

# The native Go programs, where Go is, and everything in .NET. Go itself knows what has changed.
build() {
  publish_executor
  dotnet build Engine.sln -c "$configuration" -v quiet -nologo
}

# Compiles a project to one native file.
publish_native() {
  local project=$1 output=$2
  need_packages
  dotnet publish "$project" -c "$configuration" -r linux-x64 -o "$output" -v quiet -nologo
}

# The library for other languages, with its header.
publish_library() {
  local output=artifacts/publish/library
  publish_native bindings/c "$output"
  mkdir -p artifacts/include
  cp bindings/c/culverin.h artifacts/include/culverin.h
  # Programs are linked with the name without a number and start with the one that the library tells.
  cp "$output/libculverin.so" artifacts/libculverin.so.1
  ln -sf libculverin.so.1 artifacts/libculverin.so
}

# The same after a build, unless what is there is newer.
need_library() {
  local built=artifacts/bin/Culverin.Abi/release
  [ artifacts/libculverin.so -nt "$built/Culverin.Abi.dll" ] \
    && [ artifacts/libculverin.so -nt "$built/Culverin.dll" ] \
    || publish_library
}

publish() {
  local output=artifacts/publish/native
  publish_native bindings/cli "$output"
  cp "$output/culverin" artifacts/culverin
  publish_library
  publish_executor
  dotnet pack engine -c "$configuration" -o artifacts/packages -v quiet -nologo
  dotnet pack bindings/dotnet -c "$configuration" -o artifacts/packages -v quiet -nologo
  ls -l artifacts/culverin artifacts/libculverin.so artifacts/packages
  [ ! -e artifacts/l2-execute ] || ls -l artifacts/l2-execute artifacts/l2-node
}

# The native executor of L2 blocks, and the L2's node.
publish_executor() {
  local go
  need_go
  go=$(go_compiler)
  if [ -z "$go" ]; then
    echo "There is no Go compiler: artifacts/l2-execute and l2-node were NOT made" \
      "(sudo apt-get install -y golang-1.19-go)." >&2
    return 0
  fi
  mkdir -p artifacts
  (cd harness/guest && GOTOOLCHAIN=local GOFLAGS="$(go_flags)" CGO_ENABLED=0 \
    "$go" build -trimpath -buildvcs=false -o ../../artifacts/ ./l2-execute ./l2-node)
}

# The engine outside .NET: the native executable unless it is older than the built one.
engine_executable() {
  local built=artifacts/bin/Culverin.Cli/release/Culverin.Cli
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

# A line for each test that did not run, with the reason: the console's loggers keep that to themselves.
skip_reasons() {
  sed -nE -e 's/.*testName="([^"]*)".*outcome="NotExecuted".*/\1: /' -e 't name' -e 'b' \
    -e ':name' -e 'h' -e ':more' -e 'n' -e '/<Message>/!b more' \
    -e 's/.*<Message>([^<]*).*/\1/' -e 'H' -e 'x' -e 's/\n//' \
    -e "s/&quot;/\"/g; s/&apos;/'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g" -e 'p' \
    "$1"/*.trx
}

# Sums the closing lines of all test projects, so that one line at the end tells the whole. With a filter
# the tests in Solidity, which it does not suit, are left out.
run_tests() {
  local log=artifacts/test.log results=artifacts/test-results status=0 passed failed skipped
  rm -rf "$results"
  mkdir -p "$results"
  # Said apart, or a quiet build would not tell why a test failed.
  dotnet test Engine.sln -c "$configuration" --no-build -nologo -v quiet --logger "console;verbosity=minimal" \
    --logger trx --results-directory "$results" "$@" 2>&1 | tee "$log" || status=$?
  [ $# -gt 0 ] || solidity_tests 2>&1 | tee -a "$log" || status=$?
  read -r passed failed skipped < <(sed -nE \
    's/.*Failed: +([0-9]+), Passed: +([0-9]+), Skipped: +([0-9]+).*/\1 \2 \3/p' "$log" \
    | awk '{ f += $1; p += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
  if [ "$passed" = 0 ] && [ "$status" = 0 ]; then status=1; fi
  if [ "$skipped" != 0 ]; then
    echo "$skipped skipped:"
    skip_reasons "$results"
  fi
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

mutate() {
  publish_executor
  dotnet build tests/Mutations -c "$configuration" -v quiet -nologo
  dotnet artifacts/bin/Culverin.Mutations/release/Culverin.Mutations.dll "$@"
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

# Go's own fuzzing of whatever reads data from outside, each reader in turn for its share of the time. Inputs that reach
# new code are made smaller in few tries: by its own measure the fuzzer spends up to a minute on one, and tries nothing else.
fuzz_executor() {
  local minutes=10 go each package name
  if [ "${1:-}" = --minutes ]; then minutes=${2:?--minutes needs a number}; fi
  need_go
  go=$(go_compiler)
  [ -n "$go" ] || { echo "There is no Go compiler." >&2; exit 1; }
  cd harness/guest
  mapfile -t targets < <(grep -rnoE --include=*_test.go '^func Fuzz[A-Za-z0-9]+' . | sort)
  [ ${#targets[@]} -gt 0 ] || { echo "There is nothing to fuzz." >&2; exit 1; }
  for each in "${targets[@]}"; do
    package=$(dirname "${each%%:*}")
    name=${each##*func }
    echo "$package $name"
    GOTOOLCHAIN=local GOFLAGS="$(go_flags)" "$go" test "$package" -run '^$' -fuzz "^$name\$" \
      -fuzztime "$((minutes * 60 / ${#targets[@]} + 1))s" -fuzzminimizetime 10x
  done
}

# The L2's node, ended again and again; see harness/guest/node/e2e.
crash_node() {
  local go
  export CULVERIN_CRASHES=300
  if [ "${1:-}" = --crashes ]; then CULVERIN_CRASHES=${2:?--crashes needs a number}; fi
  need_contracts
  need_go
  go=$(go_compiler)
  [ -n "$go" ] || { echo "There is no Go compiler." >&2; exit 1; }
  cd harness/guest
  GOTOOLCHAIN=local GOFLAGS="$(go_flags)" "$go" test -count=1 -timeout 60m -run '^TestNothingAcknowledgedIsLost$' -v ./node/e2e
}

# The executor beside anvil; see harness/guest/compare.
compare_executor() {
  local go
  export CULVERIN_TRANSACTIONS=10000
  while [ $# -gt 0 ]; do
    case "$1" in
      --transactions) CULVERIN_TRANSACTIONS=${2:?--transactions needs a number} ;;
      --seed) export CULVERIN_SEED=${2:?--seed needs a number} ;;
      *) usage >&2; exit 2 ;;
    esac
    shift 2
  done
  need_contracts
  need_go
  go=$(go_compiler)
  [ -n "$go" ] || { echo "There is no Go compiler." >&2; exit 1; }
  (cd harness/guest && GOTOOLCHAIN=local GOFLAGS='' "$go" test ./compare -count 1 -v -timeout 0)
}

verb=${1:-help}
[ $# -eq 0 ] || shift
case "$verb" in
  build) build ;;
  contracts) need_contracts; dotnet run --project harness/contractgen -c "$configuration" -v quiet -- harness ;;
  mutate) need_contracts; mutate "$@" ;;
  test) need_contracts; need_browser; need_gdb; build; need_library; run_tests "$@" ;;
  demo) need_contracts; build; dotnet artifacts/bin/Culverin.Harness.Cli/release/culverin-harness.dll demo "$@" ;;
  fuzz) fuzz "$@" ;;
  fuzz-executor) fuzz_executor "$@" ;;
  compare-executor) compare_executor "$@" ;;
  crash-node) crash_node "$@" ;;
  publish) publish ;;
  bench) publish; build; dotnet artifacts/bin/Culverin.Bench/release/Culverin.Bench.dll "$@" ;;
  check) check ;;
  help | --help | -h) usage ;;
  *) usage >&2; exit 2 ;;
esac
