using System.Globalization;
using System.Net;
using System.Text.Json;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>REST did not give a usable answer: read by the commands instead.</summary>
sealed class OarRestException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// OAR's REST interface, for reading. Any failure puts it out of use for a minute: the commands do the same, slower. Its bodies are UTF-8 although
/// their header says ISO-8859-1, so that bytes are read, never text.
/// </summary>
sealed class OarRestClient(HttpClient http, string site, TimeProvider time)
{
    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromMinutes(1);
    readonly Lock _lock = new();
    long? _failedAt;

    /// <summary>False for a minute after a failure.</summary>
    public bool IsUsable
    {
        get
        {
            lock (_lock) return _failedAt is not { } failed || time.GetElapsedTime(failed) >= s_pauseAfterFailure;
        }
    }

    /// <summary>The job with its nodes, or null when OAR does not know it.</summary>
    /// <exception cref="OarRestException">Read by the commands instead.</exception>
    public async Task<OarJob?> GetJobAsync(long jobId, CancellationToken cancellationToken)
    {
        byte[]? json = await GetAsync(Path(jobId, ".json"), cancellationToken).ConfigureAwait(false);
        OarJob? job = json is null ? null : Read(() => OarJobReader.ReadOne(site, json));
        if (job is null || !HasNodes(job)) return job;
        IReadOnlyList<JsonElement> nodes = await GetItemsAsync(Path(jobId, "/nodes.json"), cancellationToken).ConfigureAwait(false);
        // Those of a prediction or of a reservation to come are not the job's yet.
        return job with { Nodes = OarJobDraft.SortNodes(nodes.Where(n => n.GetText("status") == "assigned")
            .Select(n => n.GetText("network_address") ?? "")) };
    }

    /// <summary>The ids of the jobs that have not ended.</summary>
    /// <param name="user">Null: everybody's.</param>
    /// <exception cref="OarRestException">Read by the commands instead.</exception>
    public async Task<IReadOnlyList<long>> ListJobIdsAsync(string? user, CancellationToken cancellationToken)
    {
        string path = user is null ? "jobs.json" : $"jobs.json?user={Uri.EscapeDataString(user)}";
        IReadOnlyList<JsonElement> items = await GetItemsAsync(path, cancellationToken).ConfigureAwait(false);
        return [.. items.Select(i => i.GetLong("id")).OfType<long>().Order()];
    }

    /// <exception cref="OarRestException">Read by the commands instead.</exception>
    public Task<IReadOnlyList<JsonElement>> GetJobResourcesAsync(long jobId, CancellationToken cancellationToken) =>
        GetItemsAsync(Path(jobId, "/resources.json"), cancellationToken);

    /// <summary>Every row of OAR's table of resources.</summary>
    /// <exception cref="OarRestException">Read by the commands instead.</exception>
    public Task<IReadOnlyList<JsonElement>> GetResourcesAsync(CancellationToken cancellationToken) =>
        GetItemsAsync("resources/details.json", cancellationToken);

    /// <summary>A job that has not been launched has no nodes, and need not be asked for them.</summary>
    static bool HasNodes(OarJob job) => job.State is not (OarJobState.Waiting or OarJobState.Hold or OarJobState.ToAckReservation)
        && (!job.IsEnded || job.StartedAt is not null);

    static string Path(long jobId, string rest) => string.Create(CultureInfo.InvariantCulture, $"jobs/{jobId}{rest}");

    /// <summary>The items of a list, of all its pages.</summary>
    async Task<IReadOnlyList<JsonElement>> GetItemsAsync(string path, CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        while (true)
        {
            string page = items.Count == 0 ? path : string.Create(CultureInfo.InvariantCulture,
                $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}offset={items.Count}");
            byte[] json = await GetAsync(page, cancellationToken).ConfigureAwait(false) ?? throw Fail($"{page} is unknown");
            JsonElement list = Read(() => JsonSerializer.Deserialize<JsonElement>(json));
            int before = items.Count;
            items.AddRange(list.GetItems("items"));
            if (items.Count == before || list.GetLong("total") is not { } total || items.Count >= total) return items;
        }
    }

    /// <summary>The body; null when OAR itself says that there is no such thing.</summary>
    async Task<byte[]?> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative), linked.Token).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(linked.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return body;
            (long? code, string words) = ReadError(body);
            // A web server in front answers 404 too, but not in OAR's words.
            if (response.StatusCode == HttpStatusCode.NotFound && code == 404) return null;
            throw Fail($"{(int)response.StatusCode} {words}".Trim());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            throw Fail(e.Message, e);
        }
    }

    static (long? Code, string Words) ReadError(byte[] body)
    {
        try
        {
            JsonElement error = JsonSerializer.Deserialize<JsonElement>(body);
            return (error.GetLong("code"), error.GetText("message") ?? error.GetText("title") ?? "");
        }
        catch (JsonException)
        {
            return (null, "");
        }
    }

    T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException e)
        {
            throw Fail(e.Message, e);
        }
    }

    OarRestException Fail(string reason, Exception? inner = null)
    {
        lock (_lock) _failedAt = time.GetTimestamp();
        return new OarRestException($"OAR's REST interface at {site}: {reason}", inner);
    }
}
