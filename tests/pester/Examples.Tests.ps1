# Every example of every help page runs on the embedded testbed.
BeforeDiscovery {
    $root = Resolve-Path (Join-Path $PSScriptRoot ../..)
    $names = (Import-PowerShellDataFile (Join-Path $root module/WaltG5k.psd1)).CmdletsToExport
    # What has to be there before an example runs.
    $needs = @{
        'Get-WaltNode' = 'platform'; 'Connect-WaltServer' = 'platform'; 'Disconnect-WaltServer' = 'platform'; 'Get-WaltServer' = 'platform'; 'Get-WaltImage' = 'platform'; 'Invoke-WaltNodeBoot' = 'platform'; 'Measure-WaltBoot' = 'platform'; 'Get-WaltBootHistory' = 'platform'; 'Test-WaltBootPath' = 'platform'; 'Get-WaltBootPath' = 'platform'; 'Wait-WaltNode' = 'platform'
        'Get-WaltLog' = 'platform'; 'Wait-WaltLog' = 'platform'; 'Get-WaltCheckpoint' = 'platform'; 'Add-WaltCheckpoint' = 'platform'; 'Remove-WaltCheckpoint' = 'platform'
        'Get-WaltDevice' = 'platform'; 'Update-WaltDevice' = 'platform'; 'Rename-WaltDevice' = 'platform'; 'Remove-WaltDevice' = 'platform'; 'Test-WaltDevice' = 'platform'
        'Get-WaltDeviceConfiguration' = 'platform'; 'Set-WaltDeviceConfiguration' = 'platform'; 'Get-WaltSwitchPort' = 'platform'; 'Set-WaltSwitchPort' = 'platform'
        'Enable-WaltSpeculativeBoot' = 'platform'; 'Disable-WaltSpeculativeBoot' = 'platform'
        'Build-WaltImage' = 'platform'
        'Compress-WaltImage' = 'platform'
        'Copy-WaltImage' = 'platform'
        'Copy-WaltImageItem' = 'platform'
        'Edit-WaltImage' = 'platform'
        'Enter-WaltImage' = 'platform'
        'Find-WaltImage' = 'platform'
        'Import-WaltImage' = 'platform'
        'Publish-WaltImage' = 'platform'
        'Remove-WaltImage' = 'platform'
        'Rename-WaltImage' = 'platform'
        'Update-WaltDefaultImage' = 'platform'
        'Get-WaltDeployment' = 'platform'; 'Get-WaltDeploymentStep' = 'platform'; 'Get-WaltFinding' = 'platform'; 'Remove-WaltDeployment' = 'platform'
        'Invoke-WaltNodeCommand' = 'platform'; 'Invoke-WaltNodeBlink' = 'platform'; 'Lock-WaltNode' = 'platform'; 'Unlock-WaltNode' = 'platform'; 'Restart-WaltNode' = 'platform'; 'Rename-WaltNode' = 'platform'
        'Save-WaltNodeImage' = 'platform'; 'Get-WaltNodeConfiguration' = 'platform'; 'Set-WaltNodeConfiguration' = 'platform'; 'Copy-WaltNodeItem' = 'platform'; 'Enter-WaltNode' = 'platform'; 'Enter-WaltNodeConsole' = 'platform'; 'New-WaltPortForward' = 'platform'; 'Get-WaltPortForward' = 'platform'; 'Remove-WaltPortForward' = 'platform'
        'Test-WaltNode' = 'platform'; 'New-WaltVirtualNode' = 'platform'; 'Remove-WaltVirtualNode' = 'platform'
        'Get-WaltRecipe' = 'recipe'; 'Set-WaltRecipe' = 'recipe'; 'Rename-WaltRecipe' = 'recipe'; 'Remove-WaltRecipe' = 'recipe'; 'Test-WaltRecipe' = 'recipe'
        'Get-G5kReservation' = 'reservation'
        'Deploy-G5kNode' = 'job'
    }
    $examples = foreach ($name in $names) {
        $page = Get-Content -Raw (Join-Path $root "docs/help/$name.md")
        foreach ($match in [regex]::Matches($page, '(?ms)^### (Example \d+): ([^\n]+)\n```powershell\n(.*?)\n```')) {
            $need = $needs[$name]
            if ($name -eq 'Wait-WaltDeployment' -and $match.Groups[3].Value -notmatch '^New-') { $need = 'platform' }
            @{ Cmdlet = $name; Title = $match.Groups[2].Value; Code = $match.Groups[3].Value; Need = $need }
        }
    }
}
BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    $folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "waltg5k-examples-$PID") -Force
    Push-Location $folder
    $PSDefaultParameterValues['Connect-G5k:Force'] = $true
}
AfterAll {
    Disconnect-G5k -Force
    Pop-Location
    Remove-Item $folder -Recurse -Force -ErrorAction Ignore
    $PSDefaultParameterValues.Remove('Connect-G5k:Force')
}

Describe 'Examples' {
    It '<Cmdlet>: <Title>' -ForEach $examples {
        switch ($Need) {
            'platform' { try { $state = "$((Get-WaltDeployment).State)" } catch { $state = 'none' }; if ($state -ne 'Ready') { $null = New-TestPlatform 2 }; Disconnect-WaltServer }
            default { Connect-TestGrid -Speed 100 }
        }
        if ($Need -eq 'recipe') { $null = New-WaltRecipe demo -NodeCount @{ nancy = 2; rennes = 1 } -ServerSite nancy }
        if ($Need -eq 'job') { $job = Submit-OarJob 'sleep 3600' -Site nancy -NodeCount 4 -Cluster gros -Deploy -Walltime 2:00 -Name demo | Wait-OarJob -For Running }
        if ($Need -eq 'reservation') { $null = New-G5kReservation -Site nancy -Name demo -Walltime 100 }
        $ErrorActionPreference = 'Stop'
        & ([scriptblock]::Create($Code)) | Out-String | Out-Null
    }
}
