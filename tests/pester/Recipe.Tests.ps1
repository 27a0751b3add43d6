BeforeAll {
    . (Join-Path $PSScriptRoot common.ps1)
    Connect-TestGrid
}
AfterAll { Disconnect-G5k -Force }

Describe 'Recipes' {
    AfterEach { Get-WaltRecipe | Remove-WaltRecipe -Confirm:$false }
    It 'are made, listed, changed, renamed and removed' {
        $made = New-WaltRecipe demo -Site nancy -Nodes 2 -Walltime 1:30
        $made.ServerSite | Should -Be nancy
        $made.NodeCounts['nancy'] | Should -Be 2
        (Get-WaltRecipe d*).Name | Should -Be demo
        (Set-WaltRecipe demo -NodeCount @{ rennes = 1 } -Schedule Night -PassThru).NodeCounts.Keys | Should -Be @('nancy', 'rennes')
        Set-WaltRecipe demo -NodeCount 'rennes=0'
        (Get-WaltRecipe demo).NodeCounts.Keys | Should -Be nancy
        "$((Get-WaltRecipe demo).Schedule)" | Should -Be Night
        (Get-WaltRecipe demo | Rename-WaltRecipe -NewName tuesday -PassThru).Name | Should -Be tuesday
        Remove-WaltRecipe tuesday -Confirm:$false
        Get-WaltRecipe | Should -BeNullOrEmpty
    }
    It 'are not replaced without -Force' {
        $null = New-WaltRecipe demo -Site nancy
        { New-WaltRecipe demo -Site rennes } | Should -Throw -ErrorId 'RecipeExists,*'
        (New-WaltRecipe demo -Site rennes -Force).ServerSite | Should -Be rennes
    }
    It 'have names of a-z, 0-9 and -' { { New-WaltRecipe Démo -Site nancy } | Should -Throw -ErrorId 'InvalidRecipeName,*' }
    It 'need somebody to ask when nothing is given' {
        $out = pwsh -NoProfile -NonInteractive -Command "Import-Module '$modulePath'; `$null = Connect-G5k -Testbed; try { New-WaltRecipe } catch { `$_.FullyQualifiedErrorId }"
        $out | Should -BeLike 'NoPrompt,*'
    }
    It 'are tested against the reference data' {
        New-WaltRecipe good -Site nancy -Nodes 2 | Test-WaltRecipe | Should -BeTrue
        New-WaltRecipe bad -Site nancy -Nodes 9999 | Test-WaltRecipe -WarningVariable why -WarningAction SilentlyContinue | Should -BeFalse
        $why | Should -Not -BeNullOrEmpty
    }
    It 'report a name that does not exist' {
        Get-WaltRecipe nobody -ErrorVariable failures -ErrorAction SilentlyContinue
        Remove-WaltRecipe nobody -Confirm:$false -ErrorVariable +failures -ErrorAction SilentlyContinue
        $failures.FullyQualifiedErrorId -replace ',.*' | Should -Be @('RecipeNotFound', 'RecipeNotFound')
    }
    It 'that cannot be read are errors, and the others are listed' {
        $null = New-WaltRecipe good -Site nancy
        $folder = Join-Path (Connect-G5k -Testbed -Speed 600).HomeDirectory .walt-g5k/recipes
        $null = New-WaltRecipe good -Site nancy
        Set-Content (Join-Path $folder bad.json) '{'
        (Get-WaltRecipe -ErrorVariable failures -ErrorAction SilentlyContinue).Name | Should -Be good
        $failures.FullyQualifiedErrorId | Should -BeLike 'RecipeCorrupt,*'
        Remove-WaltRecipe bad -Confirm:$false
        Get-WaltRecipe bad -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }
    It 'are completed' {
        $null = New-WaltRecipe demo -Site nancy
        Complete 'Get-WaltRecipe de' | Should -Be demo
    }
}
