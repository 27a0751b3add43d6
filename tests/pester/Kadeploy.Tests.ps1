BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    function New-DeployJob([int] $NodeCount = 2, [string[]] $Fault = @(), [double] $Speed = 0) {
        Connect-G5k -Testbed -Speed $Speed -Force -Fault $Fault | Out-Null
        Submit-OarJob 'sleep 7200' -Site nancy -NodeCount $NodeCount -Cluster gros -Deploy -Walltime 3:00 -Name here | Wait-OarJob -For Running
    }
}
AfterAll { Disconnect-G5k -Force }

Describe 'Deploy-G5kNode' {
    It 'takes a job by the pipeline and writes a result per node' {
        $job = New-DeployJob
        $results = $job | Deploy-G5kNode -Environment debian12-min -Confirm:$false
        $results.Count | Should -Be 2
        $results[0] | Should -BeOfType WaltG5k.Core.Kadeploy.KadeployResult
        $results.IsOk | Should -Be @($true, $true)
        $results.Environment | Select-Object -Unique | Should -Be 'debian12-min'
    }
    It 'takes nodes as <Form>' -ForEach @(
        @{ Form = 'a set'; Make = { 'gros-[1,10].nancy' } }
        @{ Form = 'objects'; Make = { Get-G5kNode gros-1, gros-10 -Site nancy } }
        @{ Form = 'short names'; Make = { 'gros-1', 'gros-10' } }
        @{ Form = 'the text of a job'; Make = { "nancy:$($job.Id)" } }
        @{ Form = 'results of a deployment'; Make = { [pscustomobject]@{ Node = 'gros-[1,10].nancy' } } }
    ) {
        $job = New-DeployJob
        $line = & $Make | Deploy-G5kNode -Environment debian12-min -WhatIf *>&1 | Out-String
        Deploy-G5kNode -Node (& $Make) -Environment debian12-min -Confirm:$false | Should -HaveCount 2
        $line | Should -BeNullOrEmpty # what -WhatIf says goes to the host
    }
    It 'writes an error per failed node, stoppable, with the result as its target' {
        $job = New-DeployJob -Fault kadeploy-fails:gros-10.nancy.grid5000.fr
        $results = $job | Deploy-G5kNode -Environment debian12-min -Retries 0 -Confirm:$false -ErrorVariable errors -ErrorAction SilentlyContinue
        $results.Where({ $_.IsOk }).Node | Should -Be 'gros-1.nancy.grid5000.fr'
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'NodeNotDeployed,*'
        $errors[0].TargetObject.Node | Should -Be 'gros-10.nancy.grid5000.fr'
        $errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*Enter-G5kConsole*'
        { $job | Deploy-G5kNode -Environment debian12-min -Retries 0 -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'NodeNotDeployed,*'
    }
    It 'is content with the minimum' {
        $job = New-DeployJob -Fault kadeploy-fails:gros-10.nancy.grid5000.fr
        $results = $job | Deploy-G5kNode -Environment debian12-min -Retries 0 -MinNodes 1 -Confirm:$false -ErrorAction Stop -WarningVariable warnings -WarningAction SilentlyContinue
        $results | Should -HaveCount 2
        "$warnings" | Should -BeLike '*gros-10*'
    }
    It 'shows progress and completes it' {
        $job = New-DeployJob -Speed 100
        $shell = [powershell]::Create([Management.Automation.RunspaceMode]::NewRunspace)
        try {
            $null = $shell.AddScript("Import-Module '$modulePath'; Connect-G5k -Testbed -Speed 100 | Out-Null; Submit-OarJob 'sleep 7200' -Site nancy -NodeCount 2 -Deploy -Walltime 3:00 | Wait-OarJob -For Running | Deploy-G5kNode -Environment debian12-min -Confirm:`$false").Invoke()
            $records = $shell.Streams.Progress.Where({ $_.Activity -like 'Deploying*' -or $_.Activity -like '*.grid5000.fr' })
            $records.StatusDescription | Should -Contain 'Done'
            $records.Where({ $_.StatusDescription -like '*BroadcastEnv*' }).Count | Should -BeGreaterThan 0
            $records.Where({ $_.RecordType -eq 'Completed' }).Count | Should -BeGreaterThan 0
        }
        finally { $shell.Dispose() }
    }
    It 'stops within a second, and Kadeploy with it' {
        $shell = [powershell]::Create([Management.Automation.RunspaceMode]::NewRunspace)
        try {
            $null = $shell.AddScript("Import-Module '$modulePath'; Connect-G5k -Testbed -Speed 20 | Out-Null; `$job = Submit-OarJob 'sleep 7200' -Site nancy -NodeCount 2 -Deploy -Walltime 3:00 | Wait-OarJob -For Running").Invoke()
            $shell.Commands.Clear()
            $null = $shell.AddScript('$job | Deploy-G5kNode -Environment debian12-min -Confirm:$false')
            $pending = $shell.BeginInvoke()
            Start-Sleep -Seconds 3
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 2
            { $shell.EndInvoke($pending) } | Should -Throw
            $shell.Commands.Clear()
            $again = $shell.AddScript('$job | Deploy-G5kNode -Environment debian12-min -Confirm:$false').Invoke()
            $again.IsOk | Should -Be @($true, $true)
        }
        finally { $shell.Dispose() }
    }
    It 'works as a job' {
        $held = New-DeployJob
        $work = $held | Deploy-G5kNode -Environment debian12-min -Confirm:$false -AsJob
        $work | Wait-Job | Receive-Job | Should -HaveCount 2
        $work | Remove-Job
    }
    It 'refuses <Name>' -ForEach @(
        @{ Name = 'two ways to boot'; Parameters = @{ Kexec = $true; NoKexec = $true }; Id = 'ConflictingParameters,*' }
        @{ Name = 'a script that nobody waits for'; Parameters = @{ NoWait = $true; ScriptPath = 'x.sh' }; Id = 'ConflictingParameters,*' }
        @{ Name = 'a count above what is there'; Parameters = @{ NodeCount = 5 }; Id = 'TooFewNodesGiven,*' }
        @{ Name = 'a script that is not there'; Parameters = @{ Script = '/nowhere/x.sh' }; Id = 'ScriptNotFound,*' }
    ) {
        $job = New-DeployJob
        { $job | Deploy-G5kNode -Environment debian12-min -Confirm:$false @Parameters -ErrorAction Stop } | Should -Throw -ErrorId $Id
    }
    It 'says what is wrong with <Text>' -ForEach @(
        @{ Text = 'gros-*.nancy'; Words = '*Get-G5kNode*' }
        @{ Text = 'gros-[3-1].nancy'; Words = '*gros-*' }
    ) { { Deploy-G5kNode $Text -Environment debian12-min -WhatIf } | Should -Throw $Words }
    It 'deploys through the API alike' {
        $job = New-DeployJob -Fault kadeploy-fails:gros-10.nancy.grid5000.fr
        $results = $job | Deploy-G5kNode -Environment debian12-min -Retries 1 -MinNodes 1 -UseApi -Confirm:$false -WarningAction SilentlyContinue
        $results.ForEach({ "$($_.Node.Split('.')[0]) $($_.IsOk) $($_.Attempts)" }) | Sort-Object | Should -Be @('gros-1 True 1', 'gros-10 False 2')
        { $job | Deploy-G5kNode -Environment debian12-min -NoKexec -UseApi -Confirm:$false } | Should -Throw -ErrorId 'NotByApi,*'
    }
    It 'leaves nodes that take commands as root, and can be saved' {
        $job = New-DeployJob -NodeCount 2
        $null = $job | Deploy-G5kNode -Environment debian12-min -Confirm:$false
        $results = $job | Invoke-G5kNodeCommand 'hostname; echo tuned > /etc/tuned' -Confirm:$false
        $results.ExitStatus | Should -Be @(0, 0)
        $results.Output.Trim() | Sort-Object | Should -Be @('gros-1', 'gros-10')
        $image = Save-G5kNode gros-1.nancy tuned -Register -Confirm:$false
        $image.Sha256 | Should -Match '^[0-9a-f]{64}$'
        $image.Environment.Name | Should -Be tuned
        $null = Deploy-G5kNode gros-10.nancy -Environment tuned -Confirm:$false
        (Invoke-G5kNodeCommand 'cat /etc/tuned' -Node gros-10.nancy -Confirm:$false).Output.Trim() | Should -Be tuned
    }
    It 'completes nodes, environments and VLANs' {
        $null = New-DeployJob
        $null = Get-G5kNode gros-1, gros-10 -Site nancy
        $null = Get-G5kEnvironment debian12* -Site nancy -UseApi
        Complete 'Deploy-G5kNode gros-1' | Should -Contain gros-10.nancy.grid5000.fr
        Complete 'Deploy-G5kNode gros-1.nancy -Environment debian12-m' | Should -Contain debian12-min
        Complete 'Deploy-G5kNode gros-1.nancy debian12-min -VlanId D' | Should -Contain DEFAULT
        Complete 'Save-G5kNode gros-1' | Should -Contain gros-10.nancy.grid5000.fr
        Complete 'Restart-G5kNode gros-1 -VlanId ' | Should -Contain 4
        Complete 'Export-G5kEnvironment debian12-m' | Should -Contain debian12-min
        Complete 'Set-G5kVlan ' | Should -Contain 4
    }
    It 'completes steps and breakpoints' {
        Complete 'Deploy-G5kNode -Step BootNewEnvK' | Should -Contain 'BootNewEnvKexec:0:300'
        Complete 'Deploy-G5kNode -Breakpoint Broadcast' | Should -Contain 'BroadcastEnvKascade:manage_user_post_install'
    }
}
