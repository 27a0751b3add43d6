using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Core.Walt.Settings;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Set-WaltNodeConfiguration: changes settings of nodes, all checked before anything is sent.</summary>
[Cmdlet(VerbsCommon.Set, "WaltNodeConfiguration", SupportsShouldProcess = true)]
[OutputType(typeof(WaltDeviceConfiguration))]
public sealed class SetWaltNodeConfigurationCommand : WaltNodeCmdlet
{
    [Parameter(Mandatory = true, Position = 1)]
    [SettingChangeConversion]
    [ArgumentCompleter(typeof(SettingCompleter))]
    public SettingChange Setting { get; set; } = new([]);

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override string? Action => "Set " + string.Join(", ", Setting.Values.Select(v => $"{v.Key}={v.Value}"));
    internal override bool? IsForced => Force.IsPresent;

    internal override async Task ActAllAsync(WaltAccess walt, IReadOnlyList<WaltNodeInfo> nodes, CancellationToken cancellationToken)
    {
        string[] names = [.. nodes.Select(n => n.Name)];
        try
        {
            if (await walt.Server.SetDeviceConfigurationAsync(names, Setting, cancellationToken).ConfigureAwait(false))
                ((IReporter)this).Verbose("The nodes see the new settings at their next boot: Restart-WaltNode");
        }
        catch (G5kException e)
        {
            WriteFailure(e);
            return;
        }
        if (!PassThru) return;
        foreach (WaltDeviceConfiguration configuration in await walt.Server.GetDeviceConfigurationsAsync(names, cancellationToken)
            .ConfigureAwait(false)) Write(configuration);
    }
}
