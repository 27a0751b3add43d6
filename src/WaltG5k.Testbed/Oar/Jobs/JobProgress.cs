namespace WaltG5k.Testbed.Oar.Jobs;

/// <summary>An entry of a job's history.</summary>
/// <param name="Date">Epoch seconds.</param>
public sealed record JobEvent(long Id, string Type, string Description, long Date, bool ToCheck = false);

/// <summary>What has become of a job. Dates are epoch seconds.</summary>
public sealed class JobProgress
{
    /// <summary>None, toSchedule, Scheduled.</summary>
    public string Reservation { get; set; } = "None";
    public string Message { get; set; } = "";
    /// <summary>0: not yet. The date of a reservation that waits.</summary>
    public long StartTime { get; set; }
    public long StopTime { get; set; }
    /// <summary>Prediction while it waits; null: none.</summary>
    public long? ScheduledStart { get; set; }
    public int? Walltime { get; set; }
    /// <summary>Which of the alternatives was taken.</summary>
    public int Alternative { get; set; }
    /// <summary>A wait status, once the command has ended.</summary>
    public int? ExitCode { get; set; }
    public List<JobEvent> Events { get; init; } = [];
    /// <summary>When the server has to do the next thing with this job.</summary>
    public long? Due { get; set; }
    /// <summary>It got its resources; before that they are only predicted.</summary>
    public bool Launched { get; set; }
    /// <summary>The scheduler has looked at it.</summary>
    public bool Considered { get; set; }
    /// <summary>Its deletion is registered.</summary>
    public bool Fragged { get; set; }
    /// <summary>The registered deletion is being carried out.</summary>
    public bool KillStarted { get; set; }
    public bool KillSent { get; set; }
    /// <summary>It was told, before its walltime is over, to save its state.</summary>
    public bool CheckpointSent { get; set; }
    /// <summary>An administrator will delete it then.</summary>
    public long? AdministratorKillsAt { get; set; }
    /// <summary>Its oarsub is gone, so that it can be neither confirmed nor killed: when the server gives it up.</summary>
    public long? ExterminatedAt { get; set; }
    /// <summary>By how much a reservation starts late.</summary>
    public int Lateness { get; set; }
    /// <summary>By how much oarwalltime has changed the walltime.</summary>
    public int WalltimeGranted { get; set; }
    public int WalltimePending { get; set; }
    public bool WalltimeRequested { get; set; }
}
