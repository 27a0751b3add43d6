using System.Text.Json;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

public class OarnodesTests
{
    [Fact]
    public async Task There_is_a_row_for_each_core_vlan_and_subnet()
    {
        await using OarLab lab = new OarLab().Started();
        JsonElement all = (await lab.RunAsync("oarnodes", "-J")).Json;
        Assert.Equal(24 * 8 + 12 * 16 + 4 * 4 + 10 + 8, all.EnumerateObject().Count());
        JsonElement first = all.GetProperty("1");
        Assert.Equal(("argon-1.arles.grid5000.fr", 1, "Alive", "NO"),
            (first.GetProperty("network_address").GetString()!, first.GetProperty("resource_id").GetInt32(),
            first.GetProperty("state").GetString()!, first.GetProperty("exotic").GetString()!));
        Assert.Equal(JsonValueKind.Null, first.GetProperty("vlan").ValueKind);
        JsonElement vlan = all.EnumerateObject().Select(p => p.Value).Single(r => r.GetProperty("type").GetString() == "kavlan-global");
        Assert.Equal(("11", ""), (vlan.GetProperty("vlan").GetString(), vlan.GetProperty("network_address").GetString()));
        Assert.Equal(JsonValueKind.Null, vlan.GetProperty("host").ValueKind);
    }

    [Fact]
    public async Task Sql_selects_rows_and_an_error_in_it_gives_an_empty_object()
    {
        await using OarLab lab = new OarLab().Started();
        Answer vlans = await lab.RunAsync("oarnodes", "-J", "--sql", "type='kavlan-global' AND vlan='11'");
        Assert.Single(vlans.Json.EnumerateObject());
        Answer broken = await lab.RunAsync("oarnodes", "-J", "--sql", "nosuch='x'");
        Assert.Equal((0, "{}\n"), (broken.ExitCode, broken.Output));
    }

    [Fact]
    public async Task States_are_by_host_with_an_empty_name_for_what_has_none()
    {
        await using OarLab lab = new OarLab().Started();
        lab.World.Nodes["aster-1.arles.grid5000.fr"].OarState = "Dead";
        JsonElement states = (await lab.RunAsync("oarnodes", "-J", "-s")).Json;
        Assert.Equal(18, states.GetProperty("").EnumerateObject().Count());
        Assert.All(states.GetProperty("aster-1.arles.grid5000.fr").EnumerateObject(), s => Assert.Equal("Dead", s.Value.GetString()));
        Assert.Single((await lab.RunAsync("oarnodes", "-J", "-s", "argon-2.arles.grid5000.fr")).Json.EnumerateObject());
    }

    [Fact]
    public async Task Unknown_hosts_and_resources_are_told_as_the_real_one_tells_them()
    {
        await using OarLab lab = new OarLab().Started();
        Answer host = await lab.RunAsync("oarnodes", "-J", "nosuch-1.arles.grid5000.fr");
        Assert.Equal((255, ""), (host.ExitCode, host.Output));
        Assert.Contains("encode_result: no result to encode", host.Errors, StringComparison.Ordinal);
        Answer resource = await lab.RunAsync("oarnodes", "-J", "-r", "99999");
        Assert.Equal((0, "{\n   \"99999\" : null\n}\n"), (resource.ExitCode, resource.Output));
        Answer list = await lab.RunAsync("oarnodes", "-l");
        Assert.Equal(["", "ambre-1.arles.grid5000.fr", "ambre-10.arles.grid5000.fr"], list.Lines.Take(3));
    }

    [Fact]
    public async Task Rows_that_a_job_has_name_it()
    {
        await using OarLab lab = new OarLab().Started();
        OarJob job = await lab.SubmitAsync("-l", "{cluster='argon'}/nodes=1,walltime=1", "true");
        lab.Advance(10);
        JsonElement rows = (await lab.RunAsync("oarnodes", "-J", "argon-1.arles.grid5000.fr", "argon-2.arles.grid5000.fr")).Json;
        Assert.Equal($"{job.Id}", rows.GetProperty("1").GetProperty("jobs").GetString());
        Assert.False(rows.GetProperty("9").TryGetProperty("jobs", out _));
    }
}
