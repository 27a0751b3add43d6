using System.Globalization;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>A shell in a running job, as <c>oarsub -I</c> and <c>oarsub -C</c> open it.</summary>
static class JobShell
{
    static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <summary>Opens the shell and returns when it has ended, or with the job.</summary>
    public static async Task RunAsync(CommandContext context, OarServer server, OarJob job)
    {
        string id = job.Id.ToString(CultureInfo.InvariantCulture);
        (string host, Dictionary<string, string> environment) = server.Read(_ =>
            (JobEnvironment.HostOf(job), JobEnvironment.CreateForShell(job,
            job.Submission.Directory.Length > 0 ? job.Submission.Directory : $"/home/{job.User}")));
        context.WriteLine($"Connect to OAR job {id} via the node {host}");
        if (context.Conversation is not { } terminal)
        {
            context.WriteErrorLine("[ERROR] An unknown error occured (256).");
        }
        else
        {
            using var ended = new CancellationTokenSource();
            using var left = CancellationTokenSource.CreateLinkedTokenSource(context.Interrupted);
            Task watch = WatchAsync(context, server, job, ended, left.Token);
            try
            {
                int? status = await InteractiveShell.RunAsync(context with { Environment = environment }, terminal, ended.Token)
                    .ConfigureAwait(false);
                if (status is null) context.WriteLine($"Connection to {host} closed by remote host.");
            }
            finally
            {
                await left.CancelAsync().ConfigureAwait(false);
                await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        context.WriteLine($"Disconnected from OAR job {id}.");
    }

    static async Task WatchAsync(CommandContext context, OarServer server, OarJob job, CancellationTokenSource ended, CancellationToken left)
    {
        while (server.Read(_ => job.State) == "Running") await Task.Delay(s_look, context.World.Time, left).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
    }
}
