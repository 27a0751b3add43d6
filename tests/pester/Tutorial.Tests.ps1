# Each block of the tutorials, in the order of each page.
BeforeDiscovery {
    $pages = foreach ($name in 'environments', 'virtual-machines') {
        $page = Get-Content -Raw (Join-Path $PSScriptRoot ../../docs/tutorial-$name.md)
        $number = 0
        $blocks = foreach ($match in [regex]::Matches($page, '(?ms)^```powershell\n(.*?)\n```$')) { @{ Number = ++$number; Code = $match.Groups[1].Value } }
        @{ Page = $name; Blocks = $blocks }
    }
}
BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    $PSDefaultParameterValues['Connect-G5k:Force'] = $true
}
AfterAll {
    Disconnect-G5k -Force
    $PSDefaultParameterValues.Remove('Connect-G5k:Force')
}

Describe 'The tutorial on <Page>' -ForEach $pages {
    It 'runs block <Number>' -ForEach $Blocks {
        $ErrorActionPreference = 'Stop'
        { & ([scriptblock]::Create($Code)) | Out-String | Out-Null } | Should -Not -Throw
    }
}
