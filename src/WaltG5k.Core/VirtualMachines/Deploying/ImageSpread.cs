using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>One image on its way to the hosts of one site.</summary>
sealed class ImageSpread
{
    /// <summary>Copies that the front-end, or one host, gives at a time.</summary>
    const int FrontendSlots = 2, HostSlots = 2;
    const int Attempts = 5;
    /// <summary>Where hosts offer the image to each other.</summary>
    const int Port = 8642;
    const int NoSpace = 23, NotFound = 127;
    static readonly TimeSpan s_copy = TimeSpan.FromMinutes(30), s_short = TimeSpan.FromMinutes(2), s_sum = TimeSpan.FromMinutes(10);

    readonly VMDeploymentContext _context;
    readonly string _site, _image, _sum, _path;
    readonly Channel<Source> _free = Channel.CreateUnbounded<Source>();
    readonly ConcurrentDictionary<string, Task> _byHost = new(StringComparer.Ordinal);

    /// <summary>A slot of a machine that has the image; without a host it is the front-end.</summary>
    sealed record Source(DeployedHost? Host);

    public ImageSpread(VMDeploymentContext context, string site, string image, string sum, string path)
    {
        (_context, _site, _image, _sum, _path) = (context, site, image, sum, path);
        for (int slot = 0; slot < FrontendSlots; slot++) _free.Writer.TryWrite(new Source(null));
    }

    string Folder => $"{_context.WorkFolder}/spread";
    string Unit => $"g5k-spread-{_sum[..12]}";
    int PortOfImage => Port + int.Parse(_sum[..2], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public Task EnsureAsync(DeployedHost host, CancellationToken cancellationToken) =>
        _byHost.GetOrAdd(host.Name, _ => BringAsync(host, cancellationToken));

    async Task BringAsync(DeployedHost host, CancellationToken cancellationToken)
    {
        string part = PosixShell.Quote(_path + ".part"), path = PosixShell.Quote(_path);
        HostAnswer there = await _context.Shell.RunAsync(host, $"test -f {path} && sha256sum {path}", s_sum, cancellationToken,
            effect: CommandEffect.Read).ConfigureAwait(false);
        if (!there.IsSuccess || !IsRight(there.Output))
        {
            string why = "";
            for (int attempt = 1; ; attempt++)
            {
                if (attempt > Attempts) throw NotSpread(host, why);
                Source source = await TakeAsync(host, cancellationToken).ConfigureAwait(false);
                bool isGood = false;
                try
                {
                    string? failure = source.Host is { } giver
                        ? await PullAsync(host, giver, cancellationToken).ConfigureAwait(false)
                        : await PushAsync(host, cancellationToken).ConfigureAwait(false);
                    isGood = failure is null;
                    why = failure ?? "";
                }
                finally { await GiveBackAsync(source, isGood, cancellationToken).ConfigureAwait(false); }
                if (why.Length > 0) continue;
                HostAnswer sum = await _context.Shell.RunAsync(host, $"sha256sum {part}", s_sum, cancellationToken, effect: CommandEffect.Read)
                    .ConfigureAwait(false);
                if (sum.IsSuccess && IsRight(sum.Output)) break;
                why = "its checksum is another one";
            }
            (await _context.Shell.RunAsync(host, $"mv -f {part} {path}", s_short, cancellationToken).ConfigureAwait(false))
                .EnsureSuccess("ImageNotSpread", "the image cannot be put in its place", "Look at the host's disk: df -h");
        }
        await OfferAsync(host, cancellationToken).ConfigureAwait(false);
    }

    bool IsRight(string output) => output.TrimStart().StartsWith(_sum, StringComparison.OrdinalIgnoreCase);

    /// <summary>A slot of a machine that still lives.</summary>
    async Task<Source> TakeAsync(DeployedHost host, CancellationToken cancellationToken)
    {
        while (true)
        {
            Source source = await _free.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (source.Host is null || (!_context.Board.IsLost(source.Host.Name) && source.Host.Name != host.Name)) return source;
        }
    }

    /// <summary>One that has failed is looked at before others are sent to it.</summary>
    async Task GiveBackAsync(Source source, bool isGood, CancellationToken cancellationToken)
    {
        if (!isGood && source.Host is { } suspect)
        {
            try
            {
                HostAnswer answer = await _context.Shell.RunAsync(suspect, $"test -f {PosixShell.Quote(_path)}", s_short, cancellationToken,
                    effect: CommandEffect.Read).ConfigureAwait(false);
                if (!answer.IsSuccess) return;
            }
            catch (G5kException e)
            {
                _context.Lose(suspect, VMFindings.HostLost(VMStages.Image, suspect, e));
                return;
            }
        }
        _free.Writer.TryWrite(source);
    }

    /// <returns>Why it failed; null: it did not.</returns>
    async Task<string?> PullAsync(DeployedHost host, DeployedHost giver, CancellationToken cancellationToken)
    {
        string url = string.Create(CultureInfo.InvariantCulture, $"http://{giver.SshName}:{PortOfImage}/{_context.Request.Secret}/image");
        HostAnswer answer = await _context.Shell.RunAsync(host, $"curl -fsS -o {PosixShell.Quote(_path + ".part")} {PosixShell.Quote(url)}", s_copy,
            cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccess) return null;
        if (answer.Status == NoSpace) throw DiskFull(host, answer.Tail);
        return answer.Status == NotFound ? await PushAsync(host, cancellationToken).ConfigureAwait(false) : answer.Tail;
    }

    async Task<string?> PushAsync(DeployedHost host, CancellationToken cancellationToken)
    {
        string user = _context.Shell.IsBySudo(host) ? _context.Grid.User : "root";
        IFrontend frontend = _context.Grid.GetFrontend(_site);
        string[] words = ["scp", "-q", .. SshOptions.For(TimeSpan.FromSeconds(10), HostKeys.Ignored).Where(w => w is not ("-x" or "-a")), "--",
            _image, $"{user}@{host.SshName}:{_path}.part"];
        CommandResult result = await frontend.RunAsync(new CommandRequest(words) { Timeout = s_copy, Effect = CommandEffect.Change }, null,
            cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus == 0) return null;
        return result.Error.Contains("No space left", StringComparison.Ordinal) ? throw DiskFull(host, result.LastLines(1)) : result.LastLines(2);
    }

    /// <summary>Lets others fetch it from this host. One that cannot offer it is no source, and nothing else is wrong with it.</summary>
    async Task OfferAsync(DeployedHost host, CancellationToken cancellationToken)
    {
        string folder = $"{Folder}/{_sum[..12]}", inner = $"{folder}/{_context.Request.Secret}";
        // Without a page of its own the server would list the folder, and with it the secret.
        string script = string.Create(CultureInfo.InvariantCulture,
            $"mkdir -p {PosixShell.Quote(inner)} && touch {PosixShell.Quote(folder + "/index.html")} {PosixShell.Quote(inner + "/index.html")} && ln -f {PosixShell.Quote(_path)} {PosixShell.Quote(inner + "/image")} && systemd-run --quiet --collect --unit={Unit} python3 -m http.server --directory {PosixShell.Quote(folder)} {PortOfImage}");
        HostAnswer answer = await _context.Shell.RunAsync(host, script, s_short, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess && !answer.Error.Contains("already", StringComparison.Ordinal))
        {
            _context.Reporter.Verbose($"{host.ShortName} does not offer the image: {answer.Tail}");
            return;
        }
        for (int slot = 0; slot < HostSlots; slot++) _free.Writer.TryWrite(new Source(host));
    }

    /// <summary>Ends what a host offers, once nobody needs it any more.</summary>
    public static Task StopAsync(VMDeploymentContext context, DeployedHost host, IEnumerable<string> sums, CancellationToken cancellationToken)
    {
        string stop = string.Join("; ", sums.Select(s => $"systemctl stop g5k-spread-{s[..12]}"));
        return context.Shell.RunAsync(host, $"{stop}; rm -rf {PosixShell.Quote(context.WorkFolder + "/spread")}", s_short, cancellationToken);
    }

    G5kException NotSpread(DeployedHost host, string why) =>
        new("ImageNotSpread", ErrorKind.ResourceUnavailable, $"{host.ShortName}: {_image} did not arrive: {why}.", host.Name,
        $"Look at the host: ssh root@{host.SshName} df -h");

    G5kException DiskFull(DeployedHost host, string seen) =>
        new("HostDiskFull", ErrorKind.LimitsExceeded, $"{host.ShortName}: there is no room for {_image}: {seen}", host.Name,
        "Take a smaller image, or hosts with larger disks.");
}
