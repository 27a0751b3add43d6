using WaltG5k.Core.Walt;

namespace WaltG5k.Tests.Walt;

public class BootStatisticsTests
{
    static readonly DateTimeOffset s_start = new(2026, 3, 24, 9, 0, 0, TimeSpan.Zero);

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    static WaltBootRecord Boot(string site, double seconds, WaltBootMethod method = WaltBootMethod.Kexec,
        WaltRootFileSystem root = WaltRootFileSystem.Nfs) => new(s_start, "n")
    {
        Site = site, ServerSite = "nancy", Method = method, RootFileSystem = root,
            Bootloader = method == WaltBootMethod.Hard ? WaltBootloader.Http : null,
        IsBooted = true, Attempts = 1, Elapsed = Seconds(seconds),
        Parts = [new("system", Seconds(seconds - 4)), new("kexec", Seconds(4), seconds > 100 ? WaltEvidence.Estimated : WaltEvidence.Observed)],
    };

    [Theory]
    [InlineData(0.5, 20, 10.0, 20.0, 90.0)]
    [InlineData(0.5, 15, 10.0, 20.0)]
    [InlineData(0.25, 12.5, 10.0, 20.0)]
    [InlineData(1, 90, 10.0, 20.0, 90.0)]
    [InlineData(0, 7, 7.0)]
    [InlineData(0.5, 0)]
    public void Quantiles_lie_between_the_values(double share, double expected, params double[] values) =>
        Assert.Equal(Seconds(expected), BootStatistics.Quantile([.. values.Select(Seconds)], share));

    [Fact]
    public void Boots_are_summarised_per_site_and_method_and_failures_counted_apart()
    {
        WaltBootRecord failed = Boot("rennes", 600) with { IsBooted = false, Error = "NodeNotBooted" };
        IReadOnlyList<WaltBootMeasurement> all =
            BootStatistics.Summarise([Boot("rennes", 40), failed, Boot("rennes", 44), Boot("nancy", 20), Boot("nancy", 150, WaltBootMethod.Hard)]);
        Assert.Equal([("nancy", WaltBootMethod.Kexec), ("nancy", WaltBootMethod.Hard), ("rennes", WaltBootMethod.Kexec)],
            all.Select(m => (m.Site, m.Method)));
        WaltBootMeasurement rennes = all[2];
        Assert.Equal((2, 1, 3, false), (rennes.Count, rennes.Failed, rennes.Boots, rennes.IsSameSite!.Value));
        Assert.Equal((Seconds(42), Seconds(40), Seconds(44), Seconds(2)), (rennes.Median, rennes.Shortest, rennes.Longest, rennes.Spread));
        Assert.Equal(Seconds(38), rennes.Parts.Single(p => p.Name == "system").Duration);
        Assert.Equal(WaltEvidence.Estimated, all[1].Parts.Single(p => p.Name == "kexec").Evidence);
    }

    [Fact]
    public void The_talk_s_table_has_its_four_lines_and_only_clean_boots()
    {
        IReadOnlyList<WaltBootComparison> table = BootStatistics.Compare(
            [Boot("rennes", 41), Boot("nancy", 21), Boot("nancy", 19), Boot("nancy", 500) with { Attempts = 2 },
            Boot("rennes", 20, root: WaltRootFileSystem.Nbfs), Boot("nancy", 148, WaltBootMethod.Hard)]);
        Assert.Equal(["TFTP + NFS", "HTTP + NFS", "kexec + NFS", "kexec + NBFS"], table.Select(l => l.Path));
        Assert.Equal((null, null), (table[0].SameSite, table[0].OtherSite));
        Assert.Equal((Seconds(148), null), (table[1].SameSite, table[1].OtherSite));
        Assert.Equal((Seconds(20), Seconds(41)), (table[2].SameSite, table[2].OtherSite));
        Assert.Equal((null, Seconds(20)), (table[3].SameSite, table[3].OtherSite));
        Assert.Equal((Seconds(150), Seconds(410)), (table[0].TalkSameSite, table[0].TalkOtherSite));
    }
}
