using System.Globalization;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>kastat3: what became of each node of each operation, as CSV without a header, and how often nodes failed.</summary>
internal sealed class StatisticsCommand(KadeployServer server) : IEmulatedCommand
{
    static readonly OptionTable s_options = new(
        "-a --all", "-b --failure-rate?", "-F --fields=", "-f --file=", "-m --machine=", "-o --operation=", "-r --min-retries=", "-s --retry-steps=",
        "-w --workflow-id=",
        "-x --date-min=", "-y --date-max=", "--limit=", "--sort=", "-h --help", "-v --version");

    public IReadOnlyList<string> Names => ["kastat3"];

    public Task<int> RunAsync(string name, CommandContext context)
    {
        try
        {
            ParsedOptions options = s_options.Parse(context.Arguments);
            if (options.Has("--help"))
            {
                context.WriteLine("Usage: kastat3 [options]\nContact: support-staff@lists.grid5000.fr");
                return Task.FromResult(0);
            }
            IReadOnlyList<StatisticsRecord> records = Select(context, options);
            if (options.Last("--failure-rate") is string rate) PrintRates(context, records, rate);
            else Print(context, records, ReadFields(options));
            return Task.FromResult(0);
        }
        catch (OptionException e)
        {
            context.WriteErrorLine("Option parsing error: " + e.Message);
            return Task.FromResult(1);
        }
        catch (RequestException e)
        {
            context.WriteErrorLine(e.Message);
            return Task.FromResult(e.Status);
        }
    }

    IReadOnlyList<StatisticsRecord> Select(CommandContext context, ParsedOptions options)
    {
        HashSet<string> nodes = [.. options.All("--machine").SelectMany(HostPattern.Expand),
            .. options.All("--file").SelectMany(f => ReadNodes(context, f))];
        char? letter = options.Last("--operation") switch
        {
            null => null,
            "deploy" => 'D',
            "reboot" => 'R',
            "power" => 'P',
            string other => throw new OptionException("invalid argument: -o " + other),
        };
        long? from = ReadDate(context, options, "--date-min", "-x"), to = ReadDate(context, options, "--date-max", "-y");
        int? retries = ReadNumber(options, "--min-retries", "-r"), limit = ReadNumber(options, "--limit", "--limit");
        string[] steps = options.Last("--retry-steps")?.Split(',') ?? [];
        IEnumerable<StatisticsRecord> records;
        lock (server.World.Sync)
        {
            records = [.. server.Statistics.Records.Where(r => r["hostname"].EndsWith($".{context.Site}.grid5000.fr", StringComparison.Ordinal)
                && (nodes.Count == 0 || nodes.Contains(r["hostname"])) && (letter is null || r["wid"][0] == letter)
                && (options.Last("--workflow-id") is not string id || r["wid"] == id)
                && (from is null || r.Number("start") >= from) && (to is null || r.Number("start") <= to) && HasRetries(r, retries, steps))];
        }
        if (options.Last("--sort") is string sort)
        {
            string[] keys = sort.Split(',');
            RequireFields(keys);
            records = records.Order(Comparer<StatisticsRecord>.Create((a, b) => Compare(a, b, keys)));
        }
        return [.. limit is int most ? records.Take(most) : records];
    }

    static bool HasRetries(StatisticsRecord record, int? least, string[] steps)
    {
        if (least is not int number) return true;
        return steps.Length > 0 ? steps.All(s => record.Number("retry_step" + s) >= number)
            : ((string[])["1", "2", "3"]).Any(s => record.Number("retry_step" + s) >= number);
    }

    static int Compare(StatisticsRecord a, StatisticsRecord b, string[] keys)
    {
        foreach (string key in keys)
        {
            bool areNumbers = long.TryParse(a[key], CultureInfo.InvariantCulture, out long x) & long.TryParse(b[key], CultureInfo.InvariantCulture,
                out long y);
            int order = areNumbers ? x.CompareTo(y) : string.CompareOrdinal(a[key], b[key]);
            if (order != 0) return order;
        }
        return 0;
    }

    static string[] ReadFields(ParsedOptions options)
    {
        if (options.Last("--fields") is not string text) return StatisticsRecord.FieldNames;
        string[] fields = text.Split(',');
        RequireFields(fields);
        return fields;
    }

    static void RequireFields(string[] fields)
    {
        string[] strangers = [.. fields.Except(StatisticsRecord.FieldNames)];
        if (strangers.Length > 0) throw RequestException.Client($"Invalid field(s) {string.Join(", ", strangers)}");
    }

    static void Print(CommandContext context, IReadOnlyList<StatisticsRecord> records, string[] fields)
    {
        foreach (StatisticsRecord record in records) context.WriteLine(string.Join(',', fields.Select(f => record[f])));
    }

    static void PrintRates(CommandContext context, IReadOnlyList<StatisticsRecord> records, string least)
    {
        double minimum = 0;
        if (least.Length > 0 && !(double.TryParse(least, CultureInfo.InvariantCulture, out minimum) && minimum is >= 0 and <= 1))
            throw new OptionException("invalid argument: -b " + least);
        foreach (IGrouping<string, StatisticsRecord> node in records.GroupBy(r => r["hostname"]).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            double rate = 1 - (double)node.Count(r => r.IsSuccess) / node.Count();
            if (rate < minimum) continue;
            string text = Math.Round(rate, 3).ToString("0.0##", CultureInfo.InvariantCulture);
            context.WriteLine($"{node.Key}: {text}");
        }
    }

    static IEnumerable<string> ReadNodes(CommandContext context, string file)
    {
        string content = file == "-" ? context.Input
            : FrontendFiles.ReadOrNull(context, file) ?? throw RequestException.Client($"The file '{file}' cannot be read");
        return content.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(l => l[0] != '#')
            .SelectMany(HostPattern.Expand);
    }

    static long? ReadDate(CommandContext context, ParsedOptions options, string name, string form)
    {
        if (options.Last(name) is not string text) return null;
        // A date is one of the front-end's own clock.
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date)
            ? new DateTimeOffset(date, context.World.Time.LocalTimeZone.GetUtcOffset(date)).ToUnixTimeSeconds()
            : throw new OptionException($"invalid argument: {form} {text}");
    }

    static int? ReadNumber(ParsedOptions options, string name, string form)
    {
        if (options.Last(name) is not string text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new OptionException($"invalid argument: {form} {text}");
    }
}
