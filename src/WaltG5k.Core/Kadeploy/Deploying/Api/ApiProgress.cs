using WaltG5k.Core.Grid5000;
using WaltG5k.Core.NodeSets;

namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>
/// What the API shows of a deployment at each look, told as the events that kadeploy3 would have printed: each node goes its own way. Times are as
/// exact as we look.
/// </summary>
sealed class ApiProgress(IReadOnlyList<string> nodes, Action<KadeployEvent> onEvent, TimeProvider time)
{
    readonly long _start = time.GetTimestamp();
    readonly Dictionary<string, Place> _places = new(StringComparer.OrdinalIgnoreCase);

    TimeSpan Now => time.GetElapsedTime(_start);

    public void Take(ApiDeployment deployment)
    {
        foreach (ApiDeploymentNode node in deployment.Results)
        {
            if (node.MacroStep is { Length: > 0 }) Follow(node);
            else if (node.IsOk && _places.TryGetValue(node.Node, out Place? place)) Complete(place);
        }
        if (!deployment.IsEnded) return;
        if (deployment.Status == ApiDeploymentStatus.Canceled) Tell(new WorkflowAborted());
        else Report(deployment);
    }

    void Follow(ApiDeploymentNode node)
    {
        Place place = Enter(node.Node);
        if (node.MacroStep != place.MacroStep)
        {
            LeaveMacro(place, node.MacroStep);
            (place.MacroStep, place.MacroSince, place.MicroStep) = (node.MacroStep, Now, null);
            Tell(new MacroStepStarted(node.MacroStep!), place);
        }
        if (node.MicroStep is { Length: > 0 } micro && micro != place.MicroStep)
        {
            LeaveMicro(place);
            (place.MicroStep, place.MicroSince, place.State) = (micro, Now, "");
            Tell(new MicroStepStarted(node.MacroStep!, micro), place);
        }
        if (node.State == place.State) return;
        place.State = node.State;
        if (node.State == "REBOOTED") Tell(new NodeArrived(node.Node, Now - place.MicroSince), place);
        else if (node.IsKo && place.MicroStep is not null) Tell(new MicroStepFailed(place.MicroStep), place);
    }

    /// <summary>
    /// A node is in no step at the beginning, and when it is through with the last macro-step: then it is good, whatever becomes of the others.
    /// </summary>
    void Complete(Place place)
    {
        if (place.MacroStep is not { } macro || KindOf(macro) != "BootNewEnv") return;
        LeaveMacro(place, null);
        (place.MacroStep, place.MicroStep) = (null, null);
        Tell(new NodesCompleted(Now), place);
    }

    void LeaveMicro(Place place)
    {
        if (place.MicroStep is not null) Tell(new MicroStepTimed(place.MicroStep, Now - place.MicroSince), place);
    }

    /// <param name="next">The macro-step that follows; null: none.</param>
    void LeaveMacro(Place place, string? next)
    {
        if (place.MacroStep is not { } macro) return;
        LeaveMicro(place);
        // Another instance of the same macro-step takes over from one that failed.
        if (next is not null && KindOf(next) is { } kind && kind == KindOf(macro)) Tell(new InstanceFellBack(macro, next), place);
        else Tell(new MacroStepEnded(macro, Now - place.MacroSince), place);
    }

    static string? KindOf(string instance) => new KadeployForcedStep(instance, 0, TimeSpan.Zero).Kind;

    /// <summary>The last word on each node asked for. A deployment that is terminated may have failed on some of them, or all.</summary>
    void Report(ApiDeployment deployment)
    {
        Dictionary<string, ApiDeploymentNode> results = deployment.Results.ToDictionary(r => r.Node, StringComparer.OrdinalIgnoreCase);
        foreach (string node in nodes)
        {
            ApiDeploymentNode? result = results.GetValueOrDefault(node);
            Place place = Enter(node);
            if (result?.State == "DISCARDED")
            {
                Tell(new NodesDiscarded(), place);
            }
            else if (result is { IsOk: true } && deployment.Status == ApiDeploymentStatus.Terminated)
            {
                LeaveMacro(place, null);
                Tell(new NodeReported(node, true, null, null, null), place);
            }
            else
            {
                LeaveMicro(place);
                KadeployFault fault = KadeployFault.Read(result?.Error ?? deployment.Output);
                Tell(new NodeReported(node, false, fault.MacroStep ?? place.MacroStep, fault.MacroStep is null ? place.MicroStep : fault.MicroStep,
                    fault.Reason ?? "the API does not say why"), place);
            }
        }
    }

    Place Enter(string node)
    {
        if (_places.TryGetValue(node, out Place? place)) return place;
        _places[node] = place = new Place(FormattableString.Invariant($"n{_places.Count + 1}"), node);
        Tell(new ClusterLaunched(), place);
        return place;
    }

    void Tell(KadeployEvent happened, Place? place = null)
    {
        happened.Time = Now;
        if (place is not null)
        {
            happened.NodeSetId = place.Id;
            happened.Cluster = KadeployNodes.ClusterOf(place.Node);
            if (happened is not KadeployNodeEvent) happened.Nodes = NodeSet.From([place.Node]);
        }
        onEvent(happened);
    }

    /// <summary>Where a node was when it was last looked at.</summary>
    sealed class Place(string id, string node)
    {
        public string Id => id;
        public string Node => node;
        public string? MacroStep { get; set; }
        public string? MicroStep { get; set; }
        public TimeSpan MacroSince { get; set; }
        public TimeSpan MicroSince { get; set; }
        public string State { get; set; } = "";
    }
}
