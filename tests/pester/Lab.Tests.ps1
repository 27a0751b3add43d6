# Nothing here boots: the boots are tests/integration/BootLab.
BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    $folder = Join-Path ([IO.Path]::GetTempPath()) "waltg5k-nolab-$PID"
}
AfterAll { Remove-Item $folder -Recurse -Force -ErrorAction Ignore }

Describe 'The lab' {
    It 'is not there, which is no error' {
        Get-WaltLab -Path $folder | Should -BeNullOrEmpty
        Stop-WaltLab -Path $folder
        Stop-WaltLab -Path $folder -PassThru | Should -BeNullOrEmpty
        Test-Path $folder | Should -BeFalse
    }
    It 'is not started by -WhatIf, nor is an image made' {
        Start-WaltLab -Path $folder -Count 2 -RoundTrip 20 -WhatIf
        New-WaltLabImage debian, other -Path $folder -WhatIf
        Test-Path $folder | Should -BeFalse
    }
    It 'says what is in the way: <_>' -ForEach @('no root', 'no program', 'no image') {
        $problem = { Start-WaltLab -Path $folder -NoWait } | Should -Throw -PassThru
        # Which comes first depends on this machine.
        $problem.FullyQualifiedErrorId | Should -Match '^Lab(NeedsLinux|NeedsRoot|ProgramsMissing|DeviceMissing|ImageMissing),'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
    It 'refuses names that WalT does not take' {
        { New-WaltLabImage Debian_1 -Path $folder } | Should -Throw -ErrorId 'LabImageNameInvalid,*'
    }
    It 'runs on the real clock only' {
        Connect-TestGrid
        try { { Start-WaltLab -Path $folder } | Should -Throw -ErrorId 'LabOnTestbed,*' }
        finally { Disconnect-G5k -Force }
    }
    It 'that was abandoned is shown and cleaned up' -Skip:(-not $IsLinux) {
        $run = New-Item -ItemType Directory (Join-Path $folder run) -Force
        '{"version":1,"owner":{"id":1,"started":1},"started":"2026-01-01T00:00:00Z","nodeCount":2,"parts":[{"kind":"namespace","name":"server","process":{"id":1,"started":1}}]}' |
            Set-Content (Join-Path $run lab.json)
        $lab = Get-WaltLab -Path $folder
        "$($lab.Status)" | Should -Be Abandoned
        $lab.Findings.Code | Should -Be LabAbandoned
        $lab.Nodes.Name | Should -Be lab-1, lab-2
        $lab | Stop-WaltLab -WhatIf
        Get-WaltLab -Path $folder | Should -Not -BeNullOrEmpty
        ($lab | Stop-WaltLab -PassThru).Path | Should -Be $lab.Path
        Get-WaltLab -Path $folder | Should -BeNullOrEmpty
    }
    It 'with a state that nobody can read is an error' {
        $run = New-Item -ItemType Directory (Join-Path $folder run) -Force
        'nonsense' | Set-Content (Join-Path $run lab.json)
        { Get-WaltLab -Path $folder } | Should -Throw -ErrorId 'LabStateCorrupt,*'
    }
    It 'completes the images that there are' {
        $image = New-Item -ItemType Directory (Join-Path $folder images/told) -Force
        '{"name":"told","suite":"bookworm","kernel":"6.1"}' | Set-Content (Join-Path $image image.json)
        Complete "Start-WaltLab -Path $folder -Image t" | Should -Be told
        Complete "New-WaltLabImage -Path $folder -Name to" | Should -Be told
    }
}
