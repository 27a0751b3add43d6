using System.Globalization;

namespace WaltG5k.Core.Walt;

/// <summary>
/// The way of one node through a boot: route, verify, then attempts of reboot and boot, the first as asked for, the others by hard reboot.
/// </summary>
sealed class NodeBoot(WaltServer server, BootCalls calls, WaltBootRequest request, string node, string site, WaltNodeInfo? info,
    Action<string, string>? onStep)
{
    /// <summary>A server that has not switched the node's boot files by then has failed to mount the image.</summary>
    static readonly TimeSpan s_routeTimeout = TimeSpan.FromMinutes(3);
    static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    /// <summary>Before a hard reboot is ordered again that could not be ordered.</summary>
    static readonly TimeSpan s_pauseAfterRefusal = TimeSpan.FromSeconds(5);

    readonly List<WaltBootStep> _steps = [];
    WaltBootMethod _method = request.Method == WaltBootMethod.Hard ? WaltBootMethod.Hard : WaltBootMethod.Kexec;
    int _attempt = 1;
    string _image = ImageName(info);
    WaltBootloader? _bootloader;

    DateTimeOffset _orderedAt;

    /// <summary>Set where a root file system is asked for.</summary>
    public RootFileSystems? Roots { get; init; }
    /// <summary>Set where the parts of the boot are asked for.</summary>
    public BootTracer? Tracer { get; init; }

    TimeProvider Time => server.Time;

    public async Task<WaltBootResult> RunAsync(CancellationToken cancellationToken)
    {
        long start = Time.GetTimestamp();
        G5kException? error = null;
        bool booted = false;
        try
        {
            if (info is null) throw ServerMessages.NodeNotFound(node, server.Host);
            await CheckFirstAsync(info).ConfigureAwait(false);
            WaltRoute? route = request.Image is null ? null : await RouteAsync(cancellationToken).ConfigureAwait(false);
            if (Roots is not null)
            {
                route ??= await calls.GetPresentRouteAsync(info).ConfigureAwait(false);
                await StepAsync("root", async () => (true, await Roots.EnsureAsync(route).ConfigureAwait(false))).ConfigureAwait(false);
            }
            if (_method != WaltBootMethod.Kexec || request.Bootloader is not null)
                await SeeBootloaderAsync(info, cancellationToken).ConfigureAwait(false);
            booted = await AttemptAsync(info, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e)
        {
            error = e;
        }
        WaltBootResult result = new(node)
        {
            Site = site,
            Image = _image,
            IsBooted = booted,
            Method = _method,
            RootFileSystem = request.RootFileSystem,
            Bootloader = _method == WaltBootMethod.Kexec ? null : _bootloader,
            Attempts = _steps.Any(s => s.Name is "reboot" or "hard-reboot") ? _attempt : 0,
            Total = Time.GetElapsedTime(start),
            Steps = _steps,
            Error = error,
        };
        return booted && Tracer is not null && info is not null ? await Tracer.AddPartsAsync(result, info, _orderedAt).ConfigureAwait(false) : result;
    }

    /// <summary>What can be said before anything is tried.</summary>
    async Task CheckFirstAsync(WaltNodeInfo present)
    {
        if (Roots is not null) await StepAsync("root", async () =>
        {
            await Roots.PrepareServerAsync().ConfigureAwait(false);
            return (true, (string?)null);
        }).ConfigureAwait(false);
        // A node that runs WalT has proved that its firmware can boot it.
        if (!present.IsBooted && !present.IsVirtual && await calls.GetFirmwareAsync(node).ConfigureAwait(false) is "uefi") throw NotBootable();
        if (_method == WaltBootMethod.Hard || !present.Configuration.TryGetValue("kexec.allow", out string? allowed) || allowed != "false") return;
        if (request.Method == WaltBootMethod.Kexec) throw KexecNotAllowed();
        // Without a way to reset it, its own reboot has to do, which goes through the firmware too.
        if (server.HardReboot is not null) _method = WaltBootMethod.Hard;
    }

    async Task SeeBootloaderAsync(WaltNodeInfo present, CancellationToken cancellationToken)
    {
        _bootloader = (await server.GetBootScriptsAsync(present, cancellationToken).ConfigureAwait(false))?.Bootloader;
        if (request.Bootloader is { } wanted && _bootloader is { } found && found != wanted) throw OtherBootloader(wanted, found);
    }

    async Task<WaltRoute> RouteAsync(CancellationToken cancellationToken)
    {
        WaltRoute route = await StepAsync("route", async () => (await calls.RouteAsync(node).ConfigureAwait(false), (string?)null))
            .ConfigureAwait(false);
        _image = ImageName(route.Node);
        await StepAsync("verify", async () =>
        {
            long start = Time.GetTimestamp();
            TimeSpan pause = s_shortestPause;
            while (true)
            {
                WaltRouteCheck check = await calls.CheckRouteAsync(node).ConfigureAwait(false);
                if (check.IsRouted) return (true, check.Note);
                if (Time.GetElapsedTime(start) >= s_routeTimeout) throw NotRouted(check.Note);
                await Task.Delay(pause, Time, cancellationToken).ConfigureAwait(false);
                pause = pause * 1.5 < s_longestPause ? pause * 1.5 : s_longestPause;
            }
        }).ConfigureAwait(false);
        return route;
    }

    /// <summary>True once booted; false when only the order was wanted.</summary>
    async Task<bool> AttemptAsync(WaltNodeInfo present, CancellationToken cancellationToken)
    {
        while (true)
        {
            (string? refusal, G5kException? cause) = await OrderRebootAsync(present).ConfigureAwait(false);
            if (refusal is null)
            {
                _orderedAt = Time.GetUtcNow();
                if (!request.Wait) return false;
                if (await StepAsync("boot", async () => await server.WaitNodeBootedAsync(node, request.Timeout, cancellationToken)
                    .ConfigureAwait(false)
                        ? (true, null) : (false, "no boot notification")).ConfigureAwait(false)) return true;
            }
            if (request.Method == WaltBootMethod.Kexec || _attempt > request.Retries || cause?.Code == "HardRebootUnavailable")
                throw refusal is null ? await NotBootedAsync(present, cancellationToken).ConfigureAwait(false) : NotRebooted(refusal, cause);
            if (refusal is not null && _method == WaltBootMethod.Hard)
                await Task.Delay(s_pauseAfterRefusal, Time, cancellationToken).ConfigureAwait(false);
            _attempt++;
            if (_method != WaltBootMethod.Hard) await SeeBootloaderAsync(present, cancellationToken).ConfigureAwait(false);
            _method = WaltBootMethod.Hard;
        }
    }

    /// <summary>Why the node was not rebooted, or null.</summary>
    Task<(string? Refusal, G5kException? Cause)> OrderRebootAsync(WaltNodeInfo present)
        => StepAsync(_method == WaltBootMethod.Hard ? "hard-reboot" : "reboot", async () =>
        {
            try
            {
                string? refusal = await (_method == WaltBootMethod.Hard ? calls.HardRebootAsync(node) : calls.RebootAsync(present))
                    .ConfigureAwait(false);
                return ((refusal, (G5kException?)null), refusal);
            }
            catch (G5kException e)
            {
                return ((e.Message, e), e.Message);
            }
        });

    /// <summary>Does a step and keeps how long it took, whether it went well or not.</summary>
    async Task<T> StepAsync<T>(string name, Func<Task<(T Result, string? Note)>> step)
    {
        onStep?.Invoke(node, name);
        long start = Time.GetTimestamp();
        string? note = null;
        try
        {
            (T result, note) = await step().ConfigureAwait(false);
            return result;
        }
        catch (G5kException e)
        {
            note = e.Message;
            throw;
        }
        finally
        {
            _steps.Add(new WaltBootStep(name, _attempt, Time.GetElapsedTime(start), note));
        }
    }

    static string ImageName(WaltNodeInfo? node) => node is null ? "" : new WaltImageInfo(node.Image).Name;

    G5kException NotBootable() => new("NodeNotBootable", ErrorKind.InvalidArgument,
        $"Node {node} boots by UEFI: WalT 10.0 answers the PXE of a BIOS only.", node,
        $"Take nodes of another cluster: Get-G5kNode {(site.Length > 0 ? $"-Site {site} " : "")}-WaltNode");

    G5kException KexecNotAllowed() => new("KexecNotAllowed", ErrorKind.InvalidOperation,
        $"Node {node} may not reboot by kexec: its setting kexec.allow is false.", node,
        $"Reboot it through its firmware: Invoke-WaltNodeBoot {node} -Method Hard   (or allow it: Set-WaltNodeConfiguration {node} kexec.allow=true)");

    G5kException OtherBootloader(WaltBootloader wanted, WaltBootloader found) => new("BootloaderNotAvailable", ErrorKind.InvalidOperation,
        found == WaltBootloader.Http
            ? $"Node {node} would load by HTTP, not by {wanted}: WalT's boot scripts take TFTP only where HTTP fails."
            : $"Node {node} would load by TFTP, not by {wanted}: the boot scripts of its image know no HTTP.", node,
        found == WaltBootloader.Http ? "Leave -Bootloader out." : "Boot an image made from a recent default image of WalT.");

    G5kException NotRouted(string? note) => new("ImageNotRouted", ErrorKind.OperationTimeout,
        $"Node {node} was not rebooted: after {s_routeTimeout.TotalSeconds:0} s its boot files are still not those of image '{_image}'{(note is null ? "" : $" ({note})")}.", node,
        $"Try again: Invoke-WaltNodeBoot {node} -Image {_image}   (the server's log: ssh root@{server.Host} journalctl -u walt-server -n 50)");

    G5kException NotRebooted(string reason, G5kException? cause) =>
        new("NodeNotRebooted", ErrorKind.OperationStopped, $"Node {node} could not be rebooted: {reason}", node,
        cause?.Code == "HardRebootUnavailable" ? cause.Recommendation
        : _method == WaltBootMethod.Kexec ? $"Reboot it through its firmware: Invoke-WaltNodeBoot {node} -Method Hard"
        : $"Look at its console: kaconsole3 -m {node}; if it stays dead, go on without it.", cause);

    async Task<G5kException> NotBootedAsync(WaltNodeInfo present, CancellationToken cancellationToken) =>
        new("NodeNotBooted", ErrorKind.OperationTimeout,
        string.Create(CultureInfo.InvariantCulture,
        $"Node {node} did not report a boot within {request.Timeout.TotalSeconds:0} s, after {_attempt} {(_attempt == 1 ? "attempt" : "attempts")}."), node,
        await FindLackingRootAsync(present, cancellationToken).ConfigureAwait(false) is string lacking
            ? $"Its root file system comes by {lacking} is gone from {server.Host}: Invoke-WaltNodeBoot {node} -RootFileSystem Nfs -Method Hard"
        : _method == WaltBootMethod.Kexec ? $"Reboot it through its firmware: Invoke-WaltNodeBoot {node} -Method Hard"
        : $"Look at its console: kaconsole3 -m {node}; if it stays dead, go on without it.");

    /// <summary>The daemon that the node waits for and that is not there; null where there is none, or that cannot be seen.</summary>
    async Task<string?> FindLackingRootAsync(WaltNodeInfo present, CancellationToken cancellationToken)
    {
        try
        {
            return (await server.GetBootScriptsAsync(present, cancellationToken).ConfigureAwait(false))?.RootFileSystem switch
            {
                WaltRootFileSystem.Nbfs when !await new NbfsServer(server).HasDaemonAsync(cancellationToken).ConfigureAwait(false) =>
                    "NBFS, whose daemon",
                WaltRootFileSystem.Speculative when !await new SpeculativeServer(server).IsActiveAsync(cancellationToken).ConfigureAwait(false) =>
                    "the speculative root, whose service waltg5k-bootfs",
                _ => null,
            };
        }
        catch (G5kException)
        {
            return null;
        }
    }
}
