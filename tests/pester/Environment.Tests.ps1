BeforeAll { . (Join-Path $PSScriptRoot common.ps1) }
AfterAll { Disconnect-G5k -Force }

Describe 'Get-G5kEnvironment' {
    BeforeAll { Connect-TestGrid -Speed 0 }
    It 'streams objects that can be filtered' {
        $environments = Get-G5kEnvironment debian12* -Site nancy
        $environments.Count | Should -Be 9
        $environments | Where-Object Architecture -EQ aarch64 | Should -HaveCount 3
        $environments[0].GetType().FullName | Should -Be WaltG5k.Core.Kadeploy.EnvironmentInfo
    }
    It 'is stopped by Select-Object' { Get-G5kEnvironment -Site nancy | Select-Object -First 1 | Should -HaveCount 1 }
    It 'writes an error for <Name> and goes on' -ForEach @(
        @{ Name = 'nosuch'; Id = 'EnvironmentNotFound' }
        @{ Name = 'debian12-min@nobody'; Id = 'EnvironmentNotFound' }
    ) {
        $found = Get-G5kEnvironment $Name, debian12-big -Site nancy -Arch x86_64 -ErrorAction SilentlyContinue -ErrorVariable failures
        $found.Name | Should -Be debian12-big
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }
    It 'completes names, versions, owners and architectures from what was seen' {
        $null = Get-G5kEnvironment debian12-min -Site nancy -AllVersion
        Complete 'Get-G5kEnvironment debian12-m' | Should -Contain debian12-min
        Complete 'Get-G5kEnvironment debian12-min -Version 2025' | Should -Contain 2025111814
        Complete 'Get-G5kEnvironment -User dep' | Should -Contain deploy
        Complete 'Get-G5kEnvironment -Architecture aa' | Should -Contain aarch64
        Complete 'Register-G5kEnvironment -Visibility Sh' | Should -Contain Shared
    }
}

Describe 'Descriptions' {
    BeforeAll { Connect-TestGrid -Speed 0 }
    It 'go from an environment through a file back to an object' {
        $file = Join-Path $TestDrive mine.yaml
        $null = New-G5kEnvironment mine -Environment debian12-min -Site nancy -KernelParameter quiet | Export-G5kEnvironment -Path $file
        (Import-G5kEnvironment $file).Boot.KernelParameters | Should -Be quiet
        Test-G5kEnvironment $file | Should -BeTrue
        (Get-Item $file | Edit-G5kEnvironment -Description changed).Description | Should -Be changed
        { Export-G5kEnvironment debian12-min $file -Site nancy -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
    }
    It 'name the line of a mistake' {
        $file = Join-Path $TestDrive bad.yaml
        Set-Content $file "name: bad`nos: linux`nimage:`n  file: x`n  kind: tarr`n  compression: gzip"
        $failure = { Import-G5kEnvironment $file -ErrorAction Stop } | Should -Throw -PassThru
        $failure.Exception.Message | Should -Match 'line 5'
        Test-G5kEnvironment $file -WarningAction SilentlyContinue | Should -BeFalse
    }
    It 'in the old form are read and told apart' {
        $file = Join-Path $TestDrive old.env
        Set-Content $file "name : old`nversion : 3`nauthor : me`ntarball : http://x.org/old.tgz|tgz`nkernel : /vmlinuz`ninitrd : /initrd.img`nfilesystem : ext3`nfdisktype : 83`nenvironment_kind : linux"
        $old = Import-G5kEnvironment $file -WarningVariable warnings -WarningAction SilentlyContinue
        $old.PartitionType | Should -Be 131
        "$warnings" | Should -Match 'Kadeploy 3.1'
    }
}

Describe 'Registered environments' {
    BeforeAll { Connect-TestGrid -Speed 0 }
    It 'are made, changed and removed at several sites' {
        $made = New-G5kEnvironment mine -Environment debian12-min -Site nancy | Register-G5kEnvironment -Site nancy, rennes
        $made.Site | Sort-Object | Should -Be nancy, rennes
        ($made | Set-G5kEnvironment -Visibility Shared -PassThru).Visibility | Should -Be Shared, Shared
        $made | Unregister-G5kEnvironment -Confirm:$false
        Get-G5kEnvironment -Site nancy, rennes -Visibility Private, Shared | Should -BeNullOrEmpty
    }
    It 'are left alone with -WhatIf' {
        New-G5kEnvironment other -Environment debian12-min -Site nancy | Register-G5kEnvironment -Site nancy -WhatIf | Should -BeNullOrEmpty
        Get-G5kEnvironment other* -Site nancy | Should -BeNullOrEmpty
    }
}

Describe 'Save-G5kNode' {
    BeforeAll { Connect-TestGrid -Speed 0 }
    It 'refuses a node without a deployed system' {
        { Save-G5kNode gros-1.nancy tuned -ErrorAction Stop } | Should -Throw -ErrorId 'NodeNotDeployed,*'
    }
    It 'refuses several nodes' { { Save-G5kNode 'gros-[1-2].nancy' tuned -ErrorAction Stop } | Should -Throw -ErrorId 'OneG5kNodeOnly,*' }
}
