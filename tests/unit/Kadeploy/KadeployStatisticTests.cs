using FsCheck;
using FsCheck.Fluent;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Tests.Kadeploy;

public sealed class KadeployStatisticTests : IDisposable
{
    readonly ScriptedFrontend _frontend = new();

    public void Dispose() => _frontend.Dispose();

    static KadeployStatistic[] ReadSample() => [.. KadeployStatisticReader.Read("nancy", RecordedCommand.Read("kadeploy/kastat-all.txt").Output)];

    [Fact]
    public void Every_recorded_record_is_read()
    {
        KadeployStatistic[] records = ReadSample();
        Assert.Equal(36, records.Length);
        Assert.Equal(9, records.Count(r => r.State == "KO"));
        Assert.Equal(3, records.Count(r => r.IsCancelled));
        Assert.Equal(4, records.Count(r => r.Operation == KadeployOperation.Reboot && r.IsSuccess));
        Assert.All(records, r => Assert.Equal("jdoe", r.User));
    }

    [Fact]
    public void Steps_carry_limits_retries_and_durations()
    {
        KadeployStatistic record = ReadSample().First(r => r.WorkflowId.StartsWith("D-640e4d68", StringComparison.Ordinal));
        Assert.Equal(["SetDeploymentEnvUntrusted 18 s", "BroadcastEnvKascade 5 s", "BootNewEnvHardReboot 14 s (after 1)"],
            record.Steps.Select(s => s.ToString()));
        Assert.Equal([120d, 200d, 90d], record.Steps.Select(s => s.Timeout.TotalSeconds));
        Assert.Equal(("debian12-min", 2024031415L), (record.Environment, record.EnvironmentVersion));
        Assert.Equal((37d, DateTimeOffset.FromUnixTimeSeconds(1795158279)), (record.Duration.TotalSeconds, record.StartedAt));
    }

    [Fact]
    public void An_error_with_a_newline_stays_whole()
    {
        KadeployStatistic record = ReadSample().First(r => r.Step == "SetDeploymentEnvUntrusted-send_key_in_deploy_env");
        Assert.Equal("sh: 1: cannot create /root/.ssh/authorized_keys: Directory nonexistent", record.Reason);
        Assert.Equal("very_hard_power_on command is not provided", ReadSample().Single(r => r.Step == "On-power").Reason);
    }

    [Fact]
    public void Errors_of_any_text_leave_the_records_apart()
    {
        Gen<string> line = Gen.Elements("a, b, c", "", "\"quoted\"", "D-1,jdoe", "true,", "  x", "R-00000000",
            "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21");
        Prop.ForAll(Arb.From(line.NonEmptyListOf()), lines =>
        {
            string error = string.Join('\n', lines);
            const string Head = "D-00000000-0000-0000-0000-00000000000";
            string output =
                $"{Head}1,u,n-1.s.g,S,,,1,0,0,0,0,0,5,2,0,0,e:1,,false,S-x: {error}\n{Head}2,u,n-2.s.g,S,,,1,0,0,0,0,0,6,2,0,0,e:1,,true,\n";
            KadeployStatistic[] records = [.. KadeployStatisticReader.Read("s", output)];
            string? expected = error.Trim().Length == 0 ? null : error.Trim();
            return records.Length == 2 && records[0].Reason == expected && records[1].IsSuccess && records[1].StartedAt.ToUnixTimeSeconds() == 6;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20260324, 1));
    }

    [Fact]
    public void Records_that_cannot_be_read_are_told_and_passed_over()
    {
        List<string> unreadable = [];
        string output =
            "D-00000000-0000-0000-0000-000000000001,u,n\nD-00000000-0000-0000-0000-000000000002,u,n-2.s.g,S,,,1,0,0,0,0,0,6,2,0,0,,,true,\n";
        Assert.Equal("n-2.s.g", Assert.Single(KadeployStatisticReader.Read("s", output, unreadable.Add)).Node);
        Assert.Equal("D-00000000-0000-0000-0000-000000000001,u,n", Assert.Single(unreadable));
    }

    [Fact]
    public async Task A_query_is_asked_in_the_words_of_kastat3()
    {
        _frontend.Expect(
            "kastat3 -a -o deploy -w D-1 -x '2026-03-24 10:00:00' -y '2026-07-24 11:00:00' -r 1 -s 2,3 --limit 5 -m 'gros-[1-2].nancy.grid5000.fr' --sort start")
            .ReturnsRecorded("kadeploy/kastat-all.txt");
        IReadOnlyList<KadeployStatistic> records = await new KadeployHistory(_frontend).GetAsync(new KadeployStatisticQuery
        {
            Operation = KadeployOperation.Deployment,
            WorkflowId = "D-1",
            Since = new DateTimeOffset(2026, 3, 24, 9, 0, 0, TimeSpan.Zero),
            Until = new DateTimeOffset(2026, 7, 24, 9, 0, 0, TimeSpan.Zero),
            MinRetries = 1,
            RetrySteps = [2, 3],
            Maximum = 5,
            Nodes = ["gros-1.nancy.grid5000.fr", "gros-2.nancy.grid5000.fr"],
        });
        Assert.Equal(36, records.Count);
    }

    [Fact]
    public async Task Failure_rates_are_read()
    {
        _frontend.Expect("kastat3 -b").ReturnsRecorded("kadeploy/kastat-failure-rates.txt");
        IReadOnlyList<KadeployFailureRate> rates = await new KadeployHistory(_frontend).GetFailureRatesAsync(new KadeployStatisticQuery(), 0.5);
        Assert.Equal(["gros-2.nancy.grid5000.fr: 0.5", "gros-4.nancy.grid5000.fr: 0.571", "grisou-1.nancy.grid5000.fr: 1.0",
            "grisou-2.nancy.grid5000.fr: 0.5"], rates.Select(r => r.ToString()));
    }

    [Theory]
    [InlineData("x", null, 0)]
    [InlineData(null, "X-1", 0)]
    [InlineData(null, "D-1; rm", 0)]
    [InlineData(null, null, 4)]
    public async Task A_query_without_sense_is_refused_before_it_is_sent(string? node, string? id, int step)
    {
        var query = new KadeployStatisticQuery { Nodes = node is null ? [] : [node], WorkflowId = id, RetrySteps = step == 0 ? [] : [step] };
        Assert.Equal("InvalidKadeployQuery", (await Assert.ThrowsAsync<G5kException>(() => new KadeployHistory(_frontend).GetAsync(query))).Code);
    }

    [Fact]
    public void Time_limits_are_advised_from_what_steps_have_taken()
    {
        KadeployStatistic[] records = [.. Enumerable.Range(1, 20).Select(i => Record(i, 100 + i, 200)),
            Record(21, 200, 200) with { IsSuccess = false, Error = "x" }, Record(22, 0, 200) with { IsSuccess = false }];
        KadeployStepMeasurement measured = Assert.Single(KadeployStepMeasurement.Measure(records));
        Assert.Equal(("gros", "BroadcastEnvKascade", 21, 1, 1),
            (measured.Cluster, measured.MacroStep, measured.Count, measured.FailureCount, measured.TimedOutCount));
        Assert.Equal((110d, 119d, 120d), (measured.Median!.Value.TotalSeconds, measured.Percentile95!.Value.TotalSeconds,
            measured.Maximum!.Value.TotalSeconds));
        Assert.Equal((200d, 180d), (measured.Timeout.TotalSeconds, measured.AdvisedTimeout!.Value.TotalSeconds));
        Assert.Equal("The limit fits.", measured.Advice);
        Assert.Contains("BroadcastEnvKascade:0:180",
            Assert.Single(KadeployStepMeasurement.Measure(
            records.Select(r => r with { Steps = [r.Steps[0] with { Timeout = TimeSpan.FromSeconds(125) }] }))).Advice, StringComparison.Ordinal);
        Assert.Contains("too few", Assert.Single(KadeployStepMeasurement.Measure(records.Take(3))).Advice, StringComparison.Ordinal);
    }

    static KadeployStatistic Record(int number, int seconds, int limit) => new()
    {
        WorkflowId = "D-1",
        Site = "nancy",
        Node = $"gros-{number}.nancy.grid5000.fr",
        User = "jdoe",
        IsSuccess = true,
        Steps = [new KadeployStatisticStep("BroadcastEnvKascade", TimeSpan.FromSeconds(limit), 0, TimeSpan.FromSeconds(seconds))],
    };
}
