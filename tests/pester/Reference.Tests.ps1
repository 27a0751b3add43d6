BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    Connect-TestGrid
}
AfterAll { Disconnect-G5k -Force }

Describe 'Get-G5kSite' {
    It 'lists the sites one by one' { (Get-G5kSite | Measure-Object).Count | Should -BeGreaterThan 8 }
    It 'takes wildcards and the pipeline' {
        (Get-G5kSite N*).Name | Should -Be @('nancy', 'nantes')
        ('lille', 'rennes' | Get-G5kSite).Name | Should -Be @('lille', 'rennes')
    }
    It 'goes on after a name that does not exist, with a hint' {
        $sites = Get-G5kSite nanci, rennes -ErrorVariable failures -ErrorAction SilentlyContinue
        $sites.Name | Should -Be rennes
        $failures.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'SiteNotFound,*'
        $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $failures[0].TargetObject | Should -Be nanci
        $failures[0].ErrorDetails.RecommendedAction | Should -Match 'nancy'
    }
    It 'can be stopped by an error' { { Get-G5kSite nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'SiteNotFound,*' }
}

Describe 'Get-G5kCluster' {
    It 'takes sites from the pipeline' {
        $clusters = Get-G5kSite nancy | Get-G5kCluster
        $clusters.Site | Sort-Object -Unique | Should -Be nancy
        $clusters.Name | Should -Contain gros
    }
    It 'keeps those that can hold a server' { (Get-G5kCluster -Site nancy -WaltServer).Name | Should -Be gros }
    It 'filters by queue' { (Get-G5kCluster -Site nancy -Queue default).Name | Should -Contain gros }
    It 'reports a site and a cluster that do not exist' {
        Get-G5kCluster gross -Site nancy -ErrorVariable failures -ErrorAction SilentlyContinue
        Get-G5kCluster -Site nowhere -ErrorVariable +failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId | Should -Be @('ClusterNotFound,WaltG5k.Commands.GetG5kClusterCommand', 'SiteNotFound,WaltG5k.Commands.GetG5kClusterCommand')
    }
}

Describe 'Get-G5kNode' {
    It 'takes <Text>' -ForEach @(
        @{ Text = 'gros-1'; Expected = 'gros-1' }
        @{ Text = 'gros-[1-3].nancy'; Expected = 'gros-1', 'gros-2', 'gros-3' }
        @{ Text = 'gros-2.nancy.grid5000.fr'; Expected = 'gros-2' }
        @{ Text = 'GROS-4'; Expected = 'gros-4' }
        @{ Text = 'gros-12?'; Expected = 'gros-120', 'gros-121', 'gros-122', 'gros-123', 'gros-124' }
    ) {
        (Get-G5kNode $Text).ShortName | Should -Be $Expected
    }
    It 'takes clusters, sites and nodes from the pipeline' {
        (Get-G5kCluster gros | Get-G5kNode | Measure-Object).Count | Should -Be 124
        (Get-G5kSite nancy | Get-G5kNode -Cluster gros | Select-Object -First 1).Cluster | Should -Be gros
        (Get-G5kNode gros-5 | Get-G5kNode).ShortName | Should -Be gros-5
    }
    It 'filters by what WalT needs' {
        Get-G5kNode -Site lyon -WaltServer | ForEach-Object CanBeWaltServer | Should -Not -Contain $false
        Get-G5kNode -Site nancy -WaltNode | ForEach-Object CanBeWaltNode | Should -Not -Contain $false
    }
    It 'goes on after a name that does not exist' {
        $nodes = Get-G5kNode gros-1, gros-999 -ErrorVariable failures -ErrorAction SilentlyContinue
        $nodes.ShortName | Should -Be gros-1
        $failures.FullyQualifiedErrorId | Should -BeLike 'NodeNotFound,*'
    }
    It 'refuses a set that is none' { { Get-G5kNode 'gros-[3-1]' -ErrorAction Stop } | Should -Throw }
    It 'ends early when nobody wants more' {
        $all = Measure-Command { Get-G5kNode | Out-Null }
        $one = Measure-Command { Get-G5kNode | Select-Object -First 1 | Out-Null }
        $one | Should -BeLessThan $all
    }
    It 'honours default parameter values' {
        $PSDefaultParameterValues['*-G5k*:Site'] = 'rennes'
        try { (Get-G5kCluster).Site | Sort-Object -Unique | Should -Be rennes }
        finally { $PSDefaultParameterValues.Remove('*-G5k*:Site') }
    }
    It 'survives Clixml and JSON' {
        $node = Get-G5kNode gros-1
        ($node | ConvertTo-Json -Depth 3 | ConvertFrom-Json).Name | Should -Be $node.Name
        [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($node)).Name | Should -Be $node.Name
    }
}

Describe 'Completion' {
    BeforeAll { Get-G5kSite | Get-G5kCluster | Out-Null; Get-G5kNode -Cluster gros | Out-Null }
    It 'completes sites, clusters and nodes' {
        Complete 'Get-G5kNode -Site nan' | Should -Be @('nancy', 'nantes')
        Complete 'Get-G5kNode -Cluster gro' | Should -Contain gros
        Complete 'Get-G5kNode gros-12' | Should -Contain gros-120.nancy.grid5000.fr
    }
    It 'keeps to the given site' { Complete 'Get-G5kNode -Site rennes -Cluster ' | Should -Not -Contain gros }
    It 'takes quotes off' { Complete "Get-G5kSite 'nanc" | Should -Be nancy }
    It 'needs no connection' {
        Disconnect-G5k
        try { Complete 'Get-G5kSite nanc' | Should -Be nancy }
        finally { Connect-TestGrid }
    }
}
