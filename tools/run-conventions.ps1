<#
.SYNOPSIS
Runs check-conventions.ps1 over the built module and prints its result as counts.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0)] [string] $ModulePath
)
$output = pwsh -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot check-conventions.ps1) $ModulePath
$output
$isClean = $LASTEXITCODE -eq 0
'{0} passed, {1} failed, 0 skipped' -f [int]$isClean, [int](-not $isClean)
exit [int](-not $isClean)
