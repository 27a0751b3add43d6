using System.Text.Json;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>What is asked of the server's shell: its specification, and whether nbfsd's control socket is there.</summary>
    const string ShellQuestion = "cat /etc/walt/server.spec || true; echo; test -e /run/nbfsd/ctl.sock && echo nbfsd-runs || true";

    static readonly TimeSpan s_shellLimit = TimeSpan.FromSeconds(20);

    /// <summary>Connects, and makes sure that a WalT server of a version we know answers.</summary>
    /// <returns>Its version.</returns>
    /// <exception cref="G5kException">
    /// <c>NoWaltServer</c>: something else is there, or nothing; <c>WaltServerUnreachable</c>; <c>WaltVersionUnsupported</c>; <c>RpcTimeout</c>: it
    /// stays silent.
    /// </exception>
    public async Task<string> CheckAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await GetTimeAsync(cancellationToken).ConfigureAwait(false);
            return ServerVersion;
        }
        catch (G5kException e) when (e.Code is "ChannelRefused" or "RpcConnectionLost" or "RpcProtocolError")
        {
            throw new G5kException("NoWaltServer", ErrorKind.ConnectionError,
                $"No WalT server answers on {Host}:{RpcPort}, seen from {Frontend.Name}: {e.Message}", Host,
                $"Is the name right, and walt-server running there? ssh root@{Host} systemctl status walt-server", e);
        }
        catch (G5kException e) when (e.Code is "ChannelTimeout")
        {
            throw new G5kException("WaltServerUnreachable", ErrorKind.OperationTimeout,
                $"{Host}:{RpcPort} does not answer, seen from {Frontend.Name}.", Host,
                "Is the machine up, and in a network that is reached from there? Name a front-end by -Site, or a machine on the way by -ThroughSsh.",
                e);
        }
    }

    /// <summary>The server's clock.</summary>
    public async Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("get_time") { Timeout = s_shellLimit }, cancellationToken).ConfigureAwait(false);
        double seconds = result.Value switch
        {
            PythonFloat number => number.Value,
            PythonInteger number => (double)number.Value,
            _ => throw new G5kException("RpcProtocolError", ErrorKind.ProtocolError,
            $"The WalT server {Host} answered get_time with {result.Value}.", Host, "Is it WalT 10?"),
        };
        return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
    }

    /// <summary>All that the server tells of itself; what cannot be read is a finding, not an error.</summary>
    /// <exception cref="G5kException">As <see cref="CheckAsync"/>.</exception>
    public async Task<WaltServerInfo> GetInformationAsync(CancellationToken cancellationToken = default)
    {
        string version = await CheckAsync(cancellationToken).ConfigureAwait(false);
        List<Finding> findings = [];
        WaltServerInfo info = new(Host) { Version = version, UserName = User, Through = Frontend.Name,
            TimeDifference = await MeasureTimeAsync(cancellationToken).ConfigureAwait(false) };
        if (info.TimeDifference.Duration() > TimeSpan.FromSeconds(5)) findings.Add(ServerFindings.ClockDiffers(Host, info.TimeDifference));
        info = await AddHttpAsync(info, findings, cancellationToken).ConfigureAwait(false);
        info = await AddShellAsync(info, findings, cancellationToken).ConfigureAwait(false);
        return info with { Findings = findings };
    }

    async Task<TimeSpan> MeasureTimeAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = Time.GetUtcNow();
        DateTimeOffset there = await GetTimeAsync(cancellationToken).ConfigureAwait(false);
        return there - (before + (Time.GetUtcNow() - before) / 2);
    }

    async Task<WaltServerInfo> AddHttpAsync(WaltServerInfo info, List<Finding> findings, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<WaltNodeInfo> nodes = await GetNodesAsync(cancellationToken).ConfigureAwait(false);
            IReadOnlyList<WaltImageInfo> images = await GetImagesAsync(cancellationToken).ConfigureAwait(false);
            return info with { IsHttpReachable = true, NodeCount = nodes.Count, BootedCount = nodes.Count(n => n.IsBooted),
                ImageCount = images.Count };
        }
        catch (G5kException e)
        {
            findings.Add(ServerFindings.HttpUnreachable(Host, e));
            return info;
        }
    }

    async Task<WaltServerInfo> AddShellAsync(WaltServerInfo info, List<Finding> findings, CancellationToken cancellationToken)
    {
        try
        {
            CommandResult result = await Shell.RunShellAsync(ShellQuestion, new CommandRequest { Timeout = s_shellLimit }, cancellationToken)
                .ConfigureAwait(false);
            int end = result.Output.LastIndexOf('}') + 1;
            return info with { HasShell = true, HasNbfsd = result.Output[end..].Contains("nbfsd-runs", StringComparison.Ordinal),
                Features = ReadFeatures(result.Output[..end]) };
        }
        catch (JsonException e)
        {
            findings.Add(ServerFindings.SpecificationInvalid(Host, e.Message));
            return info with { HasShell = true };
        }
        catch (G5kException e)
        {
            findings.Add(ServerFindings.NoShell(Host, e));
            return info;
        }
    }

    static IReadOnlyList<string> ReadFeatures(string specification)
    {
        if (specification.Length == 0) return [];
        using JsonDocument document = JsonDocument.Parse(specification);
        return document.RootElement.TryGetProperty("features", out JsonElement features) && features.ValueKind == JsonValueKind.Array
            ? [.. features.EnumerateArray().Where(f => f.ValueKind == JsonValueKind.String).Select(f => f.GetString()!)]
            : [];
    }

    /// <summary>
    /// Makes <see cref="CheckRoutesAsync"/> read the nodes' links by the server's shell. Once that has failed it is not tried again: the boot files
    /// decide.
    /// </summary>
    public void UseImageLinks()
    {
        G5kException? failure = null;
        ReadImageLinks = async (names, cancellationToken) =>
        {
            if (failure is not null) throw failure;
            try
            {
                return await ImageLinks.ReadAsync(Shell, names, cancellationToken).ConfigureAwait(false);
            }
            catch (G5kException e) when (e.Code == "WaltServerUnreachable")
            {
                failure = e;
                throw;
            }
        };
    }
}
