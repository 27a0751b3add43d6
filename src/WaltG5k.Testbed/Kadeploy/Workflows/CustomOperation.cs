using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>A step that the user adds or puts in the place of another (<c>--custom-steps</c>).</summary>
/// <param name="MacroBase">The beginning of the macro-step's name.</param>
/// <param name="Target">pre-ops, post-ops or substitute.</param>
/// <param name="Action">exec, send or run.</param>
internal sealed record CustomOperation(string MacroBase, string MicroStep, string Target, string Name, string Action, int Timeout)
{
    const double Seconds = 1;
    static readonly string[] s_targets = ["pre-ops", "post-ops", "substitute"];

    /// <exception cref="RequestException">The file is not of the form <c>MacroBase: {microstep: {pre-ops: […], post-ops: […], substitute:
    /// […]}}</c>.</exception>
    public static IReadOnlyList<CustomOperation> Parse(string file, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 0) throw Invalid(file, "it is empty");
            return [.. Entries(stream.Documents[0].RootNode).SelectMany(macro => Entries(macro.Value).SelectMany(micro => Entries(micro.Value)
                .Where(target => target.Key != "override").SelectMany(target => Read(file, macro.Key, micro.Key, target.Key, target.Value))))];
        }
        catch (YamlException e)
        {
            throw Invalid(file, e.Message);
        }
    }

    /// <summary>The micro-steps of a macro-step with what the user adds to them.</summary>
    public static IEnumerable<MicroStep> Insert(IReadOnlyList<CustomOperation> operations, MacroStep macro, TestbedWorld world)
    {
        CustomOperation[] mine = [.. operations.Where(o => macro.Name.StartsWith(o.MacroBase, StringComparison.Ordinal))];
        foreach (MicroStep micro in macro.Steps)
        {
            CustomOperation[] here = [.. mine.Where(o => o.MicroStep == micro.Name)];
            foreach (CustomOperation before in here.Where(o => o.Target == "pre-ops")) yield return before.ToStep("custom_pre", world);
            CustomOperation[] instead = [.. here.Where(o => o.Target == "substitute")];
            if (instead.Length == 0) yield return micro;
            foreach (CustomOperation substitute in instead) yield return substitute.ToStep("custom_sub", world);
            foreach (CustomOperation after in here.Where(o => o.Target == "post-ops")) yield return after.ToStep("custom_post", world);
        }
    }

    MicroStep ToStep(string kind, TestbedWorld world) => world.Timed($"{MicroStep}-{Name}", Seconds) with
    {
        TimedName = $"{kind}_{MicroStep}-{Name}",
        DetailLevel = 4,
        Detail = _ => Action switch { "send" => "Sending custom file", "run" => "Executing custom script", _ => "Executing custom command" },
        Command = Action == "send" ? null : Name,
    };

    static IEnumerable<CustomOperation> Read(string file, string macro, string micro, string target, YamlNode list)
    {
        if (!s_targets.Contains(target)) throw Invalid(file, $"unexpected key '{target}'");
        if (list is not YamlSequenceNode items) throw Invalid(file, $"'{target}' is no list");
        foreach (YamlNode item in items)
        {
            Dictionary<string, YamlNode> fields = Entries(item).ToDictionary(e => e.Key, e => e.Value);
            string name = Text(fields, "name") ?? throw Invalid(file, "the field 'name' is missing");
            string action = Text(fields, "action") ?? throw Invalid(file, "the field 'action' is missing");
            string need = action switch { "exec" => "command", "send" or "run" => "file", _ => throw Invalid(file, $"Invalid action '{action}'") };
            if (Text(fields, need) is null) throw Invalid(file, $"the field '{need}' is missing");
            _ = int.TryParse(Text(fields, "timeout"), CultureInfo.InvariantCulture, out int timeout);
            yield return new CustomOperation(macro, micro, target, name, action, timeout);
        }
    }

    static string? Text(Dictionary<string, YamlNode> fields, string key) => (fields.GetValueOrDefault(key) as YamlScalarNode)?.Value;

    static IEnumerable<KeyValuePair<string, YamlNode>> Entries(YamlNode node) => node is YamlMappingNode map
        ? map.Children.Select(c => KeyValuePair.Create($"{c.Key}", c.Value))
        : [];

    static RequestException Invalid(string file, string why) => RequestException.Client($"Invalid custom operations file '{file}': {why}");
}
