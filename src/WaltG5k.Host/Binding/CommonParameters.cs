using System.Management.Automation;

namespace WaltG5k.Host.Binding;

/// <summary>The parameters that every command has.</summary>
class CommonParameters
{
    [Parameter, Alias("vb")] public SwitchParameter Verbose { get; set; }
    [Parameter, Alias("db")] public SwitchParameter Debug { get; set; }
    [Parameter, Alias("ea")] public ActionPreference? ErrorAction { get; set; }
    [Parameter, Alias("wa")] public ActionPreference? WarningAction { get; set; }
    [Parameter, Alias("infa")] public ActionPreference? InformationAction { get; set; }
    [Parameter, Alias("proga")] public ActionPreference? ProgressAction { get; set; }

    /// <summary>Taken and not used: the host's language has no variables.</summary>
    [Parameter, Alias("ev")] public string? ErrorVariable { get; set; }

    /// <summary>Only commands that support ShouldProcess have these two; the runtime reads them of every command.</summary>
    public virtual SwitchParameter WhatIf { get; set; }
    public virtual SwitchParameter? Confirm { get; set; }
}

/// <summary>The common parameters of a command that changes something.</summary>
sealed class ChangeParameters : CommonParameters
{
    [Parameter, Alias("wi")] public override SwitchParameter WhatIf { get; set; }
    [Parameter, Alias("cf")] public override SwitchParameter? Confirm { get; set; }
}
