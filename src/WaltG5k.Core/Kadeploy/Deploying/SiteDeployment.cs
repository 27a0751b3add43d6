using System.Globalization;

namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// The nodes of one site, from the first attempt to the last: deploys, keeps what worked, deploys again what failed and nothing else, and takes a
/// spare in the place of each node that is given up. Whatever happens, each node is settled on the board.
/// </summary>
sealed class SiteDeployment(SiteDeploymentPlan plan, int retries, IDeploymentChannel channel,
    Func<CancellationToken, Task<IReadOnlyCollection<string>>> findOwnNodes, NodeBoard board, TimeProvider time, IReporter reporter)
{
    /// <summary>Nodes that are in another operation may be free again then.</summary>
    static readonly TimeSpan s_busyPause = TimeSpan.FromSeconds(30);
    static readonly TimeSpan s_connectionPause = TimeSpan.FromSeconds(10);

    readonly SparePool _spares = new(plan.Spares);

    public string Site => plan.Site;

    /// <summary>Kadeploy has taken the order to stop.</summary>
    public bool WasStopped { get; private set; }

    /// <summary>What made all nodes of the site fail together.</summary>
    public G5kException? Refusal { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> pending = plan.Nodes;
        try
        {
            while (pending.Count > 0) pending = await AttemptAsync(pending, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e)
        {
            Refuse(pending, e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidOperationException or TimeoutException)
        {
            Refuse(pending, new G5kException("DeploymentFailed", ErrorKind.ResourceUnavailable, $"The deployment at {Site} failed: {e.Message}", Site,
                $"See what Kadeploy says of the nodes: Get-G5kNodeState -Site {Site}", e));
        }
    }

    /// <returns>The nodes of the next attempt: those that failed and may be tried again, and spares in the place of others.</returns>
    async Task<IReadOnlyList<string>> AttemptAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken)
    {
        var monitor = new KadeployMonitor(nodes);
        board.Begin(nodes, monitor);
        long start = time.GetTimestamp();
        KadeployRequest order = plan.Order with { Nodes = nodes };
        try
        {
            await channel.DeployAsync(order, e => Hear(e, monitor), cancellationToken).ConfigureAwait(false);
            return Sort(monitor.GetResults());
        }
        catch (KadeployRefusedException e)
        {
            return await SortRefusalAsync(nodes, e, cancellationToken).ConfigureAwait(false);
        }
        catch (DeploymentLostException e)
        {
            reporter.Warning($"{e.Message} The deployment of {KadeployNodes.Fold(Unsettled(nodes))} goes on there; waiting for its end.");
            await Task.Delay(s_connectionPause, time, cancellationToken).ConfigureAwait(false);
            TimeSpan left = order.Timeout - time.GetElapsedTime(start);
            return Sort(await channel.FollowAsync(monitor.WorkflowId, Unsettled(nodes), left, cancellationToken).ConfigureAwait(false));
        }
        catch (G5kException e) when (e.Code == "CommandTimeout")
        {
            return Sort(await EndTimeoutAsync(Unsettled(nodes), monitor, order.Timeout, cancellationToken).ConfigureAwait(false));
        }
        catch (G5kException e) when (e.Kind == ErrorKind.ConnectionError && nodes.All(n => board.AttemptsOf(n) <= retries))
        {
            reporter.Warning($"{e.Message} Trying again.");
            await Task.Delay(s_connectionPause, time, cancellationToken).ConfigureAwait(false);
            return nodes;
        }
    }

    void Hear(KadeployEvent happened, KadeployMonitor monitor)
    {
        monitor.Take(happened);
        switch (happened)
        {
            case WorkflowStarted started: reporter.Verbose($"{Site}: {started.WorkflowId} has begun"); break;
            case MacroStepStarted macro: reporter.Verbose($"{Site}: {happened.Nodes}: {macro.MacroStep}"); break;
            case MicroStepStarted micro: reporter.Verbose($"{Site}: {happened.Nodes}: {micro.MacroStep}-{micro.MicroStep}"); break;
            case InstanceFellBack fallBack: reporter.Verbose($"{Site}: {happened.Nodes}: {fallBack.From} failed, {fallBack.To} is tried"); break;
            case MicroStepFailed failed: reporter.Verbose($"{Site}: {happened.Nodes}: {failed.MicroStep} failed"); break;
            case NodesCompleted or BreakpointReached:
                // Kadeploy's own lists come at the end, and say the same.
                KadeployNodeStatus status = happened is BreakpointReached ? KadeployNodeStatus.Breakpoint : KadeployNodeStatus.Ok;
                foreach (KadeployResult result in monitor.GetResults().Where(r => happened.Nodes.Contains(r.Node)))
                    SettleGood(result with { Status = status });
                break;
            case ClientInterrupted: WasStopped = true; break;
        }
        board.Changed();
    }

    /// <summary>Settles what is good or given up, and says what is tried next.</summary>
    List<string> Sort(IEnumerable<KadeployResult> results)
    {
        List<string> next = [];
        foreach (KadeployResult result in results.Where(r => !board.IsSettled(r.Node)))
        {
            if (result.IsOk) SettleGood(result);
            else if (result.Status != KadeployNodeStatus.Lost && board.AttemptsOf(result.Node) <= retries)
            {
                board.Retry(result.Node);
                reporter.Verbose($"{result.Node} failed at {result.Step ?? "an unknown step"} ({result.Reason}); it is tried again");
                next.Add(result.Node);
            }
            else if (GiveUp(result with { Recommendation = NodeAdvice.For(result) }) is { } spare)
            {
                next.Add(spare);
            }
        }
        return next;
    }

    void SettleGood(KadeployResult result)
    {
        KadeployNodeStatus status = result.Status == KadeployNodeStatus.Breakpoint ? KadeployNodeStatus.Breakpoint : KadeployNodeStatus.Ok;
        result = result with { IsOk = true, Status = status, Reason = status == KadeployNodeStatus.Breakpoint ? "stopped at the breakpoint" : null };
        board.Settle(result with { Recommendation = NodeAdvice.For(result) });
    }

    /// <returns>The spare that takes its place, if there is one.</returns>
    string? GiveUp(KadeployResult result)
    {
        string? spare = _spares.Take(result.Node);
        board.Settle(result with { ReplacedBy = spare });
        if (spare is null) return null;
        reporter.Verbose($"{result.Node} is given up ({result.Reason}); {spare} takes its place");
        board.Add(spare, result.Node);
        return spare;
    }

    /// <summary>The request as a whole was refused: if only some nodes are the cause, the others go on without them.</summary>
    async Task<IReadOnlyList<string>> SortRefusalAsync(IReadOnlyList<string> nodes, KadeployRefusedException refusal,
        CancellationToken cancellationToken)
    {
        if (refusal.Refusal == KadeployRefusal.NodesInUse && nodes.All(n => board.AttemptsOf(n) <= retries))
        {
            reporter.Warning(
                $"{KadeployNodes.Fold(nodes)}: in use by another operation of Kadeploy; trying again in {s_busyPause.TotalSeconds:0} s.");
            await Task.Delay(s_busyPause, time, cancellationToken).ConfigureAwait(false);
            return nodes;
        }
        HashSet<string> causes = new(await FindCausesAsync(nodes, refusal, cancellationToken).ConfigureAwait(false),
            StringComparer.OrdinalIgnoreCase);
        board.TakeBack(nodes);
        if (causes.Count == 0 || nodes.All(causes.Contains))
        {
            Refuse(nodes, refusal);
            return [];
        }
        reporter.Warning($"{refusal.Message} Going on without {KadeployNodes.Fold(causes)}.");
        List<string> next = [.. nodes.Where(n => !causes.Contains(n))];
        next.AddRange(nodes.Where(causes.Contains).Select(n => GiveUp(Refused(n, refusal))).OfType<string>());
        return next;
    }

    /// <summary>The nodes without which the request would be taken; none: it is not about single nodes, or nobody knows.</summary>
    async Task<IEnumerable<string>> FindCausesAsync(IReadOnlyList<string> nodes, KadeployRefusedException refusal,
        CancellationToken cancellationToken)
    {
        if (refusal.Nodes.Count > 0) return nodes.Where(n => refusal.Nodes.Contains(n, StringComparer.OrdinalIgnoreCase));
        if (refusal.Refusal != KadeployRefusal.Rights) return [];
        try
        {
            IReadOnlyCollection<string> own = await findOwnNodes(cancellationToken).ConfigureAwait(false);
            return nodes.Where(n => !own.Contains(n, StringComparer.OrdinalIgnoreCase));
        }
        catch (G5kException)
        {
            return []; // OAR does not answer: the refusal stands as it is
        }
    }

    void Refuse(IReadOnlyList<string> nodes, G5kException refusal)
    {
        Refusal = refusal;
        foreach (string node in Unsettled(nodes)) board.Settle(Refused(node, refusal));
    }

    static KadeployResult Refused(string node, G5kException refusal) =>
        new(node, false) { Status = KadeployNodeStatus.Refused, Reason = refusal.Message, Recommendation = refusal.Recommendation };

    /// <summary>The client was stopped because its time was up: whether Kadeploy has obeyed is seen from the states of the nodes.</summary>
    async Task<IReadOnlyList<KadeployResult>> EndTimeoutAsync(IReadOnlyList<string> nodes, KadeployMonitor monitor, TimeSpan limit,
        CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> states = new Dictionary<string, string>();
        try { states = await channel.GetStatesAsync(nodes, cancellationToken).ConfigureAwait(false); }
        catch (G5kException e) { reporter.Verbose(e.Message); }
        return [.. nodes.Select(n => new KadeployResult(n, false)
        {
            Status = KadeployNodeStatus.TimedOut,
            MacroStep = monitor.Find(n)?.MacroStep,
            MicroStep = monitor.Find(n)?.MicroStep,
            Reason = string.Create(CultureInfo.InvariantCulture, $"not done after {limit.TotalMinutes:0.#} min; ")
                + (states.GetValueOrDefault(n) == "deploying" ? "Kadeploy was told to stop, and still works on it" : "Kadeploy was told to stop"),
        })];
    }

    List<string> Unsettled(IEnumerable<string> nodes) => [.. nodes.Where(n => !board.IsSettled(n))];
}
