using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Oar.Jobs;

/// <summary>Runs commands of jobs with the shell, each in a session of its own, in the folder that stands for the user's home.</summary>
/// <param name="home">A folder of this machine.</param>
/// <param name="environment">Beside the variables of OAR.</param>
sealed partial class JobProcessRunner(string home, IReadOnlyDictionary<string, string> environment) : IJobRunner, IDisposable
{
    const int KillNumber = 9;
    const string SetSid = "/usr/bin/setsid";
    // The shell opens the files itself: what the command starts in the background keeps writing to them.
    const string Script = """cd "$1" && exec </dev/null >>"$2" 2>>"$3" && exec /bin/sh -c "$4" """;

    readonly Lock _sync = new();
    readonly Dictionary<(string Site, long Id), Process> _processes = [];

    public string? Start(OarJob job, IReadOnlyList<string> assigned, Action<int> ended)
    {
        string asked = job.Submission.Directory;
        string directory = Locate(asked);
        if (!Directory.Exists(directory))
        {
            string host = assigned.Count > 0 ? assigned[0] : $"f{job.Site}";
            return $"Cannot go into the working directory {asked} of the job on node {host}";
        }
        var process = new Process { StartInfo = CreateStartInfo(job, directory, assigned), EnableRaisingEvents = true };
        lock (_sync) _processes[(job.Site, job.Id)] = process;
        process.Exited += (_, _) =>
        {
            int status = ToWaitStatus(process.ExitCode);
            if (Forget(job)) ended(status);
            process.Dispose();
        };
        process.Start();
        return null;
    }

    public void Kill(OarJob job)
    {
        Process? process;
        lock (_sync) _processes.Remove((job.Site, job.Id), out process);
        if (process is not null) Kill(process);
    }

    public void Signal(OarJob job, int number)
    {
        Process? process;
        lock (_sync) process = _processes.GetValueOrDefault((job.Site, job.Id));
        if (process is not null) SendSignal(process, number);
    }

    /// <summary>Kills what still runs: nobody would look after it.</summary>
    public void Dispose()
    {
        Process[] left;
        lock (_sync)
        {
            left = [.. _processes.Values];
            _processes.Clear();
        }
        foreach (Process process in left) Kill(process);
    }

    static void Kill(Process process)
    {
        try
        {
            SendSignal(process, KillNumber);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    bool Forget(OarJob job)
    {
        lock (_sync) return _processes.Remove((job.Site, job.Id));
    }

    // The leader's id is that of its group; what it left behind is in there too.
    static void SendSignal(Process process, int number)
    {
        string group = "-" + process.Id.ToString(CultureInfo.InvariantCulture);
        using Process? kill = Process.Start(new ProcessStartInfo("/bin/sh",
            ["-c", "kill -s \"$1\" -- \"$2\" 2>/dev/null", "sh", number.ToString(CultureInfo.InvariantCulture), group]));
        kill?.WaitForExit(TimeSpan.FromSeconds(5));
    }

    ProcessStartInfo CreateStartInfo(OarJob job, string directory, IReadOnlyList<string> assigned)
    {
        string standardOutput = Path.Combine(directory, Locate(job.StandardOutputFile));
        string standardError = Path.Combine(directory, Locate(job.StandardErrorFile));
        string[] shell = ["/bin/sh", "-c", Script, "sh", directory, standardOutput, standardError, job.Submission.Command!];
        bool hasSetSid = File.Exists(SetSid);
        var start = new ProcessStartInfo(hasSetSid ? SetSid : shell[0], hasSetSid ? shell : shell[1..]) { UseShellExecute = false,
            WorkingDirectory = home };
        foreach ((string key, string value) in environment) start.Environment[key] = value;
        foreach ((string key, string value) in JobEnvironment.Create(job, WriteNodeFile(job, assigned))) start.Environment[key] = value;
        return start;
    }

    /// <summary>Each host once per core.</summary>
    string WriteNodeFile(OarJob job, IReadOnlyList<string> assigned)
    {
        string folder = Path.Combine(home, ".oar");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{job.Site}-{job.Id}"));
        File.WriteAllLines(file, assigned);
        return file;
    }

    // What is below the emulated home is below the real one.
    string Locate(string path)
    {
        Match match = HomePattern().Match(path);
        return match.Success ? Path.Combine(home, match.Groups[1].Value) : path;
    }

    [GeneratedRegex(@"^(?:/home/[^/]+|~)(?:/(.*))?$")]
    private static partial Regex HomePattern();

    // The runtime gives 128 and the signal's number for a process that a signal ended.
    static int ToWaitStatus(int exitCode) => exitCode > 128 ? exitCode - 128 : exitCode << 8;
}
