using System.Text;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>One command by one ssh. Marks in its error text tell its own status from that of ssh, and when it began.</summary>
static class SingleCommand
{
    public static async Task<NodeAttempt> RunAsync(NodeGate gate, NodeJob job, TimeProvider time, CancellationToken cancellationToken)
    {
        string word = Guid.NewGuid().ToString("N");
        CommandRequest request = SshOptions.Request(gate, job.Target, job.Options, GetLine(job.Script, word)) with
        {
            Input = job.Input,
            Timeout = job.Options.ConnectTimeout + job.Options.Timeout,
            Effect = job.Effect,
        };
        long start = time.GetTimestamp();
        TimeSpan? connectTime = null;
        string begin = Mark(word, "b");
        try
        {
            CommandResult result = await gate.Runner.RunAsync(request, Look, cancellationToken).ConfigureAwait(false);
            return Read(result) with { ConnectTime = connectTime ?? time.GetElapsedTime(start),
                RunTime = time.GetElapsedTime(start) - (connectTime ?? time.GetElapsedTime(start)) };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Stopped(NodeCommandState.Cancelled);
        }
        catch (G5kException e) when (e.Kind == ErrorKind.OperationTimeout)
        {
            return connectTime is null
                ? NodeAttempt.Without(NodeFailure.NoAnswer(job.Options.ConnectTimeout, job.Target)) with { ConnectTime = time.GetElapsedTime(start) }
                : Stopped(NodeCommandState.TimedOut);
        }

        void Look(OutputLine line)
        {
            if (!line.IsError || connectTime is not null || !line.Text.EndsWith(begin, StringComparison.Ordinal)) return;
            connectTime = time.GetElapsedTime(start);
            job.Began?.Invoke();
        }

        NodeAttempt Stopped(NodeCommandState state) => new(state)
        {
            HasBegun = connectTime is not null,
            ConnectTime = connectTime ?? time.GetElapsedTime(start),
            RunTime = time.GetElapsedTime(start) - (connectTime ?? time.GetElapsedTime(start)),
        };

        NodeAttempt Read(CommandResult result)
        {
            var error = new MarkedOutput(word);
            error.Expect(job.Options.OutputLimit);
            error.Feed(Encoding.UTF8.GetBytes(result.Error));
            if (!error.Began.IsCompleted) return NodeAttempt.Without(NodeFailure.Read(result.Error, result.ExitStatus, job.Target));
            NodeAttempt attempt = error.Finished.IsCompletedSuccessfully
                ? NodeAttempt.Ended(error.Finished.Result)
                : NodeAttempt.Without(NodeFailure.Lost(job.Target)) with { HasBegun = true };
            int kept = Math.Min(result.Output.Length, job.Options.OutputLimit);
            return attempt with { Output = result.Output[..kept], Error = error.Text, DroppedBytes = error.Dropped + result.Output.Length - kept };
        }
    }

    /// <summary>What the shell of the login account gets.</summary>
    internal static string GetLine(string script, string word) => "exec /bin/sh -c " + PosixShell.Quote(
        $"echo {PosixShell.Quote(Mark(word, "b"))} >&2; /bin/sh -c {PosixShell.Quote(script)}; echo {PosixShell.Quote(Mark(word, "e"))} $? >&2");

    static string Mark(string word, string what) => $"\u001e{word} {what}";
}
