using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>An operation as Kadeploy's interface and kanodes3 describe it.</summary>
internal static class WorkflowDocuments
{
    /// <summary>The path of an operation's resource.</summary>
    public static string ResourceOf(Workflow workflow) => workflow.Words.Letter switch { 'D' => "deployment", 'R' => "reboot", _ => "power" };

    /// <summary>The operation as a whole. Who is not its owner is told little more than its nodes.</summary>
    public static JsonObject Describe(Workflow workflow, string user) => workflow.User == user ? DescribeWhole(workflow) : new JsonObject
    {
        ["wid"] = workflow.Id,
        ["user"] = workflow.User,
        ["done"] = workflow.IsDone,
        ["error"] = false,
        ["start_time"] = workflow.StartedAt.ToUnixTimeSeconds(),
        ["nodes"] = Names(workflow.Nodes),
    };

    static JsonObject DescribeWhole(Workflow workflow)
    {
        JsonObject nodes = new() { ["ok"] = Names(workflow.Ok), ["ko"] = Names(workflow.Ko) };
        if (!workflow.IsDone) nodes["processing"] = Names(workflow.Processing);
        JsonObject document = new()
        {
            ["wid"] = workflow.Id,
            ["user"] = workflow.User,
            ["done"] = workflow.IsDone,
            ["error"] = false,
            ["start_time"] = workflow.StartedAt.ToUnixTimeSeconds(),
            ["environment"] = DescribeEnvironment(workflow),
            ["logs"] = true,
        };
        if (workflow.Options.Debugs) document["debugs"] = true;
        document["nodes"] = nodes;
        document["time"] = Math.Round(workflow.Duration.TotalSeconds, 2);
        return document;
    }

    /// <summary>Node by node: <c>{host: {macro, micro, state[, error]}}</c>.</summary>
    public static JsonObject State(Workflow workflow)
    {
        JsonObject states = [];
        foreach (NodeModel node in workflow.Discarded) states[node.Name] = new JsonObject { ["macro"] = "", ["micro"] = "", ["state"] = "discarded" };
        foreach (NodeModel node in workflow.Nodes)
        {
            WorkflowNode progress = workflow.ProgressOf(node);
            if (progress.State.Length == 0) continue;
            JsonObject state = new() { ["macro"] = OrNull(progress.Macro), ["micro"] = OrNull(progress.Micro), ["state"] = progress.State };
            if (progress.Error is string error) state["error"] = error;
            states[node.Name] = state;
        }
        return states;
    }

    /// <summary>The micro-steps under way: <c>{cluster: {macro: {micro: {nodes: {OK, KO, **}, time}}}}</c>.</summary>
    public static JsonObject Status(Workflow workflow)
    {
        JsonObject clusters = [];
        foreach ((string macro, string micro, int seconds, IReadOnlyList<NodeModel> nodes) in workflow.GetActiveSteps())
        {
            JsonObject macros = Enter(clusters, nodes[0].Cluster.Name);
            Enter(macros, macro)[micro] = new JsonObject
            {
                ["nodes"] = new JsonObject { ["OK"] = new JsonArray(), ["KO"] = new JsonArray(), ["**"] = Names(nodes) },
                ["time"] = seconds,
            };
        }
        return clusters;
    }

    /// <summary>The operations as kanodes3 lists them: YAML with Ruby's symbols for keys.</summary>
    public static string List(IReadOnlyList<Workflow> workflows, string user)
    {
        if (workflows.Count == 0) return "--- []";
        StringBuilder text = new("---");
        foreach (Workflow workflow in workflows)
        {
            Line(text, $"- :wid: {workflow.Id}");
            Line(text, $"  :user: {workflow.User}");
            Line(text, $"  :done: {(workflow.IsDone ? "true" : "false")}");
            Line(text, "  :error: false");
            Line(text, string.Create(CultureInfo.InvariantCulture, $"  :start_time: {workflow.StartedAt.ToUnixTimeSeconds()}"));
            if (workflow.User != user)
            {
                AppendNodes(text, "  ", "nodes", workflow.Nodes);
                continue;
            }
            if (workflow.Environment is DeployEnvironment environment)
            {
                Line(text, "  :environment:");
                Line(text, $"    :id: {(environment.User.Length > 0 ? "1" : "-1")}");
                Line(text, $"    :user: {environment.User}".TrimEnd());
                Line(text, $"    :name: {environment.Name}");
                Line(text, string.Create(CultureInfo.InvariantCulture, $"    :version: {environment.Version}"));
            }
            Line(text, "  :logs: true");
            Line(text, "  :nodes:");
            AppendNodes(text, "    ", "ok", workflow.Ok);
            AppendNodes(text, "    ", "ko", workflow.Ko);
            if (!workflow.IsDone) AppendNodes(text, "    ", "processing", workflow.Processing);
            Line(text, string.Create(CultureInfo.InvariantCulture, $"  :time: {Math.Round(workflow.Duration.TotalSeconds, 2)}"));
        }
        return text.ToString();
    }

    static void AppendNodes(StringBuilder text, string indent, string key, IReadOnlyList<NodeModel> nodes)
    {
        Line(text, $"{indent}:{key}:{(nodes.Count == 0 ? " []" : "")}");
        foreach (NodeModel node in nodes) Line(text, $"{indent}- {node.Name}");
    }

    static void Line(StringBuilder text, string line) => text.Append('\n').Append(line);

    static JsonObject? DescribeEnvironment(Workflow workflow) => workflow.Environment is not DeployEnvironment environment ? null : new JsonObject
    {
        ["id"] = workflow.IsDone ? null : environment.User.Length > 0 ? 1 : -1,
        ["user"] = environment.User,
        ["name"] = environment.Name,
        ["version"] = environment.Version,
    };

    static JsonObject Enter(JsonObject parent, string key)
    {
        if (parent[key] is JsonObject child) return child;
        JsonObject added = [];
        parent[key] = added;
        return added;
    }

    static JsonArray Names(IEnumerable<NodeModel> nodes) => new([.. nodes.Select(n => (JsonNode?)n.Name)]);

    static string? OrNull(string text) => text.Length == 0 ? null : text;
}
