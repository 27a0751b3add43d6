using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>An answer of Kadeploy's REST interface.</summary>
internal sealed record RestAnswer(int Status, string Body);

/// <summary>The interface itself (https, port 25300): operations of a site told, and ended by their owner.</summary>
internal sealed class KadeployRest(KadeployServer server)
{
    public const int Port = 25300;
    public const string UserHeader = "X-Kadeploy-User";

    static readonly JsonSerializerOptions s_pretty = new() { WriteIndented = true };

    public static string HostOf(string site) => $"kadeploy.{site}.grid5000.fr";

    /// <param name="user">As the header names it; null: it does not.</param>
    public async Task<RestAnswer> AnswerAsync(string site, string method, string path, string? user, CancellationToken cancellationToken)
    {
        string[] words = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (words is ["auth_headers_prefix"]) return new RestAnswer(200, "X-Kadeploy-");
        if (words is ["version"]) return new RestAnswer(200, server.World.HasOldKadeploy(site) ? "3.3.11.stable" : "3.9.0");
        if (words is not [("deployment" or "reboot" or "power"), ..]) return NotFound(path);
        if (string.IsNullOrEmpty(user)) return new RestAnswer(401,
            $"Unauthorized -- Authentication failed: no user specified in the {UserHeader} HTTP header");
        if (words is [string kind])
        {
            return method == "GET"
                ? Json(new JsonArray([.. server.GetWorkflows(site).Where(w => WorkflowDocuments.ResourceOf(w) == kind).Select(w =>
                    WorkflowDocuments.Describe(w, user))]))
                : NotAllowed(method);
        }
        Workflow? workflow = server.FindWorkflow(words[1]);
        if (workflow is null || workflow.Nodes[0].Site != site || WorkflowDocuments.ResourceOf(workflow) != words[0]) return new RestAnswer(400,
            "Invalid workflow ID");
        return words switch
        {
            [_, _] when method == "DELETE" => await DeleteAsync(workflow, user, cancellationToken).ConfigureAwait(false),
            _ when method != "GET" => NotAllowed(method),
            [_, _] => Json(WorkflowDocuments.Describe(workflow, user)),
            _ when workflow.User != user => s_forbidden,
            [_, _, "state"] => Json(WorkflowDocuments.State(workflow)),
            [_, _, "status"] => Json(WorkflowDocuments.Status(workflow)),
            [_, _, "error"] => new RestAnswer(200, ""),
            [_, _, "logs", .. string[] cluster] => Text(workflow.Unread.Take(cluster.FirstOrDefault())),
            [_, _, "debugs", .. string[] node] when workflow.Options.Debugs => Text(workflow.UnreadTraces.Take(node.FirstOrDefault())),
            _ => NotFound(path),
        };
    }

    static readonly RestAnswer s_forbidden = new(403, "Forbidden -- You do not the rights to perform this operation");

    async Task<RestAnswer> DeleteAsync(Workflow workflow, string user, CancellationToken cancellationToken)
    {
        if (workflow.User != user) return s_forbidden;
        server.Delete(workflow);
        // What runs on the nodes is killed first.
        await server.World.PassAsync(TimeSpan.FromSeconds(2), cancellationToken).ConfigureAwait(false);
        return Json(new JsonObject { ["wid"] = workflow.Id });
    }

    static RestAnswer Json(JsonNode document) => new(200, document.ToJsonString(s_pretty));

    static RestAnswer Text(IReadOnlyList<string> lines) => new(200, string.Concat(lines.Select(l => l + "\n")));

    static RestAnswer NotAllowed(string method) => new(405, $"Method Not Allowed -- {method}");

    static RestAnswer NotFound(string path) => new(404, $"<HTML><BODY><H1>Not Found</H1>`{path}' not found.</BODY></HTML>");
}
