using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Tests.VirtualMachines;

public class TopologyTextTests
{
    const string Vm5k = """
        <?xml version="1.0"?>
        <deployment>
          <site id="rennes">
            <cluster id="paradoxe">
              <host id="paradoxe-1" state="OK" cpu="5200" mem="202341">
                <vm id="db-1"  mem="8192" hdd="40" n_cpu="8" cpuset="auto" ip="X.X.X.X" mac="XX:XX:XX:XX:XX:XX" load="0.3"/>
                <vm id="web-1" mem="2048" hdd="10" cpu="2" backing_file="/home/me/images/web.qcow2" state="KO"/>
              </host>
              <host id="paradoxe-2.rennes.grid5000.fr"><vm id="web-2" n_cpu="2" cpu="4" real_file="False"/><vm id="web-3" real_file="True"/></host>
            </cluster>
          </site>
          <site id="unknown"><cluster id="unknown"/></site>
        </deployment>
        """;

    [Fact]
    public void Reads_what_vm5k_wrote()
    {
        TopologyReading reading = TopologyText.Read(Vm5k, TopologyFormat.Xml, "old.xml");
        Assert.DoesNotContain(reading.Problems, p => !p.IsWarning);
        VMTopology topology = reading.Topology!;
        VMHost first = topology.Hosts[0];
        Assert.Equal(("rennes", "paradoxe", 52, 192967, TopologyState.Ready), (first.Site, first.Cluster, first.Cpu, first.Memory, first.State));
        VirtualMachine db = first.Machines[0];
        Assert.Equal((8, 8192, 40, null, null, "0.3"), (db.Cpu, db.Memory, db.SystemDisk.Size, db.Ip, db.Mac, db.Attributes["load"]));
        Assert.Equal((2, "/home/me/images/web.qcow2", TopologyState.Failed),
            (first.Machines[1].Cpu, first.Machines[1].Image, first.Machines[1].State));
        // The program read n_cpu; "False" is false.
        Assert.Equal([(2, DiskStrategy.Cow), (1, DiskStrategy.Copy)], topology.Hosts[1].Machines.Select(m => (m.Cpu, m.SystemDisk.Strategy)));
    }

    [Fact]
    public void Mistakes_are_all_told_with_their_lines()
    {
        const string Xml = """
            <vm5k>
              <site id="nancy">
                <cluster id="gros">
                  <host id="gros-1">
                    <vm id="a" n_cpu="two"/>
                    <vm id="b" mem="-5" hdd="10"/>
                    <vm n_cpu="1"/>
                    <vm id="a b"/>
                    <disk/>
                  </host>
                  <host id="gros-1"><vm id="B" mac="01:00:00:00:00:01" ip="10.0.0.300"/></host>
                </cluster>
              </site>
            </vm5k>
            """;
        TopologyReading reading = TopologyText.Read(Xml, TopologyFormat.Xml, "bad.xml");
        Assert.Null(reading.Topology);
        Assert.Equal(
            [(5, "InvalidNumber"), (6, "InvalidNumber"), (7, "MissingValue"), (8, "InvalidName"), (9, "UnknownElement"), (11, "DuplicateHost"),
            (11, "DuplicateMachine"), (11, "InvalidIp"), (11, "InvalidMac")],
            reading.Problems.Where(p => !p.IsWarning).Select(p => (p.Line, p.Code)).Order());
        Assert.Equal("bad.xml:5: cpu of machine a is 'two', not a whole number from 1 to 4096.", reading.Problems.First(p => p.Line == 5).ToString());
    }

    [Fact]
    public void Data_files_and_JSON_tell_the_same_mistakes()
    {
        const string Psd1 = """
            @{
                Name = 'demo'; Apart = 'web', 'nobody'   # two rules
                Hosts = @(
                    @{ Name = 'gros-1.nancy.grid5000.fr'; Machines = @(
                        @{ Id = 'web-1'; Memory = 4GB; Disk = '40GB'; Groups = 'web' }
                        @{ Id = 'web-2'; Memory = 4.5; Grups = 'web' }
                    ) }
                )
            }
            """;
        const string Json = """
            {
              "name": "demo", "apart": ["web", "nobody"],
              "hosts": [
                { "name": "gros-1.nancy.grid5000.fr", "machines": [
                  { "id": "web-1", "memory": "4GB", "disk": "40GB", "groups": "web" },
                  { "id": "web-2", "memory": 4.5, "grups": "web" }
                ] }
              ]
            }
            """;
        IReadOnlyList<TopologyProblem> first = TopologyText.Read(Psd1, TopologyFormat.Psd1).Problems,
            second = TopologyText.Read(Json, TopologyFormat.Json).Problems;
        Assert.Equal([(1, "UnknownGroup", true), (6, "InvalidNumber", false), (6, "UnknownKey", true)],
            first.Select(p => (p.Line, p.Code, p.IsWarning)).Order());
        Assert.Equal(first.Select(p => (p.Line, p.Code)).Order(), second.Select(p => (p.Line, p.Code)).Order());
    }

    [Theory]
    [InlineData("<vm5k>\n<site", TopologyFormat.Xml, 2)]
    [InlineData("<!DOCTYPE a [<!ENTITY e 'x'>]>\n<vm5k/>", TopologyFormat.Xml, 1)]
    [InlineData("{\n\"hosts\": [\n}", TopologyFormat.Json, 3)]
    [InlineData("@{\n Name = 'a\n}", TopologyFormat.Psd1, 2)]
    [InlineData("@{\n Name = $env:HOME\n}", TopologyFormat.Psd1, 2)]
    [InlineData("@{\n Name = (Get-Date)\n}", TopologyFormat.Psd1, 2)]
    [InlineData("@{\n Name = \"$(rm x)\"\n}", TopologyFormat.Psd1, 2)]
    [InlineData("", TopologyFormat.Psd1, 1)]
    [InlineData("@{ A = 1 } @{}", TopologyFormat.Psd1, 1)]
    public void What_is_not_of_its_form_is_told_with_its_line(string text, TopologyFormat format, int line)
    {
        TopologyProblem problem = Assert.Single(TopologyText.Read(text, format).Problems);
        Assert.Equal(("InvalidSyntax", line), (problem.Code, problem.Line));
    }

    [Fact]
    public void Broken_rules_and_full_hosts_are_mistakes()
    {
        var topology = new VMTopology
        {
            Apart = ["web"], Together = ["db"],
            Hosts =
            [
                new VMHost("a-1") { Cpu = 2, Memory = 4096,
                    Machines = [new("w1") { Groups = ["web"], Memory = 4000 }, new("w2") { Groups = ["web"] }, new("d1") { Groups = ["db"] }] },
                new VMHost("a-2") { Machines = [new("d2") { Groups = ["db"], PinnedHost = "a-1" }] },
            ],
        };
        Assert.Equal(["HostOverfull", "HostOverfull", "PinnedElsewhere", "RuleBroken", "RuleBroken"],
            TopologyCheck.Run(topology, new PlacementOptions()).Select(p => p.Code).Order());
    }

    static readonly Gen<string> s_text = Gen.OneOf(
        Gen.Elements("a", "x y", "it's", "“quoted” ‘so’", "<&>\"", "$env:HOME `n", "é¹", "two\nlines", "C:\\x", "#no comment", "@{}", "'", "''"),
        Gen.Choose(0, 999).Select(n => $"{n}"));

    static readonly Gen<IReadOnlyDictionary<string, string>> s_attributes =
        (from key in Gen.Elements("load", "a b", "x:y", "1st", "übrig") from value in s_text select (key, value)).ListOf()
            .Select(pairs => (IReadOnlyDictionary<string, string>)pairs.GroupBy(p => p.key).ToDictionary(g => g.Key, g => g.First().value));

    static readonly Gen<VMDisk> s_disk =
        from size in Gen.Choose(0, 500) from image in Gen.OneOf(Gen.Constant<string?>(null),
        s_text.Select(t => (string?)t)) from strategy in Gen.Elements(Enum.GetValues<DiskStrategy>())
        select new VMDisk { Size = size, Image = image, Strategy = strategy };

    static readonly Gen<VirtualMachine> s_machine =
        from cpu in Gen.Choose(1, 64)
        from memory in Gen.Choose(1, 100_000)
        from disks in s_disk.NonEmptyListOf()
        from cpuset in Gen.Elements("auto", "0-3,8", "2")
        from groups in Gen.Elements<string[]>([], ["web"], ["web", "db"])
        from state in Gen.Elements(Enum.GetValues<TopologyState>())
        from attributes in s_attributes
        select new VirtualMachine("") { Cpu = cpu, Memory = memory, Disks = [.. disks.Take(3)], Cpuset = cpuset, Groups = groups, State = state,
            Attributes = attributes };

    static readonly Gen<VMHost> s_host =
        from machines in s_machine.ListOf()
        from cpu in Gen.Choose(1, 256)
        from cores in Gen.Elements(0, 1, 32)
        from memory in Gen.Choose(0, 2_000_000)
        from cluster in Gen.Elements("gros", "grisou")
        from site in Gen.Elements("nancy", "rennes")
        from state in Gen.Elements(Enum.GetValues<TopologyState>())
        from attributes in s_attributes
        select new VMHost("") { Site = site, Cluster = cluster, Cpu = cpu, Cores = cores, Memory = memory, State = state, Attributes = attributes,
            Machines = [.. machines.Take(4)] };

    static readonly Gen<VMTopology> s_topology =
        from hosts in s_host.NonEmptyListOf()
        from name in Gen.Elements("", "demo", "it's")
        from program in Gen.OneOf(Gen.Constant<string?>(null), s_text.Select(t => (string?)t))
        from apart in Gen.Elements<string[]>([], ["other"], ["other", "x/y"])
        from isShort in Gen.Elements(true, false)
        select Number(new VMTopology { Name = name, Program = program, Apart = apart, Together = [], Hosts = [.. hosts.Take(6)] }, isShort);

    /// <summary>Gives hosts and machines names of their own, and the machines addresses.</summary>
    static VMTopology Number(VMTopology topology, bool isShort)
    {
        int machine = 0;
        return topology with
        {
            Hosts =
            [
                .. topology.Hosts.Select((h, i) => h with
                {
                    Name = isShort ? $"{h.Cluster}-{i + 1}" : $"{h.Cluster}-{i + 1}.{h.Site}.grid5000.fr",
                    Machines = [.. h.Machines.Select(m => m with { Id = $"vm-{++machine}", Ip = machine % 3 == 0 ? null : $"10.0.{machine}.1",
                    Mac = machine % 2 == 0 ? null : $"00:16:3E:00:00:{machine:X2}", PinnedHost = machine % 5 == 0 ? $"{h.Cluster}-{i + 1}" : null })],
                }),
            ],
        };
    }

    [Theory]
    [InlineData(TopologyFormat.Xml)]
    [InlineData(TopologyFormat.Json)]
    [InlineData(TopologyFormat.Psd1)]
    public void What_is_written_is_read_again_as_the_same(TopologyFormat format) =>
        Prop.ForAll(Arb.From(s_topology), topology =>
        {
            string text = TopologyText.Write(topology, format);
            TopologyReading reading = TopologyText.Read(text, format);
            if (reading.Topology is null) throw new InvalidDataException($"{string.Join("\n", reading.Problems)}\n{text}");
            // JSON tells every field: equal texts are equal topologies.
            return TopologyText.Write(reading.Topology, TopologyFormat.Json) == TopologyText.Write(topology, TopologyFormat.Json);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261130, 1));

    [Fact]
    public void Placeholders_are_mapped_to_hosts_at_hand_without_swapping()
    {
        VMTopology topology = TopologyText.Read(Vm5k, TopologyFormat.Xml).Topology!;
        VMHost[] hosts = [.. new[] { 2, 7, 10 }.Select(i =>
            new VMHost($"paradoxe-{i}.rennes.grid5000.fr") { Site = "rennes", Cluster = "paradoxe" })];
        VMTopology mapped = TopologyMapping.Map(topology, hosts, out IReadOnlyList<HostMapping> mapping);
        Assert.Equal(["paradoxe-1 → paradoxe-7.rennes.grid5000.fr", "paradoxe-2.rennes.grid5000.fr → paradoxe-2.rennes.grid5000.fr"],
            mapping.Select(m => $"{m}"));
        Assert.Equal(["db-1", "web-1", "web-2", "web-3"], mapped.Machines.Select(m => m.Id));
    }

    [Theory]
    [InlineData("web:4x2cpu,4GB", "web-1", 4, 2, 4096, 10)]
    [InlineData("8 x 1cpu, 512", "vm-1", 8, 1, 512, 10)]
    [InlineData("db:disk=1TB,16GiB", "db-1", 1, 1, 16384, 1024)]
    [InlineData("<vm mem=\"1024\" hdd=\"10\" n_cpu=\"3\" cpuset=\"auto\"/>", "vm-1", 1, 3, 1024, 10)]
    public void Templates_are_read(string text, string first, int count, int cpu, int memory, int disk)
    {
        IReadOnlyList<VirtualMachine> machines = VMTemplate.Expand([VMTemplate.Parse(text)]);
        Assert.Equal((first, count, cpu, memory, disk),
            (machines[0].Id, machines.Count, machines[0].Cpu, machines[0].Memory, machines[0].SystemDisk.Size));
    }

    [Theory]
    [InlineData("web:6x2cpu|4096|db:2x8cpu|32768", "web 6 2 4096, db 2 8 32768")]
    [InlineData("1cpu|512|2cpu|2048", "vm 1 1 512, vm 1 2 2048")]
    [InlineData("3x1cpu|disk=20GB|2x1cpu", "vm 3 1 1024, vm 2 1 1024")]
    [InlineData("web:2x1cpu,1GB|4cpu", "web 2 1 1024, vm 1 4 1024")]
    [InlineData("2GB|4GB", "vm 1 1 2048, vm 1 1 4096")]
    [InlineData("", "")]
    public void Templates_that_a_command_line_has_split_are_put_together(string words, string expected) =>
        Assert.Equal(expected, string.Join(", ",
        VMTemplate.ParseAll(words.Split('|')).Select(t => $"{t.Prefix} {t.Count} {t.Machine.Cpu} {t.Machine.Memory}")));

    [Theory]
    [InlineData("web:2cpus,4XB")]
    [InlineData("web:0x1cpu")]
    [InlineData("web:2cpu,colour=red")]
    [InlineData("<vm>")]
    [InlineData("web:2cpu,3cpu")]
    [InlineData("4")]
    public void Templates_that_are_none_say_why(string text) => Assert.Throws<FormatException>(() => VMTemplate.Parse(text));
}
