<#
.SYNOPSIS
Runs one file of Pester tests with the data that comes as JSON on standard input; the status is the number of failures.
#>
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $Path)
$ErrorActionPreference = 'Stop'
$data = [Console]::In.ReadToEnd() | ConvertFrom-Json -AsHashtable
$PSStyle.OutputRendering = 'PlainText'
Import-Module $data.Pester
$data.Remove('Pester')
$configuration = New-PesterConfiguration
$configuration.Run.Container = New-PesterContainer -Path $Path -Data $data
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'PlainText'
$result = Invoke-Pester -Configuration $configuration
exit $result.FailedCount + $result.FailedContainersCount + $result.FailedBlocksCount
