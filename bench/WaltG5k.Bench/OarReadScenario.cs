using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Oar;

namespace WaltG5k.Bench;

/// <summary>
/// One job of a real OAR read a hundred times: by its REST interface, and by its commands over a warm and over a cold ssh connection. Needs root, and
/// the packages that the integration tests install.
/// </summary>
static class OarReadScenario
{
    const int Reads = 100, ColdReads = 5;
    const string Site = "arles", User = "labalice";

    public static async Task<IReadOnlyList<Measurement>> RunAsync(string root)
    {
        string lab = Path.Combine(root, "tests", "integration", "Lab", "lab.sh");
        (int status, string why) = Run(lab, "check");
        if (status != 0) return [Measurement.Skipped($"{Reads} reads of a job of a real OAR", why.Trim())];
        string folder = Path.Combine(Path.GetTempPath(), $"waltg5k-bench-{Environment.ProcessId}");
        int port = FindPorts();
        try
        {
            (status, why) = Run(lab, "up", folder, port.ToString(CultureInfo.InvariantCulture));
            if (status != 0) throw new InvalidOperationException(why);
            Uri rest = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port + 8}/oarapi/"));
            double restTime, warmTime;
            await using (SshGrid grid = await OpenAsync(folder, rest))
            {
                OarClient oar = OarClient.For(grid, Site);
                long job = (await oar.SubmitAsync(new OarJobRequest { Resources = "nodes=1", Walltime = Walltime.Parse("1"), Hold = true,
                    Command = "true" })).JobId;
                restTime = await ReadAsync(oar, job, Reads);
                await using SshGrid plain = await OpenAsync(folder, null);
                warmTime = await ReadAsync(OarClient.For(plain, Site), job, Reads);
            }
            double coldTime = 0;
            for (int i = 0; i < ColdReads; i++)
            {
                await using SshGrid cold = await OpenAsync(folder, null);
                long start = Stopwatch.GetTimestamp();
                await cold.GetFrontend(Site).RunAsync(new CommandRequest("true"));
                coldTime += Stopwatch.GetElapsedTime(start).TotalSeconds / ColdReads;
            }
            double warm = await MeasureWarmAsync(folder);
            return
            [
                Seconds($"{Reads} reads of a job by REST", restTime), Seconds($"{Reads} reads of a job by oarstat over ssh", warmTime),
                Measurement.AtMost("REST over the commands", restTime / warmTime, 0.25, "x"),
                Seconds("true over a cold connection", coldTime), Seconds("true over a warm connection", warm),
                Measurement.AtMost("warm over cold", warm / coldTime, 0.5, "x"),
            ];
        }
        finally { Run(lab, "down", folder); }
    }

    static async Task<double> MeasureWarmAsync(string folder)
    {
        await using SshGrid grid = await OpenAsync(folder, null);
        IFrontend frontend = grid.GetFrontend(Site);
        await frontend.RunAsync(new CommandRequest("true"));
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Reads; i++) await frontend.RunAsync(new CommandRequest("true"));
        return Stopwatch.GetElapsedTime(start).TotalSeconds / Reads;
    }

    static async Task<double> ReadAsync(OarClient oar, long job, int count)
    {
        await oar.GetJobAsync(job);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            OarJob? read = null;
            await foreach (OarJob found in oar.GetJobsAsync(new OarJobQuery { JobIds = [job] })) read = found;
            if (read?.Id != job) throw new InvalidOperationException($"Job {job} was not read.");
        }
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    static Task<SshGrid> OpenAsync(string folder, Uri? rest) => SshGrid.OpenAsync(new SshGridOptions
    {
        Sites = [Site],
        UserName = User,
        SshConfig = Path.Combine(folder, "ssh_config"),
        OarApis = rest is null ? new Dictionary<string, Uri>() : new Dictionary<string, Uri> { [Site] = rest },
        HomeDirectory = folder,
    });

    static Measurement Seconds(string name, double value) => new(name, string.Create(CultureInfo.InvariantCulture, $"{value:0.000} s"), "", null);

    /// <summary>The first of eleven ports in a row of which none is in use.</summary>
    static int FindPorts()
    {
        for (int first = 21000; first < 30000; first += 20)
            if (Enumerable.Range(first, 11).All(IsFree)) return first;
        throw new InvalidOperationException("No eleven free ports in a row.");

        static bool IsFree(int port)
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try { probe.Bind(new IPEndPoint(IPAddress.Loopback, port)); }
            catch (SocketException) { return false; }
            return true;
        }
    }

    static (int Status, string Output) Run(string lab, params string[] arguments)
    {
        // Through a file: services that the laboratory starts keep its output open.
        string log = Path.GetTempFileName();
        using Process process = Process.Start(new ProcessStartInfo("bash",
            ["-c", "exec bash \"$0\" \"$@\" >\"$LOG\" 2>&1 </dev/null", lab, .. arguments]) { Environment = { ["LOG"] = log } })!;
        process.WaitForExit();
        string output = File.ReadAllText(log);
        File.Delete(log);
        return (process.ExitCode, output);
    }
}
