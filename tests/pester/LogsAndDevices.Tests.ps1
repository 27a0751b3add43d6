BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    $session = Connect-G5k -Testbed -Speed 100 -Force
    $deployment = New-G5kReservation -Site nancy -Nodes 2 -ServerNode -Vlan Local -Walltime 100 | New-WaltDeployment | Wait-WaltDeployment
    $nodes = @($deployment.Nodes.WaltName)
}
AfterAll {
    Remove-WaltDeployment -Confirm:$false
    Disconnect-G5k -Force
}

Describe 'Logs' {
    It 'show the events of the platform in order' {
        $lines = @(Get-WaltLog walt-server -Stream '^platform\.nodes$')
        $lines.Line | Should -Contain "node $($nodes[0]) is booted"
        $lines.Timestamp | Should -Be ($lines.Timestamp | Sort-Object)
    }
    It 'are chosen by nodes from the pipeline, and by what they say' {
        $lines = @(Get-WaltNode $nodes[0] | Get-WaltLog -Pattern 'init$')
        $lines.Issuer | Select-Object -Unique | Should -Be $nodes[0]
        $lines.Line | Select-Object -Unique | Should -Be 'walt-init: exec /sbin/init'
    }
    It 'show their first and last lines only' {
        $all = @(Get-WaltLog)
        (Get-WaltLog -First 2).Line | Should -Be $all[0..1].Line
        (Get-WaltLog -Tail 2).Line | Should -Be $all[-2..-1].Line
    }
    It 'take a time ago as it is typed: <From>' -ForEach @(
        @{ From = '-1d'; Code = { Get-WaltLog -From -1d -First 1 } }
        @{ From = '-10000s'; Code = { Get-WaltLog -From -10000s -First 1 } }
        @{ From = '-600m'; Code = { Get-WaltLog -From -600m -First 1 } }
        @{ From = 'a TimeSpan'; Code = { Get-WaltLog -From ([timespan]'1.00:00') -First 1 } }
        @{ From = 'a date'; Code = { Get-WaltLog -From $deployment.StartedAt -First 1 } }
    ) { & $Code | Should -Not -BeNullOrEmpty }
    It 'refuse a moment that is none' { { Get-WaltLog -From 'last tuesday' } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*' }
    It 'refuse an expression that WalT does not understand' { { Get-WaltLog -Pattern '\d' } | Should -Throw -ErrorId 'PatternInvalid,*' }
    It 'name an issuer that nobody knows' {
        Get-WaltLog nobody -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failure.FullyQualifiedErrorId | Should -Be 'WaltDeviceNotFound,WaltG5k.Commands.GetWaltLogCommand'
    }
    It 'write nothing for nothing' { @() | Get-WaltLog | Should -BeNullOrEmpty }
    It 'are followed until somebody has enough' { @(Get-WaltLog -From -1d -Follow | Select-Object -First 3).Count | Should -Be 3 }
    It 'are stopped within a second' {
        $shell = [powershell]::Create([Management.Automation.RunspaceMode]::NewRunspace)
        $null = $shell.AddScript({ param($module, $session) Import-Module $module; Get-WaltLog -Follow -Connection $session }).AddArgument((Get-Module WaltG5k).ModuleBase).AddArgument($session)
        $running = $shell.BeginInvoke()
        Start-Sleep -Milliseconds 700
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $watch.ElapsedMilliseconds | Should -BeLessThan 1000
        $shell.Dispose()
    }
    It 'are waited for, by any or each' {
        (Wait-WaltLog booted walt-server -TimeMargin 86400).Line | Should -Match booted
        @(Get-WaltNode | Wait-WaltLog walt-init -Mode All -TimeMargin 86400).Issuer | Sort-Object | Should -Be ($nodes | Sort-Object)
    }
    It 'name each issuer that did not print in time' {
        $lines = Wait-WaltLog 'no such line' $nodes -Mode All -Timeout 2 -ErrorVariable failures -ErrorAction SilentlyContinue
        $lines | Should -BeNullOrEmpty
        $failures.TargetObject | Sort-Object | Should -Be ($nodes | Sort-Object)
        $failures[0].FullyQualifiedErrorId | Should -Be 'LogLineMissing,WaltG5k.Commands.WaitWaltLogCommand'
    }
    It 'are waited for as a job' { (Wait-WaltLog booted walt-server -TimeMargin 86400 -AsJob | Receive-Job -Wait -AutoRemoveJob).Line | Should -Match booted }
}

Describe 'Checkpoints' {
    It 'are added, found, used and removed' {
        $checkpoint = Add-WaltCheckpoint before-1 -Date -1d
        (Get-WaltCheckpoint before-*).Timestamp | Should -Be $checkpoint.Timestamp
        Complete 'Get-WaltCheckpoint bef' | Should -Contain before-1
        @(Get-WaltLog -From before-1 -First 1).Count | Should -Be 1
        Get-WaltLog -To before-1 | Should -BeNullOrEmpty
        Get-WaltCheckpoint before-1 | Remove-WaltCheckpoint -Confirm:$false
        Get-WaltCheckpoint | Should -BeNullOrEmpty
    }
    It 'have names that WalT takes' { { Add-WaltCheckpoint -Name '-x' -ErrorAction Stop } | Should -Throw -ErrorId 'CheckpointNameInvalid,*' }
    It 'are errors where they are not' {
        { Remove-WaltCheckpoint nothing -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'CheckpointNotFound,*'
        { Get-WaltLog -From nothing } | Should -Throw -ErrorId 'CheckpointNotFound,*'
    }
    It 'are left alone by -WhatIf' {
        Add-WaltCheckpoint never -WhatIf
        Get-WaltCheckpoint | Should -BeNullOrEmpty
    }
}

Describe 'Devices' {
    It 'are listed by name, type and set' {
        (Get-WaltDevice).Name | Should -Be (@($nodes | Sort-Object) + 'walt-server' + 'switch-1' + 'switch-2')
        (Get-WaltDevice -Type switch).Name | Should -Be switch-1, switch-2
        (Get-WaltDevice explorable-switches, server).Name | Should -Be walt-server, switch-1
        (Get-WaltDevice switch-*).Name | Should -Be switch-1, switch-2
        { Get-WaltDevice nobody -ErrorAction Stop } | Should -Throw -ErrorId 'WaltDeviceNotFound,*'
        Complete 'Get-WaltDevice switch-' | Should -Be switch-1, switch-2
    }
    It 'hang on switches' {
        (Update-WaltDevice).IsOk | Should -Not -Contain $false
        $tree = Get-WaltDevice -Tree
        $tree[0].Name | Should -Be switch-1
        ($tree | Where-Object Name -eq $nodes[0]).Parent | Should -Be switch-1
        (Get-WaltSwitchPort switch-1 1).Peer | Should -Be walt-server
        (Get-WaltSwitchPort switch-1 2 | Set-WaltSwitchPort -NewName SR32C14 -PassThru).Name | Should -Be SR32C14
        (Get-WaltDevice -Tree).Port | Should -Contain SR32C14
        { Set-WaltSwitchPort switch-1 2 'a b' -ErrorAction Stop } | Should -Throw -ErrorId 'PortNameInvalid,*'
    }
    It 'answer, or do not' {
        Get-WaltNode | Test-WaltDevice -Count 2 | Should -Be $true, $true
        Test-WaltDevice walt-server | Should -BeTrue
    }
    It 'have settings that are checked before they are sent' {
        { Set-WaltDeviceConfiguration $nodes[0] kexec.allow=maybe } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        { Set-WaltDeviceConfiguration $nodes[0] kexec.alow=true } | Should -Throw '*kexec.allow*'
        $changed = Set-WaltDeviceConfiguration $nodes[0], switch-1 @{ 'kexec.allow' = $false } -PassThru -ErrorVariable failure -ErrorAction SilentlyContinue
        $changed.Name | Should -Be $nodes[0]
        $changed.Settings['kexec.allow'] | Should -Be false
        $failure.FullyQualifiedErrorId | Should -Match '^SettingNotApplicable,'
        (Get-WaltNode $nodes[0]).Configuration['kexec.allow'] | Should -Be false
        Complete 'Set-WaltDeviceConfiguration x kexec' | Should -Be "'kexec.allow='"
    }
    It 'of other users are left alone' {
        $server = Connect-WaltServer $deployment.Server -UserName jdoe
        Disconnect-WaltServer
        { Set-WaltDeviceConfiguration $nodes[0] boot.retries=1 -Server $server -ErrorAction Stop } | Should -Throw -ErrorId 'NodeNotOwned,*'
        Set-WaltDeviceConfiguration $nodes[0] boot.retries=1 -Server $server -Force
    }
    It 'are renamed and forgotten' {
        (Rename-WaltDevice switch-2 attic -PassThru).Name | Should -Be attic
        { Rename-WaltDevice attic switch-1 -ErrorAction Stop } | Should -Throw -ErrorId 'DeviceExists,*'
        Remove-WaltDevice attic -WhatIf
        (Get-WaltDevice attic).Name | Should -Be attic
        Get-WaltDevice attic | Remove-WaltDevice -Confirm:$false
        { Get-WaltDevice attic -ErrorAction Stop } | Should -Throw -ErrorId 'WaltDeviceNotFound,*'
        { Remove-WaltDevice walt-server -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'DeviceNotForgettable,*'
    }
}
