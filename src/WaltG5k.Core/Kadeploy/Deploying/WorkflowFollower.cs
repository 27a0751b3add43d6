using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// Waits for a deployment whose client is gone: Kadeploy goes on with it. The states of the nodes tell when it is over, kastat3 how it ended for
/// each. A front-end that cannot be reached is tried again until the time is up.
/// </summary>
sealed class WorkflowFollower(IFrontend frontend, IDeploymentChannel channel, TimeProvider time)
{
    static readonly TimeSpan s_pace = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<KadeployResult>> FollowAsync(string? workflowId, IReadOnlyList<string> nodes, TimeSpan limit,
        CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        string problem = "";
        IReadOnlyDictionary<string, string>? states = null;
        while (true)
        {
            try
            {
                states = await channel.GetStatesAsync(nodes, cancellationToken).ConfigureAwait(false);
                if (!nodes.Any(n => IsUnderWay(states, n))) break;
            }
            catch (G5kException e)
            {
                problem = e.Message;
            }
            if (time.GetElapsedTime(start) + s_pace > limit) break;
            await Task.Delay(s_pace, time, cancellationToken).ConfigureAwait(false);
        }
        if (states is null) return [.. nodes.Select(n => Lost(n, $"the deployment goes on at the server, and its end was not seen: {problem}"))];
        IReadOnlyDictionary<string, (bool IsOk, string? Error)> records = workflowId is null
            ? new Dictionary<string, (bool, string?)>()
            : await ReadRecordsAsync(workflowId, cancellationToken).ConfigureAwait(false);
        return [.. nodes.Select(n => ToResult(n, states, records))];
    }

    /// <summary>What the statistics tell of each node. They are only a help: without them the states have to do.</summary>
    async Task<IReadOnlyDictionary<string, (bool IsOk, string? Error)>> ReadRecordsAsync(string workflowId, CancellationToken cancellationToken)
    {
        var records = new Dictionary<string, (bool IsOk, string? Error)>(StringComparer.OrdinalIgnoreCase);
        CommandResult result;
        try
        {
            result = await frontend.RunAsync(new CommandRequest("kastat3", "-w", workflowId, "-F", "hostname,success,error"), null, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (G5kException)
        {
            return records;
        }
        if (result.ExitStatus != 0) return records;
        string? last = null;
        foreach (string line in result.Output.Split('\n'))
        {
            string[] fields = line.TrimEnd('\r').Split(',', 3);
            bool begins = fields.Length >= 2 && fields[0].AsSpan().IsHostName() && (fields[1] is "true" or "false");
            if (begins) records[last = fields[0]] = (fields[1] == "true", fields.ElementAtOrDefault(2));
            else if (last is not null) records[last] = (records[last].IsOk, records[last].Error + "\n" + line); // an error may hold newlines
        }
        return records;
    }

    static bool IsUnderWay(IReadOnlyDictionary<string, string> states, string node) => states.GetValueOrDefault(node) == "deploying";

    static KadeployResult ToResult(string node, IReadOnlyDictionary<string, string> states,
        IReadOnlyDictionary<string, (bool IsOk, string? Error)> records)
    {
        if (IsUnderWay(states, node)) return Lost(node, "Kadeploy was still working on it when the time was up");
        if (records.TryGetValue(node, out (bool IsOk, string? Error) record))
            return record.IsOk ? new KadeployResult(node, true) : Failed(node, record.Error);
        return states.GetValueOrDefault(node) switch
        {
            "deployed" => new KadeployResult(node, true),
            "deploy_failed" => new KadeployResult(node, false) { Reason = "Kadeploy reports that it failed" },
            "aborted" => new KadeployResult(node, false) { Status = KadeployNodeStatus.Aborted, Reason = "the deployment was aborted" },
            { } state => Lost(node, $"Kadeploy reports the state {state}"),
            null => Lost(node, "Kadeploy knows of no deployment on it"),
        };
    }

    static KadeployResult Lost(string node, string reason) => new(node, false) { Status = KadeployNodeStatus.Lost, Reason = reason };

    /// <param name="error">As Kadeploy keeps it: <c>BootNewEnvKexec-wait_reboot: Unreachable after the reboot</c>; empty after an abort.</param>
    static KadeployResult Failed(string node, string? error)
    {
        KadeployFault fault = KadeployFault.Read(error);
        return fault.Reason is null && fault.Step is null
            ? new KadeployResult(node, false) { Status = KadeployNodeStatus.Aborted, Reason = "the deployment was aborted" }
            : new KadeployResult(node, false) { MacroStep = fault.MacroStep, MicroStep = fault.MicroStep, Reason = fault.Reason };
    }
}
