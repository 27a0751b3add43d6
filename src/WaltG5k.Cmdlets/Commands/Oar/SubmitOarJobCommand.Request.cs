using WaltG5k.Core.Oar;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>From the parameters to the request.</summary>
public sealed partial class SubmitOarJobCommand
{
    void CheckCombination()
    {
        (string Parameter, string? Value)[] ways = [(nameof(Command), Command), (nameof(Script), Script), (nameof(ScriptPath), ScriptPath)];
        string[] work = [.. ways.Where(w => w.Value is not null).Select(w => w.Parameter)];
        if (work.Length > 1) throw Failures.ConflictingParameters(work[0], work[1]);
        if (ArrayCount is not null && ArrayParameter.Length > 0) throw Failures.ConflictingParameters(nameof(ArrayCount), nameof(ArrayParameter));
        bool isReservation = Start.Date is not null || Start.IsNight;
        if (work.Length == 0 && !isReservation && !Noop && !Type.Contains("noop")) throw Failures.CommandMissing();
        if (_localScript is not null && !File.Exists(_localScript)) throw Failures.ScriptNotFound(_localScript);
    }

    OarJobRequest ToRequest(string site)
    {
        OarResourceWish wish = ToWish();
        (string resources, Walltime? walltime, IReadOnlyList<string> alternatives) = ResourceRequest.Length > 0
            ? OarRequestText.Split(ResourceRequest, Walltime)
            : IsLeftToScript(wish) ? ("", null, [])
            : (wish.ToResources(), Walltime, []);
        return new OarJobRequest
        {
            Resources = resources,
            Walltime = walltime,
            Alternatives = alternatives,
            Start = OarRequestText.ResolveStart(Start, walltime ?? Walltime, Session.Grid.Time),
            Name = Name,
            Types = GetTypes(site),
            Properties = SqlProperty,
            Queue = Queue,
            Project = Project,
            Command = Command ?? ScriptPath ?? (_localScript is null ? null : OarScriptFile.GetPath(Path.GetFileName(_localScript))),
            ScanScript = HasScript,
            StandardOutputFile = OutputFile,
            StandardErrorFile = ErrorFile,
            Directory = WorkingDirectory,
            Hold = Hold,
            After = [.. After.Select(j => GetIdAt(site, j))],
            ArrayCount = ArrayCount ?? 0,
            ArrayParameters = ArrayParameter,
            Notify = Notify,
            Checkpoint = CheckpointBefore,
            Signal = Signal is null ? null : OarSignals.GetNumber(Signal),
        };
    }

    bool HasScript => ScriptPath is not null || Script is not null;

    /// <summary>A script may say itself what it needs; a request beside it would be an alternative, not a default.</summary>
    bool IsLeftToScript(OarResourceWish wish) => HasScript && wish.IsEmpty && !MyInvocation.BoundParameters.ContainsKey(nameof(Walltime));

    async Task<string> CopyScriptAsync(string file, string site, CancellationToken cancellationToken)
    {
        string text = await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        return await OarScriptFile.CopyAsync(Grid.GetFrontend(site), Path.GetFileName(file), text, cancellationToken).ConfigureAwait(false);
    }

    OarResourceWish ToWish() => new()
    {
        NodeCount = NodeCount,
        CoreCount = CoreCount,
        Clusters = Cluster,
        Filter = Property,
        VlanType = OarRequestText.GetVlanType(Vlan),
        Subnets = Subnet,
    };

    string[] GetTypes(string site)
    {
        List<string> types = [];
        if (Deploy) types.Add("deploy");
        if (BestEffort) types.Add("besteffort");
        if (Noop) types.Add("noop");
        if (ContainerName is not null) types.Add($"container={ContainerName}");
        else if (Container) types.Add("container");
        if (Inner is not null) types.Add(FormattableString.Invariant($"inner={GetIdAt(site, Inner)}"));
        return [.. types.Concat(Type).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>OAR of a site knows the jobs of that site only.</summary>
    static long GetIdAt(string site, OarJobRef job) => job.Site.Length == 0 || job.Site == site ? job.Id : throw Failures.JobOfOtherSite(job, site);
}
