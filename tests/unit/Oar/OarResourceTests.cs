using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public sealed class OarResourceTests : IDisposable
{
    readonly ScriptedFrontend _frontend = new("arles");
    readonly OarClient _oar;

    public OarResourceTests() => _oar = new OarClient(_frontend, new ManualTime());

    public void Dispose() => _frontend.Dispose();

    async Task<List<OarResource>> ReadAsync(OarResourceQuery query)
    {
        var resources = new List<OarResource>();
        await foreach (OarResource resource in _oar.GetResourcesAsync(query)) resources.Add(resource);
        return resources;
    }

    [Fact]
    public async Task Every_resource_with_its_columns()
    {
        _frontend.Expect("oarnodes -J").ReturnsRecorded("oar/oarnodes-all.txt");
        List<OarResource> resources = await ReadAsync(new OarResourceQuery());
        Assert.Equal(22, resources.Count);
        Assert.Equal(4, resources.Count(r => r.Host is not null));
        Assert.Equal(10, resources.Count(r => r.Vlan is not null));
        OarResource node = resources.First(r => r.Host is not null);
        Assert.Equal(("default", "Alive", false), (node.Type, node.State, node.IsStandby));
        Assert.Equal(node.Cluster, node.Properties["cluster"]);
        Assert.DoesNotContain("vlan", node.Properties.Keys); // no value
    }

    [Fact]
    public async Task A_host_by_its_short_name()
    {
        _frontend.Expect("oarnodes -J --sql '(network_address = '\\''argon-1'\\'' OR network_address LIKE '\\''argon-1.%'\\'')'")
            .ReturnsRecorded("oar/oarnodes-one-resource.txt");
        Assert.Equal("argon-1.arles.grid.test", Assert.Single(await ReadAsync(new OarResourceQuery { Hosts = ["argon-1"] })).Host);
    }

    [Fact]
    public async Task A_host_that_is_missing_is_named_after_those_that_are_there()
    {
        _frontend.Expect("oarnodes -J --sql '(network_address = '\\''argon-1.arles.grid.test'\\'' OR network_address = '\\''x-1.arles'\\'')'")
            .ReturnsRecorded("oar/oarnodes-one-resource.txt");
        var found = new List<OarResource>();
        G5kException e = await Assert.ThrowsAsync<G5kException>(async () =>
        {
            await foreach (OarResource r in _oar.GetResourcesAsync(new OarResourceQuery { Hosts = ["argon-1.arles.grid.test", "x-1.arles"] }))
                found.Add(r);
        });
        Assert.Equal(("HostNotFound", "x-1.arles", 1), (e.Code, e.Target, found.Count));
    }

    [Fact]
    public async Task An_error_in_SQL_is_told_from_nothing_found()
    {
        _frontend.Expect("oarnodes -J --sql '(nosuch = 1)'").ReturnsRecorded("oar/oarnodes-sql-error.txt");
        _frontend.Expect("oarnodes -J --sql '(nosuch = 1) OR type LIKE '\\''kavlan%'\\'''").ReturnsRecorded("oar/oarnodes-sql-error.txt");
        _frontend.Expect("oarnodes -J --sql '(nosuch = 1) OR resource_id >= 0'").ReturnsRecorded("oar/oarnodes-sql-error.txt");
        Assert.Equal("InvalidProperty", (await Assert.ThrowsAsync<G5kException>(() =>
            ReadAsync(new OarResourceQuery { Property = "nosuch = 1" }))).Code);
    }

    [Fact]
    public async Task Nothing_found_is_nothing()
    {
        _frontend.Expect("oarnodes -J --sql '(cluster = 1)'").ReturnsRecorded("oar/oarnodes-sql-error.txt");
        _frontend.Expect("oarnodes -J --sql '(cluster = 1) OR type LIKE '\\''kavlan%'\\'''").ReturnsRecorded("oar/oarnodes-sql.txt");
        Assert.Empty(await ReadAsync(new OarResourceQuery { Property = "cluster = 1" }));
    }

    [Theory]
    [InlineData("oarnodes-unknown-resource")]
    [InlineData("oarnodes-unknown-host")]
    public async Task What_is_unknown_is_left_out(string sample)
    {
        _frontend.Expect("oarnodes -J --sql 'resource_id IN (99999)'").ReturnsRecorded($"oar/{sample}.txt");
        Assert.Empty(await ReadAsync(new OarResourceQuery { ResourceIds = [99999] }));
    }

    [Fact]
    public async Task A_database_that_is_down_is_an_error()
    {
        _frontend.Expect("oarnodes -J").ReturnsRecorded("oar/database-down-oarnodes.txt");
        Assert.Equal("OarUnavailable", (await Assert.ThrowsAnyAsync<G5kException>(() => ReadAsync(new OarResourceQuery()))).Code);
    }

    [Fact]
    public async Task An_answer_that_was_cut_is_an_error()
    {
        string whole = RecordedCommand.Read("oar/oarnodes-all.txt").Output;
        _frontend.Expect("oarnodes -J").Returns(whole[..(whole.Length / 2)]);
        Assert.Equal("OarOutputUnreadable", (await Assert.ThrowsAnyAsync<G5kException>(() => ReadAsync(new OarResourceQuery()))).Code);
    }

    [Fact]
    public async Task A_sleeping_node_is_absent_and_on_standby()
    {
        _frontend.Expect("oarnodes -J").Returns(
            "{\"1\": {\"state\": \"Absent\", \"available_upto\": 2147483647}, \"2\": {\"state\": \"Absent\", \"available_upto\": 0}, \"3\": {\"state\": \"Absent (standby)\"}}");
        Assert.Equal([("Absent", true), ("Absent", false), ("Absent", true)],
            (await ReadAsync(new OarResourceQuery())).Select(r => (r.State, r.IsStandby)));
    }
}
