using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Oar;

/// <summary>Collects what a command of OAR prints as one large object: <c>{"id": {…}, …}</c>, one row for each id.</summary>
sealed class OarRows
{
    readonly List<OarResource> _rows = [];
    readonly JsonMembers _members;

    public OarRows(Func<long?, JsonElement, OarResource?> read) => _members = new JsonMembers(member =>
    {
        foreach (JsonProperty row in JsonSerializer.Deserialize<JsonElement>(member).EnumerateObject())
        {
            if (read(long.TryParse(row.Name, out long id) ? id : null, row.Value) is { } resource) _rows.Add(resource);
        }
    });

    public void Take(OutputLine line)
    {
        if (!line.IsError) _members.Take(line.Text);
    }

    /// <exception cref="G5kException"><c>OarOutputUnreadable</c>.</exception>
    public List<OarResource> ToList(string site, string command) =>
        _members.Failure is { } failure ? throw OarFailures.Unreadable(site, command, failure) : _rows;
}
