using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core.Execution;
using WaltG5k.IntegrationTests.Execution;

namespace WaltG5k.Bench;

/// <summary>
/// <c>true</c> on 200 targets of an sshd of this machine, against pdsh and clush in the same run: with the same key exchange and cipher for all, and with
/// the peers as they come. Client and server share this machine's processors: only the ratios matter.
/// </summary>
static class ExecutionScenario
{
    const int Targets = 200, Runs = 3;
    const string Tuned = "-oKexAlgorithms=curve25519-sha256 -oCiphers=aes128-gcm@openssh.com";
    static readonly NodeExecutionOptions s_options = new() { ThrottleLimit = 64, ConnectTimeout = TimeSpan.FromSeconds(60) };

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        if (!File.Exists(LoopbackSshd.Program)) return [Measurement.Skipped($"true on {Targets} targets", $"there is no {LoopbackSshd.Program}")];
        await using LoopbackSshd sshd = await LoopbackSshd.StartAsync();
        await using (NodeExecutor first = sshd.OpenExecutor()) await RunTwiceAsync(first, 3); // code that has run once, as in any session
        List<double> cold = [], warm = [], pdsh = [], clush = [];
        for (int run = 0; run < Runs; run++)
        {
            await using (NodeExecutor executor = sshd.OpenExecutor())
            {
                (double coldRun, double warmRun) = await RunTwiceAsync(executor, Targets);
                cold.Add(coldRun);
                warm.Add(warmRun);
            }
            if (Has("pdsh")) pdsh.Add(await RunPeerAsync($"PDSH_SSH_ARGS_APPEND='-F {sshd.ClientConfig} {Tuned}' pdsh -R ssh -f {Targets} -w '127.0.0.[1-{Targets}]' true"));
            if (Has("clush")) clush.Add(await RunPeerAsync($"clush -f {Targets} -o '-F {sshd.ClientConfig} {Tuned}' -w '127.0.0.[1-{Targets}]' true"));
        }
        double single;
        await using (NodeExecutor executor = sshd.OpenExecutor()) (_, single) = await RunTwiceAsync(executor, 1);
        double[] peers = [.. new[] { pdsh, clush }.Where(p => p.Count > 0).Select(Median)];
        return
        [
            Seconds($"true on {Targets} targets, cold", Median(cold)), Seconds($"true on {Targets} targets, warm", Median(warm)),
            pdsh.Count > 0 ? Seconds("the same by pdsh", Median(pdsh)) : Measurement.Skipped("the same by pdsh", "it is not installed"),
            clush.Count > 0 ? Seconds("the same by clush", Median(clush)) : Measurement.Skipped("the same by clush", "it is not installed"),
            .. peers.Length == 0 ? (Measurement[])[] :
            [
                Measurement.AtMost("cold over the better of them, same key exchange", Median(cold) / peers.Min(), 1, "x"),
                Measurement.AtMost("warm over the better of them", Median(warm) / peers.Min(), 0.5, "x"),
            ],
            new("warm over cold", string.Create(CultureInfo.InvariantCulture, $"{Median(warm) / Median(cold):0.###} x"), "", null),
            Measurement.AtMost("one target, warm", single, 0.05, "s"),
        ];
    }

    static async Task<(double First, double Second)> RunTwiceAsync(NodeExecutor executor, int count) => (await RunAsync(executor, count), await RunAsync(executor, count));

    static async Task<double> RunAsync(NodeExecutor executor, int count)
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<NodeCommandResult> results = await executor.RunAllAsync(LoopbackSshd.Targets(count), NodeCommand.Script("true"), s_options);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return results.FirstOrDefault(r => !r.IsSuccess) is { } failed ? throw new InvalidOperationException($"{failed}: {failed.Reason}") : elapsed;
    }

    static async Task<double> RunPeerAsync(string line)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line]))!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException($"status {process.ExitCode}: {line}");
    }

    static bool Has(string program) => File.Exists("/usr/bin/" + program);

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    static Measurement Seconds(string name, double value) => new(name, string.Create(CultureInfo.InvariantCulture, $"{value:0.##} s"), "", null);
}
