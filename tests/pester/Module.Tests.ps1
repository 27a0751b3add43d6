BeforeDiscovery {
    $root = Resolve-Path (Join-Path $PSScriptRoot ../..)
    $manifest = Import-PowerShellDataFile (Join-Path $root module/WaltG5k.psd1)
    $cmdlets = $manifest.CmdletsToExport | ForEach-Object { @{ Name = $_ } }
}
BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    $root = Resolve-Path (Join-Path $PSScriptRoot ../..)
    $module = Get-Module WaltG5k
}

Describe 'The module' {
    It 'has a valid manifest' {
        (Test-ModuleManifest (Join-Path $module.ModuleBase WaltG5k.psd1)).Version | Should -Be $module.Version
    }
    It 'exports exactly its cmdlet classes' {
        $classes = $module.ImplementingAssembly.GetExportedTypes().ForEach({ [Reflection.CustomAttributeExtensions]::GetCustomAttribute($_, [Management.Automation.CmdletAttribute]) }).Where({ $_ }).ForEach({ "$($_.VerbName)-$($_.NounName)" })
        $classes | Sort-Object | Should -Be ($module.ExportedCmdlets.Keys | Sort-Object)
        $module.ExportedFunctions.Count + $module.ExportedAliases.Count + $module.ExportedVariables.Count | Should -Be 0
    }
    It 'has dlls of its own version' {
        Get-ChildItem $module.ModuleBase -Filter WaltG5k.*.dll | ForEach-Object {
            $v = [Reflection.AssemblyName]::GetAssemblyName($_.FullName).Version
            "$($v.Major).$($v.Minor).$($v.Build)" | Should -Be "$($module.Version)"
        }
    }
    It 'holds nothing but what it needs' {
        $files = Get-ChildItem $module.ModuleBase -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($module.ModuleBase, $_.FullName) -replace '\\', '/' } |
            Where-Object { $_ -notlike 'bootfs/*' } | Sort-Object # made only where there is a C compiler
        $expected = @(
            'deps/YamlDotNet.dll', 'en-US/about_WaltG5k_Testbed.help.txt', 'en-US/about_WaltG5k.help.txt'
            'en-US/WaltG5k.Cmdlets.dll-Help.xml', 'WaltG5k.Cmdlets.dll', 'WaltG5k.Core.dll', 'WaltG5k.format.ps1xml'
            'WaltG5k.Boot.format.ps1xml', 'WaltG5k.Kadeploy.format.ps1xml', 'WaltG5k.Lab.dll', 'WaltG5k.Lab.format.ps1xml'
            'WaltG5k.psd1', 'WaltG5k.Testbed.dll', 'WaltG5k.types.ps1xml', 'WaltG5k.VirtualMachines.format.ps1xml'
            'WaltG5k.VMDeployments.format.ps1xml', 'WaltG5k.VMJobs.format.ps1xml'
        )
        $files | Should -Be ($expected | Sort-Object)
    }
    It 'keeps its dependency out of the default load context' {
        [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.ForEach({ $_.GetName().Name }) | Should -Not -Contain YamlDotNet
    }
    It 'lets users name its types' {
        [WaltG5k.Core.Grid5000.NodeInfo].Name | Should -Be NodeInfo
    }
    It 'survives a second import and a removal' {
        $out = pwsh -NoProfile -Command "Import-Module '$($module.ModuleBase)'; Import-Module '$($module.ModuleBase)' -Force; (Get-Command -Module WaltG5k).Count; Remove-Module WaltG5k; (Get-Command -Module WaltG5k).Count"
        $out | Should -Be @("$($module.ExportedCmdlets.Count)", '0')
    }
    It 'has the surface that was agreed on' {
        $surface = foreach ($command in Get-Command -Module WaltG5k | Sort-Object Name) {
            "$($command.Name) -> $($command.OutputType.Name -join ', ')"
            foreach ($set in $command.ParameterSets | Sort-Object Name) { "  $($set.Name): $set" }
        }
        $golden = Join-Path $PSScriptRoot snapshots/surface.txt
        if ($env:UPDATE_SNAPSHOTS) { $surface | Set-Content $golden }
        $surface | Should -Be (Get-Content $golden)
    }
}

Describe 'Help of <Name>' -ForEach $cmdlets {
    BeforeAll { $help = Get-Help $Name -Full }
    It 'has a page with the same synopsis' {
        $page = Get-Content -Raw (Join-Path $root "docs/help/$Name.md")
        $page | Should -Match ([regex]::Escape($help.Synopsis.Trim()))
    }
    It 'names exactly the parameters of the cmdlet' {
        $common = [Management.Automation.PSCmdlet]::CommonParameters
        $actual = (Get-Command $Name).Parameters.Keys | Where-Object { $_ -notin $common }
        $help.parameters.parameter.name | Sort-Object | Should -Be ($actual | Sort-Object)
    }
    It 'shows the parameters as they are' {
        $command = Get-Command $Name
        foreach ($described in $help.parameters.parameter) {
            $parameter = $command.Parameters[$described.name]
            $type = [Nullable]::GetUnderlyingType($parameter.ParameterType) ?? $parameter.ParameterType
            $described.type.name | Should -Be $type.Name -Because "-$($described.name)"
            $aliases = $described.aliases -eq 'none' ? @() : $described.aliases -split ', '
            $aliases | Should -Be @($parameter.Aliases) -Because "-$($described.name)"
            $isMandatory = @($parameter.ParameterSets.Values)[0].IsMandatory
            $described.required | Should -Be "$isMandatory".ToLowerInvariant() -Because "-$($described.name)"
        }
    }
    It 'has two examples or more' { @($help.examples.example).Count | Should -BeGreaterOrEqual 2 }
}

Describe 'Help pages' {
    It 'are about cmdlets that exist' {
        $pages = Get-ChildItem (Join-Path $root docs/help) -Filter *-*.md | ForEach-Object BaseName | Sort-Object
        $pages | Should -Be ($module.ExportedCmdlets.Keys | Sort-Object)
    }
    It 'include <_>' -ForEach 'about_WaltG5k', 'about_WaltG5k_Testbed' {
        Get-Help $_ | Out-String | Should -Match 'SHORT DESCRIPTION'
    }
}
