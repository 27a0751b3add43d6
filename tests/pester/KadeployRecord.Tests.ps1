BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    Connect-G5k -Testbed -Speed 0 | Out-Null
}

AfterAll { Disconnect-G5k -Force -ErrorAction SilentlyContinue }

Describe 'Get-KadeployStep' {
    BeforeAll {
        $script:Output = @(
            'Deployment #D-1 started', 'Launching a deployment on gros-[1-2].nancy.grid5000.fr', 'Performing a Deploy[BroadcastEnvKascade] step',
            '  send_environment', '   ~ Time in send_environment: 58s', '  sync', '   ~ Time in sync: 2s',
            '!!! The nodes gros-2.nancy.grid5000.fr failed on step sync', 'End of step Deploy[BroadcastEnvKascade] after 60s')
    }

    It 'reads lines of the pipeline' {
        $steps = $Output | Get-KadeployStep
        $steps.MicroStep | Should -Be @($null, 'send_environment', 'sync')
        $steps[1].Duration | Should -Be ([timespan]::FromSeconds(58))
        $steps[2].Start | Should -Be ([timespan]::FromSeconds(58))
        "$($steps[2].FailedNodes)" | Should -Be 'gros-2.nancy.grid5000.fr'
    }

    It 'reads files, and leaves out the micro-steps on demand' {
        $file = Join-Path $TestDrive 'deploy.log'
        $Output | Set-Content $file
        (Get-KadeployStep $file -Summary).MacroStep | Should -Be 'BroadcastEnvKascade'
        Get-KadeployStep $file -MacroStep BootNew* | Should -BeNullOrEmpty
    }

    It 'takes objects with a text' {
        $Output | ForEach-Object { [pscustomobject]@{ Text = $_ } } | Get-KadeployStep | Should -HaveCount 3
    }

    It 'says when there is no step in it' {
        'nothing' | Get-KadeployStep -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NoKadeployStep*'
        Get-KadeployStep (Join-Path $TestDrive absent) -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'OutputUnreadable*'
    }

    It 'shows a timeline within 100 columns' {
        $lines = ($Output | Get-KadeployStep | Out-String -Width 100) -split "`n"
        $lines -match '####' | Should -Not -BeNullOrEmpty
        ($lines | Measure-Object -Property Length -Maximum).Maximum | Should -BeLessOrEqual 100
    }
}

Describe 'Statistics and operations on the testbed' {
    It 'tells nothing where nothing was done' {
        Get-KadeployStatistic -Site nancy | Should -BeNullOrEmpty
        Get-KadeployStatistic -FailureRate -Site nancy | Should -BeNullOrEmpty
        Get-KadeployWorkflow -Site nancy | Wait-KadeployWorkflow | Should -BeNullOrEmpty
    }

    It 'refuses what is no id' {
        Get-KadeployStatistic -Site nancy -WorkflowId nonsense -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidKadeployQuery*'
        Get-KadeployWorkflow D-0 -Site nancy -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'KadeployWorkflowNotFound*'
        Wait-KadeployWorkflow D-0 -Site nancy -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'KadeployWorkflowNotFound*'
    }
}

Describe 'Stop-KadeployWorkflow' {
    BeforeAll {
        $script:Order = Submit-OarJob 'sleep 1h' -Site nancy -NodeCount 2 -Cluster gros -Deploy | Wait-OarJob -For Running |
            Deploy-G5kNode -Environment debian12-min -NoWait -Confirm:$false
    }

    It 'plans, and stops nothing then' {
        $Order | Stop-KadeployWorkflow -WhatIf | Should -BeNullOrEmpty
        (Get-KadeployWorkflow -Site nancy).State | Should -Be Running
    }

    It 'completes the operations of the session' {
        Complete 'Stop-KadeployWorkflow D-' | Should -Contain $Order[0].WorkflowId
    }

    It 'takes what Get-KadeployWorkflow gives, and tells of each node' {
        $results = Get-KadeployWorkflow -Site nancy | Stop-KadeployWorkflow -PassThru
        $results.Status | Should -Be @('Aborted', 'Aborted')
        Get-KadeployWorkflow -Site nancy | Should -BeNullOrEmpty
    }

    It 'says of each one why it cannot be stopped' {
        $Order[0].WorkflowId, 'D-0' | Stop-KadeployWorkflow -Site nancy -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId.ForEach({ $_.Split(',')[0] }) | Sort-Object | Should -Be @('KadeployWorkflowEnded', 'KadeployWorkflowNotFound')
    }
}
