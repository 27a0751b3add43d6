using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WaltG5k.Core.Frontends;

namespace WaltG5k.IntegrationTests.Ssh;

/// <summary>An sshd of the test's own on a port of this machine, with keys and a client configuration that know only it.</summary>
sealed class SshServer : IAsyncDisposable
{
    public const string Program = "/usr/sbin/sshd";

    readonly List<IAsyncDisposable> _opened = [];
    Process? _process;

    SshServer(string folder, int port)
    {
        Folder = folder;
        Port = port;
    }

    public string Folder { get; }
    public int Port { get; }
    public string ClientConfig => Path.Combine(Folder, "ssh_config");
    public string UserKey => Path.Combine(Folder, "user");
    public string HostKey => Path.Combine(Folder, "host");
    public string KnownHosts => Path.Combine(Folder, "known_hosts");
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";
    string LogFile => Path.Combine(Folder, "sshd.log");

    /// <summary>How many logins there have been.</summary>
    public int Logins => Log.Split("Accepted publickey").Length - 1;

    /// <param name="serverOptions">Lines for sshd_config.</param>
    public static async Task<SshServer> StartAsync(params string[] serverOptions)
    {
        string folder = Directory.CreateTempSubdirectory("waltg5k-sshd-").FullName;
        var server = new SshServer(folder, FreePort.Find());
        foreach (string key in (string[])[server.HostKey, server.UserKey])
            await Processes.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key);
        File.Copy(server.UserKey + ".pub", Path.Combine(folder, "authorized_keys"));
        await File.WriteAllLinesAsync(Path.Combine(folder, "sshd_config"),
        [
            .. serverOptions, // the first of a name counts; the home folder has no start-up files
            string.Create(CultureInfo.InvariantCulture, $"Port {server.Port}"), "ListenAddress 127.0.0.1", $"HostKey {server.HostKey}",
                "PidFile none",
            $"AuthorizedKeysFile {folder}/authorized_keys", "StrictModes no", "UsePAM no", "UseDNS no", "PasswordAuthentication no",
            $"SetEnv HOME={folder}", "KbdInteractiveAuthentication no", "PermitRootLogin yes", "PrintMotd no", "LogLevel VERBOSE",
        ]);
        await server.TrustAsync(server.HostKey + ".pub");
        await server.ConfigureClientAsync();
        Directory.CreateDirectory("/run/sshd");
        await server.StartProcessAsync();
        return server;
    }

    /// <summary>The user's ssh configuration.</summary>
    public Task ConfigureClientAsync(params string[] lines) => File.WriteAllLinesAsync(ClientConfig,
    [
        .. lines, "Host *", $"IdentityFile {UserKey}", "IdentitiesOnly yes", $"UserKnownHostsFile {KnownHosts}", "GlobalKnownHostsFile /dev/null",
    ]);

    /// <summary>Makes the client know the server by this key.</summary>
    public async Task TrustAsync(string publicKey)
    {
        string[] words = (await File.ReadAllTextAsync(publicKey)).Split(' ');
        await File.WriteAllTextAsync(KnownHosts, string.Create(CultureInfo.InvariantCulture, $"[127.0.0.1]:{Port} {words[0]} {words[1]}\n"));
    }

    public SshFrontend Open(TimeProvider? time = null, string host = "127.0.0.1", int? port = null)
    {
        var frontend = new SshFrontend("nancy", new SshTarget(host, port ?? Port, Config: ClientConfig), ControlFolder.Open(),
            time ?? TimeProvider.System);
        _opened.Add(frontend);
        return frontend;
    }

    public async Task StartProcessAsync()
    {
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec {Program} -D -e -f {Folder}/sshd_config 2>>{LogFile} </dev/null"]));
        await Eventually.HoldsAsync(IsListening, $"sshd does not listen: {Log}");
    }

    /// <summary>Ends sshd and all its connections, as a crash of the machine would.</summary>
    public void KillAll()
    {
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable opened in _opened) await opened.DisposeAsync();
        KillAll();
        Directory.Delete(Folder, recursive: true);
    }

    bool IsListening()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
