<#
.SYNOPSIS
Prints the path of a Pester 5 module: the one that is installed, or the package that PesterModule.csproj names. Nothing where the registry does not offer that.
#>
[CmdletBinding()]
param()
$installed = Get-Module -ListAvailable Pester | Where-Object { $_.Version -ge '5.5' -and $_.Version -lt '6.0' } | Sort-Object Version | Select-Object -Last 1
if ($installed) { return $installed.Path }
$project = Join-Path $PSScriptRoot PesterModule.csproj
$null = dotnet restore $project -v quiet
if ($LASTEXITCODE -eq 0) { Join-Path (dotnet msbuild $project -getProperty:PkgPester) tools/Pester.psd1 }
