# Each block of docs/tutorial-environments.md, in its order.
BeforeDiscovery {
    $page = Get-Content -Raw (Join-Path $PSScriptRoot ../../docs/tutorial-environments.md)
    $number = 0
    $blocks = foreach ($match in [regex]::Matches($page, '(?ms)^```powershell\n(.*?)\n```$')) { @{ Number = ++$number; Code = $match.Groups[1].Value } }
}
BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    $PSDefaultParameterValues['Connect-G5k:Force'] = $true
}
AfterAll {
    Disconnect-G5k -Force
    $PSDefaultParameterValues.Remove('Connect-G5k:Force')
}

Describe 'The tutorial on environments' {
    It 'runs block <Number>' -ForEach $blocks {
        $ErrorActionPreference = 'Stop'
        { & ([scriptblock]::Create($Code)) | Out-String | Out-Null } | Should -Not -Throw
    }
}
