<#
.SYNOPSIS
Runs the Pester tests over a built module and prints 'N passed, N failed, N skipped' as its last line.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $ModulePath,
    [string] $Path = $PSScriptRoot
)
$ErrorActionPreference = 'Stop'
$env:WALTG5K_MODULE = $ModulePath
$env:XDG_CACHE_HOME = Join-Path ([IO.Path]::GetTempPath()) "waltg5k-tests-$PID"
$files = Get-ChildItem -Path $Path -Filter *.Tests.ps1

# The Pester 5 that is installed, or the package that PesterModule.csproj names; nothing where the registry does not offer that.
function Find-Pester {
    $installed = Get-Module -ListAvailable Pester | Where-Object { $_.Version -ge '5.5' -and $_.Version -lt '6.0' } | Sort-Object Version | Select-Object -Last 1
    if ($installed) { return $installed.Path }
    $project = Join-Path $PSScriptRoot PesterModule.csproj
    dotnet restore $project -v quiet | Out-Host
    if ($LASTEXITCODE -eq 0) { Join-Path (dotnet msbuild $project -getProperty:PkgPester) tools/Pester.psd1 }
}

if (-not ($pester = Find-Pester)) {
    'PESTER DID NOT RUN: it is not installed, and its package cannot be restored'
    '0 passed, 0 failed, {0} skipped' -f @($files).Count
    exit 0
}
Import-Module $pester
$configuration = New-PesterConfiguration
$configuration.Run.Path = $files.FullName
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'PlainText'
try { $result = Invoke-Pester -Configuration $configuration }
finally { Remove-Item $env:XDG_CACHE_HOME -Recurse -Force -ErrorAction Ignore }
$failed = $result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount
'{0} passed, {1} failed, {2} skipped' -f $result.PassedCount, $failed, ($result.SkippedCount + $result.NotRunCount)
exit [int]($failed -gt 0)
