@{
    RootModule           = 'WaltG5k.Cmdlets.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '5b1d8c0e-6f43-4a8e-9d52-7c1f0a3be6d4'
    Author               = 'The WaltG5k authors'
    CompanyName          = 'WaltG5k'
    Copyright            = '(c) 2026 the WaltG5k authors. MIT licence.'
    Description          = 'The Grid''5000 testbed as objects on a pipeline: reservations, WalT platforms, fast node boots. Comes with an embedded testbed to try it all without an account.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('WaltG5k.format.ps1xml')
    TypesToProcess       = @('WaltG5k.types.ps1xml')
    CmdletsToExport      = @(
        'Connect-G5k'
        'Connect-WaltServer'
        'Disconnect-G5k'
        'Disconnect-WaltServer'
        'Enter-OarJob'
        'Find-G5kOrphan'
        'Find-G5kSlot'
        'Get-G5kCluster'
        'Get-G5kNode'
        'Get-G5kReservation'
        'Get-G5kSite'
        'Get-OarJob'
        'Get-OarJobOutput'
        'Get-OarResource'
        'Get-WaltBootHistory'
        'Get-WaltDeployment'
        'Get-WaltDeploymentStep'
        'Get-WaltFinding'
        'Get-WaltImage'
        'Get-WaltNode'
        'Get-WaltRecipe'
        'Get-WaltServer'
        'Invoke-WaltNodeBoot'
        'Measure-WaltBoot'
        'New-G5kReservation'
        'New-WaltDeployment'
        'New-WaltRecipe'
        'Remove-G5kReservation'
        'Remove-WaltDeployment'
        'Remove-WaltRecipe'
        'Rename-WaltRecipe'
        'Resume-OarJob'
        'Resume-WaltDeployment'
        'Set-WaltRecipe'
        'Stop-OarJob'
        'Submit-OarJob'
        'Suspend-OarJob'
        'Test-G5kConnection'
        'Test-WaltBootPath'
        'Test-WaltRecipe'
        'Update-OarJob'
        'Wait-G5kReservation'
        'Wait-OarJob'
        'Wait-WaltDeployment'
        'Wait-WaltNode'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('Grid5000', 'WalT', 'OAR', 'Kadeploy', 'testbed', 'HPC', 'PXE', 'kexec')
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://www.grid5000.fr/'
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
