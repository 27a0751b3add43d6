using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace WaltG5k.Core.Walt;

/// <summary>
/// The boot driver: route, verify that the boot files are the new image's, reboot by kexec, wait for the notification, fall back to hard reboots.
/// Each node goes its way on its own (see <c>NodeBoot</c>); what many nodes ask for at the same time goes to the server as one call.
/// </summary>
/// <param name="siteOf">The site of a node, by its name on the WalT server. Hard reboots go out per site, so that a slow site delays no
/// other.</param>
public sealed class WaltBootDriver(WaltServer server, Func<string, string> siteOf)
{
    /// <summary>
    /// Told the node and the step that begins: <c>route</c>, <c>verify</c>, <c>root</c>, <c>reboot</c>, <c>hard-reboot</c>, <c>boot</c>. Called from
    /// any thread.
    /// </summary>
    public Action<string, string>? StepStarted { get; set; }

    /// <summary>One result per node, as each is decided. Per-node failures are results; ending the enumeration stops what is under way.</summary>
    /// <exception cref="G5kException">The server cannot be reached, or <c>ImageNotFound</c>: no node was touched then.</exception>
    public async IAsyncEnumerable<WaltBootResult> BootAsync(WaltBootRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.ThrottleLimit, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Retries);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(request.Timeout, TimeSpan.Zero);
        if (request.Nodes.Count == 0) yield break;
        if (request.Image is { } image) await server.RequireImageAsync(image, cancellationToken).ConfigureAwait(false);
        Dictionary<string, WaltNodeInfo> known = (await server.GetNodesAsync(cancellationToken).ConfigureAwait(false))
            .ToDictionary(n => n.Name, StringComparer.Ordinal);

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<WaltBootResult> results = Channel.CreateUnbounded<WaltBootResult>(new UnboundedChannelOptions { SingleReader = true });
        Task work = BootAllAsync(request, known, results.Writer, stop);
        try
        {
            await foreach (WaltBootResult result in results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return result;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task BootAllAsync(WaltBootRequest request, Dictionary<string, WaltNodeInfo> known, ChannelWriter<WaltBootResult> results,
        CancellationTokenSource stop)
    {
        try
        {
            BootCalls calls = new(server, siteOf, request.Image, stop.Token);
            RootFileSystems? roots = request.RootFileSystem is { } wanted ? new(server, wanted, stop.Token) : null;
            BootTracer? tracer = request.Trace ? new(server, stop.Token) : null;
            using SemaphoreSlim places = new(request.ThrottleLimit);
            await Task.WhenAll(request.Nodes.Distinct(StringComparer.Ordinal).Select(async node =>
            {
                await places.WaitAsync(stop.Token).ConfigureAwait(false);
                try
                {
                    NodeBoot boot = new(server, calls, request, node, siteOf(node), known.GetValueOrDefault(node), StepStarted) { Roots = roots,
                        Tracer = tracer };
                    results.TryWrite(await boot.RunAsync(stop.Token).ConfigureAwait(false));
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    await stop.CancelAsync().ConfigureAwait(false);     // a defect: the other nodes shall not go on unseen
                    throw;
                }
                finally
                {
                    places.Release();
                }
            })).ConfigureAwait(false);
            results.TryComplete();
        }
        catch (Exception e)
        {
            results.TryComplete(e);
        }
    }
}
