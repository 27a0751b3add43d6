using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kavlan;

/// <summary>What became of one network address.</summary>
/// <param name="Vlan">Where it is now: an id or <c>DEFAULT</c>; null when kavlan said nothing about it.</param>
public sealed record KavlanNodeResult(string NetworkAddress, string? Vlan, bool IsAttached, int Attempts)
{
    /// <summary>Why it is not where it should be; null: it is.</summary>
    public string? Reason { get; init; }
    public override string ToString() => $"{NetworkAddress}: {Vlan}";
}

/// <summary>KaVLAN of one site through its command.</summary>
public sealed partial class KavlanClient(IFrontend frontend, TimeProvider time)
{
    /// <summary>Where every port is outside of a job's VLAN.</summary>
    public const string DefaultVlan = "DEFAULT";

    static readonly TimeSpan s_defaultPause = TimeSpan.FromSeconds(3);
    static readonly TimeSpan s_readTimeout = TimeSpan.FromMinutes(1);
    /// <summary>Switches are configured one port after the other.</summary>
    static readonly TimeSpan s_changeTimeout = TimeSpan.FromMinutes(5);
    /// <summary>For each word of the command: KaVLAN asks the switches port by port.</summary>
    static readonly TimeSpan s_wordTimeout = TimeSpan.FromSeconds(2);

    /// <summary>In old versions -g told a VLAN's gateway, and nothing tells where a node is. Learnt from the first answer.</summary>
    volatile bool _isOld;

    /// <summary>The id of the job's VLAN, or null when it has none.</summary>
    /// <param name="jobId">A job of this site.</param>
    /// <exception cref="G5kException"><c>KavlanFailed</c>.</exception>
    public async Task<int?> GetJobVlanAsync(long jobId, CancellationToken cancellationToken = default)
    {
        CommandResult result = await RunAsync(["-V", "-j", Text(jobId)], CommandEffect.Read, cancellationToken).ConfigureAwait(false);
        foreach (string line in Lines(result))
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int id)) return id;
        }
        if (!NamesNoVlan(result)) result.EnsureSuccess("KavlanFailed", $"The VLAN of job {jobId} of {frontend.Site} cannot be read", jobId,
            Advice($"kavlan -V -j {jobId}"));
        return null;
    }

    /// <summary>Where each address is; an address that kavlan left out is not in the result.</summary>
    /// <param name="jobId">The job that holds the nodes: old versions tell only who is in the VLAN of a job.</param>
    /// <exception cref="G5kException"><c>KavlanFailed</c>.</exception>
    public async Task<IReadOnlyDictionary<string, string>> GetVlansAsync(IReadOnlyList<string> networkAddresses, long? jobId = null,
        CancellationToken cancellationToken = default)
    {
        if (_isOld && jobId is { } known) return await ListAsync(known, networkAddresses, cancellationToken).ConfigureAwait(false);
        CommandResult result = await RunAsync(["-g", .. Machines(networkAddresses)], CommandEffect.Read, cancellationToken).ConfigureAwait(false);
        var vlans = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in Lines(result))
        {
            if (VlanLine().Match(line) is { Success: true } match) vlans[match.Groups[1].Value] = match.Groups[2].Value;
        }
        if (vlans.Count > 0) return vlans;
        if (jobId is { } job && (Lines(result).Any(l => Gateway().IsMatch(l)) || NamesNoVlan(result)))
        {
            _isOld = true;
            return await ListAsync(job, networkAddresses, cancellationToken).ConfigureAwait(false);
        }
        // With one unknown name among many it fails and still tells of the others.
        result.EnsureSuccess("KavlanFailed", $"KaVLAN at {frontend.Site} does not tell where the nodes are", frontend.Site,
            Advice("kavlan -g -m NODE"));
        return vlans;
    }

    /// <summary>The old way: who is in the VLAN of the job, by names such as gros-1-kavlan-4; all others are outside of it.</summary>
    async Task<IReadOnlyDictionary<string, string>> ListAsync(long jobId, IReadOnlyList<string> networkAddresses, CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync(["-l", "-j", Text(jobId)], CommandEffect.Read, cancellationToken).ConfigureAwait(false);
        result.EnsureSuccess("KavlanFailed", $"KaVLAN at {frontend.Site} does not tell which nodes are in the VLAN of job {jobId}", jobId,
            Advice($"kavlan -l -j {jobId}"));
        Dictionary<string, string> vlans = networkAddresses.Distinct(StringComparer.OrdinalIgnoreCase).ToDictionary(a => a, _ => DefaultVlan,
            StringComparer.OrdinalIgnoreCase);
        foreach (string line in Lines(result))
        {
            if (ListLine().Match(line) is { Success: true } match && match.Result("$1$3") is { } address
                && vlans.ContainsKey(address)) vlans[address] = match.Groups[2].Value;
        }
        return vlans;
    }

    /// <summary>
    /// Puts addresses into a VLAN, verifies each by asking, and repeats for those still elsewhere: up to <paramref name="attempts"/> times
    /// without progress, <paramref name="pause"/> apart (3 s by default). A missing line counts as not attached.
    /// </summary>
    /// <param name="jobId">The job at this site that holds the nodes.</param>
    /// <exception cref="G5kException"><c>KavlanRefused</c>: the command failed every time (rights, most often) and no address was
    /// attached.</exception>
    public Task<IReadOnlyList<KavlanNodeResult>> AttachAsync(
        long jobId, string vlan, IReadOnlyList<string> networkAddresses, int attempts = 3, TimeSpan? pause = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        return new KavlanAttachment(new CommandVlanSwitch(this, frontend.Site, jobId), time, vlan)
            .RunAsync(networkAddresses, attempts, pause ?? s_defaultPause, cancellationToken);
    }

    /// <summary>One <c>kavlan -s</c>. Its success is no proof.</summary>
    internal Task<CommandResult> SetAsync(long jobId, string vlan, IReadOnlyList<string> networkAddresses, CancellationToken cancellationToken) =>
        RunAsync(["-j", Text(jobId), "-s", "-i", vlan, .. Machines(networkAddresses)], CommandEffect.Change, cancellationToken);

    /// <summary>Stops or starts Grid'5000's DHCP in the VLAN.</summary>
    /// <exception cref="G5kException"><c>KavlanDhcpFailed</c>.</exception>
    public async Task SetDhcpAsync(long jobId, int vlan, bool enabled, CancellationToken cancellationToken = default)
    {
        string action = enabled ? "-e" : "-d";
        CommandResult result = await RunAsync(["-j", Text(jobId), action, "-i", Text(vlan)], CommandEffect.Change, cancellationToken)
            .ConfigureAwait(false);
        result.EnsureSuccess("KavlanDhcpFailed", $"The DHCP service of VLAN {vlan} was not {(enabled ? "started" : "stopped")}", vlan,
            Advice($"kavlan -j {jobId} {action} -i {vlan}"));
    }

    Task<CommandResult> RunAsync(IReadOnlyCollection<string> arguments, CommandEffect effect, CancellationToken cancellationToken) =>
        frontend.RunAsync(new CommandRequest([.. (string[])["kavlan"], .. arguments])
        {
            Effect = effect,
            Timeout = (effect == CommandEffect.Change ? s_changeTimeout : s_readTimeout) + arguments.Count * s_wordTimeout,
        }, null, cancellationToken);

    string Advice(string command) => $"Try it on the front-end of {frontend.Site}: {command}";

    static IEnumerable<string> Machines(IEnumerable<string> addresses) => addresses.SelectMany(a => (string[])["-m", a]);

    static string[] Lines(CommandResult result) => result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static bool NamesNoVlan(CommandResult result) => (result.Output + result.Error).Contains("no vlan found", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^(\S+)\s*:\s*(\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex VlanLine();

    /// <summary>An address, or the host that is a local VLAN's way out.</summary>
    [GeneratedRegex(@"^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|kavlan-[0-9]+(?:\.\S+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Gateway();

    [GeneratedRegex(@"^(\S+)-kavlan-([0-9]+)(\.\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex ListLine();
}
