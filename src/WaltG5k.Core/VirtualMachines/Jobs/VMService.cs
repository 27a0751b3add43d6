using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>
/// Virtual machines, each in an OAR job of its own. What they are is written down on this machine (<c>~/.walt-g5k/vms</c>) and in their folders on
/// the front-ends; where they stand is asked from OAR and from what their scripts write.
/// </summary>
/// <param name="grid">The sites.</param>
/// <param name="reporter">What to say meanwhile.</param>
public sealed partial class VMService(IGrid grid, IReporter reporter)
{
    const string Root = ".walt-g5k/vm";
    static readonly TimeSpan s_poll = TimeSpan.FromSeconds(2);
    static readonly TimeSpan s_undoLimit = TimeSpan.FromMinutes(10);
    /// <summary>Copying an image takes its time.</summary>
    static readonly TimeSpan s_diskLimit = TimeSpan.FromMinutes(30);

    readonly VMRecords _records = new(grid);

    /// <summary>The names of the machines that are known here, whatever their state.</summary>
    public IReadOnlyList<(string Name, string Site)> Names => [.. _records.ReadAll().Select(r => (r.Name, r.Site))];

    /// <summary>The machine as it is now.</summary>
    /// <exception cref="G5kException"><c>VMNotFound</c>.</exception>
    public Task<G5kVM> GetAsync(string name, CancellationToken cancellationToken = default) => ReadOneAsync(Require(name), cancellationToken);

    OarClient Oar(string site) => OarClient.For(grid, site);

    /// <summary>The job of a machine.</summary>
    internal static OarJobRequest ToJob(VMRecord record)
    {
        _ = Walltime.TryParse(record.Job.Walltime, out Walltime walltime);
        return new OarJobRequest
        {
            Resources = record.Job.Resources,
            Walltime = walltime,
            Alternatives = [.. record.Job.Alternatives.Select(a => $"{a},walltime={walltime}")],
            Name = record.JobName,
            Types = record.Job.Types,
            Queue = record.Job.Queue,
            Command = "sh " + PosixShell.Quote($"{record.Folder}/{VMScript.FileName}"),
            StandardOutputFile = $"{record.Folder}/job.out",
            StandardErrorFile = $"{record.Folder}/job.err",
            Checkpoint = VMScript.Checkpoint,
            Signal = VMScript.StopSignal,
        };
    }

    async Task<string> GetHomeAsync(string site, CancellationToken cancellationToken)
    {
        CommandResult result = await grid.GetFrontend(site).RunAsync(new CommandRequest("sh", "-c", "cd && pwd"), null, cancellationToken)
            .ConfigureAwait(false);
        string? home = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(l => l.StartsWith('/'));
        return result.ExitStatus == 0 && home is not null ? home
            : throw new CommandFailedException("FolderNotMade", $"The front-end of {site} does not say where your home is", result, site,
            "Log in by hand and look: ssh, pwd", ErrorKind.ProtocolError);
    }

    Task<CommandResult> ChangeAsync(string site, IReadOnlyList<string> words, TimeSpan? limit, CancellationToken cancellationToken) =>
        grid.GetFrontend(site).RunAsync(new CommandRequest(words) { Effect = CommandEffect.Change, Timeout = limit ?? TimeSpan.FromMinutes(2) },
        null, cancellationToken);

    async Task<OarJob?> FindJobAsync(VMRecord record, CancellationToken cancellationToken)
    {
        if (record.JobId is { } id) return await Oar(record.Site).GetJobAsync(id, cancellationToken).ConfigureAwait(false);
        if (!record.Submitting) return null;
        // The process that submitted it is gone: the job's name tells whether there is one.
        IReadOnlyList<OarJob> jobs = await Oar(record.Site).FindOwnJobsAsync(record.JobName, cancellationToken).ConfigureAwait(false);
        return jobs.OrderBy(j => j.Id).LastOrDefault();
    }

    static bool IsAlive(OarJob? job) => job is { IsEnded: false };
}
