@{
    IncludeDefaultRules = $true
    ExcludeRules        = @(
        'PSReviewUnusedParameter'                       # does not see parameters that script blocks use
        'PSUseDeclaredVarsMoreThanAssignments'          # does not see that Pester's blocks share variables
        'PSUseShouldProcessForStateChangingFunctions'   # helpers of scripts, not commands
        'PSUseBOMForUnicodeEncodedFile'                 # PowerShell 7 reads UTF-8 without a mark
    )
}
