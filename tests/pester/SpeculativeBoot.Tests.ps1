# The speculative root on a WalT server of the testbed.
BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    $null = New-TestPlatform 2
    function Get-ErrorId([scriptblock] $Code) { try { & $Code | Out-Null; '' } catch { "$($_.FullyQualifiedErrorId)".Split(',')[0] } }
}
AfterAll { Disconnect-G5k -Force }

Describe 'Enable- and Disable-WaltSpeculativeBoot' {
    It 'are needed before such a boot' {
        Get-ErrorId { Get-WaltNode | Invoke-WaltNodeBoot -RootFileSystem Speculative -ErrorAction Stop } | Should -Be SpeculativeServerMissing
    }
    It 'change nothing with -WhatIf' {
        Enable-WaltSpeculativeBoot -WhatIf | Should -BeNullOrEmpty
        Get-ErrorId { Get-WaltNode | Invoke-WaltNodeBoot -RootFileSystem Speculative -ErrorAction Stop } | Should -Be SpeculativeServerMissing
    }
    It 'prepare the images that nodes have, and boot with them' {
        $root = Enable-WaltSpeculativeBoot -PassThru
        $root.Image | Should -Be (Get-WaltImage -InUse).Name
        $root.Digest | Should -Match '^[0-9a-f]{64}$'
        ($root | Format-Table | Out-String) | Should -Match 'MiB|GiB|MB|GB'
        (Get-WaltNode | Invoke-WaltNodeBoot -RootFileSystem Speculative -Wait).RootFileSystem | Select-Object -Unique | Should -Be Speculative
    }
    It 'take images from the pipeline, say which are unknown or not mounted' {
        (Get-WaltImage -InUse | Enable-WaltSpeculativeBoot -PassThru).Image | Should -Be (Get-WaltImage -InUse).Name
        Get-ErrorId { Enable-WaltSpeculativeBoot nothing-of-this -ErrorAction Stop } | Should -Be ImageNotFound
        Get-ErrorId { Enable-WaltSpeculativeBoot alpine -ErrorAction Stop } | Should -Be ImageNotMounted
    }
    It 'are undone by image and as a whole' {
        Get-WaltImage -InUse | Disable-WaltSpeculativeBoot
        (Get-WaltBootPath | Where-Object Check -EQ root-file-system).Seen | Should -Match NFS
        Disable-WaltSpeculativeBoot
        Get-ErrorId { Get-WaltNode | Invoke-WaltNodeBoot -RootFileSystem Speculative -ErrorAction Stop } | Should -Be SpeculativeServerMissing
    }
}
