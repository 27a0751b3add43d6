# Dot-sourced by every test file. Imports the built module once, and holds what the tests share.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
$modulePath = $env:WALTG5K_MODULE ? $env:WALTG5K_MODULE : (Join-Path $PSScriptRoot '../../output/WaltG5k')
if (-not (Get-Module WaltG5k)) { Import-Module $modulePath }

# Ten virtual minutes take one second.
function Connect-TestGrid {
    Connect-G5k -Testbed -Speed 600 -Force @args | Out-Null
}

# A deployed platform on the testbed, made once per file.
function New-TestPlatform([int] $NodeCount = 3) {
    Connect-TestGrid
    New-G5kReservation -Site nancy -Nodes $NodeCount -ServerNode -Vlan Local -Walltime 100 | New-WaltDeployment | Wait-WaltDeployment
}

# What TAB offers at the end of a line.
function Complete([string] $Line) {
    [Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches.CompletionText
}

# The error records of a block, none of which ends the test.
function Get-ErrorOf([scriptblock] $Block) {
    $ErrorActionPreference = 'Continue'
    $caught = $null
    try { $null = & $Block -ErrorVariable caught 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } -OutVariable records }
    catch { $records = @($_) }
    $records
}
