BeforeAll { . (Join-Path $PSScriptRoot common.ps1) }
AfterAll { Disconnect-G5k -Force }

Describe 'Submit-OarJob' {
    BeforeAll { Connect-TestGrid -Speed 0 }
    AfterEach { Get-OarJob | Stop-OarJob }
    It 'runs a command, whose output can be read' {
        $job = Submit-OarJob 'echo hello' -Site nancy -NodeCount 2 -Walltime 0:10 | Wait-OarJob
        $job.End | Should -Be Completed
        $job.ExitStatus | Should -Be 0
        $job.Nodes.Count | Should -Be 2
        "$($job | Get-OarJobOutput)" | Should -Be hello
        $job | Get-OarJobOutput | Should -Match hello
    }
    It 'writes one object per member of an array' {
        @(Submit-OarJob 'sleep 600' -Site nancy -ArrayCount 3).Count | Should -Be 3
        @(Submit-OarJob 'echo' -Site nancy -ArrayParameter 'a 1', 'b 2').Count | Should -Be 2
    }
    It 'shows the oarsub line with -WhatIf and sends nothing' {
        $shown = pwsh -NoProfile -Command "Import-Module '$modulePath'; `$null = Connect-G5k -Testbed; Submit-OarJob 'sleep 60' -Site nancy -Cluster gros -Vlan Local -Deploy -WhatIf; @(Get-OarJob).Count" | Out-String
        $shown | Should -Match "oarsub -l .*cluster in .*kavlan-local.*walltime=01:00:00.* -t deploy 'sleep 60'"
        $shown.Trim() | Should -Match '0$'
    }
    It 'refuses <Because>' -ForEach @(
        @{ Because = 'an unknown property'; Arguments = @{ Property = 'nosuch > 1' }; Id = 'SubmissionRefused' }
        @{ Because = 'more nodes than there are'; Arguments = @{ NodeCount = 5000 }; Id = 'NoResource' }
        @{ Because = 'an unknown type'; Arguments = @{ Type = 'nosuch' }; Id = 'SubmissionRefused' }
        @{ Because = 'an unknown queue'; Arguments = @{ Queue = 'nosuch' }; Id = 'SubmissionRefused' }
        @{ Because = 'a date in the past'; Arguments = @{ Start = '2001-01-01 10:00' }; Id = 'StartInThePast' }
        @{ Because = 'a job of another site'; Arguments = @{ After = 'rennes:5' }; Id = 'JobOfOtherSite' }
        @{ Because = 'a negative count'; Arguments = @{ NodeCount = -1 }; Id = 'ParameterArgumentValidationError' }
        @{ Because = 'a bad walltime'; Arguments = @{ Walltime = '1:99' }; Id = 'ParameterArgumentTransformationError' }
        @{ Because = 'an unknown site'; Arguments = @{ Site = 'nowhere' }; Id = 'SiteNotFound' }
    ) {
        $site = $Arguments.Site ?? 'nancy'
        $Arguments.Remove('Site')
        $failure = { Submit-OarJob 'sleep 60' -Site $site @Arguments } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        if ($Id -notlike 'Parameter*') { $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty }
        Get-OarJob | Should -BeNullOrEmpty
    }
}

Describe 'Ownership of a job' {
    BeforeEach { Connect-TestGrid -Speed 100 }
    It 'goes to the user at the end of the pipeline' {
        $null = Submit-OarJob -Noop -Site nancy -Name kept | Select-Object -First 1
        (Get-OarJob).Name | Should -Be kept
    }
    It 'is given up by a stop while Wait-OarJob waits' {
        $connection = Connect-G5k -Testbed -Speed 100 -Force
        $shell = [powershell]::Create()
        $null = $shell.AddScript('param($path, $connection) Import-Module $path; Submit-OarJob -Noop -Site nancy -Hold -Name doomed -Connection $connection | Wait-OarJob -Connection $connection').AddArgument($modulePath).AddArgument($connection)
        $null = $shell.BeginInvoke()
        $deadline = [datetime]::UtcNow.AddSeconds(20)
        while (-not (Get-OarJob) -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 50 }
        (Get-OarJob).Name | Should -Be doomed
        (Measure-Command { $shell.Stop() }).TotalSeconds | Should -BeLessThan 1.5
        $deadline = [datetime]::UtcNow.AddSeconds(10)
        while ((Get-OarJob) -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 50 }
        Get-OarJob | Should -BeNullOrEmpty
    }
}

Describe 'Jobs on the pipeline' {
    BeforeAll {
        Connect-TestGrid -Speed 100
        $job = Submit-OarJob -Noop -Site nancy -Walltime 90 -Name one | Wait-OarJob -For Running
    }
    AfterAll { Get-OarJob | Stop-OarJob -NoWait }
    It 'are found by <Form>' -ForEach @(
        @{ Form = 'site and number'; Code = { Get-OarJob "nancy:$($job.Id)" } }
        @{ Form = 'number and -Site'; Code = { Get-OarJob $job.Id -Site nancy } }
        @{ Form = 'object'; Code = { $job | Get-OarJob } }
        @{ Form = 'property'; Code = { [pscustomobject]@{ Site = 'nancy'; JobId = $job.Id } | Get-OarJob } }
        @{ Form = 'an object of another process'; Code = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($job)) | Get-OarJob } }
        @{ Form = 'name'; Code = { Get-OarJob -Name on* } }
        @{ Form = 'user and state'; Code = { Get-OarJob -User me -State Running -Site n* } }
    ) {
        (& $Code).Id | Should -Be $job.Id
    }
    It 'are nothing when nothing comes' {
        @() | Get-OarJob | Should -BeNullOrEmpty
        @() | Stop-OarJob
    }
    It 'give a non-terminating error per item' {
        $found = Get-OarJob 'nancy:99', "nancy:$($job.Id)", 'rennes:98' -ErrorVariable failures -ErrorAction SilentlyContinue
        $found.Id | Should -Be $job.Id
        $failures.FullyQualifiedErrorId | Should -Be (@('JobNotFound,WaltG5k.Commands.GetOarJobCommand') * 2)
        $failures.TargetObject | ForEach-Object { "$_" } | Sort-Object | Should -Be 'nancy:99', 'rennes:98'
        { Get-OarJob nancy:99 -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotFound,*'
    }
    It 'of others are left alone' {
        $foreign = Get-OarJob -Site nancy -User * -State Running | Where-Object Owner -NE $job.Owner | Select-Object -First 1
        foreach ($change in { $foreign | Stop-OarJob }, { $foreign | Suspend-OarJob }, { $foreign | Update-OarJob -Walltime '-0:01' }) {
            (& { $ErrorActionPreference = 'Continue'; & $change 2>&1 }).FullyQualifiedErrorId | Should -BeLike 'NotJobOwner,*'
        }
    }
    It 'are completed with their state and name, without a question' {
        Complete 'Stop-OarJob nan' | Should -Contain "nancy:$($job.Id)"
        [Management.Automation.CommandCompletion]::CompleteInput('Stop-OarJob nan', 15, $null).CompletionMatches.Where({ $_.CompletionText -eq "nancy:$($job.Id)" }).ToolTip | Should -Be 'Running one'
        Complete 'Get-OarJob -State Wai' | Should -Be Waiting
        Complete 'Submit-OarJob -Queue pro' | Should -Be production
        Complete 'Submit-OarJob -Type exo' | Should -Be exotic
        Complete 'Stop-OarJob -Signal SIGU' | Should -Be SIGUSR1, SIGUSR2
    }
    It 'change nothing with -WhatIf: <_>' -ForEach 'Stop-OarJob', 'Suspend-OarJob', 'Resume-OarJob' {
        $job | & $_ -WhatIf
        ($job | Get-OarJob).Events.Count | Should -Be $job.Events.Count
    }
    It 'get more walltime' {
        $status = $job | Update-OarJob -Walltime '+0:30'
        $status.Outcome | Should -Be Granted
        ($job | Get-OarJob).Walltime | Should -Be ($job.Walltime + [timespan]'0:30')
    }
}

Describe 'Wait-OarJob' {
    BeforeAll { Connect-TestGrid -Speed 0 }
    It 'writes each job when it is done' {
        $jobs = @(Submit-OarJob -Noop -Site nancy -Walltime 0:20 -Name slow), @(Submit-OarJob -Noop -Site nancy -Walltime 0:05 -Name quick) | ForEach-Object { $_ }
        ($jobs | Wait-OarJob).Name | Should -Be quick, slow
    }
    It 'works as a job' {
        $job = Submit-OarJob -Noop -Site nancy -Walltime 0:05 | Wait-OarJob -AsJob
        $job.PSJobTypeName | Should -Be WaltG5kJob
        ($job | Receive-Job -Wait -AutoRemoveJob).End | Should -Be WalltimeReached
    }
    It 'takes a limit' {
        $held = Submit-OarJob -Noop -Site nancy -Hold
        { $held | Wait-OarJob -Timeout 60 -ErrorAction Stop } | Should -Throw -ErrorId 'JobWaitTimeout,*'
        $held | Stop-OarJob
        { $held | Wait-OarJob -For Running -ErrorAction Stop } | Should -Throw -ErrorId 'JobEnded,*'
    }
}

Describe 'Get-OarResource' {
    BeforeAll { Connect-TestGrid -Speed 0 }
    It 'streams' {
        @(Get-OarResource -Site nancy | Select-Object -First 1).Count | Should -Be 1
        @(Get-OarResource 'gros-[1-2].nancy').Cluster | Sort-Object -Unique | Should -Be gros
    }
    It 'reports <Because>' -ForEach @(
        @{ Because = 'a node that does not exist'; Code = { Get-OarResource gros-9999.nancy }; Id = 'NodeNotFound' }
        @{ Because = 'an unknown property'; Code = { Get-OarResource -Site nancy -Property 'nosuch > 1' }; Id = 'InvalidProperty' }
    ) { $Code | Should -Throw -ErrorId "$Id,*" }
}
