using System.Management.Automation;
using WaltG5k.Host.Binding;

namespace WaltG5k.Host.Engine;

/// <summary>What a command does with each of its streams: its common parameters, else the session's preference variables.</summary>
sealed class Preferences(SessionState state, CommonParameters common, bool supportsShouldProcess)
{
    public ActionPreference Error { get; } = common.ErrorAction ?? Variable(state, "ErrorActionPreference", ActionPreference.Continue);
    public ActionPreference Warning { get; } = common.WarningAction ?? Variable(state, "WarningPreference", ActionPreference.Continue);
    public ActionPreference Verbose { get; } = Switch(state, common.Verbose, "VerbosePreference");
    public ActionPreference Debug { get; } = Switch(state, common.Debug, "DebugPreference");
    public ActionPreference Information { get; } = common.InformationAction
        ?? Variable(state, "InformationPreference", ActionPreference.SilentlyContinue);
    public ActionPreference Progress { get; } = common.ProgressAction ?? Variable(state, "ProgressPreference", ActionPreference.Continue);
    public bool WhatIf { get; } = supportsShouldProcess
        && (common.WhatIf || LanguagePrimitives.IsTrue(state.PSVariable.GetValue("WhatIfPreference")));

    /// <summary>An action of this impact or a higher one is asked about; None: nothing is.</summary>
    public ConfirmImpact Confirm { get; } = common.Confirm switch
    {
        null => Variable(state, "ConfirmPreference", ConfirmImpact.High),
        { IsPresent: true } => ConfirmImpact.Low,
        _ => ConfirmImpact.None,
    };

    static ActionPreference Switch(SessionState state, SwitchParameter given, string variable) =>
        given ? ActionPreference.Continue : Variable(state, variable, ActionPreference.SilentlyContinue);

    static T Variable<T>(SessionState state, string name, T fallback) where T : struct =>
        LanguagePrimitives.TryConvertTo(state.PSVariable.GetValue(name), out T value) && state.PSVariable.Get(name) is not null ? value : fallback;
}
