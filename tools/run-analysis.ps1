<#
.SYNOPSIS
Runs PSScriptAnalyzer, where it is installed, over the scripts of the repository and prints one count per file.
#>
[CmdletBinding()]
param()
$root = Split-Path $PSScriptRoot
$files = Get-ChildItem -LiteralPath $root -Recurse -Include *.ps1, *.psd1 -File |
    Where-Object FullName -NotMatch '[\\/](output|bin|obj|\.git)[\\/]' | Sort-Object FullName
if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) {
    'THE SCRIPTS ARE NOT ANALYSED: PSScriptAnalyzer is not installed'
    '0 passed, 0 failed, {0} skipped' -f @($files).Count
    exit 0
}
$failed = 0
foreach ($file in $files) {
    $findings = @(Invoke-ScriptAnalyzer -Path $file.FullName -Settings (Join-Path $PSScriptRoot analyzer-settings.psd1))
    if ($findings) { $failed++ }
    foreach ($finding in $findings) { '{0}:{1} {2}: {3}' -f $file.Name, $finding.Line, $finding.RuleName, $finding.Message }
}
'{0} passed, {1} failed, 0 skipped' -f (@($files).Count - $failed), $failed
exit [int]($failed -gt 0)
