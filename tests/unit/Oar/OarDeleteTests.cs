using WaltG5k.Core;
using WaltG5k.Core.Oar;

namespace WaltG5k.Tests.Oar;

public sealed class OarDeleteTests : IDisposable
{
    readonly ScriptedFrontend _frontend = new();
    readonly ManualTime _time = new();

    public void Dispose() => _frontend.Dispose();

    Task<bool> DeleteAsync() => _time.RunAsync(() => new OarClient(_frontend, _time).DeleteAsync(100001));

    ScriptedFrontend.Expectation Oardel => _frontend.Expect("oardel 100001");

    [Theory]
    [InlineData("oardel-registered")]
    [InlineData("oardel-terminated-job")]
    [InlineData("oardel-twice")]
    public async Task Registered_ended_or_deleted_before_is_done(string sample)
    {
        Oardel.ReturnsRecorded($"oar/{sample}.txt");
        Assert.True(await DeleteAsync());
    }

    [Fact]
    public async Task A_strangers_or_unknown_job_is_false()
    {
        Oardel.ReturnsRecorded("oar/oardel-other-user.txt");
        Assert.False(await DeleteAsync());
    }

    [Fact]
    public async Task A_deletion_that_was_only_noted_is_repeated()
    {
        Oardel.ReturnsRecorded("oar/server-down-oardel.txt");
        Oardel.ReturnsRecorded("oar/server-down-oardel.txt");
        Oardel.ReturnsRecorded("oar/oardel-twice.txt");
        Assert.True(await DeleteAsync());
        Assert.Equal(TimeSpan.FromSeconds(10), _time.Elapsed);
    }

    [Fact]
    public async Task A_server_that_stays_down_is_a_timeout()
    {
        Oardel.ReturnsRecorded("oar/server-down-oardel.txt").Always();
        G5kException e = await Assert.ThrowsAsync<G5kException>(DeleteAsync);
        Assert.Equal(("OarDeleteTimeout", ErrorKind.OperationTimeout, (object)100001L), (e.Code, e.Kind, e.Target));
        Assert.Contains("oardel 100001", e.Recommendation, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(5), _time.Elapsed);
    }

    [Fact]
    public async Task A_passing_failure_is_tried_again()
    {
        Oardel.Returns("", "Segmentation fault", 139);
        Oardel.Throws(new G5kException("CommandTimeout", ErrorKind.OperationTimeout, "silent"));
        Oardel.ReturnsRecorded("oar/oardel-registered.txt");
        Assert.True(await DeleteAsync());
    }

    [Fact]
    public async Task A_lasting_failure_is_an_error_that_names_the_command_to_paste()
    {
        Oardel.Returns("", "something else", 1).Always();
        G5kException e = await Assert.ThrowsAnyAsync<G5kException>(DeleteAsync);
        Assert.Equal("OarDeleteFailed", e.Code);
        Assert.Contains("oardel 100001", e.Recommendation, StringComparison.Ordinal);
        Assert.Equal(3, _frontend.Requests.Count);
    }
}
