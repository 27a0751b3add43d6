# Dot-sourced by every test file. Imports the built module once, and holds what the tests share.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
$modulePath = $env:WALTG5K_MODULE ? $env:WALTG5K_MODULE : (Join-Path $PSScriptRoot '../../output/WaltG5k')
if (-not (Get-Module WaltG5k)) { Import-Module $modulePath }

# At the default speed ten virtual minutes take one second. Deployments need a slower clock: ours and the sockets' own time counts too.
function Connect-TestGrid([double] $Speed = 600) {
    Connect-G5k -Testbed -Speed $Speed -Force @args | Out-Null
}

# A deployed platform on the testbed, made once per file.
function New-TestPlatform([int] $NodeCount = 3) {
    Connect-TestGrid -Speed 100
    New-G5kReservation -Site nancy -Nodes $NodeCount -ServerNode -Vlan Local -Walltime 100 | New-WaltDeployment | Wait-WaltDeployment
}

# What TAB offers at the end of a line.
function Complete([string] $Line) {
    [Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches.CompletionText
}
