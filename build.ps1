#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds and tests WaltG5k. The same tasks as build.sh.
.PARAMETER Task
build (default): the module in output/WaltG5k and the host in output/host. test: everything, the last line is 'N passed, N failed, N skipped'.
demo: a tour on the embedded testbed. help: the help files from docs/help. bench: measurements. package: archives in output.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('build', 'test', 'demo', 'help', 'bench', 'package')]
    [string] $Task = 'build',

    [string] $Configuration = 'Release'
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
$env:DOTNET_CLI_TELEMETRY_OPTOUT = $env:DOTNET_NOLOGO = $env:POWERSHELL_TELEMETRY_OPTOUT = '1'

$root = $PSScriptRoot
$output = Join-Path $root output
$module = Join-Path $output WaltG5k
$hostFolder = Join-Path $output host
$hostProgram = Join-Path $hostFolder ($IsWindows ? 'waltg5k.exe' : 'waltg5k')
$results = Join-Path $output results
$totals = @{ passed = 0; failed = 0; skipped = 0 }

function Invoke-Dotnet([string[]] $Words) {
    & dotnet @Words | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($Words[0]) ended with status $LASTEXITCODE" }
}

function Publish-Project([string] $Project, [string] $Folder) {
    Invoke-Dotnet -Words 'publish', (Join-Path $root $Project), '-c', $Configuration, '-o', $Folder, '-v', 'quiet', '-p:DebugType=none'
}

# What is shipped reads its views faster; the host also starts from native code, where the SDK's compiler for that can be had.
function Optimize-Folder([string] $Target, [string] $Folder) {
    Invoke-Dotnet -Words ('msbuild', (Join-Path $root tools/Packaging), '-v:quiet', "-p:Folder=$Folder", "-t:$Target" + $args)
}

function Build-Module {
    $staging = Join-Path $output staging
    Remove-Item $module, $staging -Recurse -Force -ErrorAction Ignore
    Publish-Project src/WaltG5k.Cmdlets $staging
    $null = New-Item -ItemType Directory -Force (Join-Path $module deps)
    Copy-Item (Join-Path $staging 'WaltG5k.*.dll') $module
    Copy-Item (Join-Path $staging YamlDotNet.dll) (Join-Path $module deps)
    Copy-Item (Join-Path $root 'module/*') $module -Recurse
    Remove-Item $staging -Recurse -Force
    Optimize-Folder ShrinkViews $module
}

function Build-Host {
    if (-not (Test-Path (Join-Path $root src/WaltG5k.Host))) { return }
    Remove-Item $hostFolder -Recurse -Force -ErrorAction Ignore
    Publish-Project src/WaltG5k.Host $hostFolder
    try { Optimize-Folder Precompile $hostFolder -restore }
    catch { "No native code in ${hostFolder}: waltg5k works all the same, and starts slower." }
}

# The programs of the speculative root, for Linux on x86-64: native code, which takes a C compiler and the headers of zlib.
function Build-SpeculativeRoot {
    $folder = Join-Path $module bootfs
    $null = New-Item -ItemType Directory -Force $folder
    Copy-Item (Join-Path $root 'src/WaltG5k.BootFs/Walt/*'), (Join-Path $root src/WaltG5k.BootFs.Client/initramfs/bootfs) $folder
    $isPossible = $IsLinux -and (uname -m) -eq 'x86_64' -and (Get-Command gcc -ErrorAction Ignore)
    if ($isPossible) {
        '#include <zlib.h>' | gcc -E - 2>&1 | Out-Null
        $isPossible = $LASTEXITCODE -eq 0
    }
    if (-not $isPossible) {
        'THE PROGRAMS OF THE SPECULATIVE ROOT ARE NOT BUILT: they need Linux on x86-64, gcc and zlib.h (Debian: gcc zlib1g-dev).'
        return
    }
    try {
        foreach ($project in 'BootFs', 'BootFs.Client') {
            Invoke-Dotnet -Words 'publish', (Join-Path $root "src/WaltG5k.$project"), '-c', $Configuration, '-o', $folder, '-v', 'quiet', '-p:Native=true'
        }
        Remove-Item (Join-Path $folder *.dbg)
    }
    catch { "THE PROGRAMS OF THE SPECULATIVE ROOT ARE NOT BUILT: $_" }
}

function Invoke-BuildTask {
    Build-Module
    Build-SpeculativeRoot
    Build-Host
    "Built $module"
    if (Test-Path $hostProgram) { "Built $hostProgram" }
}

function Add-Count([string] $Name, [string[]] $Lines) {
    $Lines
    $line = $Lines | Where-Object { $_ -match '^\d+ passed, \d+ failed, \d+ skipped$' } | Select-Object -Last 1
    if (-not $line) { $totals.failed++; "$Name ended without a result"; return }
    $numbers = [regex]::Matches($line, '\d+').Value
    $totals.passed += [int]$numbers[0]
    $totals.failed += [int]$numbers[1]
    $totals.skipped += [int]$numbers[2]
    "${Name}: $line"
}

function Invoke-XunitTest([string] $Project) {
    & dotnet test (Join-Path $root "tests/$Project") -c $Configuration --logger "trx;LogFileName=$Project.trx" --results-directory $results -v quiet
    $trx = Join-Path $results "$Project.trx"
    if (-not (Test-Path $trx)) { return }
    $counters = ([xml](Get-Content -Raw $trx)).TestRun.ResultSummary.Counters
    $total, $executed, $passed = $counters.total, $counters.executed, $counters.passed | ForEach-Object { [int]$_ }
    if ($total) { '{0} passed, {1} failed, {2} skipped' -f $passed, ($executed - $passed), ($total - $executed) }
}

# The real OAR, sshd and QEMU, from Debian's packages, where one may install them.
function Invoke-IntegrationTest {
    if ($IsLinux) {
        $lab = Join-Path $root tests/integration/Lab/lab.sh
        & bash $lab install
        $reason = & bash $lab check
        if ($LASTEXITCODE -ne 0) { "THE REAL OAR IS NOT TESTED: $reason" }
        $machines = Join-Path $root tests/integration/VirtualMachines/machines.sh
        & bash $machines install
        $reason = & bash $machines check
        if ($LASTEXITCODE -ne 0) { "THE REAL QEMU IS NOT TESTED: $reason" }
    }
    else { 'NEITHER THE REAL OAR NOR THE REAL QEMU IS TESTED: their packages are for Debian' }
    Invoke-XunitTest integration
}

function Invoke-Child([string] $Script) {
    pwsh -NoProfile -NonInteractive -File (Join-Path $root $Script) @args
}

# A PowerShell that `dotnet tool run` started has no program of its own: children need one on the PATH.
function Enable-Pwsh {
    if (Get-Command pwsh -CommandType Application -ErrorAction Ignore) { return }
    $tools = Join-Path $output tools
    $null = New-Item -ItemType Directory -Force $tools
    $assembly = Join-Path $PSHOME pwsh.dll
    if ($IsWindows) { Set-Content (Join-Path $tools pwsh.cmd) "@dotnet `"$assembly`" %*" }
    else {
        Set-Content (Join-Path $tools pwsh) "#!/bin/sh`nexec dotnet '$assembly' `"`$@`""
        chmod +x (Join-Path $tools pwsh)
    }
    $env:PATH = $tools + [IO.Path]::PathSeparator + $env:PATH
}

function Invoke-TestTask {
    Enable-Pwsh
    Invoke-BuildTask
    Remove-Item $results -Recurse -Force -ErrorAction Ignore
    $null = New-Item -ItemType Directory $results
    Add-Count xUnit @(Invoke-XunitTest unit)
    Add-Count Integration @(Invoke-IntegrationTest)
    Add-Count Pester @(Invoke-Child tests/pester/run.ps1 $module)
    Add-Count Conventions @(Invoke-Child tools/run-conventions.ps1 $module)
    Add-Count 'Script analysis' @(Invoke-Child tools/run-analysis.ps1)
    '{0} passed, {1} failed, {2} skipped' -f $totals.passed, $totals.failed, $totals.skipped
    if ($totals.failed) { exit 1 }
}

function Invoke-DemoTask {
    if (-not (Test-Path $hostProgram)) { Invoke-BuildTask }
    & $hostProgram -File (Join-Path $root demo/demo.waltg5k)
    exit $LASTEXITCODE
}

function Invoke-HelpTask {
    $builder, $pages, $target = 'tools/WaltG5k.HelpBuilder', 'docs/help', 'module/en-US' | ForEach-Object { Join-Path $root $_ }
    Invoke-Dotnet -Words 'run', '--project', $builder, '-c', $Configuration, '-v', 'quiet', '--', $pages, $target
}

function Invoke-BenchTask {
    Invoke-BuildTask
    foreach ($project in Get-ChildItem (Join-Path $root bench) -Recurse -Filter *.csproj) {
        Invoke-Dotnet -Words 'run', '--project', $project.FullName, '-c', 'Release', '-v', 'quiet'
    }
}

function Invoke-PackageTask {
    Invoke-BuildTask
    $version = (Import-PowerShellDataFile (Join-Path $root module/WaltG5k.psd1)).ModuleVersion
    Compress-Archive -Path $module -DestinationPath (Join-Path $output "WaltG5k-$version.zip") -Force
    if (Test-Path $hostProgram) { Compress-Archive -Path $hostFolder -DestinationPath (Join-Path $output "waltg5k-host-$version.zip") -Force }
    Get-ChildItem $output -Filter *.zip | ForEach-Object FullName
}

switch ($Task) {
    'build' { Invoke-BuildTask }
    'test' { Invoke-TestTask }
    'demo' { Invoke-DemoTask }
    'help' { Invoke-HelpTask }
    'bench' { Invoke-BenchTask }
    'package' { Invoke-PackageTask }
}
