using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.Oar.Jobs;

/// <summary>A job as OAR keeps it. Read and changed under the world's lock.</summary>
public sealed class OarJob : JobModel
{
    string[] _subnets = [];

    public OarJob(string site, long id, Submission submission) : base(site, id)
    {
        Submission = submission;
        Name = submission.Name;
        User = submission.User;
        Types.AddRange(submission.Types);
        if (submission.Hold) State = "Hold";
        Progress = new JobProgress
        {
            Reservation = submission.IsReservation ? "toSchedule" : "None",
            StartTime = submission.ReservationDate ?? 0,
        };
    }

    public Submission Submission { get; }
    public JobProgress Progress { get; init; }
    /// <summary>What it has, or will have by the last prediction; the nodes and VLANs among it are those of the shared model.</summary>
    public UnitSet? Units { get; private set; }

    /// <summary>One per alternative; made on first use.</summary>
    public IReadOnlyList<ResourceSelector>? Selectors { get; set; }

    public bool HasEnded => State is "Terminated" or "Error";
    /// <summary>Holds its resources.</summary>
    public bool IsActive => State is "toLaunch" or "Launching" or "Running" or "Finishing";
    public bool IsWaiting => State is "Waiting" or "toAckReservation";
    public bool IsAcceptedReservation => IsWaiting && Progress.Reservation == "Scheduled";
    public string JobType => Submission.Interactive || (Submission.IsReservation && Submission.Command == "") ? "INTERACTIVE" : "PASSIVE";
    public long ArrayId => Submission.ArrayId == 0 ? Id : Submission.ArrayId;

    /// <summary>The walltime asked for, or given if it has been decided already. Seconds.</summary>
    public int Walltime => Progress.Walltime ?? Submission.Requests[Progress.Alternative].Walltime!.Value;
    public long EndTime => Progress.StartTime + Walltime;

    public string WantedResources => string.Concat(Submission.Requests.Select((r, i) =>
        r.ToWanted(i == Progress.Alternative && Progress.Walltime is int now ? now : r.Walltime!.Value)));

    public string StandardOutputFile => FileName(Submission.StandardOutput, "stdout");
    public string StandardErrorFile => FileName(Submission.StandardError, "stderr");

    /// <summary>Gives it what it has, or will have.</summary>
    public void Assign(UnitSet? units, ResourceTable table)
    {
        Units = units;
        Nodes.Clear();
        Vlans.Clear();
        _subnets = units is null ? [] : [.. table.UnitsOf(units).Where(u => u.Kind == ResourceKind.Subnet)
            .Select(u => ResourceColumns.SubnetOf(u.Site, u.SubnetNumber))];
        if (units is null) return;
        foreach (ResourceUnit unit in table.UnitsOf(units))
        {
            if (unit.Node is not null) Nodes.Add(unit.Node);
            if (unit.Vlan is not null) Vlans.Add(unit.Vlan);
        }
    }

    public override IReadOnlyList<string> Subnets => _subnets;

    public override JobDetails Details => new()
    {
        Queue = Submission.Queue,
        Project = Submission.Project,
        Mode = JobType,
        Command = Submission.Command ?? "",
        Directory = Submission.Directory,
        Properties = Submission.Properties,
        Message = Progress.Message,
        Walltime = Walltime,
        WalltimeGranted = Progress.WalltimeGranted,
        WalltimePending = Progress.WalltimePending,
        SubmittedAt = Submission.SubmissionTime,
        ScheduledAt = Progress.ScheduledStart ?? 0,
        StartedAt = Progress.StartTime,
        StoppedAt = Progress.StopTime,
        ExitCode = Progress.ExitCode,
        Events = [.. Progress.Events.Select(e => new JobEventDetails(e.Id, e.Date, e.Type, e.Description))],
    };

    string FileName(string? given, string stream)
    {
        string id = Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return given?.Replace("%jobid%", id, StringComparison.Ordinal) ?? (Name is null ? $"OAR.{id}.{stream}" : $"OAR.{Name}.{id}.{stream}");
    }

    /// <summary>The system message of a job that has not met with anything unusual.</summary>
    /// <param name="resources">Rows of the table.</param>
    public string Describe(int resources, bool scheduled)
    {
        int walltime = Submission.IsReservation ? Walltime : Submission.Requests[Progress.Alternative].Walltime!.Value;
        string kind = Submission.IsReservation ? "R" : Submission.Interactive ? "I" : "B";
        string text = $"R={resources},W={OarFormat.Duration(walltime)},J={kind}";
        if (Name is not null) text += $",N={Name}";
        if (Submission.Project != "default") text += $",P={Submission.Project}";
        string[] types = [.. Submission.Types.Select(t => t.Split('=')[0]).Order(StringComparer.Ordinal)];
        if (types.Length > 0) text += $",T={string.Join('|', types)}";
        return scheduled && !Submission.IsReservation ? text + " (Karma=0.000,quota_ok)" : text;
    }
}
