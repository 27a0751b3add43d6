BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    function New-DeployJob { Submit-OarJob 'sleep 36000' -Site nancy -Cluster gros -NodeCount 2 -Deploy -Walltime 10:00 -Name nodes | Wait-OarJob -For Running }
}
AfterAll { Disconnect-G5k -Force }

Describe 'Nodes of a deploy job' {
    BeforeAll {
        Connect-TestGrid -Speed 0
        $job = New-DeployJob
    }
    It 'are rebooted, each with a result' {
        $results = @($job | Restart-G5kNode -Level Hard)
        $results.State | Should -Be Succeeded, Succeeded
        $results.Level | Should -Be Hard, Hard
        @($job | Get-G5kNodeState).State | Should -Be Rebooted, Rebooted
    }
    It 'are the same by name, node set, object and job' {
        $names = $job.Nodes
        @(Get-G5kNodePower $names).Node | Should -Be $names
        @($names | Get-G5kNodePower).Node | Should -Be $names
        @(Get-G5kNode $names | Get-G5kNodePower).Node | Should -Be $names
        @(Get-G5kNodePower "nancy:$($job.Id)").Node | Should -Be $names
        @($job | Start-G5kNode | Get-G5kNodePower).Node | Should -Be $names
    }
    It 'are switched off and on' {
        @($job | Stop-G5kNode -PassThru).IsSuccess | Should -Be $true, $true
        @($job | Get-G5kNodePower).State | Should -Be Off, Off
        @($job | Start-G5kNode).IsSuccess | Should -Be $true, $true
        @($job | Get-G5kNodePower).State | Should -Be On, On
    }
    It 'can be deployed on by their user' {
        @(Get-G5kNodeRight -Site nancy -User me).Node | Should -Be $job.Nodes
        @($job | Get-G5kNodeRight).Count | Should -Be 2
    }
    It 'are left alone with -WhatIf' {
        $before = $job | Get-G5kNodeState
        $job | Stop-G5kNode -WhatIf
        $job | Restart-G5kNode -WhatIf
        $job | Enter-G5kConsole -WhatIf
        $job | Invoke-G5kNodeCommand hostname -WhatIf
        ($job | Get-G5kNodeState).State | Should -Be $before.State
    }
    It 'are rebooted behind the prompt' {
        $running = $job | Restart-G5kNode -AsJob
        $results = $running | Wait-Job | Receive-Job
        @($results).State | Should -Be Succeeded, Succeeded
        $running | Remove-Job
    }
    It 'of somebody else are refused' {
        $failure = { Restart-G5kNode gros-120.nancy } | Should -Throw -PassThru
        $failure.CategoryInfo.Category | Should -Be PermissionDenied
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
    It 'need what their reboot needs: <Because>' -ForEach @(
        @{ Because = 'an environment'; Arguments = @{ RebootKind = 'RecordedEnvironment' }; Id = 'EnvironmentMissing' }
        @{ Because = 'a profile'; Arguments = @{ RebootKind = 'SetPxe' }; Id = 'PxeProfileMissing' }
        @{ Because = 'a name that can be one'; Arguments = @{ RebootKind = 'RecordedEnvironment'; EnvironmentName = 'a b' }; Id = 'InvalidEnvironmentName' }
    ) {
        { $job | Restart-G5kNode @Arguments } | Should -Throw -ErrorId "$Id,*"
    }
    It 'that do not exist are an error of their own' {
        $power = @(Get-G5kNodePower nosuch-1, $job.Nodes[0] -ErrorAction SilentlyContinue -ErrorVariable failures)
        $power.Node | Should -Be $job.Nodes[0]
        @($failures)[-1].FullyQualifiedErrorId | Should -BeLike 'NodeNotFound,*'
    }
}

Describe 'A node that fails' {
    It 'is a result and an error, and the others go on' {
        Connect-TestGrid -Speed 0 -Fault 'node-never-boots:gros-1'
        $job = New-DeployJob
        $results = @($job | Restart-G5kNode -Level Hard -ErrorAction SilentlyContinue -ErrorVariable failures)
        $results.IsSuccess | Should -Be ($job.Nodes | ForEach-Object { $_ -notlike 'gros-1.*' })
        foreach ($failure in $failures | Where-Object FullyQualifiedErrorId -Like 'NodeRebootFailed,*') { $failure.ErrorDetails.RecommendedAction | Should -Match 'Enter-G5kConsole' }
    }
    It 'is tried again and then harder' {
        Connect-TestGrid -Speed 0 -Fault 'node-power-fails:soft'
        $job = New-DeployJob
        $results = @($job | Stop-G5kNode -Retries 1 -Escalate -PassThru)
        $results.Level | Should -Be Hard, Hard
        $results.Attempts | Should -Be 3, 3
    }
}
