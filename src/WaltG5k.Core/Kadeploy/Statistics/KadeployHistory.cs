using System.Globalization;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Kadeploy;

/// <summary>What Kadeploy of a site remembers of finished operations (kastat3).</summary>
public sealed class KadeployHistory(IFrontend frontend, IReporter? reporter = null)
{
    static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(3);

    /// <summary>The records that match, one per node and operation, in the order of their beginning.</summary>
    /// <exception cref="G5kException"><c>InvalidKadeployQuery</c>, <c>KadeployStatisticsFailed</c>.</exception>
    public async Task<IReadOnlyList<KadeployStatistic>> GetAsync(KadeployStatisticQuery query, CancellationToken cancellationToken = default)
    {
        Require(query);
        string output = await RunAsync(["-a", .. Options(query), "--sort", "start"], cancellationToken).ConfigureAwait(false);
        return [.. KadeployStatisticReader.Read(frontend.Site, output,
            record => reporter?.Warning($"A record of kastat3 at {frontend.Site} cannot be read: {record.Split('\n')[0]}"))];
    }

    /// <summary>How often operations on each node failed; nodes that were never worked on are missing.</summary>
    /// <param name="minimum">Only nodes with at least this rate, from 0 to 1.</param>
    /// <exception cref="G5kException"><c>InvalidKadeployQuery</c>, <c>KadeployStatisticsFailed</c>.</exception>
    public async Task<IReadOnlyList<KadeployFailureRate>> GetFailureRatesAsync(KadeployStatisticQuery query, double minimum = 0,
        CancellationToken cancellationToken = default)
    {
        Require(query);
        if (minimum is < 0 or > 1) throw Invalid(minimum, "The failure rate is no number from 0 to 1.",
            "Give 0.5 for nodes that fail every other time.");
        // Kadeploy 3.3 takes numbers below 1 only without a leading zero or with one; what is below the minimum is left out here for all versions
        // alike.
        string output = await RunAsync(["-b", .. Options(query)], cancellationToken).ConfigureAwait(false);
        return [.. KadeployStatisticReader.ReadRates(frontend.Site, output).Where(r => r.Rate >= minimum)];
    }

    async Task<string> RunAsync(IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        var command = new CommandRequest(["kastat3", .. options]) { Timeout = s_timeout };
        CommandResult result = await frontend.RunAsync(command, null, cancellationToken).ConfigureAwait(false);
        return result.EnsureSuccess("KadeployStatisticsFailed", $"Kadeploy at {frontend.Site} does not tell its statistics", frontend.Site,
            $"Try it on the front-end of {frontend.Site}: {command}").Output;
    }

    static void Require(KadeployStatisticQuery query)
    {
        if (query.Nodes.FirstOrDefault(n => !n.AsSpan().IsHostName()) is string wrong)
            throw Invalid(wrong, $"'{wrong}' is not the full name of a node.", "Write it with its site and domain: gros-1.nancy.grid5000.fr");
        if (query.WorkflowId is { } id && !(id.Length > 2 && id[1] == '-' && id[0] is 'D' or 'R' or 'P'
            && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')))
            throw Invalid(id, $"'{id}' is no id of an operation of Kadeploy.", "Such ids begin with D-, R- or P-: Get-KadeployWorkflow");
        if (query.RetrySteps.Any(s => s is < 1 or > 3))
            throw Invalid(query.RetrySteps, "Steps are counted from 1 to 3.", "1 is the small system, 2 the broadcast, 3 the boot.");
        if (query.MinRetries is < 0 || query.Maximum is < 1)
            throw Invalid(query, "A number of retries or of records is too small.", "Give retries from 0 on, and at least one record.");
    }

    static IEnumerable<string> Options(KadeployStatisticQuery query) =>
    [
        .. query.Operation is { } operation ? (string[])["-o",
        operation switch { KadeployOperation.Reboot => "reboot", KadeployOperation.Power => "power", _ => "deploy" }] : [],
        .. query.WorkflowId is { } id ? (string[])["-w", id] : [],
        .. query.Since is { } since ? (string[])["-x", GridZone.Format(since)] : [],
        .. query.Until is { } until ? (string[])["-y", GridZone.Format(until)] : [],
        .. query.MinRetries is { } retries ? (string[])["-r", retries.ToString(CultureInfo.InvariantCulture)] : [],
        .. query.RetrySteps.Count > 0 ? (string[])["-s", string.Join(',', query.RetrySteps)] : [],
        .. query.Maximum is { } maximum ? (string[])["--limit", maximum.ToString(CultureInfo.InvariantCulture)] : [],
        .. KadeployCommandLine.Machines(query.Nodes),
    ];

    static G5kException Invalid(object target, string message, string recommendation) =>
        new("InvalidKadeployQuery", ErrorKind.InvalidArgument, message, target, recommendation);
}
