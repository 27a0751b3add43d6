using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;

namespace WaltG5k.IntegrationTests.Execution;

/// <summary>A server of ours with keys of its own, on a free port of this machine: each address 127.x.y.z is a node.</summary>
sealed class LoopbackSshd : IAsyncDisposable
{
    public const string Program = "/usr/sbin/sshd";

    readonly string _folder = Directory.CreateTempSubdirectory("waltg5k-sshd-").FullName;
    Process? _server;

    public int Port { get; } = FindPort();

    /// <summary>A configuration for ssh clients: the key and the port.</summary>
    public string ClientConfig => Path.Combine(_folder, "ssh_config");

    string Log => Path.Combine(_folder, "log");

    public static async Task<LoopbackSshd> StartAsync(params string[] settings)
    {
        var sshd = new LoopbackSshd();
        await sshd.PrepareAsync(settings);
        sshd._server = Process.Start(new ProcessStartInfo(Program, ["-D", "-f", Path.Combine(sshd._folder, "sshd_config"), "-E", sshd.Log]))!;
        for (int attempt = 0; !await sshd.AnswersAsync(); attempt++)
        {
            if (attempt == 100) throw new InvalidOperationException("sshd does not start: " + await File.ReadAllTextAsync(sshd.Log));
            await Task.Delay(50);
        }
        return sshd;
    }

    /// <summary>A front-end whose nodes are behind this server.</summary>
    public IFrontend Frontend => new GatedFrontend(new LocalFrontend("nancy"), ["ssh", "-F", ClientConfig]);

    public NodeExecutor OpenExecutor() => new(_ => Frontend);

    /// <summary>Nodes that are all this machine: 127.0.0.1, 127.0.0.2, …</summary>
    public static NodeTarget[] Targets(int count) => [.. Enumerable.Range(1, count).Select(Target)];

    public static NodeTarget Target(int number) => new(Name(number), "nancy") { Address = string.Create(CultureInfo.InvariantCulture, $"127.0.{number >> 8}.{number & 255}") };

    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"gros-{number}.nancy.grid5000.fr");

    /// <summary>How often somebody has logged in.</summary>
    public int CountLogins() => ReadLog().Split("Accepted publickey").Length - 1;

    /// <summary>The sessions that are open: processes of the server that have come from its own.</summary>
    public int CountSessions() => Directory.EnumerateDirectories("/proc").Count(IsSession);

    /// <summary>Breaks all connections, without a word to their clients.</summary>
    public void KillSessions()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(IsSession))
        {
            using var session = Process.GetProcessById(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture));
            session.Kill();
        }
    }

    /// <summary>Whether the server has refused somebody for having too many that are about to log in.</summary>
    public bool HasDroppedConnections => ReadLog().Contains("past MaxStartups", StringComparison.Ordinal);

    /// <summary>
    /// A connection that is about to log in, for ever. The first line tells it from one that is dropped at once, as may happen while the server has not
    /// yet seen that others are gone: that gets "Exceeded MaxStartups" in place of a greeting.
    /// </summary>
    public async Task<TcpClient> OccupyAsync()
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            var reader = new StreamReader(client.GetStream(), leaveOpen: true);
            try
            {
                if ((await reader.ReadLineAsync())?.StartsWith("SSH-", StringComparison.Ordinal) == true) return client;
            }
            catch (IOException)
            {
                // dropped before it could be told
            }
            client.Dispose();
            await Task.Delay(50);
        }
        throw new InvalidOperationException("sshd lets nobody in: " + ReadLog());
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
            _server.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    async Task PrepareAsync(string[] settings)
    {
        if (Environment.UserName == "root") Directory.CreateDirectory("/run/sshd");
        foreach (string key in (string[])["host", "client"])
        {
            using Process keygen = Process.Start(new ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "waltg5k-test", "-f", Path.Combine(_folder, key)]))!;
            await keygen.WaitForExitAsync();
        }
        File.Copy(Path.Combine(_folder, "client.pub"), Path.Combine(_folder, "authorized_keys"));
        // A setting that comes first wins.
        await File.WriteAllLinesAsync(Path.Combine(_folder, "sshd_config"),
        [
            .. settings,
            FormattableString.Invariant($"Port {Port}"), "ListenAddress 0.0.0.0",
            $"HostKey {_folder}/host", $"AuthorizedKeysFile {_folder}/authorized_keys", $"PidFile {_folder}/pid",
            "StrictModes no", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password", "UsePAM no", "UseDNS no",
            $"SetEnv HOME={_folder}", // an empty one: start-up files of the account would be measured too
            .. settings.Any(l => l.StartsWith("MaxStartups", StringComparison.Ordinal)) ? (string[])[] : ["MaxStartups 2000"], // here the last one wins
            "PrintMotd no", "LogLevel INFO",
        ]);
        await File.WriteAllLinesAsync(ClientConfig,
        [
            "Host *", FormattableString.Invariant($"Port {Port}"), $"IdentityFile {_folder}/client", "IdentitiesOnly yes", "IdentityAgent none",
            "StrictHostKeyChecking no", "UserKnownHostsFile /dev/null", "LogLevel ERROR",
        ]);
        await File.WriteAllTextAsync(Log, "");
    }

    async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    string ReadLog()
    {
        using var reader = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    bool IsSession(string folder)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == _server!.Id.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A front-end with another way to its nodes.</summary>
sealed class GatedFrontend(IFrontend inner, IReadOnlyList<string> ssh) : IFrontend
{
    public string Site => inner.Site;
    public string Name => inner.Name;
    public NodeGate Gate => new(inner, ssh) { SshOnFrontend = ssh };

    public Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null, CancellationToken cancellationToken = default) =>
        inner.RunAsync(request, onLine, cancellationToken);

    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) => inner.ConnectAsync(host, port, cancellationToken);
}
