using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>
/// Requests to the API. Passing troubles (500, 502, 503, 504, connections) are tried again with growing pauses, but only what may be sent twice;
/// errors come as plain text, whatever was asked; no cache is believed.
/// </summary>
sealed class ApiConnection(IGrid grid)
{
    const int MaximumTries = 5;
    const int MaximumErrorText = 500;
    /// <summary>What the API gives by default, and its limit for jobs.</summary>
    const int PageSize = 50, MaximumPageSize = 500;
    static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(300);

    public IGrid Grid => grid;

    /// <summary>The answer, or null when the API does not know the resource (404).</summary>
    /// <exception cref="G5kException"><c>ApiUnreachable</c>, <c>ApiRefused</c>, <c>ApiTimeout</c>, <c>ApiUnreadable</c>,
    /// <c>ApiCertificateNotTrusted</c>.</exception>
    public async Task<JsonDocument?> GetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(new ApiCall(HttpMethod.Get, path), (response, token) => ReadAsync(path, response, token), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The items of a collection, page by page. An item that moves to the next page while we read comes once.</summary>
    /// <param name="path">May hold a query, without <c>offset</c> and <c>limit</c>.</param>
    /// <param name="maximum">So many items at most.</param>
    /// <exception cref="G5kException">As <see cref="GetAsync"/>; <c>ApiRefused</c> too when there is no such collection.</exception>
    public async IAsyncEnumerable<JsonElement> GetItemsAsync(string path, int maximum, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        char mark = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        int limit = Math.Clamp(maximum, 1, maximum > PageSize ? MaximumPageSize : PageSize);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int offset = 0, count = 0; count < maximum;)
        {
            string page = FormattableString.Invariant($"{path}{mark}offset={offset}&limit={limit}");
            ApiReply reply = await SendAsync(new ApiCall(HttpMethod.Get, page), cancellationToken).ConfigureAwait(false);
            JsonElement list = reply.Json ?? throw ApiErrors.Unreadable(page, Start(reply.Text));
            JsonElement[] items = [.. list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : list.GetItems("items")];
            foreach (JsonElement item in items)
            {
                if (count >= maximum) yield break;
                if (item.GetText("uid") is { } uid && !seen.Add(uid)) continue;
                count++;
                yield return item;
            }
            offset += items.Length;
            if (items.Length == 0 || list.ValueKind == JsonValueKind.Array || offset >= (list.GetLong("total") ?? 0)) yield break;
        }
    }

    /// <summary>A request whose answer is short: what was done, or plain text.</summary>
    /// <exception cref="G5kException">As <see cref="GetAsync"/>; a 404 is <c>ApiRefused</c>; <c>ApiOutcomeUnknown</c> for what must not be
    /// repeated.</exception>
    public Task<ApiReply> SendAsync(ApiCall call, CancellationToken cancellationToken) => SendAsync(call, async (response, token) =>
        new ApiReply(response.StatusCode, await response.Content.ReadAsStringAsync(token).ConfigureAwait(false)), cancellationToken);

    async Task<T> SendAsync<T>(ApiCall call, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        TimeSpan pause = s_firstPause;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using HttpResponseMessage response = await SendOnceAsync(call, cancellationToken).ConfigureAwait(false);
                if (response.IsSuccessStatusCode) return await read(response, cancellationToken).ConfigureAwait(false);
                string text = await ReadErrorAsync(response, cancellationToken).ConfigureAwait(false);
                if (!ApiErrors.IsPassing(response.StatusCode, text))
                    throw ApiErrors.Refused(call, response.StatusCode, text, grid.Api.DefaultRequestHeaders.Authorization is not null);
                string why = $"status {(int)response.StatusCode}, {text}";
                if (!call.IsRepeatable) throw ApiErrors.OutcomeUnknown(call, why, null);
                if (attempt == MaximumTries) throw ApiErrors.Unreachable(call, why, null);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                G5kException timeout = ApiErrors.TimedOut(call, grid.Api.Timeout, e);
                throw call.IsRepeatable ? timeout : ApiErrors.OutcomeUnknown(call, timeout.Message, e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
            {
                if (ApiErrors.IsCertificate(e)) throw ApiErrors.CertificateNotTrusted(call, e);
                if (!call.IsRepeatable && !ApiErrors.IsUnsent(e)) throw ApiErrors.OutcomeUnknown(call, e.Message, e);
                if (attempt == MaximumTries) throw ApiErrors.Unreachable(call, e.Message, e);
            }
            await Task.Delay(pause, grid.Time, cancellationToken).ConfigureAwait(false);
            pause *= 2;
        }
    }

    async Task<HttpResponseMessage> SendOnceAsync(ApiCall call, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(call.Method, call.Path);
        request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true }; // deployments and rights on VLANs may be 60 s old in a cache
        if (call.Body is not null) request.Content = new StringContent(call.Body, Encoding.UTF8, "application/json");
        long start = grid.Time.GetTimestamp();
        int? status = null;
        try
        {
            HttpResponseMessage response = await grid.Api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
            status = (int)response.StatusCode;
            return response;
        }
        finally
        {
            grid.OnApiCall(new ApiCallRecord(call.Method.Method, call.Path, status, grid.Time.GetElapsedTime(start)));
        }
    }

    /// <summary>The body decides, not the content type.</summary>
    static async Task<JsonDocument> ReadAsync(string path, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            try { return await JsonDocument.ParseAsync(body, default, cancellationToken).ConfigureAwait(false); }
            catch (JsonException e) { throw ApiErrors.Unreadable(path, e.Message, e); }
        }
    }

    static async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Start((await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)).Trim());

    static string Start(string text) => text.Length > MaximumErrorText ? text[..MaximumErrorText] + "…" : text;
}
