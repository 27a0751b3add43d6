using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>A cmdlet that works on devices of a WalT network, all its input at once.</summary>
public abstract class WaltDeviceCmdlet : WaltCmdlet
{
    readonly List<WaltDeviceRef> _references = [];

    /// <summary>The devices that are meant.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Device")]
    [SupportsWildcards]
    [WaltDeviceConversion]
    [ArgumentCompleter(typeof(WaltDeviceCompleter))]
    public WaltDeviceRef[] Name { get; set; } = [];

    protected sealed override void ProcessRecord() => _references.AddRange(Name);

    protected sealed override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_references.Count == 0) return;     // upstream wrote nothing
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltDeviceInfo> devices = await DeviceLookup.ResolveAsync(walt.Server, Session, _references, this, cancellationToken)
                .ConfigureAwait(false);
            if (devices.Count > 0) await WorkAsync(walt, devices, cancellationToken).ConfigureAwait(false);
        }
    }

    internal abstract Task WorkAsync(WaltAccess walt, IReadOnlyList<WaltDeviceInfo> devices, CancellationToken cancellationToken);
}
