namespace WaltG5k.Core.Walt;

/// <summary>Summarises boots.</summary>
public static class BootStatistics
{
    static readonly (string Path, WaltBootMethod Method, WaltRootFileSystem Root, WaltBootloader? Loader, int Same, int Other)[] s_talk =
    [
        ("TFTP + NFS", WaltBootMethod.Hard, WaltRootFileSystem.Nfs, WaltBootloader.Tftp, 150, 410),
        ("HTTP + NFS", WaltBootMethod.Hard, WaltRootFileSystem.Nfs, WaltBootloader.Http, 150, 205),
        ("kexec + NFS", WaltBootMethod.Kexec, WaltRootFileSystem.Nfs, null, 20, 40),
        ("kexec + NBFS", WaltBootMethod.Kexec, WaltRootFileSystem.Nbfs, null, 20, 20),
    ];

    /// <summary>
    /// One summary per site, method, root file system, boot loader and image. A boot that needed more than its first attempt counts with all its
    /// time.
    /// </summary>
    public static IReadOnlyList<WaltBootMeasurement> Summarise(IEnumerable<WaltBootRecord> boots) =>
    [
        .. boots.GroupBy(b => (b.Site, b.IsSameSite, b.Method, b.RootFileSystem, b.Bootloader, b.Image))
            .OrderBy(g => g.Key.IsSameSite is false).ThenBy(g => g.Key.Site, StringComparer.Ordinal).ThenBy(g => g.Key.Method)
            .ThenBy(g => g.Key.RootFileSystem)
            .Select(g => Summarise(g.Key.Site, [.. g])),
    ];

    /// <summary>The table of the talk, with the medians of these boots.</summary>
    public static IReadOnlyList<WaltBootComparison> Compare(IEnumerable<WaltBootRecord> boots)
    {
        WaltBootRecord[] booted = [.. boots.Where(b => b is { IsBooted: true, Attempts: <= 1 })];
        return
        [
            .. s_talk.Select(line =>
            {
                WaltBootRecord[] ofLine = [.. booted.Where(b => b.Method == line.Method && b.RootFileSystem == line.Root
                    && b.Bootloader == line.Loader)];
                return new WaltBootComparison(line.Path)
                {
                    SameSite = MedianOf(ofLine.Where(b => b.IsSameSite is true)),
                    OtherSite = MedianOf(ofLine.Where(b => b.IsSameSite is false)),
                    TalkSameSite = TimeSpan.FromSeconds(line.Same),
                    TalkOtherSite = TimeSpan.FromSeconds(line.Other),
                    Count = ofLine.Length,
                };
            }),
        ];
    }

    /// <summary>The value below which that share of the sorted values lies, between two of them by their distance.</summary>
    /// <param name="share">0 to 1; 0.5 is the median.</param>
    public static TimeSpan Quantile(IReadOnlyList<TimeSpan> sorted, double share)
    {
        if (sorted.Count == 0) return TimeSpan.Zero;
        double position = share * (sorted.Count - 1);
        int below = (int)position;
        return below + 1 < sorted.Count ? sorted[below] + (sorted[below + 1] - sorted[below]) * (position - below) : sorted[below];
    }

    static TimeSpan? MedianOf(IEnumerable<WaltBootRecord> boots) =>
        boots.Select(b => b.Elapsed).Order().ToArray() is { Length: > 0 } times ? Quantile(times, 0.5) : null;

    static WaltBootMeasurement Summarise(string site, WaltBootRecord[] boots)
    {
        WaltBootRecord[] booted = [.. boots.Where(b => b.IsBooted)];
        TimeSpan[] times = [.. booted.Select(b => b.Elapsed).Order()];
        return new WaltBootMeasurement(site, boots[0].Method)
        {
            IsSameSite = boots[0].IsSameSite,
            RootFileSystem = boots[0].RootFileSystem,
            Bootloader = boots[0].Bootloader,
            Image = boots[0].Image,
            Count = times.Length,
            Failed = boots.Length - booted.Length,
            Median = Quantile(times, 0.5),
            Shortest = Quantile(times, 0),
            Longest = Quantile(times, 1),
            Spread = Quantile(times, 0.75) - Quantile(times, 0.25),
            Parts =
            [
                .. booted.SelectMany(b => b.Parts).GroupBy(p => p.Name)
                .Select(p => new WaltBootPart(p.Key, Quantile([.. p.Select(x => x.Duration).Order()], 0.5),
                    p.Any(x => x.Evidence == WaltEvidence.Estimated) ? WaltEvidence.Estimated : WaltEvidence.Observed)),
            ],
        };
    }
}
