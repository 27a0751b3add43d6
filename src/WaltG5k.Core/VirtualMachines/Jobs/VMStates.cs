using WaltG5k.Core.Oar;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>Where a machine stands, from what is written down, what OAR says of its job, and what its script wrote.</summary>
static class VMStates
{
    public static G5kVM Fold(VMRecord record, OarJob? job, VMScriptState? written)
    {
        // A state of an older job says nothing.
        VMScriptState? script = written is not null && job is not null && written.JobId == job.Id ? written : null;
        (VMState state, string? reason) = Judge(record, job, script);
        bool hasNode = job is { IsEnded: false, Nodes.Count: > 0 } && state is VMState.Starting or VMState.Running or VMState.Stopping;
        return new G5kVM(record.Name, record.Site)
        {
            State = state, Reason = record.Removing ? "its removal was not finished" : reason, JobId = job?.Id ?? record.JobId,
                Host = hasNode ? job!.Nodes[0] : null,
            Cpu = record.Cpu, Memory = record.Memory, Image = record.Image, Strategy = record.Strategy, Disk = record.Disk,
            DiskSize = record.DiskSize,
            Network = record.Network, Ip = record.Ip, Mac = record.Mac,
            Ports = state == VMState.Running ? script?.Ports ?? new Dictionary<int, int>() : new Dictionary<int, int>(),
            Walltime = Walltime.TryParse(record.Job.Walltime, out Walltime walltime) ? walltime.Duration : default,
            CreatedAt = record.CreatedAt, StartedAt = job?.StartedAt, EndsAt = job is { IsEnded: false } ? job.EndsAt : null, Folder = record.Folder,
            Groups = record.Groups,
        };
    }

    static (VMState State, string? Reason) Judge(VMRecord record, OarJob? job, VMScriptState? script)
    {
        switch (job?.State)
        {
            case null: return (VMState.Stopped, record.JobId is null ? null : "OAR does not know its last job");
            case OarJobState.Waiting or OarJobState.Hold or OarJobState.ToAckReservation: return (VMState.Waiting, job.WaitReason);
            case OarJobState.ToLaunch or OarJobState.Launching: return (VMState.Starting, null);
            case OarJobState.Terminated or OarJobState.Error: return JudgeEnded(record, job, script);
            case OarJobState.Finishing or OarJobState.ToError when script?.Phase != "failed": return (VMState.Stopping, null);
        }
        return script?.Phase switch
        {
            null or "starting" => (VMState.Starting, null),
            "running" => (VMState.Running, job.State == OarJobState.Suspended ? "its job is suspended" : null),
            "failed" => (VMState.Failed, script.Explain()),
            _ => (VMState.Stopping, script.Explain()),
        };
    }

    /// <summary>What the script wrote at its end is the last word; where it could not, OAR's is.</summary>
    static (VMState, string?) JudgeEnded(VMRecord record, OarJob job, VMScriptState? script) => script?.Phase switch
    {
        "off" => (VMState.Stopped, script.Explain()
            ?? (record.StopAsked ? null : job.End == OarJobEnd.WalltimeReached || IsNearWalltime(job)
            ? "the walltime was over"
            : "its job was told to end")),
        "failed" => (VMState.Failed, script.Explain()),
        _ when record.StopAsked => (VMState.Stopped, null),
        _ => (VMState.Failed, job.EndReason ?? "its job has ended"),
    };

    /// <summary>The checkpoint comes a minute before the end.</summary>
    static bool IsNearWalltime(OarJob job) =>
        job is { StoppedAt: { } stop, EndsAt: { } end } && end - stop <= VMScript.Checkpoint + TimeSpan.FromSeconds(5);
}
