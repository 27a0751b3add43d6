BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    Connect-TestGrid -Speed 60
    $nodes = Get-G5kNode gros-[1-4].nancy
}
AfterAll { Disconnect-G5k -Force }

Describe 'New-G5kVMTopology' {
    It 'places machines of several templates' {
        $topology = $nodes | New-G5kVMTopology web:6x2cpu,4GB, db:2x8cpu,32GB -Name shop
        $topology.MachineCount | Should -Be 8
        $topology.Machines.Id | Should -Contain db-2
        $topology.Sites | Should -Be @('nancy')
    }
    It 'takes a template with or without quotes' {
        $quoted = $nodes | New-G5kVMTopology 'web:2x2cpu,4GB,disk=20GB'
        $plain = $nodes | New-G5kVMTopology web:2x2cpu,4GB,disk=20GB
        $plain.Machines[1].Memory | Should -Be 4096
        $plain.Machines[1].SystemDisk.Size | Should -Be 20
        $quoted.Machines.Size | Should -Be $plain.Machines.Size
    }
    It 'keeps groups apart' {
        $topology = $nodes | New-G5kVMTopology db:3x1cpu,1GB -Distribution Pack -Apart db
        $topology.HostCount | Should -Be 3
    }
    It 'spreads evenly over few hosts' {
        $topology = $nodes | New-G5kVMTopology 40x2cpu,1GB -Distribution Balanced
        $counts = $topology.Hosts.ForEach({ $_.Machines.Count }) | Measure-Object -Minimum -Maximum
        $counts.Count | Should -Be 3
        $counts.Maximum - $counts.Minimum | Should -BeLessOrEqual 1
    }
    It 'says why a machine does not fit, and what would help' {
        $topology = $nodes[0] | New-G5kVMTopology vm:3x1cpu,48GB -ErrorVariable why -ErrorAction SilentlyContinue
        $topology | Should -BeNullOrEmpty
        $why[0].FullyQualifiedErrorId | Should -BeLike 'MachineNotPlaced,*'
        $why[0].TargetObject.Id | Should -Be vm-2
        $why[0].ErrorDetails.Message | Should -Match 'memory'
        $why[0].ErrorDetails.RecommendedAction | Should -Match 'MiB|host'
    }
    It 'gives the others with -AllowPartial' {
        ($nodes[0] | New-G5kVMTopology vm:3x1cpu,48GB -AllowPartial -ErrorAction SilentlyContinue).MachineCount | Should -Be 1
    }
    It 'takes names, node sets, clusters and topologies as hosts' {
        (New-G5kVMTopology 2x1cpu -InputObject 'gros-[5-6].nancy').Hosts.Name | Should -Contain gros-6.nancy.grid5000.fr
        (New-G5kVMTopology 1cpu -Cluster gros -Site nancy).HostCount | Should -Be 1
        $first = $nodes | New-G5kVMTopology a:4x1cpu
        ($first | New-G5kVMTopology a:2x1cpu).Machines.Id | Should -Contain a-6
    }
    It 'refuses <Template>' -ForEach @(@{ Template = 'web:2xx' }, @{ Template = '4xcpu' }, @{ Template = '1cpu,colour=red' }, @{ Template = '<vm' }) {
        { $nodes | New-G5kVMTopology $Template } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
    }
    It 'names hosts that do not exist' {
        New-G5kVMTopology 1cpu -InputObject gros-9999 -ErrorVariable why -ErrorAction SilentlyContinue | Out-Null
        $why[0].FullyQualifiedErrorId | Should -BeLike 'NodeNotFound,*'
    }
    It 'completes distributions' { Complete 'New-G5kVMTopology 1cpu -Distribution B' | Should -Contain Balanced }
}

Describe 'Topologies in files' {
    BeforeAll { $topology = $nodes | New-G5kVMTopology web:6x2cpu,4GB,group=web+front, db:2x8cpu,32GB -Name "it's" -Distribution Pack -Apart db, db/web -Program 'echo "$1"' }
    It 'are the same again as <_>' -ForEach xml, json, psd1 {
        $file = $topology | Export-G5kVMTopology "$TestDrive/same.$_" -Force
        $again = Import-G5kVMTopology $file.FullName
        $other = $again | Export-G5kVMTopology "$TestDrive/again.$_" -Force
        Get-Content -Raw $other | Should -Be (Get-Content -Raw $file)
        $again.Program | Should -Be $topology.Program
    }
    It 'are data files that PowerShell itself reads' {
        $file = $topology | Export-G5kVMTopology $TestDrive/data.psd1
        $data = Import-PowerShellDataFile $file.FullName
        $data.Name | Should -Be "it's"
        @($data.Hosts.Machines).Count | Should -Be 8
    }
    It 'are not written over without -Force, nor at all with -WhatIf' {
        $topology | Export-G5kVMTopology $TestDrive/kept.xml | Out-Null
        { $topology | Export-G5kVMTopology $TestDrive/kept.xml -ErrorAction Stop } | Should -Throw -ErrorId 'TopologyFileExists,*'
        $topology | Export-G5kVMTopology $TestDrive/never.xml -WhatIf | Should -BeNullOrEmpty
        Test-Path $TestDrive/never.xml | Should -BeFalse
    }
    It 'are read by wildcards and through the pipeline, and literally' {
        $folder = New-Item -ItemType Directory "$TestDrive/some [1]"
        $topology | Export-G5kVMTopology -LiteralPath "$folder/a.json" | Out-Null
        $topology | Export-G5kVMTopology -LiteralPath "$folder/b.json" | Out-Null
        @(Import-G5kVMTopology "$TestDrive/some*/*.json").Count | Should -Be 2
        @(Get-ChildItem -LiteralPath $folder | Import-G5kVMTopology).Count | Should -Be 2
        (Import-G5kVMTopology -LiteralPath "$folder/a.json").Name | Should -Be "it's"
    }
    It 'tell every mistake with its line' {
        @'
<vm5k>
  <site id="nancy"><cluster id="gros"><host id="gros-1">
    <vm id="a" n_cpu="two"/>
    <vm id="a" mem="-1"/>
  </host></cluster></site>
</vm5k>
'@ | Set-Content $TestDrive/bad.xml
        Import-G5kVMTopology $TestDrive/bad.xml -ErrorVariable why -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $why.FullyQualifiedErrorId.ForEach({ $_.Split(',')[0] }) | Sort-Object | Should -Be @('DuplicateMachine', 'InvalidNumber', 'InvalidNumber')
        "$($why[0])" | Should -Match 'bad\.xml:3: '
        Test-G5kVMTopology -Path $TestDrive/bad.xml -WarningVariable told -WarningAction SilentlyContinue | Should -BeFalse
        $told.Count | Should -Be 3
    }
    It 'that are not there are an error' {
        { Import-G5kVMTopology $TestDrive/none.xml -ErrorAction Stop } | Should -Throw -ErrorId 'TopologyNotRead,*'
    }
    It 'are drawn' {
        $picture = $topology | Show-G5kVMTopology -Path $TestDrive/picture.svg
        ([xml](Get-Content -Raw $picture)).svg.title | Should -Match '8 machines'
        Get-Content -Raw ($topology | Show-G5kVMTopology -Path $TestDrive/picture.dot) | Should -Match '^graph '
    }
}

Describe 'Measure-G5kVMCapacity' {
    It 'counts what New-G5kVMTopology places' {
        $count = ($nodes | Measure-G5kVMCapacity 2cpu,4GB).Count
        ($nodes | New-G5kVMTopology "${count}x2cpu,4GB").MachineCount | Should -Be $count
        { $nodes | New-G5kVMTopology "$($count + 1)x2cpu,4GB" -ErrorAction Stop } | Should -Throw -ErrorId 'MachineNotPlaced,*'
    }
    It 'tells each host' {
        @($nodes | Measure-G5kVMCapacity 2cpu,4GB -PerHost).Count | Should -Be 4
    }
    It 'counts what is there already' {
        $before = ($nodes | Measure-G5kVMCapacity 1cpu,1GB).Count
        $topology = $nodes | New-G5kVMTopology 4x1cpu,1GB
        ($topology | Measure-G5kVMCapacity 1cpu,1GB).Count | Should -Be ($before - 4)
    }
    It 'takes a reservation' {
        $reservation = New-G5kReservation -Site nancy -Nodes 2 -Walltime 0:30 | Wait-G5kReservation
        ($reservation | Measure-G5kVMCapacity 1cpu,1GB).HostCount | Should -Be 2
        $reservation | Remove-G5kReservation -Confirm:$false
    }
}
