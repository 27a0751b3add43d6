using System.Globalization;
using System.Management.Automation.Host;

namespace WaltG5k.Host.Engine;

/// <summary>The host as cmdlets see it.</summary>
sealed class EngineHost(PSHostUserInterface ui) : PSHost
{
    public override string Name => "waltg5k";
    public override Version Version => typeof(EngineHost).Assembly.GetName().Version ?? new Version();
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override PSHostUserInterface UI { get; } = ui;
    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;
    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    /// <summary>A process lives for its pipelines only: a cmdlet cannot end it early.</summary>
    public override void SetShouldExit(int exitCode) { }
}
