using System.Globalization;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;

namespace WaltG5k.Testbed.Kavlan;

/// <summary>A refusal, with its text for standard error; the status is 1.</summary>
internal sealed class KavlanException(string message) : Exception(message);

/// <summary>kavlan.</summary>
internal sealed class KavlanCommand : IEmulatedCommand
{
    const string NoRights = "User does not have appropriate rights on VLAN, abort";

    static readonly OptionTable s_options = new(
        "-V --get-vlan-id", "-l --list", "-s --set", "-g --get", "-e --enable-dhcp", "-d --disable-dhcp", "-i --vlan-id=", "-m --machine=",
        "-f --filenode=",
        "-j --oar-jobid=", "-u --user=", "-r --get-network-range", "-F --freeze", "-q --quiet", "-v --verbose", "-h --help");

    public IReadOnlyList<string> Names => ["kavlan"];

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        try
        {
            ParsedOptions options = s_options.Parse(context.Arguments);
            if (options.Has("--set")) return await SetAsync(context, options).ConfigureAwait(false);
            if (options.Has("--get") && !IsOld(context)) return await GetAsync(context, options).ConfigureAwait(false);
            await KavlanSwitch.PassAsync(context.World, 0, context.Interrupted).ConfigureAwait(false);
            if (options.Has("--get")) return Print(context, FindVlan(context, options).Gateway);
            if (options.Has("--get-network-range")) return Print(context, FindVlan(context, options).Network);
            if (options.Has("--get-vlan-id")) return PrintVlans(context, FindJob(context, options));
            if (options.Has("--list")) return PrintNodes(context, FindJob(context, options));
            if (options.Has("--enable-dhcp")) return SwitchDhcp(context, options, true);
            if (options.Has("--disable-dhcp")) return SwitchDhcp(context, options, false);
            if (!options.Has("--help")) throw new KavlanException("no action specified, abort");
            context.WriteLine("Usage: kavlan [options]");
            return 0;
        }
        catch (Exception e) when (e is KavlanException or OptionException)
        {
            context.WriteErrorLine(e.Message);
            return 1;
        }
    }

    static async Task<int> SetAsync(CommandContext context, ParsedOptions options)
    {
        TestbedWorld world = context.World;
        string target = options.Last("--vlan-id") ?? throw new KavlanException("No VLAN found, abort!");
        List<(string Address, NodeModel Node, NicModel Nic)> nics;
        lock (world.Sync)
        {
            if (target != "DEFAULT") RequireVlan(context, target);
            nics = ReadNics(context, options);
            HashSet<NodeModel> own = world.FindDeployableNodes(context.User);
            foreach ((string address, NodeModel node, NicModel nic) in nics)
            {
                if (node.Site != context.Site || !own.Contains(node))
                    throw new KavlanException($"User does not have appropriate rights on node {address}, abort");
                if (!nic.Kavlan) throw new KavlanException($"no port is known for {address}, abort");
            }
        }
        await KavlanSwitch.PassAsync(world, nics.Count, context.Interrupted).ConfigureAwait(false);
        foreach ((string address, NodeModel node, NicModel nic) in nics)
        {
            KavlanSwitch.Move(world, address, node, nic, target);
            // It says so whether the switch obeyed or not.
            if (!options.Has("--quiet")) context.WriteLine(
                $" ... node {address} changed to vlan {(target == "DEFAULT" ? target : "KAVLAN-" + target)}");
        }
        if (!options.Has("--quiet")) context.WriteLine($" all nodes are configured in the vlan {target}");
        world.NotifyChanged();
        return 0;
    }

    static async Task<int> GetAsync(CommandContext context, ParsedOptions options)
    {
        List<(string Address, NodeModel Node, NicModel Nic)> nics = ReadNics(context, options);
        await KavlanSwitch.PassAsync(context.World, nics.Count, context.Interrupted).ConfigureAwait(false);
        lock (context.World.Sync)
        {
            foreach ((string address, NodeModel node, NicModel nic) in nics) context.WriteLine($"{address}: {node.GetVlan(nic.Device)}");
        }
        return 0;
    }

    /// <summary>The site has a version in which -g told the gateway.</summary>
    static bool IsOld(CommandContext context) => context.World.Faults.Strikes(FaultNames.KavlanOld, context.Site);

    static int Print(CommandContext context, string line)
    {
        context.WriteLine(line);
        return 0;
    }

    /// <summary>The VLAN that is named, or that of the job.</summary>
    static VlanModel FindVlan(CommandContext context, ParsedOptions options)
    {
        lock (context.World.Sync)
        {
            VlanModel? vlan = options.Last("--vlan-id") is { } id ? context.World.FindVlan(context.Site, id) : FindJob(context,
                options).Vlans.FirstOrDefault();
            return vlan ?? throw new KavlanException("No VLAN found, abort!");
        }
    }

    static int PrintVlans(CommandContext context, JobModel job)
    {
        if (job.Vlans.Count == 0) context.WriteLine("no vlan found");
        foreach (VlanModel vlan in job.Vlans) context.WriteLine(vlan.Id.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    static int PrintNodes(CommandContext context, JobModel job)
    {
        lock (context.World.Sync)
        {
            foreach (NodeModel node in job.Nodes)
            {
                foreach (NicModel nic in node.Nics)
                {
                    if (context.World.FindVlan(node.Site, node.GetVlan(nic.Device)) is not VlanModel vlan || !job.Vlans.Contains(vlan)) continue;
                    string adapter = nic.Mounted ? "" : "-" + nic.Device;
                    context.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{node.ShortName}{adapter}-kavlan-{vlan.Id}.{node.Site}.grid5000.fr"));
                }
            }
        }
        return 0;
    }

    static int SwitchDhcp(CommandContext context, ParsedOptions options, bool enabled)
    {
        lock (context.World.Sync)
        {
            string id = options.Last("--vlan-id") ?? FindJob(context, options).Vlans.FirstOrDefault()?.Id.ToString(CultureInfo.InvariantCulture)
                ?? "";
            RequireVlan(context, id).DhcpEnabled = enabled;
        }
        if (!options.Has("--quiet")) context.WriteLine($"{(enabled ? "enable" : "disable")} dhcp: done");
        context.World.NotifyChanged();
        return 0;
    }

    static VlanModel RequireVlan(CommandContext context, string id)
    {
        VlanModel vlan = context.World.FindVlan(context.Site, id) ?? throw new KavlanException("No VLAN found, abort!");
        return context.World.MayUseVlan(context.User, vlan, context.Site) ? vlan : throw new KavlanException(NoRights);
    }

    /// <summary>Outside the job's own shell the job has to be named.</summary>
    static JobModel FindJob(CommandContext context, ParsedOptions options)
    {
        string? text = options.Last("--oar-jobid") ?? context.Environment.GetValueOrDefault("OAR_JOB_ID");
        lock (context.World.Sync)
        {
            return long.TryParse(text, CultureInfo.InvariantCulture, out long id)
                && context.World.Jobs.TryGetValue((context.Site, id), out JobModel? job)
                && job.IsRunning && job.User == context.User
                ? job : throw new KavlanException("No VLAN found, abort!");
        }
    }

    /// <summary>The NICs named on the command line; a name that nobody knows is left out without a word.</summary>
    static List<(string Address, NodeModel Node, NicModel Nic)> ReadNics(CommandContext context, ParsedOptions options)
    {
        List<string> addresses = [.. options.All("--machine").SelectMany(HostPattern.Expand)];
        if (options.Last("--filenode") is string file)
        {
            string content = file == "-" ? context.Input
                : FrontendFiles.ReadOrNull(context, file) ?? throw new KavlanException($"can't open file {file}, abort");
            addresses.AddRange(content.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
        if (addresses.Count == 0) addresses.AddRange(FindJob(context, options).Nodes.Select(n => n.Name));
        List<(string, NodeModel, NicModel)> nics = [];
        foreach (string address in addresses.Distinct(StringComparer.Ordinal))
        {
            if (context.World.TryFindNic(context.Site, address, out NodeModel? node, out NicModel? nic)) nics.Add((address, node, nic));
        }
        return nics;
    }
}
