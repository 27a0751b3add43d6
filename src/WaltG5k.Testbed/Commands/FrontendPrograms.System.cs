using System.Globalization;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed.Commands;

internal static partial class FrontendPrograms
{
    /// <summary>In the environment of a shell that runs on a node: its name. Without it a program runs on the front-end.</summary>
    public const string HostVariable = "HOSTNAME";

    const int UserId = 10042, GroupId = 8000;

    static string HostOf(CommandContext context) => context.Environment.GetValueOrDefault(HostVariable) ?? $"f{context.Site}";

    static int Identify(ProgramCall call)
    {
        string user = call.Context.User;
        call.Context.WriteLine(call.Context.Arguments switch
        {
            ["-u"] => UserId.ToString(CultureInfo.InvariantCulture),
            ["-g"] => GroupId.ToString(CultureInfo.InvariantCulture),
            ["-un"] or ["-nu"] => user,
            ["-gn"] or ["-ng"] => "g5k-users",
            _ => string.Create(CultureInfo.InvariantCulture, $"uid={UserId}({user}) gid={GroupId}(g5k-users) groups={GroupId}(g5k-users)"),
        });
        return 0;
    }

    static int WhoAmI(ProgramCall call)
    {
        call.Context.WriteLine(call.Context.User);
        return 0;
    }

    static int HostName(ProgramCall call)
    {
        string host = HostOf(call.Context);
        string shortName = host.Split('.')[0];
        call.Context.WriteLine(call.Has('s') ? shortName : call.Has('f') && shortName == host ? $"{host}.{call.Context.Site}.grid5000.fr" : host);
        return 0;
    }

    static int SystemName(ProgramCall call)
    {
        const string release = "6.1.0-40-amd64";
        string host = HostOf(call.Context).Split('.')[0];
        call.Context.WriteLine(call.Has('a') ? $"Linux {host} {release} #1 SMP PREEMPT_DYNAMIC Debian x86_64 GNU/Linux"
            : call.Has('n') ? host : call.Has('r') ? release : call.Has('m') ? "x86_64" : "Linux");
        return 0;
    }

    static int Date(ProgramCall call)
    {
        DateTimeOffset utc = call.Context.World.Time.GetUtcNow();
        DateTimeOffset local = call.Has('u') ? utc : TimeZoneInfo.ConvertTime(utc, ParisTime.Zone);
        if (call.Operands.FirstOrDefault(o => o.StartsWith('+')) is not { } format)
        {
            string zone = call.Has('u') ? "UTC" : ParisTime.Zone.IsDaylightSavingTime(local) ? "CEST" : "CET";
            call.Context.WriteLine(local.ToString("ddd MMM d HH:mm:ss", CultureInfo.InvariantCulture) + $" {zone} "
                + local.ToString("yyyy", CultureInfo.InvariantCulture));
            return 0;
        }
        var text = new System.Text.StringBuilder();
        for (int i = 1; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length) text.Append(format[i]);
            else text.Append(DateField(format[++i], utc, local));
        }
        call.Context.WriteLine(text.ToString());
        return 0;
    }

    static string DateField(char field, DateTimeOffset utc, DateTimeOffset local) => field switch
    {
        's' => utc.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'F' => local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        'T' => local.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        'Y' => local.ToString("yyyy", CultureInfo.InvariantCulture),
        'm' => local.ToString("MM", CultureInfo.InvariantCulture),
        'd' => local.ToString("dd", CultureInfo.InvariantCulture),
        'H' => local.ToString("HH", CultureInfo.InvariantCulture),
        'M' => local.ToString("mm", CultureInfo.InvariantCulture),
        'S' => local.ToString("ss", CultureInfo.InvariantCulture),
        'N' => (local.Ticks % TimeSpan.TicksPerSecond * 100).ToString("000000000", CultureInfo.InvariantCulture),
        'z' => (local.Offset < TimeSpan.Zero ? "-" : "+") + local.Offset.ToString("hhmm", CultureInfo.InvariantCulture),
        '%' => "%",
        _ => "%" + field,
    };

    static int WorkingDirectory(ProgramCall call)
    {
        call.Context.WriteLine(call.Files.CurrentDirectory);
        return 0;
    }

    static int Processors(ProgramCall call)
    {
        string host = HostOf(call.Context);
        call.Context.WriteLine(Text(call.Context.World.Nodes.TryGetValue(host, out NodeModel? node) ? Math.Max(1, node.Cluster.Cores) : 4));
        return 0;
    }
}
