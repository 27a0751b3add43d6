BeforeAll { . (Join-Path $PSScriptRoot common.ps1) }
AfterAll { Disconnect-G5k -Force }

Describe 'A WalT platform' {
    BeforeAll {
        $deployment = New-TestPlatform
    }
    AfterAll { Remove-WaltDeployment -Confirm:$false }

    It 'is deployed by one pipeline' {
        "$($deployment.State)" | Should -Be Ready
        $deployment.NodesReady | Should -Be 3
        $deployment.Findings | Where-Object Severity -eq Error | Should -BeNullOrEmpty
    }
    It 'is found by Get-WaltDeployment, by default, by id and among all' {
        (Get-WaltDeployment).Id | Should -Be $deployment.Id
        (Get-WaltDeployment $deployment.Id).Id | Should -Be $deployment.Id
        (Get-WaltDeployment -All).Id | Should -Contain $deployment.Id
        { Get-WaltDeployment nobody -ErrorAction Stop } | Should -Throw -ErrorId 'DeploymentNotFound,*'
    }
    It 'shows the time of its steps' {
        $steps = Get-WaltDeploymentStep
        $steps.Name | Should -Contain server.deploy
        "$((Get-WaltDeploymentStep -Name server.deploy).Duration)" | Should -Not -BeNullOrEmpty
        ($deployment | Get-WaltDeploymentStep -State Failed) | Should -BeNullOrEmpty
    }
    It 'refuses a second deployment' {
        { New-WaltDeployment -Site nancy } | Should -Throw -ErrorId 'DeploymentAlive,*'
    }
    It 'is waited for again at once' { "$((Wait-WaltDeployment).State)" | Should -Be Ready }
    It 'is waited for as a job' { "$((Wait-WaltDeployment -AsJob | Receive-Job -Wait -AutoRemoveJob).State)" | Should -Be Ready }

    Context 'Connect-WaltServer' {
        AfterEach { Disconnect-WaltServer }
        It 'connects to the server of a deployment, through its site' {
            $server = $deployment | Connect-WaltServer
            $server.ComputerName | Should -Be $deployment.Server
            $server.ServerVersion | Should -Be '10.0'
            $server.UserName | Should -Be walt-g5k
            $server.Through | Should -Be 'testbed nancy'
        }
        It 'is what the WalT cmdlets then work on, until it is disconnected' {
            $null = Connect-WaltServer $deployment.Server -UserName jdoe
            (Get-WaltServer).UserName | Should -Be jdoe
            (Get-WaltServer).Deployment | Should -BeNullOrEmpty
            @(Get-WaltNode).Count | Should -Be 3
            Disconnect-WaltServer
            (Get-WaltServer).Deployment | Should -Be $deployment.Id
        }
        It 'works beside the current server' {
            $server = Connect-WaltServer $deployment.Server -UserName jdoe
            Disconnect-WaltServer $server
            (Get-WaltServer -Server $server).UserName | Should -Be jdoe
        }
        It 'says that no WalT server is there' {
            { Connect-WaltServer $deployment.Nodes[0].Name } | Should -Throw -ErrorId 'NoWaltServer,*'
        }
        It 'asks for a site where the name tells none' {
            { Connect-WaltServer some-server } | Should -Throw -ErrorId 'ServerSiteMissing,*'
        }
    }
    Context 'Get-WaltServer' {
        It 'shows version, counts, clock and features' {
            $server = Get-WaltServer
            $server.Version | Should -Be '10.0'
            $server.NodeCount | Should -Be 3
            $server.BootedCount | Should -Be 3
            $server.IsHttpReachable | Should -BeTrue
            $server.HasShell | Should -BeTrue
            $server.HasNbfsd | Should -BeTrue
            [math]::Abs($server.TimeDifference.TotalSeconds) | Should -BeLessThan 60
        }
    }
    Context 'Get-WaltNode' {
        It 'lists the nodes' {
            $nodes = Get-WaltNode
            @($nodes).Count | Should -Be 3
            $nodes.IsBooted | Should -Not -Contain $false
        }
        It 'takes names, sets and wildcards' {
            $names = (Get-WaltNode).Name
            (Get-WaltNode $names[0]).Name | Should -Be $names[0]
            @(Get-WaltNode gros-*).Count | Should -Be 3
            @(Get-WaltNode (Get-WaltNode)).Count | Should -Be 3
        }
        It 'reports a node that does not exist' {
            Get-WaltNode nobody -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.FullyQualifiedErrorId | Should -BeLike 'WaltNodeNotFound,*'
        }
    }
    Context 'Get-WaltImage' {
        It 'lists images, and remembers them for completion' {
            (Get-WaltImage pc-x86*).Name | Should -Contain pc-x86-64-default
            $null = Get-WaltImage
            Complete 'Invoke-WaltNodeBoot x -Image debian12' | Should -Contain debian12
        }
        It 'reports an image that does not exist' { { Get-WaltImage nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*' }
    }
    Context 'the boot path' {
        It 'is tested before an experiment' {
            Test-WaltBootPath | Should -BeTrue
            $checks = Get-WaltBootPath
            $checks | ForEach-Object { $_ | Should -BeOfType WaltG5k.Core.Walt.WaltBootCheck }
            $checks | Where-Object State -In Warning, Failed | Should -BeNullOrEmpty
            ($checks | Where-Object Check -EQ boot-files).Nodes.Count | Should -Be 3
            @(Get-WaltBootPath (Get-WaltNode)[0] | Where-Object Check -EQ kexec).Nodes | Should -Be (Get-WaltNode)[0].Name
        }
        It 'goes by NBFS, and shows what its time was spent on' {
            $name = (Get-WaltNode)[0].Name
            $result = Invoke-WaltNodeBoot $name -RootFileSystem Nbfs -Trace
            $result.IsBooted, $result.RootFileSystem | Should -Be $true, 'Nbfs'
            $result.Parts.Name | Should -Be kernel, kexec, system
            $result.Elapsed | Should -BeGreaterThan ([timespan]::Zero)
        }
        It 'is measured, and compared with the talk' {
            $name = (Get-WaltNode)[0].Name
            $summary = Measure-WaltBoot $name -RootFileSystem Nfs -Count 2
            $summary.Count, $summary.Failed | Should -Be 2, 0
            $summary.Median | Should -BeGreaterOrEqual $summary.Shortest
            $table = Get-WaltBootHistory | Measure-WaltBoot -AsComparison
            $table.Path | Should -Be 'TFTP + NFS', 'HTTP + NFS', 'kexec + NFS', 'kexec + NBFS'
            $table[2].Count | Should -BeGreaterOrEqual 2
            $table[2].TalkOtherSite.TotalSeconds | Should -Be 40
            $table[0].SameSite | Should -BeNullOrEmpty
        }
        It 'is measured from nodes of the pipeline, and only said with -WhatIf' {
            $count = @(Get-WaltBootHistory).Count
            Get-WaltNode | Measure-WaltBoot -WhatIf | Should -BeNullOrEmpty
            @(Get-WaltBootHistory).Count | Should -Be $count
            { Measure-WaltBoot -ErrorAction Stop } | Should -Throw -ErrorId 'NothingToMeasure,*'
        }
        It 'has a history with filters' {
            $boots = @(Get-WaltBootHistory)
            $boots.Count | Should -BeGreaterOrEqual 3
            $boots[0] | Should -BeOfType WaltG5k.Core.Walt.WaltBootRecord
            @(Get-WaltBootHistory $boots[0].Node).Node | Sort-Object -Unique | Should -Be $boots[0].Node
            Get-WaltBootHistory nobody* | Should -BeNullOrEmpty
            Get-WaltBootHistory -Image nothing* | Should -BeNullOrEmpty
            Get-WaltBootHistory -Within '00:00:00.001' | Should -BeNullOrEmpty
            Get-WaltBootHistory -Failed | Should -BeNullOrEmpty
        }
        It 'completes' {
            Complete 'Measure-WaltBoot gr' | Should -Contain $deployment.Nodes[0].WaltName
            Complete 'Invoke-WaltNodeBoot x -RootFileSystem ' | Should -Be Nbfs, Nfs, Speculative
            Complete 'Test-WaltBootPath gr' | Should -Contain $deployment.Nodes[0].WaltName
        }
    }
    Context 'Invoke-WaltNodeBoot' {
        It 'boots all nodes by kexec' {
            $results = Get-WaltNode | Invoke-WaltNodeBoot -Image debian12 -Wait
            @($results).Count | Should -Be 3
            $results.IsBooted | Should -Not -Contain $false
            "$($results.Method | Sort-Object -Unique)" | Should -Be Kexec
            (Get-WaltNode).Image | ForEach-Object { $_ | Should -Match debian12 }
        }
        It 'does without waiting, and Wait-WaltNode waits' {
            $ready = Get-WaltNode | Invoke-WaltNodeBoot -Image pc-x86-64-default | Wait-WaltNode
            @($ready).Count | Should -Be 3
            $ready.IsBooted | Should -Not -Contain $false
        }
        It 'boots by hard reboot' {
            $name = (Get-WaltNode)[0].Name
            $result = Invoke-WaltNodeBoot $name -Method Hard -Wait
            "$($result.Method)" | Should -Be Hard
            $result.Node | Should -Be $name
        }
        It 'does nothing with -WhatIf' {
            $before = (Get-WaltNode).Image
            Invoke-WaltNodeBoot * -Image debian12 -WhatIf | Should -BeNullOrEmpty
            (Get-WaltNode).Image | Should -Be $before
        }
        It 'works as a job, with progress' {
            $job = Invoke-WaltNodeBoot * -Wait -AsJob
            @($job | Receive-Job -Wait).Count | Should -Be 3
            $job.State | Should -Be Completed
            $job | Remove-Job
        }
        It 'goes on after a node that does not exist' {
            $name = (Get-WaltNode)[0].Name
            $results = Invoke-WaltNodeBoot nobody, $name -Wait -ErrorVariable failures -ErrorAction SilentlyContinue
            $results.Node | Should -Be $name
            $failures.FullyQualifiedErrorId | Should -BeLike 'WaltNodeNotFound,*'
        }
        It 'refuses an image that does not exist' {
            { Invoke-WaltNodeBoot * -Image nothing -Wait -ErrorAction Stop } | Should -Throw -ErrorId 'ImageNotFound,*'
        }
    }
    Context 'Completion' {
        It 'completes deployments and nodes from the journal' {
            Complete 'Get-WaltDeployment 20' | Should -Contain $deployment.Id
            Complete 'Invoke-WaltNodeBoot gr' | Should -Contain $deployment.Nodes[0].WaltName
        }
    }
}

Describe 'New-WaltDeployment' {
    BeforeEach { Connect-TestGrid -Speed 100 }
    It 'prints the plan with -WhatIf and makes nothing' {
        New-WaltDeployment -NodeCount @{ nancy = 2; rennes = 1 } -WhatIf | Should -BeNullOrEmpty
        Get-WaltDeployment -All | Should -BeNullOrEmpty
        Get-G5kReservation | Should -BeNullOrEmpty
    }
    It 'has nothing to do when nothing comes down the pipeline' {
        New-G5kReservation -Site nancy -ServerNode -Vlan Local -WhatIf | New-WaltDeployment | Wait-WaltDeployment | Should -BeNullOrEmpty
    }
    It 'deploys a recipe and keeps parameters as one' {
        $made = New-WaltDeployment -Site nancy -Nodes 1 -Walltime 100 -SaveRecipe small | Wait-WaltDeployment
        "$($made.State)" | Should -Be Ready
        (Get-WaltRecipe small).ServerSite | Should -Be nancy
        $made | Remove-WaltDeployment -Confirm:$false
        $again = New-WaltDeployment small | Wait-WaltDeployment
        $again.Recipe | Should -Be small
        "$((Remove-WaltDeployment -Confirm:$false -PassThru).State)" | Should -Be Released
    }
    It 'refuses <Because>' -ForEach @(
        @{ Because = 'a recipe that does not exist'; Arguments = @{ Recipe = 'nobody' }; Id = 'RecipeNotFound' }
        @{ Because = 'a site that does not exist'; Arguments = @{ Site = 'nowhere' }; Id = 'SiteNotFound' }
        @{ Because = 'a site without a server'; Arguments = @{ Site = 'sophia' }; Id = 'NoServerCluster' }
        @{ Because = 'a reservation that does not exist'; Arguments = @{ Reservation = 'nobody' }; Id = 'ReservationNotFound' }
        @{ Because = 'nothing'; Arguments = @{}; Id = 'SiteMissing' }
    ) {
        $failure = { New-WaltDeployment @Arguments } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
    It 'refuses a reservation without a server' {
        $reservation = New-G5kReservation -Site nancy -Walltime 10
        { $reservation | New-WaltDeployment -ErrorAction Stop } | Should -Throw -ErrorId 'ReservationHasNoServer,*'
        $reservation | Remove-G5kReservation -Confirm:$false
    }
    It 'releases everything when it is stopped' {
        $connection = Connect-G5k -Testbed -Speed 60 -Force
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
                param($path, $connection)
                Import-Module $path
                New-G5kReservation -Site nancy -Nodes 2 -ServerNode -Vlan Local -Connection $connection | New-WaltDeployment -Connection $connection | Wait-WaltDeployment -Connection $connection
            }).AddArgument($modulePath).AddArgument($connection)
        $null = $shell.BeginInvoke()
        $deadline = [datetime]::UtcNow.AddSeconds(20)
        while (-not (Get-WaltDeployment | Where-Object CurrentStep) -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 20 }
        Get-WaltDeployment | Should -Not -BeNullOrEmpty
        (Measure-Command { $shell.Stop() }).TotalSeconds | Should -BeLessThan 2
        $deadline = [datetime]::UtcNow.AddSeconds(10)
        while ("$((Get-WaltDeployment).State)" -notin 'Released', 'Failed' -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 50 }
        Get-G5kReservation | Should -BeNullOrEmpty
    }
}

Describe 'A deployment that fails' {
    BeforeAll {
        Connect-TestGrid -Speed 100 -Fault 'walt-setup-fails'
        $made = New-WaltDeployment -Site nancy -Nodes 1 -Walltime 100
        $ended = $made | Wait-WaltDeployment -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
    }
    It 'is written as it ended, with an error for each grave finding' {
        "$($ended.State)" | Should -Be Failed
        $failures | Should -Not -BeNullOrEmpty
        $failures[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
    It 'keeps its findings' {
        $finding = Get-WaltFinding -Severity Error
        $finding.Code | Should -Be ($failures[0].FullyQualifiedErrorId -replace ',.*')
        (Get-WaltFinding -Code $finding.Code).Title | Should -Be $finding.Title
    }
    It 'leaves no job' { Get-G5kReservation | Should -BeNullOrEmpty }
}
