BeforeAll { . (Join-Path $PSScriptRoot common.ps1) }
AfterAll { Disconnect-G5k -Force }

Describe 'Find-G5kSlot' {
    BeforeAll { Connect-TestGrid -Speed 60 }
    AfterEach { Get-G5kReservation | Remove-G5kReservation -Confirm:$false }
    It 'finds a slot now on an empty site' {
        $slot = Find-G5kSlot -Site lyon -Nodes 3
        $slot.NodeCounts['lyon'] | Should -Be 3
        $slot.Wait | Should -Be ([timespan]::Zero)
        $slot.WhyNotEarlier | Should -BeNullOrEmpty
    }
    It 'waits for nodes that are taken, and says for which' {
        New-G5kReservation -Site lyon -Cluster taurus -Nodes 6 -Walltime 1:00 | Wait-G5kReservation | Out-Null
        $slot = Find-G5kSlot -Site lyon -Cluster taurus -Nodes 10
        $slot.Wait | Should -BeGreaterThan ([timespan]'0:30')
        $slot.WhyNotEarlier | Should -Match 'taurus nodes at lyon until'
    }
    It 'offers any one site when none is named' {
        @((Find-G5kSlot -Nodes 2 -Count 4).Sites | Sort-Object -Unique).Count | Should -Be 4
    }
    It 'feeds New-G5kReservation' {
        $reservation = Find-G5kSlot -Site lyon -Nodes 2 -Night | New-G5kReservation
        $reservation.Start.TimeOfDay.Minutes | Should -Be 0
        $reservation.State | Should -Be Waiting
    }
    It 'is one date only: taken meanwhile, it is an error that names the next' {
        $slot = Find-G5kSlot -Site lyon -Cluster taurus -Nodes 10 -Night
        $slot | New-G5kReservation | Out-Null
        $failure = { $slot | New-G5kReservation -ErrorAction Stop } | Should -Throw -ErrorId 'NoFreeResource,*' -PassThru
        $failure.Exception.Data['NextPossibleStart'] | Should -BeGreaterThan $slot.Start
        @(Get-G5kReservation).Count | Should -Be 1
    }
    It 'reserves nothing when there is no slot' {
        { Find-G5kSlot -Site lyon -Nodes 900 | New-G5kReservation } | Should -Throw -ErrorId 'NotEnoughResources,*'
        Get-G5kReservation | Should -BeNullOrEmpty
    }
    It 'refuses <Because>' -ForEach @(
        @{ Because = 'a site that does not exist'; Arguments = @{ Site = 'lyom' }; Id = 'SiteNotFound' }
        @{ Because = 'a cluster that does not exist'; Arguments = @{ Site = 'lyon'; Cluster = 'tauris' }; Id = 'ClusterNotFound' }
        @{ Because = 'more nodes than there are'; Arguments = @{ Site = 'lyon'; NodeCount = 900 }; Id = 'NotEnoughResources' }
        @{ Because = 'a count of 0'; Arguments = @{ Site = 'lyon'; NodeCount = 0 }; Id = 'InvalidNodeCount' }
        @{ Because = 'a window that ends before it begins'; Arguments = @{ Site = 'lyon'; Earliest = '2030-01-02'; Latest = '2030-01-01' }; Id = 'InvalidWindow' }
        @{ Because = 'a deadline that is too near'; Arguments = @{ Site = 'lyon'; Earliest = '2030-01-02'; Deadline = '2030-01-02 00:10' }; Id = 'InvalidWindow' }
        @{ Because = 'a start in the past'; Arguments = @{ Site = 'lyon'; Earliest = '2020-01-01' }; Id = 'StartInThePast' }
        @{ Because = 'a walltime that no night holds'; Arguments = @{ Site = 'lyon'; Walltime = '200:00'; Night = $true }; Id = 'NoSuchHours' }
        @{ Because = 'two kinds of hours'; Arguments = @{ Site = 'lyon'; Night = $true; Weekend = $true }; Id = 'HoursConflict' }
    ) {
        { Find-G5kSlot @Arguments -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
    }
    It 'completes sites and criteria' {
        Complete 'Find-G5kSlot -Criterion m' | Should -Contain Max
    }
}

Describe 'New-G5kReservation -Start' {
    BeforeAll { Connect-TestGrid -Speed 60 }
    AfterEach { Get-G5kReservation | Remove-G5kReservation -Confirm:$false }
    It 'First waits for nodes that are taken' {
        New-G5kReservation -Site lyon -Cluster taurus -Nodes 6 -Walltime 1:00 | Wait-G5kReservation | Out-Null
        $reservation = New-G5kReservation -Site lyon -Cluster taurus -Nodes 10 -Start First
        $reservation.State | Should -Be Waiting
        $reservation.Start | Should -Not -BeNullOrEmpty
    }
    It 'First finds a site when none is named' {
        @((New-G5kReservation -Nodes 30 -Start First).Jobs).Count | Should -Be 1
    }
    It 'Now is no date hours ahead, but an error that names it' {
        New-G5kReservation -Site lyon -Cluster taurus -Nodes 6 -Walltime 2:00 | Wait-G5kReservation | Out-Null
        $failure = { New-G5kReservation -Site lyon -Cluster taurus -Nodes 10 -ErrorAction Stop } | Should -Throw -ErrorId 'NoFreeResource,*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match '-Start First'
        @(Get-G5kReservation).Count | Should -Be 1
    }
    It 'tells a start that is put off, and why' {
        New-G5kReservation -Site lyon -Cluster taurus -Nodes 6 -Walltime 1:00 | Wait-G5kReservation | Out-Null
        New-G5kReservation -Site lyon -Cluster taurus -Nodes 10 -Start First -WhatIf -WarningVariable told -WarningAction SilentlyContinue
        "$told" | Should -Match 'it starts at .*taurus nodes at lyon'
    }
}

Describe 'New-WaltDeployment -Start' {
    BeforeAll { Connect-TestGrid -Speed 60 }
    It '<Start> plans and reserves nothing with -WhatIf' -ForEach @{ Start = 'First' }, @{ Start = 'Night' }, @{ Start = 'Max' } {
        New-WaltDeployment -Site rennes -Nodes 1 -Start $Start -WhatIf -WarningAction SilentlyContinue
        Get-G5kReservation | Should -BeNullOrEmpty
    }
}
