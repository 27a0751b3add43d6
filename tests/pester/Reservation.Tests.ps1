BeforeAll { . (Join-Path $PSScriptRoot common.ps1) }
AfterAll { Disconnect-G5k -Force }

Describe 'New-G5kReservation' {
    BeforeAll { Connect-TestGrid }
    AfterEach { Get-G5kReservation | Remove-G5kReservation -Confirm:$false }
    It 'reserves nodes, the server and the VLAN' {
        $reservation = New-G5kReservation -Site nancy -Nodes 3 -ServerNode -Vlan Local -Walltime 10 | Wait-G5kReservation
        $reservation.State | Should -Be Running
        @($reservation.Nodes).Count | Should -Be 4
        $reservation.ServerSite | Should -Be nancy
        "$($reservation.Vlan)" | Should -Be Local
    }
    It 'reserves over several sites at one date' {
        $reservation = New-G5kReservation -NodeCount @{ nancy = 2; rennes = 1 } -ServerSite nancy -Vlan Global -Walltime 10
        $reservation.Jobs.Site | Sort-Object | Should -Be @('nancy', 'rennes')
    }
    It 'prints the plan with -WhatIf and sends nothing' {
        New-G5kReservation -Site nancy -Nodes 2 -WhatIf | Should -BeNullOrEmpty
        Get-G5kReservation | Should -BeNullOrEmpty
    }
    It 'uses a live reservation of the same name again' {
        $first = New-G5kReservation -Site nancy -Name again -Walltime 10
        $second = New-G5kReservation -Site nancy -Name again -Walltime 10 -WarningAction SilentlyContinue
        "$($second.Jobs)" | Should -Be "$($first.Jobs)"
    }
    It 'adopts jobs' {
        $jobs = (New-G5kReservation -Site nancy -Name mine -Walltime 10).Jobs
        (New-G5kReservation -JobId "$($jobs[0])" -Name adopted).Jobs.JobId | Should -Be $jobs[0].JobId
    }
    It 'shows the command lines with -Verbose' {
        $lines = New-G5kReservation -Site nancy -Walltime 10 -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        "$lines" | Should -Match 'testbed nancy: oarsub '
    }
    It 'refuses <Because>' -ForEach @(
        @{ Because = 'a site that does not exist'; Arguments = @{ Site = 'nowhere' }; Id = 'SiteNotFound' }
        @{ Because = 'a cluster that does not exist'; Arguments = @{ Site = 'nancy'; Cluster = 'gross' }; Id = 'ClusterNotFound' }
        @{ Because = 'no site'; Arguments = @{}; Id = 'SiteMissing' }
        @{ Because = 'a count of 0'; Arguments = @{ Site = 'nancy'; NodeCount = 0 }; Id = 'InvalidNodeCount' }
        @{ Because = 'a negative count'; Arguments = @{ Site = 'nancy'; NodeCount = -1 }; Id = 'ParameterArgumentTransformationError' }
        @{ Because = 'a bad walltime'; Arguments = @{ Site = 'nancy'; Walltime = '1:99' }; Id = 'ParameterArgumentTransformationError' }
        @{ Because = 'a bad date'; Arguments = @{ Site = 'nancy'; Start = 'someday' }; Id = 'ParameterArgumentTransformationError' }
        @{ Because = 'a date in the past'; Arguments = @{ Site = 'nancy'; Start = '2001-01-01 10:00' }; Id = 'StartInThePast' }
        @{ Because = 'a server where none can be'; Arguments = @{ Site = 'sophia'; ServerNode = $true }; Id = 'NoServerCluster' }
        @{ Because = 'a local VLAN over two sites'; Arguments = @{ Site = 'nancy', 'rennes'; Vlan = 'Local' }; Id = 'VlanNeedsOneSite' }
    ) {
        $failure = { New-G5kReservation @Arguments } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        if ($Id -notlike 'Parameter*') { $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty }
        Get-G5kReservation | Should -BeNullOrEmpty
    }
}

Describe 'Ownership of a reservation' {
    BeforeEach { Connect-TestGrid }
    It 'goes to the user with Select-Object -First 1' {
        $null = New-G5kReservation -Site nancy -Name kept -Walltime 10 | Select-Object -First 1
        (Get-G5kReservation).Name | Should -Be kept
    }
    It 'goes to the user when something downstream fails' {
        { New-G5kReservation -Site nancy -Name kept -Walltime 10 | ForEach-Object { throw 'downstream' } } | Should -Throw downstream
        (Get-G5kReservation).Name | Should -Be kept
    }
    It 'is given up by a stop while <Where>' -ForEach @(
        @{ Where = 'an object goes down the pipeline'; Downstream = { ForEach-Object { $made.Set(); Start-Sleep 60 } } }
        @{ Where = 'a later command ends'; Downstream = { ForEach-Object -Process { } -End { $made.Set(); Start-Sleep 60 } } }
    ) {
        $connection = Connect-G5k -Testbed -Speed 600 -Force
        $shell = [powershell]::Create()
        $null = $shell.AddScript(@"
                param(`$path, `$connection, `$made)
                Import-Module `$path
                New-G5kReservation -Site nancy -Name doomed -Walltime 10 -Connection `$connection | $Downstream
"@).AddArgument($modulePath).AddArgument($connection)
        $made = [Threading.ManualResetEventSlim]::new()
        $null = $shell.AddArgument($made)
        $null = $shell.BeginInvoke()
        $made.Wait(20000) | Should -BeTrue
        $took = Measure-Command { $shell.Stop() }
        $took.TotalSeconds | Should -BeLessThan 1.5
        $deadline = [datetime]::UtcNow.AddSeconds(5)
        while ((Get-G5kReservation) -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 50 }
        Get-G5kReservation | Should -BeNullOrEmpty
    }
}

Describe 'Wait-G5kReservation' {
    BeforeAll { Connect-TestGrid }
    It 'reports a name that does not exist' {
        { Wait-G5kReservation nobody -ErrorAction Stop } | Should -Throw -ErrorId 'ReservationNotFound,*'
    }
    It 'works as a job' {
        $job = New-G5kReservation -Site nancy -Walltime 10 | Wait-G5kReservation -AsJob
        $job.PSJobTypeName | Should -Be WaltG5kJob
        ($job | Receive-Job -Wait -AutoRemoveJob).State | Should -Be Running
        Get-G5kReservation | Remove-G5kReservation -Confirm:$false
    }
    It 'takes a limit' {
        $late = New-G5kReservation -Site nancy -Walltime 10 -Start ([datetimeoffset]'2026-03-26T10:00:00Z')
        { $late | Wait-G5kReservation -Timeout 60 -ErrorAction Stop } | Should -Throw -ErrorId '*Timeout,*'
        $late | Remove-G5kReservation -Confirm:$false
    }
    It 'can be stopped as a job' {
        $late = New-G5kReservation -Site nancy -Walltime 10 -Start ([datetimeoffset]'2026-03-26T10:00:00Z')
        $job = $late | Wait-G5kReservation -AsJob
        (Measure-Command { $job | Stop-Job }).TotalSeconds | Should -BeLessThan 2
        $job.State | Should -Be Stopped
        $job | Remove-Job
        $late | Remove-G5kReservation -Confirm:$false
    }
}

Describe 'Remove-G5kReservation' {
    BeforeAll { Connect-TestGrid }
    It 'deletes nothing with -WhatIf' {
        $reservation = New-G5kReservation -Site nancy -Walltime 10
        $reservation | Remove-G5kReservation -WhatIf
        (Get-G5kReservation).Name | Should -Be $reservation.Name
        $reservation | Remove-G5kReservation -Confirm:$false
        Get-G5kReservation | Should -BeNullOrEmpty
    }
    It 'writes what it removed with -PassThru' {
        (New-G5kReservation -Site nancy -Name gone -Walltime 10 | Remove-G5kReservation -Confirm:$false -PassThru).Name | Should -Be gone
        Get-G5kReservation | Should -BeNullOrEmpty
    }
}

Describe 'Find-G5kOrphan' {
    BeforeAll {
        Connect-TestGrid
        $reservation = New-G5kReservation -Site nancy -Name forgotten -Walltime 10
    }
    AfterAll { Get-G5kReservation | Remove-G5kReservation -Confirm:$false }
    It 'leaves alone what a reservation knows' {
        Find-G5kOrphan nancy | Should -BeNullOrEmpty
    }
    It 'has an error for a site that does not exist' {
        Find-G5kOrphan nowhere -ErrorVariable failure -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failure.FullyQualifiedErrorId | Should -BeLike 'SiteNotFound,*'
    }
    It 'shows its views within 100 columns' {
        $orphan = [WaltG5k.Core.Reservations.Orphan]::new([WaltG5k.Core.Reservations.OrphanKind]::InterruptedSubmission, 'forgotten')
        foreach ($pair in @{ Site = 'nancy'; JobId = [long]2400001; Reason = 'The process that submitted it died before all sites had answered.'; Recommendation = 'Stop-OarJob nancy:2400001' }.GetEnumerator()) {
            [WaltG5k.Core.Reservations.Orphan].GetProperty($pair.Key).SetValue($orphan, $pair.Value)
        }
        $orphan | Format-Table | Out-String -Width 100 | Should -Match 'nancy +2400001 +forgotten +InterruptedSubmission +The process'
        $orphan | Format-List | Out-String | Should -Match 'Recommendation : Stop-OarJob nancy:2400001'
    }
}
