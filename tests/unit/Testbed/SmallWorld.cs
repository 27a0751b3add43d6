using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Kavlan;
using WaltG5k.Testbed.Time;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Tests.Testbed;

/// <summary>
/// Two sites made by hand, on a clock that jumps: nancy with gros (4 nodes, BIOS), grisou (2) and gruss (2, UEFI); rennes with parasilo (3). eth0 is
/// the main NIC, eth1 is under KaVLAN too, eth2 is not.
/// </summary>
sealed class SmallWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 24, 9, 0, 0, TimeSpan.Zero);

    readonly VirtualClock _clock = new(Start, 0, forClientsOnly: true);
    readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    readonly string _home = Directory.CreateTempSubdirectory("waltg5k-tests-").FullName;

    public SmallWorld(params string[] faults)
    {
        Dictionary<string, SiteModel> sites = new()
        {
            ["nancy"] = CreateSite("nancy", 14, ("gros", 4, "bios"), ("grisou", 2, "bios"), ("gruss", 2, "uefi")),
            ["rennes"] = CreateSite("rennes", 16, ("parasilo", 3, "bios")),
        };
        World = new TestbedWorld
        {
            Time = _clock,
            User = "jdoe",
            HomeDirectory = _home,
            Sites = sites,
            Nodes = sites.Values.SelectMany(s => s.Clusters).SelectMany(c => c.Nodes).ToDictionary(n => n.Name),
            Faults = new FaultBox([.. faults.Select(FaultSpecification.Parse)], 1),
        };
        World.Parts.Add(new KadeployPart(World));
        World.Parts.Add(new KavlanPart(World));
        World.Parts.Add(Walt = new WaltPart(World));
    }

    public TestbedWorld World { get; }
    public WaltPart Walt { get; }
    public CancellationToken Limit => _limit.Token;
    public string Home => _home;
    public double Now => (_clock.GetUtcNow() - Start).TotalSeconds;

    /// <summary>The clock as clients see it: it moves while they wait.</summary>
    public TimeProvider ClientTime => _clock.ForClients;

    public IFrontend Frontend(string site) => new TestbedFrontend(World, site, _clock.ForClients, null, CancellationToken.None);

    /// <summary>A client of a WalT server, as the module's own.</summary>
    public WaltServer Client(WaltHost host) => new(Frontend(host.Site), host.Node.Name, "walt-g5k", ClientTime);

    public NodeModel Node(string shortName) => World.Nodes.Values.Single(n => n.ShortName == shortName);

    public JobModel AddJob(string site, int? vlan, params string[] nodes)
    {
        JobModel job = new(site, 1000 + World.Jobs.Count) { User = "jdoe", State = "Running" };
        job.Types.Add("deploy");
        job.Nodes.AddRange(nodes.Select(Node));
        if (vlan is int id) job.Vlans.Add(World.Sites[site].Vlans[id]);
        World.Jobs[(site, job.Id)] = job;
        return job;
    }

    public void Attach(string shortName, string device, string vlan) => Node(shortName).Vlans[device] = vlan;

    /// <summary>Makes gros-4 a WalT server with its second NIC in a VLAN in which Grid'5000's DHCP is off, and those nodes its own.</summary>
    public WaltHost AddWaltServer(int vlan, params string[] nodes)
    {
        NodeModel server = Node("gros-4");
        World.NodeLife.Install(server, "walt-server-10.0");
        World.NodeLife.DiskOf(server).Files[WaltSetup.MarkerFile] = "";
        server.System = "walt-server-10.0";
        Attach("gros-4", "eth1", $"{vlan}");
        World.FindVlan("nancy", $"{vlan}")!.DhcpEnabled = false;
        WaltHost host = Walt.SetUp(server, server.Nics[1]);
        for (int i = 0; i < nodes.Length; i++)
        {
            Attach(nodes[i], "eth0", $"{vlan}");
            host.Devices.Register("walt.node.pc-x86-64", $"192.168.204.{i + 2}", Node(nodes[i]).MainNic!.Mac, nodes[i], host.Images.Default.Id);
        }
        return host;
    }

    /// <summary>A node that has booted WalT, without the time that this takes.</summary>
    public void PutUp(WaltHost host, params string[] nodes)
    {
        foreach (string name in nodes)
        {
            (Node(name).System, Node(name).Power) = ("walt:" + host.Images.Default.Id, NodePower.Up);
            lock (World.Sync) host.MarkBooted(host.Devices.ByName(name)!);
        }
    }

    public async Task<RpcConnection> ConnectAsync(WaltHost host, string api = "CSAPI")
        => await RpcConnection.OpenAsync(World.Endpoints[(host.Node.Name, 12345)], api, _clock, Limit);

    /// <summary>Lets virtual time pass.</summary>
    public Task PassAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), _clock.ForClients, Limit);

    /// <summary>Lets virtual time pass until that is done.</summary>
    public async Task AwaitAsync(Task task)
    {
        using IDisposable awaited = _clock.Await();
        // On the pool, so that the clock stops with the task and not when the test's own thread is free.
        await task.WaitAsync(Limit).ConfigureAwait(false);
    }

    /// <summary>Lets virtual time pass until that is done.</summary>
    public async Task<T> AwaitAsync<T>(Task<T> task)
    {
        await AwaitAsync((Task)task);
        return await task;
    }

    /// <summary>Lets virtual time pass until that holds.</summary>
    public async Task<double> UntilAsync(Func<bool> holds)
    {
        while (!holds()) await PassAsync(0.5);
        return Now;
    }

    public Task<Run> RunAsync(string site, params string[] words) => RunAsync(site, words, "", false, Limit);

    public async Task<Run> RunAsync(string site, string[] words, string input, bool terminal, CancellationToken interrupted,
        Action<string>? onLine = null)
    {
        Run run = new();
        double start = Now;
        // Time passes while somebody waits for the program, not between two of them.
        using IDisposable awaited = _clock.Await();
        run.Status = await Task.Run(() => World.Commands[words[0]].RunAsync(words[0], new CommandContext
        {
            World = World,
            Site = site,
            User = "jdoe",
            Arguments = words[1..],
            Input = input,
            Environment = new Dictionary<string, string>(),
            Terminal = terminal,
            WriteLine = text =>
            {
                lock (run) run.Blocks.Add(text);
                onLine?.Invoke(text);
            },
            WriteErrorLine = text => { lock (run) run.Errors.Add(text); },
            Interrupted = interrupted,
        }), Limit).ConfigureAwait(false);
        run.Seconds = Now - start;
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ITestbedPart part in Enumerable.Reverse(World.Parts)) await part.DisposeAsync();
        _clock.Dispose();
        _limit.Dispose();
        Directory.Delete(_home, true);
    }

    static SiteModel CreateSite(string name, int globalVlan, params (string Cluster, int Count, string Boot)[] clusters)
    {
        SiteModel site = new(name);
        for (int id = 1; id <= 9; id++) site.Vlans[id] = new VlanModel(name, id, id <= 3 ? "kavlan-local" : "kavlan");
        site.Vlans[globalVlan] = new VlanModel(name, globalVlan, "kavlan-global");
        foreach ((string cluster, int count, string boot) in clusters)
        {
            ClusterModel model = new(name, cluster) { BootType = boot };
            for (int i = 1; i <= count; i++) model.Nodes.Add(new NodeModel(model, i) { Nics = CreateNics(globalVlan, cluster, i) });
            site.Clusters.Add(model);
        }
        return site;
    }

    static NicModel[] CreateNics(int site, string cluster, int node) =>
    [
        new("eth0", "eno1", "bnxt", 25, true, true, true, true, "E", Mac(site, cluster, node, 0)),
        new("eth1", "eno2", "bnxt", 25, false, true, true, true, "E", Mac(site, cluster, node, 1)),
        new("eth2", "eno3", "igb", 1, false, true, true, false, "E", Mac(site, cluster, node, 2)),
    ];

    static string Mac(int site, string cluster, int node, int nic) => $"b0:26:{site:x2}:{cluster.Sum(c => c) % 256:x2}:{node:x2}:0{nic}";

    /// <summary>What a program did.</summary>
    public sealed class Run
    {
        public int Status { get; set; }
        public double Seconds { get; set; }
        public List<string> Blocks { get; } = [];
        public List<string> Errors { get; } = [];
        public string[] Lines => [.. Blocks.SelectMany(b => b.Split('\n'))];
        public string Error => string.Join("\n", Errors);
    }
}
