using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Update-WaltDevice: makes the server look at its network again.</summary>
[Cmdlet(VerbsData.Update, "WaltDevice", SupportsShouldProcess = true)]
[OutputType(typeof(WaltScanResult))]
public sealed class UpdateWaltDeviceCommand : WaltCmdlet
{
    readonly List<WaltDeviceRef> _references = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [WaltDeviceConversion]
    [ArgumentCompleter(typeof(WaltDeviceCompleter))]
    public WaltDeviceRef[] Name { get; set; } = [];

    protected override void ProcessRecord() => _references.AddRange(Name);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0 && MyInvocation.ExpectingInput) return;     // upstream wrote nothing
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            WaltDeviceRef[] asked = _references.Count > 0
                ? [.. _references]
                : [new WaltDeviceRef("server"), new WaltDeviceRef("explorable-switches")];
            List<string> accepted = [];
            foreach (WaltDeviceInfo device in await DeviceLookup.ResolveAsync(walt.Server, Session, asked, this, cancellationToken)
                .ConfigureAwait(false))
                if (await ConfirmAsync(device.Name, "Ask for its neighbours").ConfigureAwait(false)) accepted.Add(device.Name);
            if (accepted.Count == 0) return;
            foreach (WaltScanResult result in await walt.Server.ScanDevicesAsync(string.Join(',', accepted), cancellationToken)
                .ConfigureAwait(false)) Write(result);
        }
    }
}
