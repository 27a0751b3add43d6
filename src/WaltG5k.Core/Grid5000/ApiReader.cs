using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Grid5000;

/// <summary>GET requests to the API. Passing troubles are retried; errors come as plain text, whatever was asked.</summary>
sealed class ApiReader(IGrid grid)
{
    const int MaximumTries = 5;
    const int MaximumErrorText = 500;
    static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(300);

    /// <summary>The answer, or null when the API does not know the resource (404).</summary>
    /// <exception cref="G5kException"><c>ApiUnreachable</c>, <c>ApiRefused</c>, <c>ApiTimeout</c>, <c>ApiUnreadable</c>.</exception>
    public async Task<JsonDocument?> GetAsync(string path, CancellationToken cancellationToken)
    {
        TimeSpan pause = s_firstPause;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using HttpResponseMessage response = await SendAsync(path, cancellationToken).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.NotFound) return null;
                if (response.IsSuccessStatusCode) return await ReadAsync(path, response, cancellationToken).ConfigureAwait(false);
                string text = await ReadErrorAsync(response, cancellationToken).ConfigureAwait(false);
                if (!IsPassing(response.StatusCode)) throw Refused(path, response.StatusCode, text);
                if (attempt == MaximumTries) throw Unreachable(path, $"status {(int)response.StatusCode}, {text}", null);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new G5kException("ApiTimeout", ErrorKind.OperationTimeout, $"The Grid'5000 API has not answered {path} within {grid.Api.Timeout.TotalSeconds:0} s.", path, Advice, e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == MaximumTries) throw Unreachable(path, e.Message, e);
            }
            await Task.Delay(pause, grid.Time, cancellationToken).ConfigureAwait(false);
            pause *= 2;
        }
    }

    async Task<HttpResponseMessage> SendAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true }; // rights on VLANs may be 60 s old in a cache
        return await grid.Api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The body decides: the content type of this API promises JSON for plain text now and then.</summary>
    static async Task<JsonDocument> ReadAsync(string path, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            try
            {
                return await JsonDocument.ParseAsync(body, default, cancellationToken).ConfigureAwait(false);
            }
            catch (JsonException e)
            {
                throw new G5kException("ApiUnreadable", ErrorKind.InvalidData, $"The answer of the Grid'5000 API to {path} is no JSON: {e.Message}", path, Advice, e);
            }
        }
    }

    static async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = (await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)).Trim();
        return text.Length > MaximumErrorText ? text[..MaximumErrorText] + "…" : text;
    }

    static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
        or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    static G5kException Refused(string path, HttpStatusCode status, string text) => new("ApiRefused",
        status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? ErrorKind.PermissionDenied : ErrorKind.InvalidOperation,
        $"The Grid'5000 API refuses {path}: status {(int)status}, {text}", path,
        status == HttpStatusCode.Unauthorized ? "Run this on a front-end: from elsewhere the API wants a login." : Advice);

    static G5kException Unreachable(string path, string why, Exception? inner) =>
        new("ApiUnreachable", ErrorKind.ConnectionError, $"The Grid'5000 API does not give {path}: {why}", path, Advice, inner);

    const string Advice = "Try: curl -i https://api.grid5000.fr/stable/sites; incidents: https://www.grid5000.fr/status/";
}
