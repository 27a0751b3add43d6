using System.Runtime.ExceptionServices;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Oar;

/// <summary>
/// One run of oarsub. Whatever happens after oarsub has printed an id (a refusal, a lost connection, a cancellation) the job may exist: it is
/// looked for and deleted before the failure is passed on.
/// </summary>
sealed class OarSubmitter(OarClient oar, IFrontend frontend, TimeProvider time)
{
    /// <summary>How long the clean-up may take when nobody waits for the result any more.</summary>
    static readonly TimeSpan s_cleanUpLimit = TimeSpan.FromSeconds(30);

    readonly OarSubmitOutput _output = new();
    ExceptionDispatchInfo? _callbackFailure;
    Action<long>? _onJobId;
    OarJobRequest? _request;
    DateTimeOffset _startedAt;

    public async Task<OarSubmission> SubmitAsync(OarJobRequest request, Action<long>? onJobId, CancellationToken cancellationToken)
    {
        _request = request;
        _onJobId = onJobId;
        _startedAt = time.GetUtcNow();
        try
        {
            CommandResult result = await RunAsync(request, cancellationToken).ConfigureAwait(false);
            _callbackFailure?.Throw();
            return OarSubmitVerdict.Check(frontend.Site, request, result, _output);
        }
        catch (Exception e)
        {
            await CleanUpAsync(e).ConfigureAwait(false);
            throw;
        }
    }

    async Task<CommandResult> RunAsync(OarJobRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await frontend.RunAsync(OarCommandLine.Submit(request), TakeLine, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e) when (e.Code == "CommandTimeout")
        {
            throw new G5kException("SubmissionFailed", ErrorKind.OperationTimeout, $"oarsub at {frontend.Site} has not answered in time.", frontend.Site,
                $"OAR's database or scheduler may be down: see https://www.grid5000.fr/status/, then try again.", e);
        }
    }

    void TakeLine(OutputLine line)
    {
        if (line.IsError || !_output.Take(line.Text) || _output.JobId is not { } id) return;
        try
        {
            _onJobId?.Invoke(id);
        }
        catch (Exception e)
        {
            // Thrown on whatever thread reads the pipe: kept until oarsub has ended.
            _callbackFailure = ExceptionDispatchInfo.Capture(e);
        }
    }

    async Task CleanUpAsync(Exception cause)
    {
        using var limit = new CancellationTokenSource(s_cleanUpLimit, time);
        long? jobId = _output.JobId;
        try
        {
            jobId ??= IsDoubtful(cause) ? await FindLostJobAsync(limit.Token).ConfigureAwait(false) : null;
            if (jobId is { } id) await DeleteAsync(id, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is G5kException or OperationCanceledException)
        {
            // The first failure is the one to report; the caller can still delete the job by its id.
            if (jobId is { } left) cause.Data["JobId"] = left;
        }
    }

    /// <summary>Whether a job may exist although no id was seen: oarsub was interrupted, or the way to it was lost.</summary>
    static bool IsDoubtful(Exception cause) => cause is OperationCanceledException or G5kException { Code: "SubmissionFailed" or "FrontendUnreachable" };

    async Task<long?> FindLostJobAsync(CancellationToken cancellationToken)
    {
        if (_request?.Name is not { Length: > 0 } name) return null;
        DateTimeOffset since = _startedAt - TimeSpan.FromSeconds(2); // OAR keeps whole seconds
        IReadOnlyList<OarJob> jobs = await oar.FindOwnJobsAsync(name, cancellationToken).ConfigureAwait(false);
        return jobs.Where(j => j.SubmittedAt >= since).MaxBy(j => j.Id)?.Id;
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
