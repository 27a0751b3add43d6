using System.Globalization;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Lab;
using WaltG5k.Lab.Images;
using WaltG5k.Lab.Network;
using WaltG5k.Lab.Services;

namespace WaltG5k.Bench;

/// <summary>
/// Real boots of a virtual node, from the reboot order to the notification after sshd answers: the talk's table for this lab. Needs root and Debian's
/// packages; medians of three unless LAB_RUNS says otherwise. LAB_CELLS picks rows by a part of their name, LAB_ROUND_TRIPS columns: <c>0,40</c>.
/// </summary>
static class LabScenario
{
    const string Node = "lab-1", First = "debian", Second = "debian-b";
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(8);

    sealed record Row(string Name, WaltBootloader Loader, WaltBootMethod Method, WaltRootFileSystem Root);

    static readonly Row[] s_rows =
    [
        new("TFTP + NFS", WaltBootloader.Tftp, WaltBootMethod.Hard, WaltRootFileSystem.Nfs),
        new("HTTP + NFS", WaltBootloader.Http, WaltBootMethod.Hard, WaltRootFileSystem.Nfs),
        new("kexec + NFS", WaltBootloader.Http, WaltBootMethod.Kexec, WaltRootFileSystem.Nfs),
        new("kexec + speculative", WaltBootloader.Http, WaltBootMethod.Kexec, WaltRootFileSystem.Speculative),
    ];

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        int runs = int.Parse(Environment.GetEnvironmentVariable("LAB_RUNS") ?? "3", CultureInfo.InvariantCulture);
        double[] roundTrips = [.. (Environment.GetEnvironmentVariable("LAB_ROUND_TRIPS") ?? "0,20,40,100").Split(',')
            .Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
        string cells = Environment.GetEnvironmentVariable("LAB_CELLS") ?? "";
        LabFolder folder = new(Environment.GetEnvironmentVariable("LAB_PATH")
            ?? LabFolder.GetDefault(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)));
        Dictionary<(string Row, double RoundTrip), double> medians = [];
        List<Measurement> report = [];
        try
        {
            await MakeImagesAsync(folder);
            foreach (IGrouping<WaltBootloader, Row> rows in s_rows.Where(r => r.Name.Contains(cells, StringComparison.OrdinalIgnoreCase))
                .GroupBy(r => r.Loader))
                await MeasureAsync(folder, rows.Key, [.. rows], roundTrips, runs, medians, report);
        }
        catch (G5kException e)
        {
            return [.. report, Measurement.Skipped("boots of virtual nodes", e.Message)];
        }
        PrintTable(roundTrips, medians);
        AddRatios(report, medians);
        return report;
    }

    static async Task MakeImagesAsync(LabFolder folder)
    {
        foreach (string name in new[] { First, Second }.Where(n => new LabImageStore(folder).Find(n) is null))
            await new LabImageBuilder(folder, SilentReporter.Instance).BuildAsync(new LabImageRequest(name));
    }

    static async Task MeasureAsync(LabFolder folder, WaltBootloader loader, Row[] rows, double[] roundTrips, int runs,
        Dictionary<(string, double), double> medians, List<Measurement> report)
    {
        LabOptions options = new() { Folder = folder, Images = [First, Second], Bootloader = loader };
        await using WaltLab lab = await WaltLab.StartAsync(options, SilentReporter.Instance);
        await using WaltServer server = lab.OpenServer(SilentReporter.Instance);
        if (!(await server.WaitBootedAsync([Node], s_limit)).Contains(Node))
            throw new InvalidOperationException(string.Join('\n', lab.GetFindings()));
        foreach (Row row in rows)
        {
            if (row.Root == WaltRootFileSystem.Speculative && (BootFsPrograms.FindServer() is null || lab.Images.Any(i => !i.HasSpeculativeRoot)))
            {
                report.Add(Measurement.Skipped(row.Name, "waltg5k-bootfs is not built, or the images were made without it"));
                continue;
            }
            // The first boot of an image has no trace yet.
            if (row.Root == WaltRootFileSystem.Speculative) await BootAsync(server, row, lab, LinkConditions.Cable);
            foreach (double roundTrip in roundTrips)
            {
                double[] times = new double[runs];
                for (int i = 0; i < runs; i++) times[i] =
                    (await BootAsync(server, row, lab, new LinkConditions { RoundTrip = TimeSpan.FromMilliseconds(roundTrip) })).TotalSeconds;
                Array.Sort(times);
                medians[(row.Name, roundTrip)] = times[runs / 2];
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{row.Name}, {roundTrip} ms: {string.Join(", ", times.Select(t => t.ToString("0.0", CultureInfo.InvariantCulture)))} s"));
            }
        }
    }

    /// <summary>From the order to the notification, as the driver measures it.</summary>
    static async Task<TimeSpan> BootAsync(WaltServer server, Row row, WaltLab lab, LinkConditions link)
    {
        lab.Link = link;
        WaltBootRequest request = new() { Nodes = [Node], Image = First, Method = row.Method, RootFileSystem = row.Root, Retries = 0,
            Timeout = s_limit };
        await foreach (WaltBootResult result in new WaltBootDriver(server, _ => "lab").BootAsync(request))
            return result.IsBooted ? result.Total : throw new InvalidOperationException($"{row.Name} at {link}: {result.Error?.Message}");
        throw new InvalidOperationException("no result");
    }

    static void PrintTable(double[] roundTrips, Dictionary<(string Row, double RoundTrip), double> medians)
    {
        Console.WriteLine(
            $"{"round trip",-22}{string.Concat(roundTrips.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r + " ms",10}")))}");
        foreach (Row row in s_rows.Where(r => medians.Keys.Any(k => k.Row == r.Name)))
        {
            string[] cells = [.. roundTrips.Select(r => medians.TryGetValue((row.Name, r), out double time)
                ? time.ToString("0.0 s", CultureInfo.InvariantCulture)
                : "")];
            Console.WriteLine($"{row.Name,-22}{string.Concat(cells.Select(c => $"{c,10}"))}");
        }
    }

    static void AddRatios(List<Measurement> report, Dictionary<(string Row, double RoundTrip), double> medians)
    {
        double? Of(string row, double roundTrip) => medians.TryGetValue((row, roundTrip), out double time) ? time : null;
        if (Of("kexec + speculative", 100) is { } far && Of("kexec + speculative", 0) is { } near)
            report.Add(Measurement.AtMost("lab: boot with the speculative root at 100 ms, against 0 ms", far / near, 1.15, "times"));
        if (Of("kexec + speculative", 40) is { } speculative && Of("kexec + NFS", 40) is { } nfs)
            report.Add(Measurement.AtMost("lab: boot with the speculative root, against NFSv3, at 40 ms", speculative / nfs, 0.2, "times"));
        if (Of("HTTP + NFS", 20) is { } http && Of("TFTP + NFS", 20) is { } tftp)
            report.Add(Measurement.AtMost("lab: boot by HTTP, against TFTP, at 20 ms", http / tftp, 0.5, "times"));
    }
}
