@{
    IncludeDefaultRules = $true
    ExcludeRules        = @(
        'PSReviewUnusedParameter'                 # does not see parameters that script blocks use
        'PSUseShouldProcessForStateChangingFunctions'   # helpers of scripts, not commands
    )
}
