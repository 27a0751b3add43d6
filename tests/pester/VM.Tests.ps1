# Virtual machines in jobs: made, reached, stopped and removed, in real PowerShell.
BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    Connect-TestGrid -Speed 100
    $machines = New-G5kVM web:2x2cpu, 2GB -Site nancy -Port 80 -Walltime 2
}
AfterAll {
    Get-G5kVM | Remove-G5kVM -Confirm:$false
    Disconnect-G5k -Force
}

Describe 'Virtual machines in jobs' {
    It 'are objects that know where they are' {
        $machines.Name | Sort-Object | Should -Be web-1, web-2
        $machines.State | Should -Be Running, Running
        $machines[0].Address | Should -Match '^gr[a-z]+-\d+\.nancy\.grid5000\.fr:\d+$'
        (Get-G5kVM web-1).JobId | Should -Be ($machines | Where-Object Name -EQ web-1).JobId
    }
    It 'take memory as PowerShell writes it' {
        $machines[0].Memory | Should -Be 2048
    }
    It 'run commands down a pipeline' {
        (Get-G5kVM | Invoke-G5kVMCommand hostname).Output.Trim() | Sort-Object | Should -Be web-1, web-2
    }
    It 'have a table that fits a hundred columns' {
        $lines = (Get-G5kVM | Out-String -Width 100) -split "`n"
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 101
        "$lines" | Should -Match 'Name\s+Site\s+State\s+vCPU\s+Memory\s+Address\s+Ends\s+Why'
    }
    It 'are completed by name' {
        $text = 'Stop-G5kVM we'
        ([System.Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null)).CompletionMatches.CompletionText | Should -Be web-1, web-2
    }
    It 'open ports here, which are closed by object' {
        $forward = Get-G5kVM web-1 | New-G5kPortForward -Port 80
        Invoke-RestMethod "http://127.0.0.1:$($forward.LocalPort)/" -TimeoutSec 20 | Should -Match 'web-1'
        (Get-G5kPortForward).LocalPort | Should -Be $forward.LocalPort
        $forward | Remove-G5kPortForward -Confirm:$false
        Get-G5kPortForward | Should -BeNullOrEmpty
    }
    It 'keep their disk when they are stopped' {
        Invoke-G5kVMCommand 'echo kept > /root/note' -Name web-2 | Out-Null
        (Stop-G5kVM web-2 -PassThru).State | Should -Be Stopped
        (Start-G5kVM web-2).State | Should -Be Running
        (Invoke-G5kVMCommand 'cat /root/note' -Name web-2).Output.Trim() | Should -Be kept
    }
    It 'are not made by -WhatIf, nor twice' {
        New-G5kVM other:1x1cpu -Site nancy -WhatIf | Should -BeNullOrEmpty
        Get-G5kVM other-1 -ErrorAction Ignore | Should -BeNullOrEmpty
        { New-G5kVM web:1x1cpu -Site nancy -ErrorAction Stop } | Should -Throw '*already*'
    }
    It 'leave nothing when they are removed' {
        Remove-G5kVM web-* -Confirm:$false
        Get-G5kVM | Should -BeNullOrEmpty
        Get-G5kVM -Orphan -Site nancy | Should -BeNullOrEmpty
        Get-OarJob -Site nancy | Where-Object Name -Like 'vm-*' | Should -BeNullOrEmpty
    }
}
