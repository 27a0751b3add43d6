# The OAR cmdlets in PowerShell, over ssh, on the two sites of the laboratory.
param([string] $Module, [string] $SshConfig, [uri] $ApiUri, [string] $OarApi, [string] $UserName, [string] $OtherUser)

BeforeAll {
    $ProgressPreference = 'SilentlyContinue'
    Import-Module $Module
    $lab = @{ Site = 'arles', 'brest'; SshConfig = $SshConfig; ApiUri = $ApiUri; OarApi = $OarApi; Force = $true }
    $null = Connect-G5k @lab -UserName $UserName
    # What went wrong, as id and recommendation, without ending the test.
    function Get-Failure([scriptblock] $Code) {
        $ErrorActionPreference = 'SilentlyContinue'
        $failures = @()
        try { & { [CmdletBinding()] param() & $Code } -ErrorVariable failures | Out-Null } catch { $failures = @($_) }
        $records = @($failures | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        foreach ($record in $records) { $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty -Because $record }
        $records | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }
    }
}

AfterAll { Disconnect-G5k }

Describe 'Submit-OarJob on the real OAR' {
    AfterEach { Get-OarJob | Stop-OarJob }
    It 'gives a deploy job its nodes and its VLAN' {
        $job = Submit-OarJob 'sleep 600' -Site arles -Cluster argon -NodeCount 2 -Vlan Routed -Deploy -Walltime 0:20 | Wait-OarJob -For Running
        $job.Nodes | Should -BeLike 'argon-*.arles.grid5000.fr'
        $job.Nodes.Count | Should -Be 2
        ($job | Get-OarJob -IncludeVlan).Vlans | Should -BeIn (4..9)
    }
    It 'runs a command on cores, and follows what it prints' {
        $job = Submit-OarJob 'for i in 1 2 3; do echo line $i; sleep 1; done; exit 4' -Site brest -CoreCount 2 -Walltime 0:05 -Name cores -Project tests | Wait-OarJob -For Running
        "$($job | Get-OarJobOutput -Follow)" | Should -Be 'line 1 line 2 line 3'
        $ended = $job | Wait-OarJob
        $ended.End, $ended.ExitStatus, $ended.Project | Should -Be 'Completed', 4, 'tests'
    }
    It 'makes arrays, and jobs that wait for others' {
        $jobs = @(Submit-OarJob 'sleep 1; echo' -Site arles -ArrayParameter 'one 1', 'two 2' -Walltime 0:05)
        $jobs.ArrayIndex | Should -Be 1, 2
        $after = Submit-OarJob 'true' -Site arles -After $jobs[0] -Walltime 0:05
        $after.Dependencies | Should -Be $jobs[0].Id
        ($after | Wait-OarJob).End | Should -Be Completed
        @(Submit-OarJob 'sleep 600' -Site arles -ArrayCount 3 -Hold).State | Should -Be Hold, Hold, Hold
    }
    It 'runs a job inside a container' {
        $container = Submit-OarJob 'sleep 600' -Site arles -Container -NodeCount 2 -Walltime 0:20 | Wait-OarJob -For Running
        $inner = Submit-OarJob 'true' -Site arles -Inner $container -Walltime 0:02 | Wait-OarJob
        $inner.Nodes | Should -BeIn $container.Nodes
        $inner.End | Should -Be Completed
    }
    It 'tells a besteffort job that was killed' {
        $weak = Submit-OarJob 'sleep 600' -Site brest -BestEffort -Cluster bruyere -NodeCount 3 -Walltime 0:20 | Wait-OarJob -For Running
        $null = Submit-OarJob 'sleep 600' -Site brest -Cluster bruyere -NodeCount 1 -Walltime 0:05
        ($weak | Wait-OarJob -Timeout 60).End | Should -Be BesteffortKilled
    }
    It 'takes a script that says itself what it needs' {
        Set-Content TestDrive:/job.sh '#!/bin/sh', '#OAR -l nodes=1,walltime=0:03', '#OAR -n scripted', 'echo from a script'
        $job = Submit-OarJob -Script TestDrive:/job.sh -Site arles | Wait-OarJob
        $job.Name | Should -Be scripted
        $job.Walltime | Should -Be ([timespan]'0:03')
        "$($job | Get-OarJobOutput)" | Should -Be 'from a script'
    }
    It 'reserves, and names the next date where it cannot' {
        $start = [datetimeoffset]::Now.AddHours(2)
        $first = Submit-OarJob -Site brest -Cluster bruyere -NodeCount 3 -Start $start -Walltime 1:00
        $first.IsReservation, $first.State | Should -Be $true, 'Waiting'
        $failure = { Submit-OarJob -Site brest -Cluster bruyere -NodeCount 1 -Start $start.AddMinutes(10) -Walltime 1:00 } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'ReservationRefused,*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike "*-Start '*"
        (Get-OarJob).Id | Should -Be $first.Id
    }
    It 'sends nothing with -WhatIf' {
        Submit-OarJob 'sleep 60' -Site arles -Type cosystem -WhatIf | Should -BeNullOrEmpty
        Get-OarJob | Should -BeNullOrEmpty
    }
    It 'refuses <Because> and leaves nothing' -ForEach @(
        @{ Because = 'an unknown property'; Arguments = @{ Property = 'nosuch > 1' }; Id = 'SubmissionRefused' }
        @{ Because = 'more nodes than there are'; Arguments = @{ NodeCount = 5000 }; Id = 'NoResource' }
        @{ Because = 'an unknown type'; Arguments = @{ Type = 'nosuch' }; Id = 'SubmissionRefused' }
        @{ Because = 'an unknown queue'; Arguments = @{ Queue = 'nosuch' }; Id = 'SubmissionRefused' }
        @{ Because = 'an unsafe notification'; Arguments = @{ Notify = 'exec:a;b' }; Id = 'SubmissionRefused' }
        @{ Because = 'a bad request'; Arguments = @{ ResourceRequest = 'nodes=abc' }; Id = 'SubmissionRefused' }
        @{ Because = 'cores of a deploy job'; Arguments = @{ CoreCount = 1; Deploy = $true }; Id = 'SubmissionRefused' }
        @{ Because = 'a container that is none'; Arguments = @{ Inner = 99999 }; Id = 'SubmissionRefused' }
        @{ Because = 'a date in the past'; Arguments = @{ Start = '2001-01-01 10:00' }; Id = 'StartInThePast' }
        @{ Because = 'a job of another site'; Arguments = @{ After = 'brest:5' }; Id = 'JobOfOtherSite' }
        @{ Because = 'an unknown site'; Arguments = @{ Site = 'nowhere' }; Id = 'FrontendUnreachable' }
    ) {
        $all = @{ Site = 'arles' } + @{}
        foreach ($name in $Arguments.Keys) { $all[$name] = $Arguments[$name] }
        Get-Failure { Submit-OarJob 'sleep 60' @all } | Should -Be $Id
        Get-OarJob | Should -BeNullOrEmpty
    }
}

Describe 'Jobs of the real OAR on the pipeline' {
    BeforeAll {
        $job = Submit-OarJob 'trap "echo caught; exit 5" USR1; while true; do sleep 0.2; done' -Site arles -NodeCount 1 -Walltime 0:20 -Name loop | Wait-OarJob -For Running
        $other = Connect-G5k @lab -UserName $OtherUser
        $foreign = Submit-OarJob -Noop -Hold -Site brest -Connection $other
        # The session of the first user goes on.
        $null = Connect-G5k @lab -UserName $UserName
    }
    AfterAll {
        Get-OarJob | Stop-OarJob -NoWait
        $other = Connect-G5k @lab -UserName $OtherUser
        Get-OarJob -Connection $other | Stop-OarJob -NoWait -Connection $other
    }
    It 'are listed by <Form>' -ForEach @(
        @{ Form = 'number'; Code = { Get-OarJob "arles:$($job.Id)" } }
        @{ Form = 'object'; Code = { $job | Get-OarJob } }
        @{ Form = 'name'; Code = { Get-OarJob -Name lo* } }
        @{ Form = 'state, user and site'; Code = { Get-OarJob -State Running -User me -Site ar* } }
        @{ Form = 'date'; Code = { Get-OarJob -Since ([datetimeoffset]::Now.AddHours(-1)) -State Running } }
    ) { (& $Code).Id | Should -Be $job.Id }
    It 'fit their view' { ($job | Out-String -Width 100) | Should -Match "(?s)$($job.Id).*loop.*Running" }
    It 'are an error each where they are unknown, of others, or of another site' {
        Get-Failure { Get-OarJob arles:99999, "arles:$($job.Id)", brest:99998 } | Should -Be JobNotFound, JobNotFound
        Get-Failure { Get-OarJob $job.Id -Site brest } | Should -Be JobNotFound
        foreach ($change in 'Stop-OarJob', 'Suspend-OarJob', 'Resume-OarJob', 'Enter-OarJob') {
            Get-Failure { & $change "brest:$($foreign.Id)" } | Should -Be NotJobOwner -Because $change
            Get-Failure { & $change arles:99999 } | Should -Be JobNotFound -Because $change
        }
        Get-Failure { $foreign | Update-OarJob -Walltime '+0:10' } | Should -BeIn NotJobOwner, JobNotRunning
        (Get-OarJob "brest:$($foreign.Id)").State | Should -Be Hold
    }
    It 'get more walltime, or the reason why not' {
        $status = $job | Update-OarJob -Walltime '+0:10'
        $status.Outcome | Should -Be Granted
        ($job | Get-OarJob).Walltime | Should -Be ([timespan]'0:30')
        Get-Failure { $job | Update-OarJob -Walltime '+30:00' } | Should -Be WalltimeChangeRefused
    }
    It 'are held and let go' {
        $waiting = Submit-OarJob 'true' -Site arles -After $job -Walltime 0:05
        ($waiting | Suspend-OarJob -PassThru).State | Should -Be Hold
        ($waiting | Resume-OarJob -PassThru).State | Should -Be Waiting
        Get-Failure { $job | Suspend-OarJob } | Should -BeIn JobNotInState, SuspendNotAllowed
        ($waiting | Stop-OarJob -PassThru).End | Should -Be Deleted
    }
    It 'are completed' {
        $line = 'Stop-OarJob arl'
        [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText | Should -Contain "arles:$($job.Id)"
    }
    It 'are left within a second when a wait is stopped' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript('param($module, $connection, $id) Import-Module $module; Wait-OarJob $id -Connection $connection').AddArgument($Module).AddArgument((Connect-G5k @lab -UserName $UserName)).AddArgument("arles:$($job.Id)")
        $null = $shell.BeginInvoke()
        Start-Sleep -Seconds 2
        (Measure-Command { $shell.Stop() }).TotalSeconds | Should -BeLessThan 2
        ($job | Get-OarJob).State | Should -Be Running
    }
    It 'take a signal' {
        $job | Stop-OarJob -Signal SIGUSR1
        ($job | Wait-OarJob).ExitStatus | Should -Be 5
        "$($job | Get-OarJobOutput)" | Should -Be caught
    }
}

Describe 'Get-OarResource on the real OAR' {
    It 'reads nodes, VLANs and properties' {
        @(Get-OarResource argon-1.arles).Count | Should -Be 4
        (Get-OarResource -Site brest -Type kavlan-global).Vlan | Should -Be 12
        (Get-OarResource -Site arles -Property "cluster = 'ambre'").Cluster | Sort-Object -Unique | Should -Be ambre
    }
    It 'reports <Id>' -ForEach @(
        @{ Id = 'NodeNotFound'; Code = { Get-OarResource argon-99.arles } }
        @{ Id = 'InvalidProperty'; Code = { Get-OarResource -Site arles -Property 'nosuch > 1' } }
    ) { Get-Failure $Code | Should -Be $Id }
}
