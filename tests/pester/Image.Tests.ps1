# Images of a WalT server, on a deployed platform of the testbed.
BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    $null = New-TestPlatform 2
    $password = [securestring]::new()
    'secret'.ToCharArray() | ForEach-Object { $password.AppendChar($_) }
    $hub = [pscredential]::new('jdoe', $password)
    $nodes = (Get-WaltNode).Name
    $null = Invoke-WaltNodeBoot * -Image debian12-rt -Wait
    function Get-ErrorId([scriptblock] $Code) { try { & $Code | Out-Null; '' } catch { "$($_.FullyQualifiedErrorId)".Split(',')[0] } }
}
AfterAll { Disconnect-G5k -Force }

Describe 'Get-WaltImage' {
    It 'tells the nodes that boot an image' {
        $image = Get-WaltImage -InUse -Mine
        $image.Name | Should -Be debian12-rt
        $image.Nodes | Should -Be $nodes
    }
    It 'chooses by user, model and a look at the storage' {
        (Get-WaltImage -User waltplatform -Refresh).User | Select-Object -Unique | Should -Be waltplatform
        (Get-WaltImage -Mine -Model rpi*).Name | Should -Be rpi-debian
    }
}
Describe 'Find- and Import-WaltImage' {
    It 'needs an account for a search' { Get-ErrorId { Find-WaltImage -ErrorAction Stop } | Should -Be RegistryLoginNeeded }
    It 'finds images and clones them through the pipeline' {
        $found = Find-WaltImage *alice/*mpi -Credential $hub
        "$($found.Link)" | Should -Be hub:alice/debian-mpi
        ($found | Import-WaltImage -Credential $hub).Name | Should -Be debian-mpi
        Complete 'Import-WaltImage hub:alice' | Should -Contain hub:alice/debian-mpi
    }
    It 'never tells the password' {
        $text = Find-WaltImage mpi -Credential $hub -Verbose 4>&1 | Out-String
        $text | Should -Not -Match secret
    }
    It 'says what is wrong with a link' { Get-ErrorId { Import-WaltImage alice/x -ErrorAction Stop } | Should -Be ImageLinkInvalid }
    It 'replaces an image with -Force' {
        (Import-WaltImage docker:carol/bench debian-mpi -Force).Name | Should -Be debian-mpi
    }
    It 'completes registries' { Complete 'Publish-WaltImage x -Registry h' | Should -Contain hub }
}
Describe 'Copy-, Rename-, Remove-, Publish- and Compress-WaltImage' {
    It 'go from one to the next' {
        $copy = Get-WaltImage alpine -Mine | Copy-WaltImage -NewName one
        $two = $copy | Rename-WaltImage -NewName two:v1 -PassThru
        $two.Name | Should -Be two:v1
        ($two | Publish-WaltImage -Credential $hub).Link | Should -Be hub:jdoe/two:v1
        ($two | Compress-WaltImage -PassThru).Id | Should -Not -Be $two.Id
        $two | Remove-WaltImage -Confirm:$false
        Get-ErrorId { Get-WaltImage two:v1 -ErrorAction Stop } | Should -Be ImageNotFound
    }
    It 'refuse an image in use and name its nodes' {
        Remove-WaltImage debian12-rt -Confirm:$false -ErrorVariable failures -ErrorAction SilentlyContinue
        "$($failures[0].FullyQualifiedErrorId)" | Should -BeLike 'ImageInUse,*'
        "$($failures[0])" | Should -Match 'gros-'
    }
    It 'do not take the image of another for one of yours' {
        Get-ErrorId { Get-WaltImage pc-x86-64-default -User waltplatform | Remove-WaltImage -Confirm:$false -ErrorAction Stop } | Should -Be ImageNotOwned
    }
    It 'change nothing with -WhatIf' {
        $before = (Get-WaltImage).FullName
        Copy-WaltImage alpine x -WhatIf
        Rename-WaltImage alpine x -WhatIf
        Remove-WaltImage debian12, al* -WhatIf
        Compress-WaltImage * -WhatIf -Force
        Import-WaltImage docker:carol/bench -WhatIf
        Edit-WaltImage alpine 'rm -r /etc' -WhatIf
        (Get-WaltImage).FullName | Should -Be $before
    }
    It 'check names before anything is sent' { Get-ErrorId { Copy-WaltImage alpine Default_1 -ErrorAction Stop } | Should -Be ImageNameInvalid }
}
Describe 'Edit-WaltImage' {
    It 'saves what a command changed, and gives its output' {
        $edit = Edit-WaltImage alpine 'mkdir -p /opt/lab; echo hello' -NewName lab
        "$($edit.SavedAs) $($edit.ExitStatus) $($edit.Output)" | Should -Be 'lab 0 hello'
        (Get-WaltImage lab).Count | Should -Be 1
    }
    It 'saves nothing when the command fails' {
        $id = (Get-WaltImage lab).Id
        $edit = Edit-WaltImage lab 'cat /none' -ErrorVariable failures -ErrorAction SilentlyContinue
        "$($edit.SavedAs)$($edit.ExitStatus)" | Should -Be 1
        "$($failures[0].FullyQualifiedErrorId)" | Should -BeLike 'ImageCommandFailed,*'
        (Get-WaltImage lab).Id | Should -Be $id
    }
    It 'reboots the nodes of the image with -Force' {
        $null = Edit-WaltImage debian12-rt 'echo new > /etc/motd' -Force
        (Get-WaltNode | Wait-WaltNode).Count | Should -Be 2
    }
}
Describe 'Copy-WaltImageItem' {
    It 'brings files in and out' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive items)
        Set-Content "$folder/a.txt", "$folder/b.txt" 'text'
        $id = (Get-WaltImage lab).Id
        (Get-ChildItem $folder -File | Copy-WaltImageItem -Destination /opt/lab -ToImage lab -PassThru).Id | Should -Not -Be $id
        $copied = Copy-WaltImageItem /opt/lab $TestDrive -FromImage lab -PassThru
        $copied.FullName | Should -Be (Join-Path $TestDrive lab)
        Get-Content (Join-Path $TestDrive lab/b.txt) | Should -Be text
    }
    It 'reports what is not there and goes on' {
        Copy-WaltImageItem /none, /etc/os-release $TestDrive -FromImage lab -ErrorVariable failures -ErrorAction SilentlyContinue
        "$($failures[0].FullyQualifiedErrorId)" | Should -BeLike 'ImagePathNotFound,*'
        Join-Path $TestDrive os-release | Should -Exist
    }
}
Describe 'Build-WaltImage' {
    It 'builds from a directory, line by line on the verbose stream' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive build)
        Set-Content "$folder/Dockerfile" 'FROM alpine', 'RUN mkdir -p /opt/built'
        $all = Build-WaltImage built $folder -Verbose 4>&1
        ($all | Where-Object { $_ -is [WaltG5k.Core.Walt.WaltImageInfo] }).Name | Should -Be built
        "$all" | Should -Match 'STEP 1/2: FROM walt-g5k/alpine'
    }
    It 'tells why a build failed' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive broken)
        Set-Content "$folder/Dockerfile" 'FROM alpine', 'RUN no-such-program'
        Build-WaltImage broken $folder -ErrorVariable failures -ErrorAction SilentlyContinue
        "$($failures[0])" | Should -Match 'no-such-program'
        Get-ErrorId { Build-WaltImage broken $folder -ErrorAction Stop } | Should -Be ImageBuildFailed
    }
}
