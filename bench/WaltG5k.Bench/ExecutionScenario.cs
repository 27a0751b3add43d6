using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core.Execution;
using WaltG5k.IntegrationTests.Execution;

namespace WaltG5k.Bench;

/// <summary>
/// <c>true</c> on 200 targets of an sshd of this machine, against pdsh and clush in the same run: with the same key exchange and cipher for all, and
/// once with the peers as they come, which is how people use them. Client and server share this machine's processors: only the ratios matter.
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
        var cost = new ClientCost(sshd.ClientConfig);
        List<double> cold = [], warm = [], coldCost = [], warmCost = [], memory = [], clients = [], pdsh = [], clush = [];
        for (int run = 0; run < Runs; run++)
        {
            await using (NodeExecutor executor = sshd.OpenExecutor())
            {
                double before = cost.ProcessorSeconds, own = ClientCost.OwnMegabytes;
                cold.Add(await RunAsync(executor, Targets));
                double between = cost.ProcessorSeconds;
                warm.Add(await RunAsync(executor, Targets));
                warmCost.Add(cost.ProcessorSeconds - between);
                coldCost.Add(between - before);
                memory.Add(ClientCost.OwnMegabytes - own);
                clients.Add(cost.ClientMegabytes);
            }
            if (Has("pdsh")) pdsh.Add(await RunPeerAsync(Pdsh(sshd, Tuned)));
            if (Has("clush")) clush.Add(await RunPeerAsync(Clush(sshd, Tuned)));
        }
        double single;
        await using (NodeExecutor executor = sshd.OpenExecutor()) (_, single) = await RunTwiceAsync(executor, 1);
        double? pdshAsIs = Has("pdsh") ? await RunPeerAsync(Pdsh(sshd, "")) : null,
            clushAsIs = Has("clush") ? await RunPeerAsync(Clush(sshd, "")) : null;
        double? taktuk = null;
        if (Has("taktuk"))
        {
            await using NodeExecutor executor = sshd.OpenExecutor();
            taktuk = await RunAsync(executor, Targets, s_options with { Spread = NodeSpread.TakTuk });
        }
        double[] peers = [.. new[] { pdsh, clush }.Where(p => p.Count > 0).Select(Median)];
        return
        [
            Seconds($"true on {Targets} targets, cold", Median(cold)), Seconds($"true on {Targets} targets, warm", Median(warm)),
            Measurement.AtMost("cold: client processor time", Median(coldCost), 3, "s"),
            Measurement.AtMost("warm: client processor time", Median(warmCost), 0.4, "s"),
            Measurement.AtMost("memory on top of the shell, in its process", Median(memory), 60, "MB"),
            Figure("memory of the ssh clients that stay open", Median(clients), "MB"),
            Peer("pdsh", pdsh.Count > 0 ? Median(pdsh) : null), Peer("clush", clush.Count > 0 ? Median(clush) : null),
            Peer("pdsh with OpenSSH's own key exchange", pdshAsIs), Peer("clush with OpenSSH's own key exchange", clushAsIs),
            Peer("TakTuk, from our executor", taktuk),
            .. peers.Length == 0 ? (Measurement[])[] :
            [
                Measurement.AtMost("cold over the better of them, same key exchange", Median(cold) / peers.Min(), 1, "x"),
                Measurement.AtMost("warm over the better of them", Median(warm) / peers.Min(), 0.5, "x"),
            ],
            Figure("warm over cold", Median(warm) / Median(cold), "x"),
            Measurement.AtMost("one target, warm", single, 0.05, "s"),
        ];
    }

    static async Task<(double First, double Second)> RunTwiceAsync(NodeExecutor executor, int count) =>
        (await RunAsync(executor, count), await RunAsync(executor, count));

    static string Pdsh(LoopbackSshd sshd, string options) =>
        $"PDSH_SSH_ARGS_APPEND='-F {sshd.ClientConfig} {options}' pdsh -R ssh -f {Targets} -w '127.0.0.[1-{Targets}]' true";

    static string Clush(LoopbackSshd sshd, string options) =>
        $"clush -f {Targets} -o '-F {sshd.ClientConfig} {options}' -w '127.0.0.[1-{Targets}]' true";

    static Measurement Peer(string name, double? seconds) =>
        seconds is double s ? Seconds("the same by " + name, s) : Measurement.Skipped("the same by " + name, "it is not installed");

    static async Task<double> RunAsync(NodeExecutor executor, int count, NodeExecutionOptions? options = null)
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<NodeCommandResult> results =
            await executor.RunAllAsync(LoopbackSshd.Targets(count), NodeCommand.Script("true"), options ?? s_options);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return results.FirstOrDefault(r => !r.IsSuccess) is { } failed ? throw new InvalidOperationException($"{failed}: {failed.Reason}") : elapsed;
    }

    static async Task<double> RunPeerAsync(string line)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line]))!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException($"status {process.ExitCode}: {line}");
    }

    static bool Has(string program) => File.Exists("/usr/bin/" + program);

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    static Measurement Seconds(string name, double value) => Figure(name, value, "s");

    static Measurement Figure(string name, double value, string unit) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}"), "", null);
}
