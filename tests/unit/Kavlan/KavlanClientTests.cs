using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Tests.Kavlan;

public sealed class KavlanClientTests : IDisposable
{
    const string A = "gros-1-eth1.nancy.grid5000.fr", B = "gros-2.nancy.grid5000.fr";
    const string SetBoth = $"kavlan -j 7 -s -i 4 -m {A} -m {B}", GetBoth = $"kavlan -g -m {A} -m {B}";
    const string SetB = $"kavlan -j 7 -s -i 4 -m {B}", GetB = $"kavlan -g -m {B}";
    const string Configured = "all nodes are configured in the vlan 4\n";
    readonly ScriptedFrontend _frontend = new();
    readonly ManualTime _time = new();

    public void Dispose() => _frontend.Dispose();

    KavlanClient Kavlan => new(_frontend, _time);

    Task<IReadOnlyList<KavlanNodeResult>> AttachAsync() => _time.RunAsync(() => Kavlan.AttachAsync(7, "4", [A, B]));

    [Theory]
    [InlineData("14\n", 14)]
    [InlineData("4\n5\n", 4)]
    [InlineData("Welcome\n4\n", 4)]
    [InlineData("no vlan found\n", null)]
    [InlineData("", null)]
    public async Task The_VLAN_of_a_job(string output, int? expected)
    {
        _frontend.Expect("kavlan -V -j 7").Returns(output);
        Assert.Equal(expected, await Kavlan.GetJobVlanAsync(7));
    }

    [Fact]
    public async Task A_job_without_VLAN_may_also_end_with_a_status()
    {
        _frontend.Expect("kavlan -V -j 7").Returns("", "No VLAN found, abort!", 1);
        Assert.Null(await Kavlan.GetJobVlanAsync(7));
    }

    [Fact]
    public async Task A_failing_kavlan_is_an_error()
    {
        _frontend.Expect("kavlan -V -j 7").Returns("", "cannot connect", 1);
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(() => Kavlan.GetJobVlanAsync(7));
        Assert.Equal("KavlanFailed", e.Code);
        Assert.Contains("kavlan -V -j 7", e.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_was_left_out_is_not_in_the_answer()
    {
        _frontend.Expect(GetBoth).Returns($"{A}: 4\nunknown node\n", "", 1);
        IReadOnlyDictionary<string, string> vlans = await Kavlan.GetVlansAsync([A, B]);
        Assert.Equal("4", Assert.Single(vlans).Value);
    }

    [Fact]
    public async Task Attached_at_once()
    {
        _frontend.Expect(SetBoth).Returns(Configured);
        _frontend.Expect(GetBoth).Returns($"{A}: 4\n{B} : 4\n");
        IReadOnlyList<KavlanNodeResult> results = await AttachAsync();
        Assert.Equal([new(A, "4", true, 1), new(B, "4", true, 1)], results);
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
        Assert.Equal([CommandEffect.Change, CommandEffect.Read], _frontend.Requests.Select(r => r.Effect));
    }

    [Fact]
    public async Task Only_those_still_elsewhere_are_set_again()
    {
        _frontend.Expect(SetBoth).Returns(Configured);
        _frontend.Expect(GetBoth).Returns($"{A}: 4\n{B}: DEFAULT\n");
        _frontend.Expect(SetB).Returns(Configured);
        _frontend.Expect(GetB).Returns($"{B}: 4\n");
        Assert.Equal([new(A, "4", true, 1), new(B, "4", true, 2)], await AttachAsync());
        Assert.Equal(TimeSpan.FromSeconds(3), _time.Elapsed);
    }

    [Fact]
    public async Task A_missing_line_is_not_attached_and_three_rounds_without_progress_are_the_end()
    {
        _frontend.Expect(SetBoth).Returns(Configured);
        _frontend.Expect(GetBoth).Returns($"{A}: 4\n");
        for (int i = 0; i < 3; i++)
        {
            _frontend.Expect(SetB).Returns(Configured);
            _frontend.Expect(GetB).Returns("");
        }
        Assert.Equal([new(A, "4", true, 1), new(B, null, false, 4) { Reason = "KaVLAN says nothing about it" }], await AttachAsync());
    }

    [Fact]
    public async Task A_right_that_arrives_later_is_waited_for()
    {
        _frontend.Expect(SetBoth).Returns("", "User does not have appropriate rights on VLAN, abort", 1);
        _frontend.Expect(GetBoth).Returns($"{A}: DEFAULT\n{B}: DEFAULT\n");
        _frontend.Expect(SetBoth).Returns(Configured);
        _frontend.Expect(GetBoth).Returns($"{A}: 4\n{B}: 4\n");
        Assert.All(await AttachAsync(), r => Assert.True(r.IsAttached));
    }

    [Fact]
    public async Task A_right_that_never_arrives_is_an_error()
    {
        _frontend.Expect(SetBoth).Returns("", "User does not have appropriate rights on VLAN, abort", 1).Always();
        _frontend.Expect(GetBoth).Returns($"{A}: DEFAULT\n{B}: DEFAULT\n").Always();
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(AttachAsync);
        Assert.Equal(("KavlanRefused", ErrorKind.PermissionDenied), (e.Code, e.Kind));
        Assert.Equal(6, _frontend.Requests.Count);
    }

    [Fact]
    public async Task A_verification_that_fails_is_no_proof()
    {
        _frontend.Expect(SetBoth).Returns(Configured);
        _frontend.Expect(GetBoth).Returns("", "timeout", 1);
        _frontend.Expect(SetBoth).Returns(Configured);
        _frontend.Expect(GetBoth).Returns($"{A}: 4\n{B}: 4\n");
        Assert.All(await AttachAsync(), r => Assert.Equal(2, r.Attempts));
    }

    [Theory]
    [InlineData("10.16.63.254\n", "", 0)]
    [InlineData("kavlan-4\n", "", 0)]
    [InlineData("", "No VLAN found, abort!", 1)]
    public async Task Where_g_tells_the_gateway_the_list_of_the_job_tells_who_is_inside(string output, string error, int status)
    {
        _frontend.Expect(SetBoth).Returns(Configured);
        _frontend.Expect(GetBoth).Returns(output, error, status);
        _frontend.Expect("kavlan -l -j 7").Returns("gros-1-eth1-kavlan-4.nancy.grid5000.fr\n");
        _frontend.Expect(SetB).Returns(Configured);
        _frontend.Expect("kavlan -l -j 7").Returns("gros-1-eth1-kavlan-4.nancy.grid5000.fr\ngros-2-kavlan-4.nancy.grid5000.fr\n");
        Assert.Equal([new(A, "4", true, 1), new(B, "4", true, 2)], await AttachAsync());
    }

    [Fact]
    public async Task Ports_go_back_to_the_default_VLAN()
    {
        _frontend.Expect($"kavlan -j 7 -s -i DEFAULT -m {B}").Returns("ok\n");
        _frontend.Expect(GetB).Returns($"{B}: default\n");
        Assert.True(Assert.Single(await Kavlan.AttachAsync(7, KavlanClient.DefaultVlan, [B])).IsAttached);
    }

    [Theory]
    [InlineData(true, "kavlan -j 7 -e -i 4")]
    [InlineData(false, "kavlan -j 7 -d -i 4")]
    public async Task DHCP_is_started_and_stopped(bool enabled, string command)
    {
        _frontend.Expect(command).Returns("OK\n");
        await Kavlan.SetDhcpAsync(7, 4, enabled);
        _frontend.Expect(command).Returns("", "abort", 1);
        Assert.Equal("KavlanDhcpFailed", (await Assert.ThrowsAnyAsync<G5kException>(() => Kavlan.SetDhcpAsync(7, 4, enabled))).Code);
    }
}
