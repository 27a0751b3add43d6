using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Core.Walt.Settings;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Set-WaltDeviceConfiguration: changes settings of nodes, switches and other devices.</summary>
[Cmdlet(VerbsCommon.Set, "WaltDeviceConfiguration", SupportsShouldProcess = true)]
[OutputType(typeof(WaltDeviceConfiguration))]
public sealed class SetWaltDeviceConfigurationCommand : WaltDeviceCmdlet
{
    [Parameter(Mandatory = true, Position = 1)]
    [SettingChangeConversion]
    [ArgumentCompleter(typeof(SettingCompleter))]
    public SettingChange Setting { get; set; } = new([]);

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    internal override async Task WorkAsync(WaltAccess walt, IReadOnlyList<WaltDeviceInfo> devices, CancellationToken cancellationToken)
    {
        Setting.CheckCount(devices.Count);
        string action = "Set " + string.Join(", ", Setting.Values.Select(v => $"{v.Key}={v.Value}"));
        List<string> accepted = [];
        foreach (WaltDeviceInfo device in await FindFitAsync(walt, devices, cancellationToken).ConfigureAwait(false))
            if (await ConfirmAsync(device.Name, action).ConfigureAwait(false)) accepted.Add(device.Name);
        if (accepted.Count == 0) return;
        if (await walt.Server.SetDeviceConfigurationAsync(accepted, Setting, cancellationToken).ConfigureAwait(false))
            ((IReporter)this).Verbose("The devices see the new settings at their next boot.");
        if (!PassThru) return;
        // A device that became a switch may have got another name with it.
        HashSet<string> macs = [.. devices.Where(d => accepted.Contains(d.Name)).Select(d => d.Mac)];
        string[] names = [.. (await DeviceLookup.GetAllAsync(walt.Server, Session, cancellationToken).ConfigureAwait(false))
            .Where(d => macs.Contains(d.Mac)).Select(d => d.Name)];
        foreach (WaltDeviceConfiguration configuration in await walt.Server.GetDeviceConfigurationsAsync(names, cancellationToken)
            .ConfigureAwait(false)) Write(configuration);
    }

    /// <summary>Those that can have the settings, and whose owner may be told so; an error for each other.</summary>
    async Task<IReadOnlyList<WaltDeviceInfo>> FindFitAsync(WaltAccess walt, IReadOnlyList<WaltDeviceInfo> devices,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<WaltDeviceConfiguration> present =
            await walt.Server.GetDeviceConfigurationsAsync([.. devices.Select(d => d.Name)], cancellationToken).ConfigureAwait(false);
        string[] nodes = [.. devices.Where(d => d.IsNode).Select(d => d.Name)];
        HashSet<string> foreign = Force || nodes.Length == 0
            ? []
            : [.. await walt.Server.GetForeignNodesAsync(nodes, cancellationToken).ConfigureAwait(false)];
        List<WaltDeviceInfo> fit = [];
        foreach (WaltDeviceInfo device in devices)
        {
            try
            {
                Setting.CheckFor(device, present.FirstOrDefault(c => c.Name == device.Name) ?? new WaltDeviceConfiguration(device.Name));
                if (foreign.Contains(device.Name)) throw Failures.NodeOfAnother(device.Name);
                fit.Add(device);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
        return fit;
    }
}
