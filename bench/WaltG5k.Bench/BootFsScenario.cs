using System.Diagnostics;
using System.Globalization;
using System.Net;
using WaltG5k.BootFs;
using WaltG5k.Tests.BootFs;

namespace WaltG5k.Bench;

/// <summary>
/// The speculative root: a boot's reads replayed over a relay with round trips of 0 to 100 ms. The boot is that of a slim Debian in a virtual node:
/// 21 MB of an image of 200 MB in 530 reads, each ordered when the one before has come and some work is done; 5 s in all when nothing has to be
/// waited for (the measured time to sshd at 0 ms, and 530 round trips: what demand reads were measured to cost).
/// </summary>
static class BootFsScenario
{
    const int ImageBytes = 200_000_000, Reads = 530, ReadBytes = 40 * 1024;
    static readonly TimeSpan s_think = TimeSpan.FromSeconds(5.0 / Reads);

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("bootfs-bench").FullName;
        try
        {
            return await RunAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<IReadOnlyList<Measurement>> RunAsync(string folder)
    {
        string images = Path.Combine(folder, "images"), path = Path.Combine(images, "slim.img");
        Directory.CreateDirectory(images);
        byte[] bytes = new byte[ImageBytes];
        Random random = new(1);
        random.NextBytes(bytes);
        await File.WriteAllBytesAsync(path, bytes);
        // Files lie anywhere; a larger one is read from its beginning to its end.
        long[] offsets = new long[Reads];
        for (int i = 0; i < Reads; i++)
            offsets[i] = i % 5 != 0 && offsets[i - 1] + 2 * ReadBytes < ImageBytes
                ? offsets[i - 1] + ReadBytes
                : random.NextInt64((ImageBytes - ReadBytes) / 4096) * 4096;

        List<Measurement> report = [];
        double local = await MeasureLocalAsync(path, offsets);
        report.Add(new Measurement("local file: boot's reads with its work", Seconds(local), "", true));
        ServerOptions options = new() { Images = images, State = Path.Combine(folder, "state"), Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        foreach (int roundTrip in new[] { 0, 20, 40, 100 })
        {
            Directory.Delete(Directory.CreateDirectory(options.TraceFolder).FullName, recursive: true);
            await using BootFsServer server = new(options, TimeProvider.System, _ => { });
            server.Start();
            await server.Images.PrepareAsync();
            (double first, BootCounts firstCounts, _) = await MeasureAsync(server, roundTrip, offsets, bytes);
            (double later, BootCounts laterCounts, long sent) = await MeasureAsync(server, roundTrip, offsets, bytes);
            report.Add(new Measurement($"RTT {roundTrip} ms: first boot, no trace: blocks on demand ({firstCounts.DemandedBytes / 1e6:0.0} MB)",
                Seconds(first), "", true));
            report.Add(new Measurement($"RTT {roundTrip} ms: later boot, trace pushed", Seconds(later), "", true));
            report.Add(Measurement.AtMost($"RTT {roundTrip} ms: later boot against local", later / local, 1.15, "times"));
            if (roundTrip >= 40)
                report.Add(new Measurement($"RTT {roundTrip} ms: first boot against later ones", $"{first / later:0.0} times", ">= 4 times",
                    first / later >= 4));
            report.Add(Measurement.AtMost($"RTT {roundTrip} ms: bytes sent against bytes used", (double)sent / (Reads * (double)ReadBytes), 1.5,
                "times"));
            report.Add(new Measurement($"RTT {roundTrip} ms: reads that waited, of {laterCounts.Reads}",
                laterCounts.Waits.ToString(CultureInfo.InvariantCulture), "", true));
        }
        return report;
    }

    static string Seconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} s");

    static async Task<double> MeasureLocalAsync(string path, long[] offsets)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
        byte[] buffer = new byte[ReadBytes];
        Stopwatch watch = Stopwatch.StartNew();
        foreach (long offset in offsets)
        {
            await RandomAccess.ReadAsync(file, buffer, offset);
            await Task.Delay(s_think);
        }
        return watch.Elapsed.TotalSeconds;
    }

    static async Task<(double Seconds, BootCounts Counts, long Sent)> MeasureAsync(BootFsServer server, int roundTrip, long[] offsets, byte[] bytes)
    {
        await using ByteRelay relay = new(server.EndPoint) { Delay = TimeSpan.FromMilliseconds(roundTrip / 2.0) };
        RootClient root = new(new RootClientOptions { Image = "slim", ServerKey = server.PublicKey, Boot = Guid.NewGuid().ToByteArray(),
            Randomize = Random.Shared.NextBytes });
        LoopbackClient client = new(root, relay.EndPoint);
        Stopwatch watch = Stopwatch.StartNew();
        client.Start();
        await client.Ready;
        foreach (long offset in offsets)
        {
            byte[]? read = await client.ReadAsync(offset, ReadBytes);
            if (!read.AsSpan().SequenceEqual(bytes.AsSpan((int)offset, ReadBytes)))
                throw new InvalidOperationException("A read gave other bytes than the image's.");
            await Task.Delay(s_think);
        }
        double seconds = watch.Elapsed.TotalSeconds;
        BootCounts counts = root.Counts;
        long sent = relay.BytesToClient;
        await client.DisposeAsync();
        while (server.Connections > 0) await Task.Delay(5);
        return (seconds, counts, sent);
    }
}
