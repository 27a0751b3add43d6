using System.Net;
using System.Security.Authentication;

namespace WaltG5k.Core.Grid5000;

/// <summary>What goes wrong between us and the API, in words, with what to do.</summary>
static class ApiErrors
{
    /// <summary>Refusals that come as a failure of the server: Kadeploy's own errors behind the API.</summary>
    public const string LaunchRefusal = "Cannot launch deployment";

    const string Advice = "Try: curl -i https://api.grid5000.fr/stable/sites; incidents: https://www.grid5000.fr/status/";

    /// <summary>A trouble that may be over in a moment.</summary>
    public static bool IsPassing(HttpStatusCode status, string text) => status is HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
        or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout && !text.StartsWith(LaunchRefusal, StringComparison.Ordinal);

    /// <summary>No connection was made: nothing was sent.</summary>
    public static bool IsUnsent(Exception e) =>
        e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    public static bool IsCertificate(Exception e) =>
        e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } && e.InnerException is AuthenticationException;

    public static ApiRefusedException Refused(ApiCall call, HttpStatusCode status, string text, bool hasLogin) => new(
        $"The Grid'5000 API refuses {call.Path}: status {(int)status}, {text}", status, text,
        status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ErrorKind.PermissionDenied,
            HttpStatusCode.NotFound => ErrorKind.ObjectNotFound,
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => ErrorKind.InvalidArgument,
            _ => ErrorKind.InvalidOperation,
        },
        call.Path,
        status switch
        {
            HttpStatusCode.Unauthorized when hasLogin => "Login or password is wrong; try them at https://api.grid5000.fr/stable/",
            HttpStatusCode.Unauthorized =>
                "From outside the API wants a login: Connect-G5k -Site nancy -Credential (Get-Credential), or run this on a front-end.",
            HttpStatusCode.Forbidden => "It belongs to somebody else, or you have no right on it: your jobs are those of Get-OarJob.",
            _ => Advice,
        });

    public static G5kException Unreachable(ApiCall call, string why, Exception? inner) =>
        new("ApiUnreachable", ErrorKind.ConnectionError, $"The Grid'5000 API does not give {call.Path}: {why}", call.Path, Advice, inner);

    public static G5kException TimedOut(ApiCall call, TimeSpan limit, Exception inner) => new("ApiTimeout", ErrorKind.OperationTimeout,
        $"The Grid'5000 API has not answered {call.Path} within {limit.TotalSeconds:0} s.", call.Path, Advice, inner);

    /// <summary>A request that makes something was sent, and nobody knows what became of it.</summary>
    public static G5kException OutcomeUnknown(ApiCall call, string why, Exception? inner) => new("ApiOutcomeUnknown", ErrorKind.ConnectionError,
        $"It is not known whether the Grid'5000 API has done {call}: {why}", call.Path, "Look before you repeat it: it may have been done.", inner);

    public static G5kException Unreadable(string path, string why, Exception? inner = null) =>
        new("ApiUnreadable", ErrorKind.InvalidData, $"The answer of the Grid'5000 API to {path} is no JSON: {why}", path, Advice, inner);

    public static G5kException CertificateNotTrusted(ApiCall call, Exception inner) => new("ApiCertificateNotTrusted", ErrorKind.PermissionDenied,
        $"The certificate of the Grid'5000 API is not to be trusted: {inner.InnerException!.Message}", call.Path,
        "Nothing was sent. Check the address and the certificates of this machine (package ca-certificates): curl -v https://api.grid5000.fr/",
        inner);
}
