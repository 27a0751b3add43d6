using System.Globalization;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar.Jobs;
using WaltG5k.Testbed.Oar.Resources;
using WaltG5k.Testbed.Oar.Sql;

namespace WaltG5k.Testbed.Oar.Commands;

sealed class OarnodesCommand(OarPart part) : OarCommand(part)
{
    static readonly OptionRule[] s_rules =
    [
        OptionRule.Flag("json|J"), OptionRule.Flag("state|s"), OptionRule.Flag("list|l"), OptionRule.Flag("version|V"), OptionRule.Flag("help|h"),
        OptionRule.Value("sql"), OptionRule.Value("resource|r"),
    ];

    protected override bool WaitsForDatabase => false;
    public override IReadOnlyList<string> Names { get; } = ["oarnodes"];

    protected override Task<int> RunAsync(string name, CommandContext context, OarServer server) => Task.FromResult(Run(context, server));

    static int Run(CommandContext context, OarServer server)
    {
        ParsedOptions options = OptionParser.Parse(context.Arguments, s_rules);
        if (options.Errors.Count > 0)
        {
            foreach (string error in options.Errors) context.WriteErrorLine(error);
            return 1;
        }
        if (options.Has("version")) return Print(context, [OarPart.VersionLine]);
        if (options.Has("help")) return Print(context, ["Usage: oarnodes [options] [host...]"]);
        if (options.Has("list")) return Print(context, ["", .. server.Table.Units.Where(u => u.Node is not null).Select(u => u.NetworkAddress)]);
        Random random = server.Read(r => new Random(r.Next()));
        if (options.Value("resource") is { } id) return PrintResource(context, server, id, random);
        if (Select(server, options) is not { } rows)
        {
            context.WriteErrorLine("[OAR::Nodes] encode_result: no result to encode at /usr/share/perl5/OAR/Nodes.pm line 23.");
            return 255;
        }
        if (options.Has("state") && options.Has("json") && options.Has("sql") && rows.ToArray() is { Length: > 0 } chosen)
            return PrintFlatStates(context, chosen, random);
        // A condition that is wrong, or that nothing fulfils, is forgotten.
        if (options.Has("state")) return PrintStates(context, options.Has("sql") ? server.Table.Rows : rows, options.Has("json"), random);
        if (!options.Has("json")) return Print(context, rows.SelectMany(DescribeRow));
        Dictionary<int, List<long>> holders = FindHolders(server);
        return Print(context, [.. PerlJson.WriteObject([.. rows.Select(r => KeyValuePair.Create(Number(r.Id), (object?)Describe(r, holders)))],
            random), ""]);
    }

    // Null: none of the hosts is known.
    static IEnumerable<ResourceRow>? Select(OarServer server, ParsedOptions options)
    {
        if (options.Value("sql") is { } sql)
        {
            try
            {
                return server.Table.RowsMatching(sql);
            }
            catch (SqlException)
            {
                // Lost on the way, as in oarstat.
                return [];
            }
        }
        if (options.Operands.Count == 0) return server.Table.Rows;
        ResourceUnit[] units = [.. options.Operands.Select(server.Table.FindHost).OfType<ResourceUnit>()];
        return units.Length == 0 ? null : units.SelectMany(ResourceTable.RowsOf);
    }

    static int PrintResource(CommandContext context, OarServer server, string given, Random random)
    {
        ResourceRow? row = TryParseId(given, out long id) && id <= int.MaxValue ? server.Table.FindRow((int)id) : null;
        object? document = row is { } found ? Describe(found, FindHolders(server)) : null;
        if (row is null) context.WriteErrorLine("Use of uninitialized value in string eq at /usr/share/perl5/OAR/Nodes.pm line 196.");
        return Print(context, [PerlJson.Write(new Dictionary<string, object?> { [given] = document }, random), ""]);
    }

    static int PrintStates(CommandContext context, IEnumerable<ResourceRow> rows, bool json, Random random)
    {
        if (!json)
        {
            return Print(context, rows.GroupBy(r => r.Unit)
                .SelectMany(g => (string[])[g.Key.NetworkAddress, .. g.Select(r => $"    {Number(r.Id)} : {r.Unit.State}")]));
        }
        var states = rows.GroupBy(r => r.Unit.NetworkAddress)
            .Select(g => KeyValuePair.Create(g.Key, (object?)g.ToDictionary(r => Number(r.Id), object? (r) => ShownState(r))));
        return Print(context, [.. PerlJson.WriteObject([.. states], random), ""]);
    }

    // A node that sleeps to save energy is told apart here, and only here.
    static string ShownState(ResourceRow row) => row.Unit.Node?.IsStandby == true ? "Absent (standby)" : row.Unit.State;

    static int PrintFlatStates(CommandContext context, IEnumerable<ResourceRow> rows, Random random) =>
        Print(context, [.. PerlJson.WriteObject([.. rows.Select(r => KeyValuePair.Create(Number(r.Id), (object?)r.Unit.State))], random), ""]);

    static Dictionary<string, object?> Describe(ResourceRow row, Dictionary<int, List<long>> holders)
    {
        Dictionary<string, object?> document = ResourceDocument.Create(row);
        if (holders.TryGetValue(row.Unit.Index, out List<long>? jobs)) document["jobs"] = string.Join(", ", jobs);
        return document;
    }

    static Dictionary<int, List<long>> FindHolders(OarServer server) => server.Read(_ =>
    {
        var holders = new Dictionary<int, List<long>>();
        foreach (OarJob job in server.OpenJobs.Where(j => j.IsActive))
        {
            foreach (int index in job.Units!.Indexes())
            {
                if (!holders.TryGetValue(index, out List<long>? jobs)) holders[index] = jobs = [];
                jobs.Add(job.Id);
            }
        }
        return holders;
    });

    static IEnumerable<string> DescribeRow(ResourceRow row) =>
    [
        $"network_address: {row.Unit.NetworkAddress}",
        $"resource_id: {Number(row.Id)}",
        $"state: {row.Unit.State}",
        "properties: " + string.Join(", ", ResourceColumns.All.Where(c => !c.IsInternal && c.Get(row) is not null)
            .Select(c => $"{c.Name}={Convert.ToString(c.Get(row), CultureInfo.InvariantCulture)}")),
        "",
    ];

    static int Print(CommandContext context, IEnumerable<string> lines)
    {
        foreach (string line in lines) context.WriteLine(line);
        return 0;
    }

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
