using System.Text.RegularExpressions;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>
/// The rules that complete, restrict or refuse a request, in the order in which a Grid'5000 site has them. A rule that refuses ends oarsub with 254
/// and no id.
/// </summary>
sealed partial class AdmissionRules(OarServer server, string user, OarsubOptions options, Action<string> say)
{
    const int DefaultWalltime = 3600;
    const int InteractiveLimit = 43200;
    const int ReservationLimit = 2;

    static readonly HashSet<string> s_types = new(StringComparer.Ordinal)
    {
        "deploy", "besteffort", "night", "day", "exotic", "noop", "container", "inner", "cosystem", "allow_classic_ssh", "destructive", "monitor",
        "idempotent", "timesharing", "placeholder", "allowed", "token", "postpone", "deadline", "expire", "state", "desktop_computing",
    };

    static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        "type", "state", "next_state", "finaud_decision", "next_finaud_decision", "state_num", "suspended_jobs", "besteffort", "deploy",
            "expiry_date",
        "desktop_computing", "last_job_date", "available_upto", "scheduler_priority", "cpuset",
    };

    readonly List<string> _types = [.. options.Types];
    string _queue = options.Value("queue") ?? "default";
    string _properties = "";

    public Submission Apply()
    {
        IReadOnlyList<ResourceRequest> requests = options.Requests.Count > 0 ? options.Requests : [new ResourceRequest([], null)];
        requests = [.. requests.Select(r => r.Groups.Count > 0
            ? r
            : r with { Groups = [new ResourceGroup(null, [new ResourceLevel("network_address", 1)])] })];

        if (_queue == "admin") throw Refuse("Only member of the group admin can submit jobs in the admin queue");
        string? reserved = requests.SelectMany(r => r.Groups).SelectMany(g => g.Levels).Select(l => l.Property).FirstOrDefault(s_reserved.Contains);
        if (reserved is not null) throw Refuse($"'{reserved}' resource is not allowed");
        Restrict(options.Value("property"));
        ApplyBestEffort();
        CheckContainer();
        if (_types.Contains("deploy")) Restrict("deploy = 'YES'");
        CheckDeploy(requests);
        CheckReservations();
        Restrict("desktop_computing = 'NO'");
        requests = [.. requests.Select(CompleteWalltime)];
        foreach (string type in _types)
        {
            if (!s_types.Contains(type.Split('=', ':')[0])) throw Refuse($"Error: unknown job type: {type}");
        }
        requests = ConstrainTypes(requests);
        FilterExotic();
        Restrict("maintenance = 'NO'");
        Restrict("drain='NO'");
        return Complete(requests);
    }

    Submission Complete(IReadOnlyList<ResourceRequest> requests) => new()
    {
        User = user,
        Name = options.Value("name"),
        Project = options.Value("project") ?? "default",
        Queue = _queue,
        Command = _types.Contains("noop") ? null : options.Command,
        StandardOutput = options.Value("stdout"),
        StandardError = options.Value("stderr"),
        Types = _types,
        Dependencies = [.. options.Values("anterior").Select(a => long.TryParse(a, out long id) ? id : 0)],
        Properties = _properties,
        Requests = requests,
        InitialRequest = options.InitialRequest,
        ReservationDate = options.ReservationDate,
        Interactive = options.Has("interactive"),
        Hold = options.Has("hold"),
        CheckpointSignal = options.CheckpointSignal,
        Checkpoint = options.Checkpoint,
    };

    // Each restriction wraps those before it.
    void Restrict(string? condition)
    {
        if (condition is { Length: > 0 }) _properties = _properties.Length == 0 ? condition : $"({_properties}) AND {condition}";
    }

    void ApplyBestEffort()
    {
        if (_types.Contains("besteffort") && _queue != "besteffort")
        {
            _queue = "besteffort";
            Say("Automatically redirect in the besteffort queue");
        }
        else if (_queue == "besteffort" && !_types.Contains("besteffort"))
        {
            _types.Add("besteffort");
            Say("Automatically add the besteffort type");
        }
        if (!_types.Contains("besteffort")) return;
        Restrict("besteffort = 'YES'");
        Say("Automatically add the besteffort constraint on the resources");
        if (options.ReservationDate is not null) throw Refuse("Error: a job cannot both be of type besteffort and be a reservation.");
    }

    void CheckContainer()
    {
        string? inner = _types.Find(t => t.StartsWith("inner=", StringComparison.Ordinal));
        if (inner is null) return;
        OarJob? container = long.TryParse(inner[6..], out long id) ? server.Read(_ => server.Find(id)) : null;
        if (container is null || !container.Submission.IsContainer || container.HasEnded)
        {
            throw Refuse("Error: inner job is requesting an invalid container id.");
        }
        if (options.ReservationDate is not null && !container.Submission.IsReservation)
        {
            throw Refuse("Error: an advance-reservation inner job requires the container to be an advance reservation as well.");
        }
    }

    void CheckDeploy(IReadOnlyList<ResourceRequest> requests)
    {
        if (!_types.Contains("deploy")) return;
        string? part = requests.SelectMany(r => r.Groups).SelectMany(g => g.Levels).Select(l => l.Property)
            .FirstOrDefault(p => p is "cpu" or "core" or "thread" or "resource_id");
        if (part is not null) throw Refuse($"'{part}' resource is not allowed with a deploy job");
    }

    // Reservations that start within the hour do not count.
    void CheckReservations()
    {
        long soon = server.Now + 3600;
        if (options.ReservationDate is not long date || date <= soon) return;
        int waiting = server.Read(_ => server.OpenJobs.Count(j =>
            j.User == user && j.Submission.IsReservation && j.IsWaiting && !j.Progress.Fragged && j.Submission.ReservationDate > soon));
        if (waiting >= ReservationLimit) throw Refuse($"Error: you cannot have more than {ReservationLimit} waiting advance reservations.");
    }

    ResourceRequest CompleteWalltime(ResourceRequest request)
    {
        int? walltime = options.ReservationLength ?? request.Walltime;
        if (walltime is null)
        {
            say($"# Set walltime to default ({DefaultWalltime} s).");
            walltime = DefaultWalltime;
        }
        if (options.Has("interactive") && walltime > InteractiveLimit)
        {
            Say($"Walltime to big for an INTERACTIVE job so it is set to {InteractiveLimit}.");
            walltime = InteractiveLimit;
        }
        return request with { Walltime = walltime };
    }

    ResourceRequest[] ConstrainTypes(IReadOnlyList<ResourceRequest> requests)
    {
        bool changed = false;
        ResourceRequest[] constrained = [.. requests.Select(r => r with { Groups = [.. r.Groups.Select(Constrain)] })];
        if (changed) Say("Modify resource description with type constraints");
        return constrained;

        ResourceGroup Constrain(ResourceGroup group)
        {
            if (group.Filter is not null && TypePattern().IsMatch(group.Filter)) return group;
            changed = true;
            string first = group.Levels[0].Property;
            string type = first == "vlan" ? "kavlan" : first.StartsWith("slash_", StringComparison.Ordinal) ? "subnet" : "default";
            return group with { Filter = group.Filter is null ? $"type = '{type}'" : $"({group.Filter}) AND type = '{type}'" };
        }
    }

    void FilterExotic()
    {
        if (_types.Contains("exotic")) return;
        string[] clusters = [.. server.Table.Units.Where(u => u.Node?.Cluster.IsExotic == true).Select(u => u.Node!.Cluster.Name)
            .Distinct().Order(StringComparer.Ordinal)];
        if (clusters.Length == 0) return;
        say($"# Filtering out exotic resources ({string.Join(", ", clusters)}).");
        Restrict("exotic = 'NO'");
    }

    void Say(string text) => say($"[ADMISSION RULE] {text}");
    static OarsubException Refuse(string text) => new(254, $"[ADMISSION RULE] {text}\n");

    [GeneratedRegex(@"\btype\b")]
    private static partial Regex TypePattern();
}
