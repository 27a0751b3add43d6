using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Ssh;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>Runs the jobs whose command is a script with a virtual machine in it; the other jobs are left to <paramref name="others"/>.</summary>
internal sealed class MachineJobRunner(TestbedWorld world, IJobRunner others) : IJobRunner, IDisposable
{
    readonly Lock _sync = new();
    readonly Dictionary<(string Site, long Id), MachineJob> _running = [];

    public string? Start(OarJob job, IReadOnlyList<string> assigned, Action<int> ended)
    {
        if (FindScript(job) is not { } script) return others.Start(job, assigned, ended);
        Run(job, script, resumes: false, ended);
        return null;
    }

    public bool TryGoOn(OarJob job, TimeSpan elapsed, Action<int> ended)
    {
        if (FindScript(job) is not { } script) return others.TryGoOn(job, elapsed, ended);
        if (job.Nodes.Count == 0 || world.Guests.Find(job.Nodes[0], script.Name) is null) return false;
        Run(job, script, resumes: true, ended);
        return true;
    }

    public void Signal(OarJob job, int number)
    {
        if (Find(job) is { } machine) machine.Signal(number);
        else others.Signal(job, number);
    }

    public void Kill(OarJob job)
    {
        MachineJob? machine;
        lock (_sync) _running.Remove((job.Site, job.Id), out machine);
        if (machine is null) others.Kill(job);
        else machine.Kill();
    }

    public void Dispose() => (others as IDisposable)?.Dispose();

    void Run(OarJob job, MachineScript script, bool resumes, Action<int> ended)
    {
        var machine = new MachineJob(world, job, script, ContextOf(job));
        lock (_sync) _running[(job.Site, job.Id)] = machine;
        _ = Task.Run(async () =>
        {
            int? status = await machine.RunAsync(resumes).ConfigureAwait(false);
            lock (_sync)
            {
                if (!_running.Remove((job.Site, job.Id))) return;
            }
            if (status is { } code) ended(code << 8);
        }, CancellationToken.None);
    }

    MachineJob? Find(OarJob job)
    {
        lock (_sync) return _running.GetValueOrDefault((job.Site, job.Id));
    }

    /// <summary>The command is the path of a script, perhaps behind <c>sh</c>.</summary>
    MachineScript? FindScript(OarJob job)
    {
        try
        {
            if (ShellSyntax.Parse(job.Submission.Command ?? "") is not [{ Words: { Count: 1 or 2 } words }]
                || (words.Count == 2 && words[0] != "sh")) return null;
            return words[^1].Contains('/', StringComparison.Ordinal) && new SiteFiles(ContextOf(job)).Read(words[^1]) is { } text
                ? MachineScript.TryRead(text)
                : null;
        }
        catch (FormatException) { return null; }
    }

    CommandContext ContextOf(OarJob job) =>
        ServiceCommand.CreateContext(world, job.Site, job.User, [], job.Submission.Directory, _ => { }, world.NodeLife.Closed);
}
