using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>The lines that a job's command wrote into its output file, as the front-end sees it.</summary>
sealed class OarJobOutput(OarClient oar, IFrontend frontend, TimeProvider time, long jobId, OarOutputStream stream)
{
    static readonly TimeSpan s_readTimeout = TimeSpan.FromMinutes(5);
    /// <summary>A run of tail is renewed after this time: no command runs for ever.</summary>
    static readonly TimeSpan s_followPeriod = TimeSpan.FromHours(1);
    static readonly TimeSpan s_jobTimeout = TimeSpan.FromDays(3650);
    static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>The first line that has not been given yet, counted from 1.</summary>
    long _next = 1;

    public async IAsyncEnumerable<string> ReadAsync(bool follow, int? tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OarJob job = await oar.GetJobAsync(jobId, cancellationToken).ConfigureAwait(false) ?? throw OarFailures.JobNotFound(oar.Site, jobId);
        string path = OarOutputPath.Get(job, stream) ?? throw NotFound(job, "it has no output file");
        bool follows = follow && !job.IsEnded;
        if (follows)
        {
            if (tail is { } count) _next = await FindStartAsync(path, count, cancellationToken).ConfigureAwait(false);
            await foreach (string line in FollowAsync(path, cancellationToken).ConfigureAwait(false)) yield return line;
        }
        // What is there, or what the job wrote last: a line without a newline is only given here.
        string from = !follows && tail is { } last ? last.ToString(CultureInfo.InvariantCulture) : Line(_next);
        await foreach (string line in ReadOnceAsync(job, path, from, cancellationToken).ConfigureAwait(false)) yield return line;
    }

    /// <summary>How tail names the line that it begins with.</summary>
    static string Line(long number) => string.Create(CultureInfo.InvariantCulture, $"+{number}");

    /// <summary>The number of the line from which on <paramref name="count"/> lines are left.</summary>
    async Task<long> FindStartAsync(string path, int count, CancellationToken cancellationToken)
    {
        var request = new CommandRequest("wc", "-l", "--", path) { Timeout = s_readTimeout };
        CommandResult result = await frontend.RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        string number = result.Output.TrimStart().Split(' ', 2)[0].Trim();
        // A file that is not there yet has no lines.
        return result.ExitStatus == 0 && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long lines)
            ? Math.Max(1, lines - count + 1)
            : 1;
    }

    /// <summary>Lines as they are written, until the job has ended.</summary>
    async IAsyncEnumerable<string> FollowAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<string> lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        Task producing = ProduceAsync(path, lines.Writer, stop);
        try
        {
            await foreach (string line in lines.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                _next++;
                yield return line;
            }
            await producing.ConfigureAwait(false); // its failure
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await producing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Runs tail until the job has ended, then completes the channel.</summary>
    async Task ProduceAsync(string path, ChannelWriter<string> lines, CancellationTokenSource stop)
    {
        Task following = TailAsync(path, lines, stop.Token);
        Exception? failure = null;
        try
        {
            await oar.WaitAsync(jobId, OarJobGoal.Ended, s_jobTimeout, null, stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is G5kException or OperationCanceledException)
        {
            failure = e;
        }
        await stop.CancelAsync().ConfigureAwait(false);
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lines.Complete();
        if (failure is G5kException) throw failure;
    }

    async Task TailAsync(string path, ChannelWriter<string> lines, CancellationToken cancellationToken)
    {
        long next = _next;
        while (true)
        {
            using var limit = new CancellationTokenSource(s_followPeriod, time);
            using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            // By name: a file that is not there yet, or that is replaced, is opened when it comes.
            var request = new CommandRequest("tail", "-n", Line(next), "-F", "--", path) { Timeout = s_followPeriod * 2 };
            try
            {
                await frontend.RunAsync(request, line => Take(line, run.Token), run.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is G5kException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The period is over, or the connection was lost: from the next line on, after a pause.
            }
            await Task.Delay(s_pauseAfterFailure, time, cancellationToken).ConfigureAwait(false);
        }

        void Take(OutputLine line, CancellationToken run)
        {
            // Standard error holds tail's own remarks on a file that comes and goes; what a killed tail leaves may be half a line.
            if (line.IsError || run.IsCancellationRequested) return;
            next++;
            lines.TryWrite(line.Text);
        }
    }

    async IAsyncEnumerable<string> ReadOnceAsync(OarJob job, string path, string from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new CommandRequest("tail", "-n", from, "--", path) { Timeout = s_readTimeout };
        Channel<string> lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<CommandResult> reading = RunAsync();
        try
        {
            await foreach (string line in lines.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return line;
            CommandResult result = await reading.ConfigureAwait(false);
            // With lines given before, the file is there: what is missing now was removed by somebody.
            if (result.ExitStatus != 0 && _next == 1) throw NotFound(job, result.LastLines(1));
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<CommandResult> RunAsync()
        {
            try
            {
                return await frontend.RunAsync(request, line => _ = line.IsError || lines.Writer.TryWrite(line.Text), stop.Token)
                    .ConfigureAwait(false);
            }
            finally
            {
                lines.Writer.Complete();
            }
        }
    }

    G5kException NotFound(OarJob job, string why) =>
        new("JobOutputNotFound", ErrorKind.ObjectNotFound, $"Job {jobId} of {oar.Site} has no output to read: {why}", jobId,
        job.StartedAt is null || !job.IsEnded ? $"Wait for its start: Wait-OarJob {jobId} -Site {oar.Site}"
        : $"See how it ended: Get-OarJob {jobId} -Site {oar.Site} | Format-List");
}
