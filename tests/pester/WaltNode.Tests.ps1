BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    $deployment = New-TestPlatform 3
    $nodes = @((Get-WaltNode).Name)
}
AfterAll {
    Remove-WaltDeployment -Confirm:$false
    Disconnect-G5k -Force
}

Describe 'Get-WaltNode' {
    It 'knows <Words>' -ForEach @(
        @{ Words = 'my-nodes'; Count = 3; Code = { Get-WaltNode my-nodes } }
        @{ Words = 'free-nodes'; Count = 0; Code = { Get-WaltNode free-nodes } }
        @{ Words = '-Mine'; Count = 3; Code = { Get-WaltNode -Mine } }
        @{ Words = '-Free'; Count = 0; Code = { Get-WaltNode -Free } }
        @{ Words = '-Booted'; Count = 3; Code = { Get-WaltNode -Booted } }
        @{ Words = '-Booted:$false'; Count = 0; Code = { Get-WaltNode -Booted:$false } }
        @{ Words = '-Image'; Count = 3; Code = { Get-WaltNode -Image pc-* } }
        @{ Words = '-Model'; Count = 0; Code = { Get-WaltNode -Model rpi-* } }
    ) { @(& $Code).Count | Should -Be $Count }
    It 'completes nodes and the words for sets' {
        Complete 'Get-WaltNode ' | Should -Contain $nodes[0]
        Complete 'Get-WaltNode my' | Should -Be 'my-nodes'
    }
}

Describe 'Invoke-WaltNodeCommand' {
    It 'runs on what was booted and awaited' {
        $results = Get-WaltNode | Invoke-WaltNodeBoot -Image debian12 | Wait-WaltNode | Invoke-WaltNodeCommand 'uname -r'
        $results.Name | Sort-Object | Should -Be ($nodes | Sort-Object)
        $results.Output | Select-Object -Unique | Should -Match '^6\.1'
        $results.ExitStatus | Select-Object -Unique | Should -Be 0
    }
    It 'tells output, error and status apart' {
        $result = Invoke-WaltNodeCommand 'hostname; cat /nowhere; exit 3' -Node $nodes[0] -ErrorVariable failure -ErrorAction SilentlyContinue
        $result.Output.Trim() | Should -Be $nodes[0]
        $result.Error | Should -Match 'No such file'
        $result.ExitStatus | Should -Be 3
        $failure.FullyQualifiedErrorId | Should -Be 'NodeCommandFailed,WaltG5k.Commands.InvokeWaltNodeCommandCommand'
        $failure.CategoryInfo.Category | Should -Be ResourceUnavailable
    }
    It 'stops where errors stop' {
        { Get-WaltNode | Invoke-WaltNodeCommand 'exit 1' -ErrorAction Stop } | Should -Throw -ErrorId 'NodeCommandFailed,*'
    }
    It 'folds equal results' {
        $fold = Get-WaltNode | Invoke-WaltNodeCommand whoami -Fold
        $fold.Count | Should -Be 3
        ($fold | Format-Table | Out-String -Width 100) | Should -Match 'Succeeded +0 root'
    }
    It 'runs a script of this machine' {
        Set-Content TestDrive:/probe.sh "hostname`nwhoami"
        (Invoke-WaltNodeCommand -FilePath TestDrive:/probe.sh -Node $nodes[0]).Output | Should -Be "$($nodes[0])`nroot`n"
    }
    It 'changes nothing with -WhatIf' {
        Invoke-WaltNodeCommand 'echo x > /root/whatif' -Node $nodes[0] -WhatIf
        (Invoke-WaltNodeCommand 'test -f /root/whatif' -Node $nodes[0] -ErrorAction SilentlyContinue).ExitStatus | Should -Be 1
    }
    It 'runs as a job' { (Get-WaltNode | Invoke-WaltNodeCommand hostname -AsJob | Receive-Job -Wait -AutoRemoveJob).Name.Count | Should -Be 3 }
}

Describe 'Other work on nodes' {
    It 'copies both ways' {
        Set-Content TestDrive:/a.txt hello
        (Get-WaltNode | Copy-WaltNodeItem TestDrive:/a.txt /root/in).FileCount | Select-Object -Unique | Should -Be 1
        $null = Copy-WaltNodeItem /root/in/a.txt TestDrive:/back -FromNode my-nodes
        Get-Content "TestDrive:/back/$($nodes[2])/a.txt" | Should -Be hello
    }
    It 'opens a port of a node and closes it' {
        $forward = New-WaltPortForward $nodes[0] 22
        (Get-WaltPortForward).LocalPort | Should -Be $forward.LocalPort
        Get-WaltPortForward | Remove-WaltPortForward -Confirm:$false
        Get-WaltPortForward | Should -BeNullOrEmpty
        Remove-WaltPortForward (New-WaltPortForward $nodes[0] 22) -Confirm:$false
        Get-WaltPortForward | Should -BeNullOrEmpty
    }
    It 'releases and acquires' {
        (Unlock-WaltNode $nodes[0] -Wait -PassThru | Get-WaltNode).Owner | Should -BeNullOrEmpty
        Invoke-WaltNodeCommand hostname -Node $nodes[0] -WarningVariable warning -WarningAction SilentlyContinue | Should -Not -BeNullOrEmpty
        "$warning" | Should -Match 'Lock-WaltNode'
        (Lock-WaltNode free-nodes -Wait -PassThru | Get-WaltNode).Owner | Should -Be walt-g5k
    }
    It 'refuses nodes of other users' {
        $server = Connect-WaltServer $deployment.Server -UserName mallory
        try { { Restart-WaltNode $nodes[0] -ErrorAction Stop } | Should -Throw -ErrorId 'NodeNotOwned,*' }
        finally { Disconnect-WaltServer $server }
    }
    It 'tells who answers a ping' { Get-WaltNode | Test-WaltNode | Select-Object -Unique | Should -BeTrue }
    It 'changes settings' {
        (Set-WaltNodeConfiguration $nodes[0] boot.timeout=none -PassThru).Settings['boot.timeout'] | Should -Be none
        { Set-WaltNodeConfiguration $nodes[0] boot.timeout=7 } | Should -Throw
    }
    It 'saves a node as an image' {
        ($nodes[0] | Save-WaltNodeImage -Image kept).Name | Should -Be kept
        { Save-WaltNodeImage $nodes[0] kept -Force } | Should -Not -Throw
    }
    It 'makes and removes virtual nodes' {
        (New-WaltVirtualNode pester-v1 | Wait-WaltNode).IsBooted | Should -BeTrue
        (Rename-WaltNode pester-v1 pester-v2 -PassThru).Name | Should -Be pester-v2
        { New-WaltVirtualNode 1x -ErrorAction Stop } | Should -Throw -ErrorId 'DeviceNameInvalid,*'
        Complete 'Get-WaltNode pester' | Should -Be pester-v2
        Get-WaltNode -Virtual | Remove-WaltVirtualNode -Confirm:$false
        Get-WaltNode -Virtual | Should -BeNullOrEmpty
        Complete 'Get-WaltNode pester' | Should -BeNullOrEmpty
    }
}
