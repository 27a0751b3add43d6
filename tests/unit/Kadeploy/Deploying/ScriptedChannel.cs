using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;

namespace WaltG5k.Tests.Kadeploy.Deploying;

/// <summary>A site's Kadeploy that prints what the test says, attempt after attempt, through the real reader.</summary>
sealed class ScriptedChannel(string site) : IDeploymentChannel
{
    readonly Queue<Func<IReadOnlyList<string>, IEnumerable<string>>> _outputs = new();
    readonly Queue<Exception?> _ends = new();

    public string Site => site;

    /// <summary>The nodes of each deployment that was asked for.</summary>
    public List<string[]> Attempts { get; } = [];
    public List<(string? WorkflowId, string[] Nodes)> Followed { get; } = [];
    public Dictionary<string, string> States { get; } = [];
    public Func<IReadOnlyList<string>, IReadOnlyList<KadeployResult>> Follow { get; set; } = _ =>
        throw new InvalidOperationException("nothing to follow");
    public TaskCompletionSource? Hang { get; set; }

    /// <summary>The next attempt prints these lines and ends, by the exception if there is one.</summary>
    public ScriptedChannel Then(Func<IReadOnlyList<string>, IEnumerable<string>> output, Exception? end = null)
    {
        _outputs.Enqueue(output);
        _ends.Enqueue(end);
        return this;
    }

    /// <summary>The next attempt deploys all its nodes but these.</summary>
    public ScriptedChannel ThenFails(params string[] failed) => Then(nodes => Output(nodes, [.. failed.Select(Full)]));

    public ScriptedChannel ThenThrows(Exception end, params string[] lines) => Then(_ => lines, end);

    public string Full(string shortName) => $"{shortName}.{site}.grid5000.fr";

    public static KadeployRefusedException Refuse(string site, int number, string text) => KadeployRefusedException.From(site,
        new CommandResult("f" + site, new CommandRequest("kadeploy3"), number, "", $"{text}\n[Kadeploy Error #{number}]\n", TimeSpan.Zero),
        "debian12-min");

    public async Task DeployAsync(KadeployRequest request, Action<KadeployEvent> onEvent, CancellationToken cancellationToken)
    {
        lock (Attempts) Attempts.Add([.. request.Nodes]);
        Assert.True(_outputs.TryDequeue(out Func<IReadOnlyList<string>, IEnumerable<string>>? output),
            $"unexpected attempt at {site} on {string.Join(',', request.Nodes)}");
        var reader = new KadeployReader(onEvent);
        foreach (string line in output(request.Nodes)) reader.WriteLine(line);
        if (Hang is { } hang)
        {
            hang.TrySetResult();
            try
            {
                await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, cancellationToken);
            }
            finally
            {
                reader.WriteLine("SIGINT trapped");
            }
        }
        if (_ends.Dequeue() is { } end) throw end;
        reader.Complete();
    }

    public Task<string> OrderAsync(KadeployRequest request, CancellationToken cancellationToken) => Task.FromResult("D-1");

    public Task<IReadOnlyList<KadeployResult>> FollowAsync(string? workflowId, IReadOnlyList<string> nodes, TimeSpan limit,
        CancellationToken cancellationToken)
    {
        Followed.Add((workflowId, [.. nodes]));
        return Task.FromResult(Follow(nodes));
    }

    public Task<IReadOnlyDictionary<string, string>> GetStatesAsync(IReadOnlyList<string> nodes, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(States);

    /// <summary>What kadeploy3 prints when some nodes do not come back in the first macro-step.</summary>
    public static IEnumerable<string> Output(IReadOnlyList<string> nodes, string[] failed)
    {
        string[] good = [.. nodes.Except(failed)];
        string[] bad = [.. nodes.Intersect(failed)];
        string set = KadeployNodes.Fold(nodes);
        yield return "Deployment #D-5e6f7a8b-0000-4000-8000-000000000001 started";
        yield return $"Launching a deployment on {set}";
        yield return "Performing a Deploy[SetDeploymentMiniOSUntrusted] step";
        yield return "  switch_pxe";
        yield return "  wait_reboot";
        if (good.Length > 0)
        {
            if (bad.Length > 0)
            {
                yield return $"!!! The nodes {KadeployNodes.Fold(bad)} failed on step wait_reboot";
                yield return $"Step Deploy[SetDeploymentMiniOSUntrusted] failed for {KadeployNodes.Fold(bad)} after 63s";
            }
            yield return "End of step Deploy[SetDeploymentMiniOSUntrusted] after 70s";
            yield return $"End of deployment for {KadeployNodes.Fold(good)} after 91s";
        }
        yield return "Deployment #D-5e6f7a8b-0000-4000-8000-000000000001 done";
        yield return "";
        if (good.Length > 0) yield return "The deployment is successful on nodes";
        foreach (string node in good) yield return node;
        if (bad.Length > 0) yield return "The deployment failed on nodes";
        foreach (string node in bad) yield return $"{node} (SetDeploymentMiniOSUntrusted-wait_reboot: Unreachable after the reboot)";
    }
}

/// <summary>Keeps what is said.</summary>
sealed class ListReporter : IReporter
{
    public List<string> Warnings { get; } = [];
    public void Verbose(string message) { }
    public void Progress(ProgressUpdate update) { }
    public void Warning(string message)
    {
        lock (Warnings) Warnings.Add(message);
    }
}
