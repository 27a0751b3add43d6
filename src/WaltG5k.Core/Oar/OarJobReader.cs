using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>
/// Reads jobs in one pass over their JSON, whether oarstat or the REST interface wrote it: keys in any order, unknown ones passed over, missing ones,
/// nulls and values of another kind taken as "not known". Lines of oarstat are read as they come.
/// </summary>
sealed class OarJobReader
{
    readonly List<OarJob> _jobs = [];
    readonly JsonMembers _members;
    readonly string _site;

    public OarJobReader(string site)
    {
        _site = site;
        _members = new JsonMembers(member => ReadJobs(site, member, _jobs));
    }

    /// <summary>The jobs of a whole answer of <c>oarstat -J</c>, in the order of their ids. Nothing printed means no job.</summary>
    /// <exception cref="G5kException"><c>OarOutputUnreadable</c>.</exception>
    public static IReadOnlyList<OarJob> Read(string site, string output)
    {
        var reader = new OarJobReader(site);
        foreach (Range line in output.AsSpan().Split('\n')) reader._members.Take(output.AsSpan(line));
        return reader.ToList();
    }

    /// <summary>Takes a line of oarstat's answer.</summary>
    public void Take(OutputLine line)
    {
        if (!line.IsError) _members.Take(line.Text);
    }

    /// <summary>The jobs read, in the order of their ids, once the last line has been taken.</summary>
    /// <exception cref="G5kException"><c>OarOutputUnreadable</c>.</exception>
    public IReadOnlyList<OarJob> ToList()
    {
        if (_members.Failure is { } failure) throw OarFailures.Unreadable(_site, "oarstat -J -f", failure);
        _jobs.Sort((a, b) => a.Id.CompareTo(b.Id));
        return _jobs;
    }

    /// <summary>One job as REST describes it, or null when it has no id.</summary>
    /// <exception cref="JsonException">The text is no JSON object.</exception>
    public static OarJob? ReadOne(string site, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("No object.");
        return ReadJob(site, ref reader, null);
    }

    static void ReadJobs(string site, ReadOnlySpan<byte> json, List<OarJob> jobs)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            long? id = reader.ReadNumberText();
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) reader.Skip();
            else if (ReadJob(site, ref reader, id) is { } job) jobs.Add(job);
        }
    }

    /// <param name="id">The id by which the job is listed, for want of one inside.</param>
    static OarJob? ReadJob(string site, ref Utf8JsonReader reader, long? id)
    {
        var draft = new OarJobDraft();
        Span<char> buffer = stackalloc char[40];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<char> key = buffer[..reader.ReadKey(buffer)];
            reader.Read();
            draft.Take(key, ref reader);
        }
        return draft.ToJob(site, id);
    }

    /// <summary>OAR writes <c>toLaunch</c> and <c>Waiting</c>.</summary>
    internal static OarJobState ReadState(string? text) =>
        text is { Length: > 0 } && char.IsAsciiLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out OarJobState state)
        ? state
        : OarJobState.Unknown;
}
