using System.Text.Json;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>What has been read of a job so far. Where oarstat and the REST interface name a value differently, both names are known.</summary>
sealed class OarJobDraft
{
    long? _id, _arrayId, _submitted, _started, _scheduled, _stopped, _walltime, _exitCode, _arrayIndex, _resubmittedFrom;
    string? _name, _owner, _state, _queue, _command, _message, _reservation, _jobType, _wantedResources, _project, _properties, _directory,
        _outputFile, _errorFile;
    List<string>? _types, _nodes;
    List<long>? _dependencies;
    List<(long Id, OarJobEvent Event)>? _events;

    /// <summary>Takes the value that the reader stands on, and leaves the reader at its end.</summary>
    public void Take(scoped ReadOnlySpan<char> key, ref Utf8JsonReader reader)
    {
        switch (key)
        {
            case "Job_Id" or "id": _id = reader.ReadLong(); break;
            case "name": _name = reader.ReadText(); break;
            case "owner": _owner = reader.ReadText(); break;
            case "state": _state = reader.ReadText(); break;
            case "queue": _queue = reader.ReadText(); break;
            case "command": _command = reader.ReadText(); break;
            case "message": _message = reader.ReadText(); break;
            case "reservation": _reservation = reader.ReadText(); break;
            case "jobType" or "type": _jobType = reader.ReadText(); break;
            case "wanted_resources": _wantedResources = reader.ReadText(); break;
            case "project": _project = reader.ReadText(); break;
            case "properties": _properties = reader.ReadText(); break;
            case "launchingDirectory" or "launching_directory": _directory = reader.ReadText(); break;
            case "stdout_file": _outputFile = reader.ReadText(); break;
            case "stderr_file": _errorFile = reader.ReadText(); break;
            case "submissionTime" or "submission_time" or "submission": _submitted = reader.ReadLong(); break;
            case "startTime" or "start_time": _started = reader.ReadLong(); break;
            case "scheduledStart" or "scheduled_start": _scheduled = reader.ReadLong(); break;
            case "stopTime" or "stop_time": _stopped = reader.ReadLong(); break;
            case "walltime": _walltime = reader.ReadLong(); break;
            case "exit_code": _exitCode = reader.ReadLong(); break;
            case "array_id": _arrayId = reader.ReadLong(); break;
            case "array_index": _arrayIndex = reader.ReadLong(); break;
            case "resubmit_job_id": _resubmittedFrom = reader.ReadLong(); break;
            case "types": _types = reader.ReadTexts(); break;
            case "assigned_network_address": _nodes = reader.ReadTexts(); break;
            case "dependencies": _dependencies = reader.ReadLongs(); break;
            case "events": _events = ReadEvents(ref reader); break;
            default: reader.Skip(); break;
        }
    }

    /// <summary>The job, or null when no id is known.</summary>
    public OarJob? ToJob(string site, long? id) => (_id ?? id) is not { } jobId ? null : new OarJob
    {
        Site = site,
        Id = jobId,
        Name = _name,
        Owner = _owner ?? "",
        State = OarJobReader.ReadState(_state),
        Queue = _queue ?? "",
        Command = _command,
        Types = _types ?? [],
        Message = _message ?? "",
        IsReservation = _reservation is not (null or "None"),
        IsInteractive = _jobType == "INTERACTIVE",
        SubmittedAt = JsonTokens.ToDate(_submitted),
        StartedAt = JsonTokens.ToDate(_started),
        ScheduledAt = JsonTokens.ToDate(_scheduled),
        StoppedAt = JsonTokens.ToDate(_stopped),
        // No walltime is longer than what OAR's 32-bit column holds.
        Walltime = _walltime is > 0 and <= int.MaxValue and { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        ExitCode = _exitCode is >= int.MinValue and <= int.MaxValue and { } code ? (int)code : null,
        Nodes = SortNodes(_nodes),
        Events = SortEvents(_events),
        WantedResources = _wantedResources?.Trim() ?? "",
        Project = _project,
        Properties = _properties,
        Directory = _directory,
        OutputFile = _outputFile,
        ErrorFile = _errorFile,
        ArrayId = _arrayId,
        ArrayIndex = _arrayIndex is >= int.MinValue and <= int.MaxValue and { } index ? (int)index : null,
        Dependencies = _dependencies ?? [],
        ResubmittedFrom = _resubmittedFrom is > 0 ? _resubmittedFrom : null,
    };

    /// <summary>Nodes in the order that people count in, without the blank ones that VLANs give.</summary>
    internal static string[] SortNodes(IEnumerable<string>? nodes) =>
        nodes is null ? [] : [.. nodes.Where(n => n.Length > 0).Order(NaturalComparer.Instance)];

    static List<(long, OarJobEvent)>? ReadEvents(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }
        var events = new List<(long, OarJobEvent)>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) events.Add(ReadEvent(ref reader));
            else reader.Skip();
        }
        return events;
    }

    static (long, OarJobEvent) ReadEvent(ref Utf8JsonReader reader)
    {
        long? id = null, date = null;
        string? type = null, description = null;
        Span<char> buffer = stackalloc char[16];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<char> key = buffer[..reader.ReadKey(buffer)];
            reader.Read();
            switch (key)
            {
                case "event_id": id = reader.ReadLong(); break;
                case "date": date = reader.ReadLong(); break;
                case "type": type = reader.ReadText(); break;
                case "description": description = reader.ReadText(); break;
                default: reader.Skip(); break;
            }
        }
        return (id ?? 0, new OarJobEvent(JsonTokens.ToDate(date) ?? DateTimeOffset.UnixEpoch, type ?? "", description ?? ""));
    }

    /// <summary>They are mostly, but not always, printed in their order.</summary>
    static OarJobEvent[] SortEvents(List<(long Id, OarJobEvent Event)>? events) => events switch
    {
        null or [] => [],
        [(_, var only)] => [only],
        _ => [.. events.OrderBy(e => e.Event.Date).ThenBy(e => e.Id).Select(e => e.Event)],
    };
}
