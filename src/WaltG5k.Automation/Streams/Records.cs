namespace System.Management.Automation;

public enum ProgressRecordType { Processing, Completed }

/// <summary>One state of a progress bar.</summary>
public class ProgressRecord(int activityId, string activity, string statusDescription)
{
    public int ActivityId { get; } = activityId;
    public int ParentActivityId { get; set; } = -1;
    public string Activity { get; set; } = activity;
    public string StatusDescription { get; set; } = statusDescription;
    public string? CurrentOperation { get; set; }

    /// <summary>0 to 100, or -1 when unknown.</summary>
    public int PercentComplete
    {
        get;
        set => field = value <= 100 ? value : throw new PSArgumentException("PercentComplete cannot be greater than 100.", nameof(value));
    } = -1;

    /// <summary>-1 when unknown.</summary>
    public int SecondsRemaining { get; set; } = -1;
    public ProgressRecordType RecordType { get; set; }
    public override string ToString() =>
        $"parent = {ParentActivityId} id = {ActivityId} act = {Activity} stat = {StatusDescription} pct = {PercentComplete} type = {RecordType}";
}

public abstract class InformationalRecord
{
    internal InformationalRecord(string message) => Message = message;
    public string Message { get; set; }
    public override string ToString() => Message;
}

public class VerboseRecord(string message) : InformationalRecord(message);

public class WarningRecord(string message) : InformationalRecord(message);

public class DebugRecord(string message) : InformationalRecord(message);

public class InformationRecord(object messageData, string source)
{
    public object MessageData { get; } = messageData;
    public string Source { get; set; } = source;
    public List<string> Tags { get; } = [];
    public DateTime TimeGenerated { get; set; } = TimeProvider.System.GetLocalNow().DateTime;
    public override string ToString() => MessageData?.ToString() ?? "";
}

public enum ActionPreference { SilentlyContinue, Stop, Continue, Inquire, Ignore, Suspend }
