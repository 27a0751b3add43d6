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

if (-not ($pester = & (Join-Path $PSScriptRoot Find-Pester.ps1))) {
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
