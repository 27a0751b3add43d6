using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy;

public sealed class KadeployWorkflowTests : IDisposable
{
    const string Id = "D-640e4d68-342c-4ba4-89eb-d8d955888d18";
    readonly ScriptedFrontend _frontend = new();
    readonly ManualTime _time = new();

    public void Dispose() => _frontend.Dispose();

    [Fact]
    public void Operations_are_read_with_symbols_for_keys()
    {
        KadeployWorkflow workflow = Assert.Single(
            KadeployWorkflowReader.Read("nancy", RecordedCommand.Read("kadeploy/kanodes-deployments.txt").Output));
        Assert.Equal(("D-4d5cf765-820b-47df-a40d-e664345c9f1d", "jdoe", "Running", KadeployOperation.Deployment),
            (workflow.Id, workflow.User, workflow.State, workflow.Operation));
        Assert.Equal(("debian12-min", 2024031415L, "root"), (workflow.Environment, workflow.EnvironmentVersion, workflow.EnvironmentUser));
        Assert.Equal(["gros-4.nancy.grid5000.fr"], workflow.ProcessingNodes);
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(1795158506), 3.83), (workflow.StartedAt, workflow.Elapsed.TotalSeconds));
    }

    [Theory]
    [InlineData("--- []\n")]
    [InlineData("")]
    [InlineData("---\n...\n")]
    public void No_operation_is_an_empty_list(string output) => Assert.Empty(KadeployWorkflowReader.Read("nancy", output));

    [Fact]
    public void Of_others_only_the_nodes_are_told()
    {
        KadeployWorkflow workflow = Assert.Single(
            KadeployWorkflowReader.Read("nancy", $"---\n- :wid: {Id}\n  :user: eve\n  :done: false\n  :nodes:\n  - gros-1.nancy.grid5000.fr\n"));
        Assert.Equal("gros-1.nancy.grid5000.fr", Assert.Single(workflow.Nodes));
    }

    [Fact]
    public void What_is_no_YAML_is_an_error() =>
        Assert.Equal("KadeployAnswerUnreadable", Assert.Throws<G5kException>(() => KadeployWorkflowReader.Read("nancy", "- [\n")).Code);

    [Fact]
    public async Task A_forgotten_operation_is_told_by_its_statistics()
    {
        _frontend.Expect("kanodes3 -d").Returns("--- []\n");
        _frontend.Expect($"kastat3 -a -w {Id} --sort start")
            .Returns(string.Join('\n', RecordedCommand.Read("kadeploy/kastat-all.txt").Output.Split('\n')
            .Where(l => l.StartsWith(Id, StringComparison.Ordinal))) + "\n");
        IReadOnlyList<KadeployResult> results = await new KadeployWorkflows(_frontend, _time).WaitAsync(Id, TimeSpan.FromMinutes(1));
        Assert.Equal(["OK", "OK"], results.Select(r => r.State));
        Assert.Equal(["SetDeploymentEnvUntrusted 18 s", "BroadcastEnvKascade 5 s", "BootNewEnvHardReboot 14 s"],
            results[0].Times.Select(t => t.ToString()));
    }

    [Fact]
    public async Task An_operation_that_nobody_knows_is_an_error()
    {
        _frontend.Expect("kanodes3 -d").Returns("--- []\n");
        _frontend.Expect($"kastat3 -a -w {Id} --sort start").Returns("");
        Assert.Equal("KadeployWorkflowNotFound",
            (await Assert.ThrowsAsync<G5kException>(() => new KadeployWorkflows(_frontend, _time).WaitAsync(Id, TimeSpan.FromMinutes(1)))).Code);
    }

    [Fact]
    public async Task A_wait_has_an_end()
    {
        _frontend.Expect("kanodes3 -d").ReturnsRecorded("kadeploy/kanodes-deployments.txt");
        List<KadeployWorkflow> seen = [];
        G5kException e = await Assert.ThrowsAsync<G5kException>(() => new KadeployWorkflows(_frontend, _time)
            .WaitAsync("D-4d5cf765-820b-47df-a40d-e664345c9f1d", TimeSpan.Zero, seen.Add));
        Assert.Equal(("KadeployWaitTimeout", ErrorKind.OperationTimeout), (e.Code, e.Kind));
        Assert.Single(seen);
    }
}
