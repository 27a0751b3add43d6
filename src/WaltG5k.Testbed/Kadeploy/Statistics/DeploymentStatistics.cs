using System.Globalization;
using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>What kastat3 tells of a node in one operation; the fields have the names of its columns.</summary>
internal sealed record StatisticsRecord(IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>All fields in the order of kastat3.</summary>
    public static readonly string[] FieldNames =
    [
        "wid", "user", "hostname", "step1", "step2", "step3", "timeout_step1", "timeout_step2", "timeout_step3", "retry_step1", "retry_step2",
            "retry_step3", "start",
        "step1_duration", "step2_duration", "step3_duration", "env", "md5", "success", "error",
    ];

    public string this[string field] => Fields.GetValueOrDefault(field, "");
    public long Number(string field) => long.TryParse(this[field], CultureInfo.InvariantCulture, out long number) ? number : 0;
    public bool IsSuccess => this["success"] == "true";
}

/// <summary>The log of all operations, which stays after they are forgotten.</summary>
internal sealed class DeploymentStatistics
{
    readonly List<StatisticsRecord> _records = [];

    /// <summary>In the order in which they were written; under the world's lock, like the others.</summary>
    public IReadOnlyList<StatisticsRecord> Records => _records;

    public void Add(Workflow workflow)
    {
        string environment = workflow.Environment is DeployEnvironment e ? string.Create(CultureInfo.InvariantCulture, $"{e.Name}:{e.Version}") : "";
        foreach (NodeModel node in workflow.Nodes)
        {
            WorkflowNode progress = workflow.ProgressOf(node);
            Dictionary<string, string> fields = new(StringComparer.Ordinal)
            {
                ["wid"] = workflow.Id,
                ["user"] = workflow.User,
                ["hostname"] = node.Name,
                ["start"] = Text(workflow.StartedAt.ToUnixTimeSeconds()),
                ["env"] = environment,
                ["success"] = progress.IsOk == true ? "true" : "false",
                // A quotation mark is all that is taken care of: commas and newlines go in as they are. What was ended has no error.
                ["error"] = workflow.IsAborted || progress.IsOk == true ? "" : (progress.Error ?? "").Replace("\"", "\\\"", StringComparison.Ordinal),
            };
            for (int i = 0; i < WorkflowNode.StepCount; i++)
            {
                string step = string.Create(CultureInfo.InvariantCulture, $"step{i + 1}");
                fields[step] = progress.Steps[i];
                fields["timeout_" + step] = Text(progress.Timeouts[i]);
                fields["retry_" + step] = Text(progress.Retries[i]);
                fields[step + "_duration"] = Text(workflow.IsAborted ? 0 : progress.Durations[i]);
            }
            _records.Add(new StatisticsRecord(fields));
        }
    }

    public JsonArray Save() => new([.. _records.Select(r =>
        (JsonNode?)new JsonArray([.. StatisticsRecord.FieldNames.Select(f => (JsonNode?)r[f])]))]);

    public void Load(JsonArray records)
    {
        _records.Clear();
        foreach (JsonArray values in records.OfType<JsonArray>())
            _records.Add(new StatisticsRecord(StatisticsRecord.FieldNames.Zip(values, (name, value) => (name, value))
                .ToDictionary(p => p.name, p => p.value?.GetValue<string>() ?? "")));
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
