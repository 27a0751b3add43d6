namespace WaltG5k.Core.Kadeploy;

/// <summary>Where the nodes of one set stand together.</summary>
sealed class KadeployNodeGroup
{
    public string? Cluster { get; set; }
    public string? MacroStep { get; private set; }
    public string? MicroStep { get; private set; }
    public TimeSpan Since { get; private set; }
    public bool IsRebooting { get; set; }
    /// <summary>Counts the micro-steps, so that what a node did in one is not taken for the next.</summary>
    public int Generation { get; private set; }
    public List<KadeployStepTime> Times { get; private init; } = [];
    /// <summary>How long the micro-steps of this macro-step have taken.</summary>
    public TimeSpan Passed { get; set; }
    /// <summary>The macro-step's own time was told.</summary>
    public bool IsTimed { get; set; }

    public void Begin(string macroStep, TimeSpan now)
    {
        MacroStep = macroStep;
        MicroStep = null;
        Since = now;
        IsRebooting = IsTimed = false;
        Passed = TimeSpan.Zero;
        Generation++;
    }

    public void Continue(string microStep, TimeSpan now)
    {
        MicroStep = microStep;
        Since = now;
        // Between the order and the wait only the VLAN is set.
        IsRebooting = microStep is "wait_reboot" or "kexec" or "reboot_from_deploy_env" || (IsRebooting && microStep == "set_vlan");
        Generation++;
    }

    /// <summary>An instance that never said how long it took: as long as its micro-steps.</summary>
    public void EndUnfinished()
    {
        if (!IsTimed && MacroStep is not null) Times.Add(new(MacroStep, Passed));
        IsTimed = true;
    }

    public KadeployNodeGroup Copy(string? cluster = null) => new()
    {
        Cluster = cluster ?? Cluster,
        MacroStep = MacroStep,
        MicroStep = MicroStep,
        Since = Since,
        Passed = Passed,
        IsRebooting = IsRebooting,
        Generation = Generation,
        Times = [.. Times],
    };
}

/// <summary>What is known of one node beyond its set.</summary>
sealed class KadeployNodeProgress(KadeployNodeGroup group)
{
    KadeployNodeStatus? _own;
    TimeSpan _since;
    int _arrivedIn = -1;
    string? _macroStep, _microStep, _reason;
    NodeReported? _report;

    public KadeployNodeGroup Group { get; set; } = group;

    /// <summary>Macro-steps that failed for this node, each with the number of those that its set had behind it.</summary>
    public List<(int Before, KadeployStepTime Time)> Failures { get; } = [];

    public KadeployNodeStatus Status => _own ?? (Group.MacroStep is null ? KadeployNodeStatus.Waiting
        : !Group.IsRebooting ? KadeployNodeStatus.Working
        : _arrivedIn == Group.Generation ? KadeployNodeStatus.Arrived : KadeployNodeStatus.Rebooting);

    public void Arrive(TimeSpan now)
    {
        _arrivedIn = Group.Generation;
        _since = now;
    }

    public void Fail(string? macroStep, string? microStep, TimeSpan now) => Stop(KadeployNodeStatus.Failed, now, macroStep, microStep);

    public void Stop(KadeployNodeStatus status, TimeSpan now, string? macroStep = null, string? microStep = null) =>
        (_own, _since, _macroStep, _microStep) = (status, now, macroStep, microStep);

    /// <summary>The next instance of the macro-step takes a failed node on.</summary>
    public void TryAgain()
    {
        if (_own == KadeployNodeStatus.Failed) _own = null;
    }

    public void Abort(TimeSpan now)
    {
        if (_own is null or KadeployNodeStatus.Failed) Stop(KadeployNodeStatus.Aborted, now, Group.MacroStep, Group.MicroStep);
    }

    public void Report(NodeReported report)
    {
        _report = report;
        _reason = report.Reason;
        if (!report.IsOk) Stop(KadeployNodeStatus.Failed, report.Time, report.MacroStep, report.MicroStep);
        else if (_own != KadeployNodeStatus.Breakpoint) Stop(KadeployNodeStatus.Ok, report.Time);
    }

    public KadeployNodeState ToState(string node) =>
        new(node, Status, Status == KadeployNodeStatus.Arrived || _own is not null ? _since : Group.Since)
    {
        Cluster = Group.Cluster,
        MacroStep = _own is null ? Group.MacroStep : _macroStep,
        MicroStep = _own is null ? Group.MicroStep : _microStep,
        Reason = _reason,
    };

    public KadeployResult ToResult(string node, string? workflowId)
    {
        KadeployNodeStatus status = Status;
        bool isOk = _report?.IsOk ?? false;
        return new KadeployResult(node, isOk)
        {
            WorkflowId = workflowId,
            Status = isOk || status is KadeployNodeStatus.Discarded or KadeployNodeStatus.Aborted ? status : KadeployNodeStatus.Failed,
            MacroStep = _own is null ? null : _macroStep,
            MicroStep = _own is null ? null : _microStep,
            Reason = _report is not null ? _reason : Explain(status),
            Times = GetTimes(),
        };
    }

    static string Explain(KadeployNodeStatus status) => status switch
    {
        KadeployNodeStatus.Discarded => "already involved in another deployment",
        KadeployNodeStatus.Aborted => "the operation was ended before its end",
        _ => "Kadeploy said nothing about this node",
    };

    List<KadeployStepTime> GetTimes()
    {
        List<KadeployStepTime> times = [.. Group.Times];
        for (int i = Failures.Count - 1; i >= 0; i--) times.Insert(Math.Min(Failures[i].Before, times.Count), Failures[i].Time);
        // A set whose nodes all failed never says how long its last step took.
        if (_report is { IsOk: false } && !Group.IsTimed && Group.MacroStep == _macroStep && _macroStep is not null)
            times.Add(new(_macroStep, Group.Passed));
        return times;
    }
}
