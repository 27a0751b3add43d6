using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Devices;

namespace WaltG5k.Commands;

/// <summary>Test-WaltDevice: whether devices answer in the WalT network.</summary>
[Cmdlet(VerbsDiagnostic.Test, "WaltDevice")]
[OutputType(typeof(WaltPingResult))]
[OutputType(typeof(bool))]
public sealed class TestWaltDeviceCommand : WaltDeviceCmdlet
{
    /// <summary>Devices asked at once: each takes a connection and a process on the server.</summary>
    const int AtOnce = 16;

    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 4;

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    internal override Task WorkAsync(WaltAccess walt, IReadOnlyList<WaltDeviceInfo> devices, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(devices, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (device, token) =>
        {
            try
            {
                WaltPingResult result = await walt.Server.PingAsync(device.Name, Count, token).ConfigureAwait(false);
                Write(Quiet ? result.IsReachable : result);
            }
            catch (G5kException e) { WriteFailure(e); }
        });
}
