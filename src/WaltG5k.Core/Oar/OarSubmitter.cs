using System.Runtime.ExceptionServices;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>
/// One run of oarsub. Whatever happens after oarsub has printed an id (a refusal, a lost connection, a cancellation) the jobs may exist: they are
/// looked for and deleted before the failure is passed on.
/// </summary>
sealed class OarSubmitter(OarClient oar, IFrontend frontend, TimeProvider time, Action<long>? onJobId)
{
    /// <summary>How long the clean-up may take when nobody waits for the result any more.</summary>
    static readonly TimeSpan s_cleanUpLimit = TimeSpan.FromSeconds(30);

    readonly OarSubmitOutput _output = new();
    ExceptionDispatchInfo? _callbackFailure;

    public async Task<OarSubmission> SubmitAsync(OarJobRequest request, CancellationToken cancellationToken)
    {
        OarParameterFile? parameters = request.ArrayParameters.Count == 0
            ? null
            : await OarParameterFile.CreateAsync(frontend, request.ArrayParameters, cancellationToken).ConfigureAwait(false);
        try
        {
            return await RunAsync(OarCommandLine.Submit(request, parameters?.Path), request.Resources, request.Name, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            if (parameters is not null) await parameters.DisposeAsync().ConfigureAwait(false);
        }
    }

    public Task<OarSubmission> ResubmitAsync(long jobId, CancellationToken cancellationToken) =>
        RunAsync(OarCommandLine.Resubmit(jobId), $"job {jobId} again", name: null, cancellationToken);

    /// <param name="asked">What was asked for, in an error's words.</param>
    /// <param name="name">By which a job whose id was lost is found again.</param>
    async Task<OarSubmission> RunAsync(CommandRequest command, string asked, string? name, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = time.GetUtcNow();
        try
        {
            CommandResult result = await RunAsync(command, name, cancellationToken).ConfigureAwait(false);
            _callbackFailure?.Throw();
            return OarSubmitVerdict.Check(frontend.Site, asked, result, _output);
        }
        catch (Exception e)
        {
            await CleanUpAsync(e, name, startedAt).ConfigureAwait(false);
            throw;
        }
    }

    /// <remarks>
    /// With OAR's database down oarsub asks again every 30 s, cannot be ended by its user, and makes the job in the end, whoever listens.
    /// </remarks>
    async Task<CommandResult> RunAsync(CommandRequest command, string? name, CancellationToken cancellationToken)
    {
        try
        {
            return await frontend.RunAsync(command, TakeLine, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e) when (e.Code == "CommandTimeout")
        {
            string named = name is { Length: > 0 } ? $" -Name '{name}'" : "";
            throw new G5kException("SubmissionFailed", ErrorKind.OperationTimeout, $"oarsub at {frontend.Site} has not answered in time.",
                frontend.Site,
                "OAR's database or scheduler may be down: see https://www.grid5000.fr/status/. The job may still be made when it is back. "
                + $"Before you try again, look for it: Get-OarJob -Site {frontend.Site}{named}", e);
        }
    }

    void TakeLine(OutputLine line)
    {
        if (line.IsError || _output.Take(line.Text) is not { } id) return;
        try
        {
            onJobId?.Invoke(id);
        }
        catch (Exception e)
        {
            // Thrown on whatever thread reads the pipe: kept until oarsub has ended.
            _callbackFailure ??= ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <summary>The first failure is the one to report; the caller can still delete what is left by its ids.</summary>
    async Task CleanUpAsync(Exception cause, string? name, DateTimeOffset startedAt)
    {
        using var limit = new CancellationTokenSource(s_cleanUpLimit, time);
        List<long> left = [.. _output.JobIds];
        try
        {
            if (left.Count == 0 && name is { Length: > 0 } && IsDoubtful(cause))
                left = await FindLostJobsAsync(name, startedAt, limit.Token).ConfigureAwait(false);
            while (left.Count > 0)
            {
                await DeleteAsync(left[0], limit.Token).ConfigureAwait(false);
                left.RemoveAt(0);
            }
        }
        catch (Exception e) when (e is G5kException or OperationCanceledException)
        {
            if (left.Count == 0) return;
            cause.Data["JobId"] = left[0];
            cause.Data["JobIds"] = left.ToArray();
        }
    }

    /// <summary>Whether a job may exist although no id was seen: oarsub was interrupted, or the way to it was lost.</summary>
    static bool IsDoubtful(Exception cause) =>
        cause is OperationCanceledException or G5kException { Code: "SubmissionFailed" or "FrontendUnreachable" };

    /// <summary>The newest job of that name, with the others of its array.</summary>
    async Task<List<long>> FindLostJobsAsync(string name, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        DateTimeOffset since = startedAt - TimeSpan.FromSeconds(2); // OAR keeps whole seconds
        IReadOnlyList<OarJob> jobs = await oar.FindOwnJobsAsync(name, cancellationToken).ConfigureAwait(false);
        OarJob[] recent = [.. jobs.Where(j => j.SubmittedAt >= since)];
        return recent.MaxBy(j => j.Id) is { } newest
            ? [.. recent.Where(j => j.Id == newest.Id || (newest.ArrayId is { } array && j.ArrayId == array)).Select(j => j.Id).Order()]
            : [];
    }

    async Task DeleteAsync(long jobId, CancellationToken cancellationToken)
    {
        if (await IsEndedAsync(jobId, cancellationToken).ConfigureAwait(false)) return;
        await oar.DeleteAsync(jobId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A refused reservation is in state Error already.</summary>
    async Task<bool> IsEndedAsync(long jobId, CancellationToken cancellationToken)
    {
        try
        {
            return await oar.GetJobAsync(jobId, cancellationToken).ConfigureAwait(false) is { IsEnded: true };
        }
        catch (G5kException)
        {
            return false; // not known: deleting an ended job does no harm
        }
    }
}
