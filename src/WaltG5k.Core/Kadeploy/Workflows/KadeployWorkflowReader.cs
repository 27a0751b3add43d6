using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Reads what <c>kanodes3 -d</c>, <c>-r</c> and <c>-p</c> print: YAML whose keys are Ruby's symbols, <c>:wid:</c>, or plain words.</summary>
static class KadeployWorkflowReader
{
    /// <exception cref="G5kException"><c>KadeployAnswerUnreadable</c>.</exception>
    public static IReadOnlyList<KadeployWorkflow> Read(string site, string output)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(output));
        }
        catch (YamlException e)
        {
            throw new G5kException("KadeployAnswerUnreadable", ErrorKind.ProtocolError, $"What kanodes3 at {site} prints is no YAML: {e.Message}",
                site,
                $"Look at it on the front-end of {site}: kanodes3 -d", e);
        }
        if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlSequenceNode list) return [];
        return [.. list.OfType<YamlMappingNode>().Select(item => ReadWorkflow(site, item)).OfType<KadeployWorkflow>()];
    }

    static KadeployWorkflow? ReadWorkflow(string site, YamlMappingNode item)
    {
        if (Text(item, "wid") is not { Length: > 2 } id) return null;
        YamlNode? nodes = Find(item, "nodes");
        YamlMappingNode? byState = nodes as YamlMappingNode, environment = Find(item, "environment") as YamlMappingNode;
        string[] ok = Names(Find(byState, "ok")), ko = Names(Find(byState, "ko")), processing = Names(Find(byState, "processing"));
        return new KadeployWorkflow
        {
            Id = id,
            Site = site,
            User = Text(item, "user") ?? "",
            IsDone = Text(item, "done") == "true",
            HasError = Text(item, "error") == "true",
            StartedAt = DateTimeOffset.FromUnixTimeSeconds(long.TryParse(Text(item, "start_time"), CultureInfo.InvariantCulture, out long start)
            ? start
            : 0),
            Elapsed = double.TryParse(Text(item, "time"), NumberStyles.Float, CultureInfo.InvariantCulture, out double time)
            ? TimeSpan.FromSeconds(time)
            : TimeSpan.Zero,
            Environment = Text(environment, "name"),
            EnvironmentVersion = long.TryParse(Text(environment, "version"), CultureInfo.InvariantCulture, out long version) ? version : null,
            EnvironmentUser = Text(environment, "user"),
            OkNodes = ok,
            KoNodes = ko,
            ProcessingNodes = processing,
            Nodes = byState is null ? Names(nodes) : [.. ok, .. ko, .. processing],
        };
    }

    static YamlNode? Find(YamlMappingNode? map, string key) =>
        map?.Children.FirstOrDefault(c => c.Key is YamlScalarNode { Value: { } name } && name.AsSpan().TrimStart(':').SequenceEqual(key)).Value;

    static string? Text(YamlMappingNode? map, string key) => Find(map, key) is YamlScalarNode { Value: { Length: > 0 } value } ? value : null;

    static string[] Names(YamlNode? node) => node is YamlSequenceNode list ? [.. list.OfType<YamlScalarNode>().Select(n => n.Value ?? "")] : [];
}
