using System.Globalization;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Testbed;

namespace WaltG5k.Base;

/// <summary>Opens the grids that this module knows: the one place where the embedded testbed is named.</summary>
internal static class SessionOpener
{
    public static async Task<G5kSession> OpenTestbedAsync(TestbedOptions options, CancellationToken cancellationToken)
    {
        TestbedGrid grid = await TestbedGrid.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        string speed = options.Speed == 0 ? "time jumps" : options.Speed == 1
            ? "real time"
            : string.Create(CultureInfo.InvariantCulture, $"{options.Speed:0.##} times faster");
        return new G5kSession(grid, grid.IsJoined ? "embedded testbed of another process" : $"embedded testbed, {speed}");
    }

    /// <summary>This machine, which is a front-end.</summary>
    /// <param name="site">Its site; null: as the host name tells.</param>
    public static async Task<G5kSession> OpenLocalAsync(string? site, CancellationToken cancellationToken)
    {
        LocalGrid grid = await LocalGrid.OpenAsync(site, cancellationToken).ConfigureAwait(false);
        return new G5kSession(grid, $"front-end of {grid.LocalSite}");
    }

    /// <summary>No Grid'5000 at all: only what WalT cmdlets need for a server of its own.</summary>
    public static G5kSession OpenStandalone(string server) => new(new StandaloneGrid(), $"WalT server {server}");
}
