using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Walt.Http;

/// <summary>What the server answers to a request.</summary>
internal sealed record HttpAnswer(int Status, string ContentType, byte[] Body)
{
    public string Reason => Status switch { 200 => "OK", 400 => "Bad Request", 404 => "Not Found", 405 => "Method Not Allowed",
        _ => "Internal Server Error" };

    public static HttpAnswer Json(JsonObject body) => new(200, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString()));

    public static HttpAnswer File(byte[] content) => new(200, "application/octet-stream", content);

    /// <summary>An error: a page of HTML unless the request prefers another form.</summary>
    public static HttpAnswer Error(HttpQuery request, int status, string message)
    {
        string preference = request.Headers.TryGetValue("Prefer", out string? prefer) ? prefer : "";
        if (preference.Contains("errors=json", StringComparison.Ordinal))
            return Json(new JsonObject { ["error"] = message, ["status_code"] = status }) with { Status = status };
        if (preference.Contains("errors=text-only", StringComparison.Ordinal))
            return new HttpAnswer(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(message));
        string page =
            $"<!DOCTYPE HTML>\n<html><head><title>Error {status}</title></head><body><h1>Error {status}</h1><p>{WebUtility.HtmlEncode(message)}</p></body></html>\n";
        return new HttpAnswer(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page));
    }
}
