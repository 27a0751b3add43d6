using System.Diagnostics;
using WaltG5k.Core;
using WaltG5k.Lab.Network;

namespace WaltG5k.Lab.Processes;

/// <summary>
/// A network, mount and process namespace of the lab's own. Its first process waits for the end of a pipe that this process holds: when it ends, by
/// whatever death of ours, the kernel kills all that runs in the namespace, and with the last process go its adapters and mounts.
/// </summary>
sealed class LabContainer : IAsyncDisposable
{
    static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);
    static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(5);

    readonly Process _process;

    LabContainer(string name, Process process, ProcessStamp stamp) => (Name, _process, Stamp) = (name, process, stamp);

    /// <summary><c>server</c> or <c>nodes</c>.</summary>
    public string Name { get; }
    public ProcessStamp Stamp { get; }
    public NetworkNamespace Network => new($"/proc/{Stamp.Id}/ns/net");
    public bool IsAlive => Stamp.IsAlive;

    /// <summary>A file of the namespace, as seen from outside.</summary>
    public string GetPath(string path) => $"/proc/{Stamp.Id}/root{path}";

    /// <summary>Makes the namespaces and runs a script in them first.</summary>
    /// <param name="script">For sh; <paramref name="arguments"/> are its <c>$1</c>, <c>$2</c>…</param>
    /// <param name="onStarted">Told the process before it does anything that lasts.</param>
    /// <exception cref="G5kException"><c>LabNamespaceFailed</c>.</exception>
    public static async Task<LabContainer> StartAsync(string name, string script, IReadOnlyList<string> arguments, Action<ProcessStamp> onStarted,
        CancellationToken cancellationToken)
    {
        ProcessStartInfo info = new("setsid",
            ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--", "sh", "-c",
            $"set -e\n{script}\necho ready\nread -r _ || true", name, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment["LC_ALL"] = "C";
        Process process = Process.Start(info)!;
        LabContainer container = new(name, process, ProcessStamp.Find(process.Id) ?? new ProcessStamp(process.Id, 0));
        try
        {
            onStarted(container.Stamp);
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_startLimit);
            string? answer = await process.StandardOutput.ReadLineAsync(limit.Token).ConfigureAwait(false);
            if (answer != "ready") throw LabErrors.NamespaceFailed(name,
                answer ?? (await process.StandardError.ReadToEndAsync(limit.Token).ConfigureAwait(false)).Trim());
            return container;
        }
        catch
        {
            await container.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The words that run a program in the namespaces.</summary>
    public IReadOnlyList<string> Enter(params IReadOnlyList<string> words) =>
        ["nsenter", $"--net=/proc/{Stamp.Id}/ns/net", $"--mount=/proc/{Stamp.Id}/ns/mnt", $"--pid=/proc/{Stamp.Id}/ns/pid_for_children", "--",
        .. words];

    public async ValueTask DisposeAsync()
    {
        Stamp.Kill();
        using CancellationTokenSource limit = new(s_endLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is recorded still: whoever stops the lab later tries again.
        }
        _process.Dispose();
    }
}
