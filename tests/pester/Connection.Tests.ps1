BeforeAll { . (Join-Path $PSScriptRoot common.ps1) }

Describe 'Without a connection' {
    BeforeAll { Disconnect-G5k -Force }
    It '<_> says how to get one' -ForEach 'Get-G5kSite', 'Get-WaltNode', 'Get-WaltDeployment', 'Get-WaltRecipe', 'Get-G5kReservation' {
        $failure = { & $_ } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'NotConnected,*'
        $failure.CategoryInfo.Category | Should -Be ConnectionError
        $failure.ErrorDetails.RecommendedAction | Should -Be 'Connect-G5k -Testbed'
    }
    It 'is what a machine that is no front-end gets' {
        $failure = { Connect-G5k } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'NotOnFrontend,*'
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Connect-G5k -Testbed'
    }
}

Describe 'Connect-G5k' {
    It 'opens a testbed' {
        $session = Connect-G5k -Testbed -Speed 600
        $session.Name | Should -Be testbed
        $session.IsConnected | Should -BeTrue
    }
    It 'closes the former connection' {
        $former = Connect-G5k -Testbed -Speed 600
        $null = Connect-G5k -Testbed -Speed 600
        $former.IsConnected | Should -BeFalse
    }
    It 'refuses a fault that does not exist' {
        { Connect-G5k -Testbed -Fault no-such-fault } | Should -Throw -ErrorId 'InvalidFault,*'
    }
    It 'refuses a speed below 0' {
        { Connect-G5k -Testbed -Speed -1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
    It 'keeps a session per runspace, and lends it with -Connection' {
        $session = Connect-G5k -Testbed -Speed 600
        $answers = 1..2 | ForEach-Object -Parallel {
            Import-Module $using:modulePath
            try { Get-G5kSite -ErrorAction Stop } catch { $_.FullyQualifiedErrorId -replace ',.*' }
            (Get-G5kSite nancy -Connection $using:session).Name
        }
        $answers | Sort-Object | Should -Be @('nancy', 'nancy', 'NotConnected', 'NotConnected')
    }
}

Describe 'Connect-G5k over ssh' {
    It 'is chosen by -Site, and says why a site cannot be reached' {
        $failure = { Connect-G5k -Site nancy -Destination @{ nancy = 'no-such-host.invalid' } } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike 'FrontendUnreachable,*'
        $failure.Exception.Reason | Should -Be UnknownName
        $failure.CategoryInfo.Category | Should -Be ConnectionError
        $failure.ErrorDetails.RecommendedAction | Should -Match '-Gateway'
    }
    It 'tells of all sites when none can be reached' {
        { Connect-G5k -Site nancy, rennes -Destination 'nancy=a.invalid', 'rennes=b.invalid' } | Should -Throw -ErrorId 'NoSiteReachable,*'
    }
    It 'refuses <Parameters>' -ForEach @(
        @{ Parameters = @{ Site = 'nancy'; SshConfig = '/no/such/file' }; Id = 'SshConfigNotFound' }
        @{ Parameters = @{ Site = '-oProxyCommand=x' }; Id = 'SiteNameNotValid' }
        @{ Parameters = @{ Site = 'nancy'; Gateway = '-x' }; Id = 'DestinationNotValid' }
        @{ Parameters = @{ Site = 'nancy'; ApiUri = 'nowhere' }; Id = 'AddressNotValid' }
        @{ Parameters = @{ Site = 'nancy'; Destination = 'nancy' }; Id = 'ParameterArgumentTransformationError' }
        @{ Parameters = @{ Site = 'nancy', 'rennes'; Local = $true }; Id = 'OneFrontendOnly' }
    ) {
        { Connect-G5k @Parameters } | Should -Throw -ErrorId "$Id,*"
    }
    It 'keeps -Local -Site' {
        (Connect-G5k -Local -Site nancy).Site | Should -Be nancy
    }
}

Describe 'Measure-G5kConnection' {
    BeforeAll { $null = Connect-G5k -Testbed -Speed 600 }
    It 'gives one object per site' {
        $tests = 'nancy', 'rennes' | Measure-G5kConnection
        $tests.Site | Should -Be @('nancy', 'rennes')
        $tests.IsReachable | Should -Be @($true, $true)
        $tests[0].OarVersion | Should -Be 2.5.9
        $tests[0].HasKadeploy | Should -BeTrue
        $tests[0].IsApiReachable | Should -BeTrue
        $tests[0].Findings | Should -BeNullOrEmpty
    }
    It 'makes a finding of a site that does not exist' {
        $test = Measure-G5kConnection nowhere
        $test.IsReachable | Should -BeFalse
        $test.Findings.Count | Should -Be 1
        $test.Findings[0].Recommendation | Should -Not -BeNullOrEmpty
    }
}

Describe 'Test-G5kConnection' {
    BeforeAll { $null = Connect-G5k -Testbed -Speed 600 }
    It 'is true for each site that works' {
        'nancy', 'rennes' | Test-G5kConnection | Should -Be @($true, $true)
    }
    It 'warns of what is wrong, and what to do' {
        $result = Test-G5kConnection nowhere -WarningVariable warnings -WarningAction SilentlyContinue
        $result | Should -BeFalse
        $warnings.Count | Should -Be 1
        "$warnings" | Should -Match '^nowhere: '
    }
}

Describe 'Disconnect-G5k' {
    It 'closes the connection of the session' {
        $session = Connect-G5k -Testbed -Speed 600
        Disconnect-G5k
        $session.IsConnected | Should -BeFalse
        { Get-G5kSite } | Should -Throw -ErrorId 'NotConnected,*'
    }
    It 'takes sessions from the pipeline, and twice does no harm' {
        $session = Connect-G5k -Testbed -Speed 600
        $session | Disconnect-G5k
        $session | Disconnect-G5k
        $session.IsConnected | Should -BeFalse
    }
}

Describe 'Connect-WaltServer without Grid''5000' {
    BeforeAll { Disconnect-G5k }
    It 'says that nothing listens there, and leaves no session behind' {
        { Connect-WaltServer 127.0.0.1 } | Should -Throw -ErrorId 'NoWaltServer,*'
        { Get-WaltNode } | Should -Throw -ErrorId 'NotConnected,*'
    }
}
