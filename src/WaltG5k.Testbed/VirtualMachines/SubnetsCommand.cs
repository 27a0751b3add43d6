using System.Globalization;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Oar.Resources;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>
/// g5k-subnets: the subnets of a job as prefixes (<c>-p</c>), addresses (<c>-i</c>), addresses with the MACs that the site's DHCP servers know
/// (<c>-i -m</c>), or everything (<c>-a</c>).
/// </summary>
internal sealed class SubnetsCommand : IEmulatedCommand
{
    static readonly TimeSpan s_query = TimeSpan.FromSeconds(0.6);

    public IReadOnlyList<string> Names { get; } = ["g5k-subnets"];

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        string letters = "";
        string? job = context.Environment.GetValueOrDefault("OAR_JOB_ID");
        for (int i = 0; i < context.Arguments.Count; i++)
        {
            string argument = context.Arguments[i];
            if (argument is "-j" or "--job" && i + 1 < context.Arguments.Count) job = context.Arguments[++i];
            else if (argument is ['-', not '-', ..]) letters += argument[1..];
            else return Fail(context, $"Unknown option: {argument}");
        }
        // oarproperties are written together with the job's start.
        if (letters.Contains('j', StringComparison.Ordinal) || !long.TryParse(job, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
            return Fail(context, "No job id given, use -j");
        await context.World.PassAsync(s_query, context.Interrupted).ConfigureAwait(false);
        string[] subnets;
        lock (context.World.Sync)
        {
            if (!context.World.Jobs.TryGetValue((context.Site, id), out JobModel? found) || found is not { IsRunning: true })
                return Fail(context, $"Job {id} is not running");
            subnets = [.. found.Subnets];
        }
        if (subnets.Length == 0) return Fail(context, $"No subnet in job {id}");
        int block = ResourceColumns.SubnetBlock(context.Site);
        foreach (string subnet in subnets) Print(context, subnet, letters, block);
        return 0;
    }

    static void Print(CommandContext context, string subnet, string letters, int block)
    {
        if (letters.Contains('i', StringComparison.Ordinal))
        {
            var network = System.Net.IPNetwork.Parse(subnet);
            byte[] first = network.BaseAddress.GetAddressBytes();
            int start = first[1] << 16 | first[2] << 8 | first[3], size = 1 << (32 - network.PrefixLength);
            for (int address = start + 1; address < start + size - 1; address++)
            {
                (int a, int b, int c) = (address >> 16 & 255, address >> 8 & 255, address & 255);
                string mac = letters.Contains('m', StringComparison.Ordinal)
                    ? string.Create(CultureInfo.InvariantCulture, $"\t00:16:3E:{a:X2}:{b:X2}:{c:X2}")
                    : "";
                context.WriteLine(string.Create(CultureInfo.InvariantCulture, $"10.{a}.{b}.{c}{mac}"));
            }
        }
        else if (letters.Contains('a', StringComparison.Ordinal))
        {
            string gateway = string.Create(CultureInfo.InvariantCulture, $"10.{block + 3}.255.254");
            context.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{subnet}\t10.{block + 3}.255.255\t255.252.0.0\t{gateway}\t10.{block}.0.0\tdns.{context.Site}.grid5000.fr\t10.{block + 3}.252.7"));
        }
        else
        {
            context.WriteLine(subnet);
        }
    }

    static int Fail(CommandContext context, string message)
    {
        context.WriteErrorLine($"g5k-subnets: {message}");
        return 1;
    }
}
