using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Oar.Jobs;

/// <summary>
/// Runs commands of jobs in the testbed's own time, as far as every program in them is emulated: <c>sleep 600; hostname</c> takes ten minutes of the
/// testbed's clock. The other commands are left to <paramref name="others"/>.
/// </summary>
/// <param name="others">Null: such a command does nothing until the walltime.</param>
sealed class EmulatedJobRunner(TestbedWorld world, IJobRunner? others) : IJobRunner, IDisposable
{
    readonly Lock _sync = new();
    readonly Dictionary<(string Site, long Id), Running> _running = [];

    sealed record Running(CancellationTokenSource Stop, Action<int> Ended);

    public string? Start(OarJob job, IReadOnlyList<string> assigned, Action<int> ended)
    {
        if (!IsEmulated(job)) return others?.Start(job, assigned, ended);
        Run(job, TimeSpan.Zero, ended, out string? refusal);
        return refusal;
    }

    public bool TryGoOn(OarJob job, TimeSpan elapsed, Action<int> ended)
    {
        if (!IsEmulated(job)) return others?.TryGoOn(job, elapsed, ended) ?? true;
        Run(job, elapsed, ended, out _);
        return true;
    }

    public void Kill(OarJob job)
    {
        if (Take(job) is { } running) Stop(running);
        else others?.Kill(job);
    }

    public void Signal(OarJob job, int number)
    {
        // None of the emulated programs handles signals: each ends what it is sent to.
        if (Take(job) is not { } running)
        {
            others?.Signal(job, number);
            return;
        }
        Stop(running);
        running.Ended(number);
    }

    public void Dispose()
    {
        Running[] left;
        lock (_sync)
        {
            left = [.. _running.Values];
            _running.Clear();
        }
        foreach (Running running in left) Stop(running);
        (others as IDisposable)?.Dispose();
    }

    bool IsEmulated(OarJob job) => FrontendShell.Knows(world, job.Submission.Command ?? "");

    void Run(OarJob job, TimeSpan elapsed, Action<int> ended, out string? refusal)
    {
        string directory = job.Submission.Directory;
        var stop = new CancellationTokenSource();
        CommandContext context = CreateContext(job, directory, stop.Token);
        var files = new SiteFiles(context);
        refusal = null;
        if (world.HomeDirectory.Length > 0 && !files.IsDirectory(directory))
        {
            stop.Dispose();
            refusal = $"Cannot go into the working directory {directory} of the job on node {JobEnvironment.HostOf(job)}";
            return;
        }
        if (elapsed == TimeSpan.Zero)
        {
            // Both files are there from the beginning.
            files.TryWrite(job.StandardOutputFile, "", appends: true);
            files.TryWrite(job.StandardErrorFile, "", appends: true);
        }
        lock (_sync) _running[(job.Site, job.Id)] = new Running(stop, ended);
        _ = Task.Run(() => RunAsync(job, context, elapsed), CancellationToken.None);
    }

    async Task RunAsync(OarJob job, CommandContext context, TimeSpan elapsed)
    {
        int status;
        try
        {
            status = await new FrontendShell(context) { Replayed = elapsed }.RunAsync(job.Submission.Command!).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        if (Take(job) is not { } running) return;
        running.Stop.Dispose();
        running.Ended(status << 8);
    }

    CommandContext CreateContext(OarJob job, string directory, CancellationToken interrupted)
    {
        Dictionary<string, string> environment;
        lock (world.Sync) environment = JobEnvironment.CreateForShell(job, directory);
        CommandContext context = new()
        {
            World = world, Site = job.Site, User = job.User, Arguments = [], Input = "", Environment = environment, Terminal = false,
            WriteLine = _ => { }, WriteErrorLine = _ => { }, Interrupted = interrupted,
        };
        var files = new SiteFiles(context);
        void Append(string file, string text) => files.TryWrite(file, text, appends: true);
        return context with
        {
            WriteText = text => Append(job.StandardOutputFile, text),
            WriteLine = line => Append(job.StandardOutputFile, line + "\n"),
            WriteErrorLine = line => Append(job.StandardErrorFile, line + "\n"),
        };
    }

    Running? Take(OarJob job)
    {
        lock (_sync) return _running.Remove((job.Site, job.Id), out Running? running) ? running : null;
    }

    static void Stop(Running running)
    {
        running.Stop.Cancel();
        running.Stop.Dispose();
    }
}
