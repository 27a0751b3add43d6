using System.Text.Json;
using WaltG5k.Core;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.VirtualMachines.Addresses;
using WaltG5k.Core.VirtualMachines.Topologies;
using WaltG5k.Testbed;

namespace WaltG5k.Tests.VirtualMachines;

public class AddressTests
{
    static VMTopology Topology(int count) => new()
    {
        Hosts = [new VMHost("gros-1") { Machines = [.. Enumerable.Range(1, count).Select(i => new VirtualMachine($"vm-{i}"))] }],
    };

    [Fact]
    public void Pairs_of_g5k_subnets_are_taken_as_they_are()
    {
        AddressPool pool = SubnetAddresses.Read(
            "Welcome to Nancy\n10.132.8.1\t00:16:3E:84:08:01\n10.132.8.2\t00:16:3E:84:08:02\n10.132.8.3\t00:16:3E:00:00:00\n");
        Assert.Equal([new VMAddress("10.132.8.1", "00:16:3E:84:08:01"), new VMAddress("10.132.8.2", "00:16:3E:84:08:02")], pool.Addresses);
    }

    [Fact]
    public void The_long_form_gives_all_of_its_subnet_but_gateway_and_name_server()
    {
        AddressPool pool = SubnetAddresses.Read(
            "10.147.252.0/22\t10.147.255.255\t255.252.0.0\t10.147.255.254\t10.144.0.0\tdns.nancy.grid5000.fr\t10.147.252.7\n");
        Assert.Equal((1020, "10.147.255.254"), (pool.Count, pool.Gateway));
        Assert.DoesNotContain(pool.Addresses, a => a.Ip is "10.147.252.0" or "10.147.255.255" or "10.147.255.254" or "10.147.252.7");
    }

    [Fact]
    public void Nothing_is_no_subnet() => Assert.Equal("NoSubnet", Assert.Throws<G5kException>(() => SubnetAddresses.Read("\n")).Code);

    [Theory]
    [InlineData("10.144.0.0/16")]
    [InlineData("10.144.0.0/18")]
    public void Ten_thousand_machines_have_addresses_of_their_own(string prefix)
    {
        VMTopology topology = SubnetAddresses.Read(prefix).Assign(Topology(10_000));
        AssertUnique(topology);
        Assert.All(topology.Machines, m => Assert.StartsWith(MacAddresses.SubnetPrefix, m.Mac, StringComparison.Ordinal));
    }

    static void AssertUnique(VMTopology topology)
    {
        VirtualMachine[] machines = topology.Machines;
        Assert.Equal(machines.Length, machines.Select(m => m.Ip).Distinct().Count());
        Assert.Equal(machines.Length, machines.Select(m => m.Mac).Distinct().Count());
    }

    [Fact]
    public void The_same_machines_get_the_same_addresses_and_keep_their_own()
    {
        AddressPool pool = SubnetAddresses.Read("10.144.0.0/22");
        VMTopology first = pool.Assign(Topology(20));
        Assert.Equal(first.Machines.Select(m => m.Ip), pool.Assign(Topology(20)).Machines.Select(m => m.Ip));
        VMTopology more = first with { Hosts = [first.Hosts[0] with { Machines = [new VirtualMachine("new"), .. first.Hosts[0].Machines] }] };
        VMTopology second = pool.Assign(more);
        Assert.Equal(first.Machines.Select(m => m.Ip), second.Machines.Skip(1).Select(m => m.Ip));
        Assert.Equal("10.144.0.21", second.Machines[0].Ip);
    }

    [Fact]
    public void Too_many_machines_are_refused_with_what_to_reserve()
    {
        G5kException e = Assert.Throws<G5kException>(() => SubnetAddresses.Read("10.144.0.0/22").Assign(Topology(1023)));
        Assert.Equal("NotEnoughAddresses", e.Code);
        Assert.Contains("slash_21=1", e.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "slash_22=1")]
    [InlineData(1022, "slash_22=1")]
    [InlineData(1023, "slash_21=1")]
    [InlineData(10_000, "slash_18=1")]
    [InlineData(65_534, "slash_16=1")]
    [InlineData(65_535, "slash_16=2")]
    public void Subnets_are_sized_from_the_machines(int machines, string demand)
    {
        SubnetDemand found = SubnetDemand.For(machines);
        Assert.Equal(demand, found.ToString());
        Assert.True(found.Addresses >= machines);
    }

    [Theory]
    [InlineData("nancy", 1)]
    [InlineData("nancy", 4)]
    [InlineData("nancy", 14)]
    public async Task No_address_in_a_VLAN_is_that_of_a_node(string site, int vlan)
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0 });
        AddressPool pool = await new VlanAddresses(grid).ReadAsync(site, vlan);
        HashSet<string> free = [.. pool.Addresses.Select(a => a.Ip)];
        IReadOnlyList<string> nodes = await ReadPlanAsync(grid, vlan >= 10 ? null : site, $"kavlan-{vlan}");
        Assert.NotEmpty(nodes);
        Assert.DoesNotContain(nodes, free.Contains);
        Assert.DoesNotContain(pool.Gateway!, free);
        Assert.True(pool.Count > 1000);
        Assert.All(pool.Addresses, a => Assert.StartsWith(MacAddresses.VlanPrefix, a.Mac, StringComparison.Ordinal));
    }

    /// <summary>Every address of every adapter of every node, read without regard to how the pool reads them.</summary>
    static async Task<IReadOnlyList<string>> ReadPlanAsync(TestbedGrid grid, string? site, string key)
    {
        var client = new Grid5000Client(grid);
        List<string> addresses = [];
        await foreach (SiteInfo each in client.GetSitesAsync())
        {
            if (site is not null && each.Name != site) continue;
            await foreach (ClusterInfo cluster in client.GetClustersAsync(each.Name))
            {
                using JsonDocument nodes = JsonDocument.Parse(
                    await grid.Api.GetStringAsync($"sites/{each.Name}/clusters/{cluster.Name}/nodes?queues=all"));
                foreach (JsonElement node in nodes.RootElement.GetProperty("items").EnumerateArray())
                {
                    if (!node.TryGetProperty("kavlan", out JsonElement adapters)) continue;
                    addresses.AddRange(adapters.EnumerateObject().Where(a => a.Value.TryGetProperty(key, out _))
                        .Select(a => a.Value.GetProperty(key).GetString()!));
                }
            }
        }
        return addresses;
    }

    [Fact]
    public void A_network_in_which_all_is_taken_has_no_addresses()
    {
        IEnumerable<string> all = from third in Enumerable.Range(192, 16) from fourth in Enumerable.Range(0, 256) select $"192.168.{third}.{fourth}";
        Assert.Equal(0, VlanAddresses.Free("192.168.192.0/20", "192.168.207.254", all, "VLAN 1 of nancy").Count);
    }

    [Theory]
    [InlineData("00-16-3e-84-08-01", "00:16:3E:84:08:01")]
    [InlineData("01:16:3e:84:08:01", null)]
    [InlineData("00:00:00:00:00:00", null)]
    [InlineData("00:16:3e:84:08", null)]
    public void Mac_addresses_are_those_of_one_adapter(string text, string? expected) =>
        Assert.Equal(expected, MacAddresses.TryNormalize(text, out string mac) ? mac : null);
}
