BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    $null = Connect-G5k -Testbed -Speed 0 -Force
}
AfterAll { Disconnect-G5k -Force }

Describe 'A deployment of virtual machines' {
    BeforeAll { $deployment = New-G5kVMDeployment web:4x2cpu,4GB, db:2x4cpu,8GB -Site nancy -Cluster gros -HostCount 2 -OutputPath $TestDrive/lists -AuthorizedKey 'ssh-ed25519 AAAA x' | Wait-G5kVMDeployment }
    AfterAll { Get-G5kVMDeployment -All | Where-Object IsAlive | Remove-G5kVMDeployment -Confirm:$false }

    It 'is made by one pipeline' {
        "$($deployment.State)" | Should -Be Ready
        $deployment.MachinesReady | Should -Be 6
        @($deployment.Machines.Ip | Select-Object -Unique).Count | Should -Be 6
    }
    It 'writes the lists of hosts and machines' {
        @(Import-Csv $TestDrive/lists/vms.csv).Count | Should -Be 6
        @(Import-Csv $TestDrive/lists/hosts.csv).Count | Should -Be 2
        (Import-G5kVMTopology $TestDrive/lists/topology.xml).MachineCount | Should -Be 6
    }
    It 'is found by default, by id, with wildcards and among all' {
        (Get-G5kVMDeployment).Id | Should -Be $deployment.Id
        (Get-G5kVMDeployment 20*).Id | Should -Contain $deployment.Id
        (Get-G5kVMDeployment -All).Id | Should -Contain $deployment.Id
        { Get-G5kVMDeployment nobody -ErrorAction Stop } | Should -Throw -ErrorId 'DeploymentNotFound,*'
        Complete 'Get-G5kVMDeployment ' | Should -Contain $deployment.Id
    }
    It 'shows its steps' {
        ($deployment | Get-G5kVMDeploymentStep).Name | Should -Contain machines.wait
        $deployment | Get-G5kVMDeploymentStep | Where-Object State -eq Failed | Should -BeNullOrEmpty
    }
    It 'fits a screen' { ($deployment | Format-Table | Out-String -Width 200).Split("`n").ForEach({ $_.TrimEnd().Length }) | Measure-Object -Maximum | ForEach-Object Maximum | Should -BeLessOrEqual 100 }
    It 'cannot be resumed when it is ready' { { $deployment | Resume-G5kVMDeployment -ErrorAction Stop } | Should -Throw -ErrorId 'DeploymentEnded,*' }
    It 'is kept by -WhatIf' {
        $deployment | Remove-G5kVMDeployment -WhatIf
        "$((Get-G5kVMDeployment).State)" | Should -Be Ready
    }
    It 'is removed from its hosts, which stay' {
        $gone = $deployment | Remove-G5kVMDeployment -KeepJob -PassThru -Confirm:$false
        "$($gone.State)" | Should -Be Released
        "$((Get-OarJob $deployment.Jobs[0]).State)" | Should -Be Running
    }
    It 'uses the nodes of a job that is given' {
        $again = Get-OarJob $deployment.Jobs[0] | New-G5kVMDeployment 2x1cpu,1GB -NoDeploy -AuthorizedKey 'ssh-ed25519 AAAA x' | Wait-G5kVMDeployment
        $again.MachinesReady | Should -Be 2
        $again.Jobs[0].JobId | Should -Be $deployment.Jobs[0].JobId
        $again | Remove-G5kVMDeployment -Confirm:$false
    }
}

Describe 'New-G5kVMDeployment' {
    It 'sends nothing with -WhatIf' {
        New-G5kVMDeployment 4x2cpu -Site nancy -WhatIf | Should -BeNullOrEmpty
        @(Get-OarJob -Site nancy).Count | Should -Be 0
    }
    It 'takes a topology' {
        Get-G5kNode 'gros-[1-2].nancy' | New-G5kVMTopology 4x1cpu,1GB | New-G5kVMDeployment -WhatIf | Should -BeNullOrEmpty
    }
    It 'says what is wrong: <Id>' -ForEach @(
        @{ Id = 'NoMachines'; Code = { New-G5kVMDeployment -Site nancy } }
        @{ Id = 'MachinesDoNotFit'; Code = { New-G5kVMDeployment 1cpu,9000GB -Site nancy } }
        @{ Id = 'ImageNotFound'; Code = { New-G5kVMDeployment 1cpu -Site nancy -Image /home/none.qcow2 } }
        @{ Id = 'SiteNotFound'; Code = { New-G5kVMDeployment 1cpu -Site nanci } }
        @{ Id = 'NodeNotReserved'; Code = { New-G5kVMDeployment 1cpu -InputObject gros-1.nancy } }
    ) { $Code | Should -Throw -ErrorId "$Id,*" }
}
