using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core;
using WaltG5k.Core.Walt.Devices;

namespace WaltG5k.Commands;

/// <summary>Test-WaltDevice: whether devices answer in the WalT network.</summary>
[Cmdlet(VerbsDiagnostic.Test, "WaltDevice")]
[OutputType(typeof(bool))]
public sealed class TestWaltDeviceCommand : WaltDeviceCmdlet
{
    /// <summary>Devices asked at once: each takes a connection and a process on the server.</summary>
    const int AtOnce = 16;

    [Parameter]
    [ValidateRange(1, 1000)]
    public int Count { get; set; } = 1;

    internal override async Task WorkAsync(WaltAccess walt, IReadOnlyList<WaltDeviceInfo> devices, CancellationToken cancellationToken)
    {
        using SemaphoreSlim free = new(AtOnce);
        Task<WaltPingResult>[] pings = [.. devices.Select(d => PingAsync(walt, d, free, cancellationToken))];
        // In the order of the devices, so that each answer belongs to one.
        foreach (Task<WaltPingResult> ping in pings)
        {
            try
            {
                WaltPingResult result = await ping.ConfigureAwait(false);
                ((IReporter)this).Verbose(FormattableString.Invariant(
                    $"{result.Device} ({result.Ip}): {result.Received} of {result.Sent} answers{(result.Latency is { } time ? $", {time.TotalMilliseconds:0.###} ms" : "")}"));
                Write(result.IsReachable);
            }
            catch (G5kException e) { WriteFailure(e); }
        }
    }

    async Task<WaltPingResult> PingAsync(WaltAccess walt, WaltDeviceInfo device, SemaphoreSlim free, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try { return await walt.Server.PingAsync(device.Name, Count, cancellationToken).ConfigureAwait(false); }
        finally { free.Release(); }
    }
}
