using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>
/// The program at the end: with the folder and the lists as arguments and in its environment. Its status is that of the deployment's program.
/// </summary>
static class ProgramRun
{
    /// <summary>Characters of its output that are kept.</summary>
    const int Kept = 16_000;

    public static async Task<string> RunAsync(VMDeploymentContext context, CancellationToken cancellationToken)
    {
        string program = context.Request.Program!, folder = context.Facts.Folder!;
        string hosts = $"{folder}/{MachineLists.Hosts}", machines = $"{folder}/{MachineLists.Machines}";
        IFrontend frontend = context.Frontend(MachineLists.FirstSite(context));
        var request = new CommandRequest("sh", "-c", $"{program} {PosixShell.Join([folder, hosts, machines])}")
        {
            Timeout = context.Request.ProgramTimeout,
            Effect = CommandEffect.Change,
            Environment = new Dictionary<string, string> { ["G5K_VM_DEPLOYMENT"] = context.Id, ["G5K_VM_FOLDER"] = folder, ["G5K_VM_HOSTS"] = hosts,
            ["G5K_VM_MACHINES"] = machines },
        };
        CommandResult result = await frontend.RunAsync(request, line => context.Reporter.Verbose($"program: {line.Text}"), cancellationToken)
            .ConfigureAwait(false);
        string output = result.Output.Length > Kept ? result.Output[^Kept..] : result.Output;
        context.Update(f => f with { ProgramStatus = result.ExitStatus, ProgramOutput = output });
        if (result.ExitStatus != 0) context.Report(VMFindings.ProgramFailed(program, result.ExitStatus, result.LastLines()));
        return FormattableString.Invariant($"status {result.ExitStatus}");
    }
}
