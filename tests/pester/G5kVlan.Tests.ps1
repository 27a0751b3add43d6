BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    # Two nodes and a local VLAN, held by a job that runs.
    function New-WiredJob { Submit-OarJob 'sleep 36000' -Site nancy -Cluster gros -NodeCount 2 -Deploy -Vlan Local -Walltime 10:00 -Name wired | Wait-OarJob -For Running }
}
AfterAll { Disconnect-G5k -Force }

Describe 'VLANs' {
    BeforeAll {
        Connect-TestGrid -Speed 0
        $job = New-WiredJob
        $vlan = $job | Get-G5kVlan
    }
    It 'are listed by site, kind and number' {
        @(Get-G5kVlan -Site nancy -Kind Local).Id | Should -Be '1', '2', '3'
        (Get-G5kVlan DEFAULT -Site nancy).Kind | Should -Be None
        @(Get-G5kVlan -Site nancy -Kind Local -Free).Id | Should -Not -Contain $vlan.Id
        $failure = { Get-G5kVlan 99 -Site nancy } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'VlanNotFound,*'
    }
    It 'of a job tell their users and jobs' {
        $vlan.Kind | Should -Be Local
        $vlan.Jobs | Should -Contain $job.Id
        $vlan.Users.Count | Should -Be 1
        $vlan.Dhcp | Should -Be Unknown
    }
    It 'take nodes and give them back, port by port' {
        $results = @($job | Set-G5kVlan $vlan -PassThru)
        $results.IsAttached | Should -Be $true, $true
        ($job | Get-G5kVlan).Nodes | Should -Be $job.Nodes
        $results = @($job | Set-G5kVlan DEFAULT -PassThru)
        $results.Vlan | Should -Be 'DEFAULT', 'DEFAULT'
        ($job | Get-G5kVlan).Nodes | Should -BeNullOrEmpty
    }
    It 'take the second adapter alone' {
        $results = @($job | Set-G5kVlan $vlan -Adapter eth1 -Method Command -PassThru)
        $results.NetworkAddress | Should -Be ($job.Nodes -replace '^([^.]+)', '$1-eth1')
        $results.IsAttached | Should -Be $true, $true
        $job | Set-G5kVlan DEFAULT -Adapter eth1
    }
    It 'are refused where there is no right' {
        $failure = { $job | Set-G5kVlan 5 } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'KavlanRefused,*'
        $failure.CategoryInfo.Category | Should -Be PermissionDenied
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
    It 'refuse a bad number with <_>' -ForEach 'x', '-1', '12345' {
        { $job | Set-G5kVlan $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
    It 'have a DHCP service that can be stopped and started' {
        ($vlan | Disable-G5kVlanDhcp -PassThru).Dhcp | Should -Be Disabled
        ($vlan | Enable-G5kVlanDhcp -PassThru).Dhcp | Should -Be Enabled
        $vlan | Disable-G5kVlanDhcp -WhatIf
        ($job | Get-G5kVlan).Dhcp | Should -Be Enabled
    }
    It 'can be shared' {
        ($vlan | Add-G5kVlanUser -User asmith -PassThru).Users | Should -Contain asmith
        ($vlan | Remove-G5kVlanUser -User asmith -PassThru -Confirm:$false).Users | Should -Not -Contain asmith
    }
    It 'are completed' {
        Complete 'Set-G5kVlan -Vlan ' | Should -Contain 'DEFAULT'
        Complete 'Get-G5kVlan -Kind ' | Should -Contain 'Local'
    }
}

Describe 'A port that does not move' {
    It 'is a result and an error of its own' {
        Connect-TestGrid -Speed 0 -Fault 'kavlan-not-set:gros-1'
        $job = New-WiredJob
        $results = @($job | Set-G5kVlan ($job | Get-G5kVlan) -PassThru -ErrorAction SilentlyContinue -ErrorVariable failures)
        $results.IsAttached | Should -Be ($job.Nodes | ForEach-Object { $_ -notlike 'gros-1.*' })
        @($failures | Where-Object FullyQualifiedErrorId -Like 'VlanNotSet,*').Count | Should -Be @($results | Where-Object { -not $_.IsAttached }).Count
    }
    It 'is set again until it does' {
        Connect-TestGrid -Speed 0 -Fault 'kavlan-not-set*2'
        $job = New-WiredJob
        @($job | Set-G5kVlan ($job | Get-G5kVlan) -PassThru).Attempts | Should -Be 2, 2
    }
}
