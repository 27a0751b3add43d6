using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Deployments;

/// <summary>A deployment that its main OAR job drives while nobody is logged in.</summary>
static class Unattended
{
    /// <summary>What the main job runs: the resume, then a sleep that keeps the nodes until the walltime is over.</summary>
    public static string MainCommand(DeploymentRequest request, string id)
    {
        if (request.ResumeCommand.Count == 0) throw new ArgumentException("An unattended deployment needs the command that resumes it.",
            nameof(request));
        return $"{PosixShell.Join([.. request.ResumeCommand, id])} && exec sleep infinity";
    }
}
