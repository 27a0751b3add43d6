namespace WaltG5k.Testbed.Kadeploy;

/// <summary>What Kadeploy knows of a node during an operation, and keeps in its statistics afterwards.</summary>
internal sealed class WorkflowNode(NodeModel node)
{
    /// <summary>The statistics have room for that many macro-steps.</summary>
    public const int StepCount = 3;

    public NodeModel Node => node;
    public string Macro { get; set; } = "";
    public string Micro { get; set; } = "";
    /// <summary>ok, ko, reboot_in_progress, rebooted, brk or discarded; empty before the first step.</summary>
    public string State { get; set; } = "";
    /// <summary><c>Macro-micro: reason</c>.</summary>
    public string? Error { get; set; }
    /// <summary>Null: the operation is not through with it.</summary>
    public bool? IsOk { get; set; }

    public string[] Steps { get; } = ["", "", ""];
    public int[] Timeouts { get; } = new int[StepCount];
    public int[] Retries { get; } = new int[StepCount];
    public int[] Durations { get; } = new int[StepCount];
}
