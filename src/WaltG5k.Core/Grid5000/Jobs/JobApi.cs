using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;

namespace WaltG5k.Core.Grid5000;

/// <summary>OAR's jobs of one site through the API, as the same objects that oarstat gives.</summary>
public sealed class JobApi(IGrid grid, string site)
{
    readonly ApiConnection _api = new(grid);
    readonly string _path = $"sites/{Uri.EscapeDataString(site)}/jobs";

    /// <summary>Those that match, newest first.</summary>
    /// <exception cref="G5kException"><c>ApiRefused</c>, <c>ApiUnreachable</c>, <c>ApiTimeout</c>, <c>ApiUnreadable</c>.</exception>
    public async IAsyncEnumerable<OarJob> ListAsync(JobQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new JobQuery();
        // The filter capitalises each word and compares: states with a capital inside never match it.
        bool canFilter = query.States.Count > 0 && query.States.All(s => !s.ToString().AsSpan(1).ContainsAnyInRange('A', 'Z'));
        string path = _path + ApiQuery.Join(("user", query.User), ("name", query.Name), ("project", query.Project), ("queue", query.Queue),
            ("state", canFilter ? string.Join(',', query.States.Select(s => s.ToString().ToLowerInvariant())) : null),
            ("resources", query.WithResources ? "yes" : null));
        await foreach (JsonElement item in _api.GetItemsAsync(path, query.Maximum, cancellationToken).ConfigureAwait(false))
        {
            OarJob job = ApiJobReader.Read(site, item);
            if (query.States.Count == 0 || query.States.Contains(job.State)) yield return job;
        }
    }

    /// <summary>A job with its nodes and VLANs, or null when there is none of that number.</summary>
    public async Task<OarJob?> GetAsync(long id, CancellationToken cancellationToken = default)
    {
        using JsonDocument? document = await _api.GetAsync(PathOf(id), cancellationToken).ConfigureAwait(false);
        return document is null ? null : ApiJobReader.Read(site, document.RootElement);
    }

    /// <summary>Submits a job. Its answer is what OAR plans: nodes and times come with the start.</summary>
    /// <exception cref="G5kException">
    /// <c>ApiRefused</c> with OAR's words; <c>NotForApi</c>; <c>ApiOutcomeUnknown</c>: sent, and no answer came. It is not sent again: look for it by
    /// its name.
    /// </exception>
    public async Task<OarJob> SubmitAsync(OarJobRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ApiCall call = new(HttpMethod.Post, _path) { Body = ApiJobReader.Write(request) };
        ApiReply reply = await _api.SendAsync(call, cancellationToken).ConfigureAwait(false);
        return reply.Json is { } item && ApiJobReader.Read(site, item) is { Id: > 0 } job
            ? job
            : throw ApiErrors.OutcomeUnknown(call, $"it answered {reply.Text}", null);
    }

    /// <summary>Asks OAR to delete a job; it takes some seconds. Once more does no harm.</summary>
    /// <returns>False: there is no such job.</returns>
    /// <exception cref="G5kException"><c>ApiRefused</c>: somebody else's.</exception>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken = default)
    {
        try
        {
            await _api.SendAsync(new ApiCall(HttpMethod.Delete, PathOf(id)), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>The walltime of a job and what can be changed of it; null when there is no such job.</summary>
    public async Task<OarWalltimeStatus?> GetWalltimeAsync(long id, CancellationToken cancellationToken = default)
    {
        using JsonDocument? document = await _api.GetAsync($"{PathOf(id)}/walltime", cancellationToken).ConfigureAwait(false);
        return document is null ? null : ApiJobReader.ReadWalltime(site, id, document.RootElement);
    }

    /// <summary>
    /// Asks for another walltime. The answer, plain text under a header of JSON, only says that it was noted: read <c>Granted</c> afterwards.
    /// </summary>
    /// <returns>OAR's words.</returns>
    /// <exception cref="G5kException"><c>ApiRefused</c>: not yours, not running, not allowed.</exception>
    public async Task<string> ChangeWalltimeAsync(long id, OarWalltimeWish wish, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wish);
        var body = new JsonObject { ["walltime"] = wish.Change };
        if (wish.Force) body["force"] = true;
        if (wish.DelayNextJobs) body["delay_next_jobs"] = true;
        // "+1:00" twice would be two hours.
        ApiReply reply = await _api.SendAsync(new ApiCall(HttpMethod.Post, $"{PathOf(id)}/walltime") { Body = body.ToJsonString() },
            cancellationToken).ConfigureAwait(false);
        return reply.Text.Trim();
    }

    string PathOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{_path}/{id}");
}
