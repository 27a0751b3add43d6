#!/usr/bin/env bash
# Builds and tests WaltG5k. Needs the .NET SDK; uses PowerShell where there is one.
#   ./build.sh [build|test|demo|help|bench|package]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off
configuration=${CONFIGURATION:-Release}
output=output
module=$output/WaltG5k
host=$output/host
results=$output/results

# One compiler for all that is built here; it ends with this script.
export UseSharedCompilation=true
trap 'dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1 || true' EXIT

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

command -v dotnet >/dev/null || die "The .NET SDK is missing: see https://dot.net"

# Programs made by dotnet look for it in the system's folder only; it may be elsewhere.
export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}

# Puts a `pwsh` on the PATH: the one of this machine, or the tool that .config/dotnet-tools.json names.
find_pwsh() {
    command -v pwsh >/dev/null && return
    local home
    if dotnet tool restore >/dev/null 2>&1 && home=$(dotnet tool run pwsh -NoProfile -Command '$PSHOME' 2>/dev/null); then
        mkdir -p "$output/tools"
        printf '#!/bin/sh\nexec dotnet "%s/pwsh.dll" "$@"\n' "$home" >"$output/tools/pwsh"
        chmod +x "$output/tools/pwsh"
        export PATH=$PWD/$output/tools:$PATH
        say "No PowerShell is installed here: using the one of the package registry."
    else
        say "No PowerShell here, and the package registry does not offer it: going on with the bundled host."
        return 1
    fi
}

publish() { dotnet publish "$1" -c "$configuration" -o "$2" -v quiet "${@:3}"; }

# What is shipped reads its views faster; the host also starts from native code, where the SDK's compiler for that can be had.
packaging() { dotnet msbuild tools/Packaging -v:quiet -p:Folder="$PWD/$2" "-t:$1" "${@:3}"; }

build_module() {
    rm -rf "$module"
    local staging=$output/staging
    rm -rf "$staging"
    publish src/WaltG5k.Cmdlets "$staging" -p:DebugType=none -p:GenerateDocumentationFile=false
    mkdir -p "$module/deps"
    cp "$staging"/WaltG5k.*.dll "$module/"
    cp "$staging"/YamlDotNet.dll "$module/deps/"
    cp -r module/. "$module/"
    rm -rf "$staging"
    packaging ShrinkViews "$module"
}

build_host() {
    [ -d src/WaltG5k.Host ] || return 0
    rm -rf "$host"
    publish src/WaltG5k.Host "$host" -p:DebugType=none
    packaging Precompile "$host" -restore >"$output/precompile.log" 2>&1 ||
        say "No native code in $host, see $output/precompile.log: waltg5k works all the same, and starts slower."
}

# The programs of the speculative root, for Linux on x86-64: native code, which takes a C compiler and the headers of zlib. A quarter of a minute.
build_bootfs() {
    local folder=$module/bootfs log=$output/bootfs.log project
    mkdir -p "$folder"
    cp src/WaltG5k.BootFs/Walt/* src/WaltG5k.BootFs.Client/initramfs/bootfs "$folder/"
    if [ "$(uname -sm)" != "Linux x86_64" ] || ! command -v gcc >/dev/null || ! echo '#include <zlib.h>' | gcc -E - >/dev/null 2>&1; then
        say "THE PROGRAMS OF THE SPECULATIVE ROOT ARE NOT BUILT: they need Linux on x86-64, gcc and zlib.h (Debian: gcc zlib1g-dev)."
        return
    fi
    for project in BootFs BootFs.Client; do
        publish "src/WaltG5k.$project" "$folder" -p:Native=true >"$log" 2>&1 || { say "THE PROGRAMS OF THE SPECULATIVE ROOT ARE NOT BUILT, see $log"; return; }
    done
    rm -f "$folder"/*.dbg
    say "Built $folder/waltg5k-bootfs and waltg5k-bootfs-client"
}

task_build() {
    build_module
    build_bootfs
    build_host
    say "Built $module"
    if [ -d "$host" ]; then say "Built $host/waltg5k"; fi
}

task_help() { dotnet run --project tools/WaltG5k.HelpBuilder -c "$configuration" -v quiet -- docs/help module/en-US; }

passed=0 failed=0 skipped=0
# Adds "N passed, N failed, N skipped" of a runner, the last such line of a file.
add_counts() {
    local name=$1 file=$2 line
    line=$(grep -Eo '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$file" | tail -n 1 || true)
    if [ -z "$line" ]; then
        say "$name ended without a result"
        failed=$((failed + 1))
        return
    fi
    local p f s
    read -r p f s <<<"$(tr -cs '0-9\n' ' ' <<<"$line")"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    say "$name: $line"
}

# Runs a check that prints its own counts; its output is kept and shown.
run_counted() {
    local name=$1 log=$results/$2.log
    shift 2
    "$@" >"$log" 2>&1 || true
    show_counted "$name" "$log"
}

show_counted() {
    cat "$2"
    add_counts "$1" "$2"
}

# What failed once more, all in one place: the whole output is long.
name_failures() { grep -hE '\[FAIL\]|^ *\[-\]' "$results"/*.log | sed -E 's/^(\[xUnit[^]]*\])? */FAILED: /' || true; }

# Adds up what `dotnet test` wrote about one project.
count_trx() {
    local attributes total executed ok
    attributes=$(grep -o '<Counters [^>]*' "$results/$1.trx" | head -n 1) || return 0
    total=$(sed -E 's/.* total="([0-9]+)".*/\1/' <<<"$attributes")
    executed=$(sed -E 's/.* executed="([0-9]+)".*/\1/' <<<"$attributes")
    ok=$(sed -E 's/.* passed="([0-9]+)".*/\1/' <<<"$attributes")
    [ "$total" -gt 0 ] && say "$ok passed, $((executed - ok)) failed, $((total - executed)) skipped"
}

run_xunit() {
    local status=0
    timeout 2400 dotnet test "tests/$1" -c "$configuration" --no-build --logger "trx;LogFileName=$1.trx" --results-directory "$results" -v quiet || status=$?
    count_trx "$1"
    return $status
}

# The real OAR, sshd and QEMU, from Debian's packages, where one may install them.
run_integration() {
    local reason
    tests/integration/Lab/lab.sh install || true
    reason=$(tests/integration/Lab/lab.sh check) || say "THE REAL OAR IS NOT TESTED: $reason"
    tests/integration/BootLab/bootlab.sh install || true
    reason=$(tests/integration/BootLab/bootlab.sh check) || say "REAL BOOTS ARE NOT TESTED: $reason"
    tests/integration/VirtualMachines/machines.sh install || true
    reason=$(tests/integration/VirtualMachines/machines.sh check) || say "THE REAL QEMU IS NOT TESTED: $reason"
    [ -n "${WALTG5K_BOOTFS:-}" ] ||
        say "BOOTS WITH THE SPECULATIVE ROOT ARE NOT TESTED: beside the other tests they are too slow; by themselves: WALTG5K_BOOTFS=$PWD/$module/bootfs"
    run_xunit integration
}

task_test() {
    task_build
    rm -rf "$results"
    mkdir -p "$results"
    local suite
    for suite in unit integration; do dotnet build "tests/$suite" -c "$configuration" -v quiet --nologo -clp:NoSummary; done
    local has_pwsh=1
    find_pwsh || has_pwsh=0
    # Real programs are waited for more than they work: they are tested beside all else.
    run_integration >"$results/integration.log" 2>&1 &
    local integration=$!
    run_counted "xUnit" xunit run_xunit unit
    if [ "$has_pwsh" = 1 ]; then
        run_counted "Pester" pester pwsh -NoProfile -NonInteractive -File tests/pester/run.ps1 "$PWD/$module"
        run_counted "Conventions" conventions pwsh -NoProfile -NonInteractive -File tools/run-conventions.ps1 "$PWD/$module"
        run_counted "Script analysis" analysis pwsh -NoProfile -NonInteractive -File tools/run-analysis.ps1
    else
        skipped=$((skipped + 3))
        say "Pester, conventions and script analysis need PowerShell: skipped"
    fi
    wait "$integration" || true
    show_counted "Integration" "$results/integration.log"
    name_failures
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}

task_demo() {
    [ -x "$host/waltg5k" ] || task_build
    "$host/waltg5k" -File demo/demo.waltg5k
}

task_bench() {
    [ -d bench ] || die "There is no bench folder."
    task_build
    local project
    for project in bench/*/*.csproj bench/*.csproj; do
        if [ -e "$project" ]; then dotnet run --project "$project" -c Release -v quiet; fi
    done
}

task_package() {
    task_build
    local version
    version=$(sed -nE "s/^ *ModuleVersion *= *'([^']+)'.*/\1/p" module/WaltG5k.psd1)
    rm -f "$output"/*.tar.gz
    tar -C "$output" --sort=name --owner=0 --group=0 --numeric-owner --mtime='2026-01-01' -czf "$output/WaltG5k-$version.tar.gz" WaltG5k
    say "$output/WaltG5k-$version.tar.gz"
    if [ -d "$host" ]; then
        tar -C "$output" --sort=name --owner=0 --group=0 --numeric-owner --mtime='2026-01-01' -czf "$output/waltg5k-host-$version.tar.gz" host
        say "$output/waltg5k-host-$version.tar.gz"
    fi
}

case ${1:-build} in
    build|test|demo|help|bench|package) "task_${1:-build}" ;;
    *) die "Unknown task '$1': build, test, demo, help, bench or package." ;;
esac
