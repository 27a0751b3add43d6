using System.Globalization;
using System.Text;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Ssh;

namespace WaltG5k.Testbed.Walt.Images;

/// <summary>
/// The server's build helper: a directory with a Dockerfile becomes an image. FROM, RUN, COPY, ADD and LABEL do what they say, as far as files and
/// programs are emulated; other instructions are only counted.
/// </summary>
internal sealed class ImageBuild(WaltHost host, string user, string fullName, Func<string, Task> print, Func<string, Task> printError)
{
    const string Failed = "Sorry, image build FAILED.";

    static readonly string[] s_fileNames = ["Dockerfile", "ContainerFile"];

    static readonly TimeSpan s_clone = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_step = TimeSpan.FromSeconds(2);
    static readonly TimeSpan s_commit = TimeSpan.FromSeconds(6);

    ImageFiles? _files;
    WaltImage? _like;
    int _layers;

    /// <returns>The exit status of the helper.</returns>
    public async Task<int> RunFromUrlAsync(string url, string directory, CancellationToken cancellationToken)
    {
        await print($"** Cloning the git repository at {url}").ConfigureAwait(false);
        await host.World.PassAsync(s_clone, cancellationToken).ConfigureAwait(false);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Host.EndsWith(".invalid", StringComparison.Ordinal))
            return await FailAsync($"fatal: unable to access '{url}/': Could not resolve host: {address?.Host ?? url}").ConfigureAwait(false);
        if (address.AbsolutePath.Contains("missing", StringComparison.Ordinal))
            return await FailAsync($"fatal: repository '{url}/' not found").ConfigureAwait(false);
        ImageFiles context = new();
        context.Put("/Dockerfile", "FROM pc-x86-64-default\nCOPY motd /etc/motd\nRUN mkdir -p /opt/tool\n"u8.ToArray(), UnixFileMode.UserRead);
        context.Put("/motd", Encoding.UTF8.GetBytes($"Built from {url}\n"), UnixFileMode.UserRead);
        context.Put("/minimal/Dockerfile", "FROM pc-x86-64-default\n"u8.ToArray(), UnixFileMode.UserRead);
        if (directory.Length > 0 && context.GetKind("/" + directory) != "d")
            return await FailAsync($"No such directory \"{directory}\".").ConfigureAwait(false);
        return await RunAsync(context, directory,
            $"repository does not contain a Dockerfile or ContainerFile{(directory.Length > 0 ? $" in sub-directory '{directory}'" : "")}.",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The archive has the directory's content at its top.</summary>
    /// <returns>The exit status of the helper.</returns>
    public async Task<int> RunFromArchiveAsync(Stream archive, CancellationToken cancellationToken)
    {
        await print("** Receiving the client directory content").ConfigureAwait(false);
        ImageFiles context = new();
        try
        {
            await context.ReadArchiveAsync(archive, "/", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            return await FailAsync("tar: This does not look like a tar archive").ConfigureAwait(false);
        }
        return await RunAsync(context, "", "directory does not contain a Dockerfile or ContainerFile.", cancellationToken).ConfigureAwait(false);
    }

    /// <returns>The exit status of the helper.</returns>
    public async Task<int> RunFromNodeAsync(WaltDevice node, CancellationToken cancellationToken)
    {
        await print($"** Retrieving the changes made on {node.Name}").ConfigureAwait(false);
        await host.World.PassAsync(s_step, cancellationToken).ConfigureAwait(false);
        lock (host.World.Sync)
        {
            if (host.Images.Find(node.Image) is not WaltImage origin) return 1;
            (_files, _like, _layers) = (host.Images.FilesOf(origin).Copy(), origin, origin.Layers + 1);
            foreach (string directory in node.Memory.Directories) _files.Disk.Directories.Add(directory);
            foreach ((string path, string content) in node.Memory.Files) _files.Disk.Files[path] = content;
        }
        return await CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    async Task<int> RunAsync(ImageFiles context, string directory, string missing, CancellationToken cancellationToken)
    {
        string top = directory.Length > 0 ? $"/{directory}/" : "/";
        await print("** Verifying the repository").ConfigureAwait(false);
        string? file = s_fileNames.Select(n => top + n).FirstOrDefault(p => context.GetKind(p) == "f");
        if (file is null)
        {
            await print("FAILED: the specified " + missing).ConfigureAwait(false);
            return await FailAsync(null).ConfigureAwait(false);
        }
        await print("** Building the image").ConfigureAwait(false);
        string[] lines = Encoding.UTF8.GetString(context.Read(file)).Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] steps = [.. lines.Where(l => l[0] != '#')];
        for (int i = 0; i < steps.Length; i++)
        {
            string[] parts = steps[i].Split(' ', 2, StringSplitOptions.TrimEntries);
            string instruction = parts[0].ToUpperInvariant(), text = parts.Length > 1 ? parts[1] : "";
            await print(string.Create(CultureInfo.InvariantCulture,
                $"STEP {i + 1}/{steps.Length}: {instruction} {(instruction == "FROM" ? FullNameOf(text) : text)}")).ConfigureAwait(false);
            await host.World.PassAsync(s_step, cancellationToken).ConfigureAwait(false);
            if (await DoAsync(instruction, text, context, top, cancellationToken).ConfigureAwait(false) is string error)
                return await FailAsync(error).ConfigureAwait(false);
        }
        return _files is null || _like is null ? await FailAsync("Error: no FROM statement found").ConfigureAwait(false)
            : await CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the image of the files that there are then.</summary>
    async Task<int> CommitAsync(CancellationToken cancellationToken)
    {
        await print($"COMMIT docker.io/{fullName}").ConfigureAwait(false);
        await host.World.PassAsync(s_commit, cancellationToken).ConfigureAwait(false);
        if (host.World.Faults.Strikes(FaultNames.WaltDiskFull))
            return await FailAsync("Error: committing container: write /var/tmp/storage: no space left on device").ConfigureAwait(false);
        await print("** Verifying the image").ConfigureAwait(false);
        if (_like!.Models.Count == 0) return await FailAsync("This image misses the label walt.node.models.").ConfigureAwait(false);
        lock (host.World.Sync) host.Images.Commit(fullName, _files!, host.World.Time.GetUtcNow(), _like, _layers);
        host.World.NotifyChanged();
        return 0;
    }

    /// <returns>The complaint where the step fails.</returns>
    async Task<string?> DoAsync(string instruction, string text, ImageFiles context, string top, CancellationToken cancellationToken)
    {
        if (instruction == "FROM")
        {
            WaltImage? origin;
            lock (host.World.Sync) origin = host.Images.Find(FullNameOf(text));
            if (origin is null)
                return $"Error: creating build container: initializing source docker://{FullNameOf(text)}: reading manifest: requested access to the resource is denied";
            lock (host.World.Sync) (_files, _like, _layers) = (host.Images.FilesOf(origin).Copy(), origin, origin.Layers);
            return null;
        }
        if (_files is null) return "Error: no FROM statement found";
        switch (instruction)
        {
            case "RUN":
                if (host.World.Faults.Strikes(FaultNames.WaltBuildFails, fullName.Split('/', ':')[1]))
                    return $"Error: building at STEP \"RUN {text}\": while running runtime: exit status 1";
                RemoteMachine machine = new(host.World, host.World.Parts.OfType<WaltPart>().First(), host.Node, new RemoteFiles(_files.Disk),
                    "buildkitsandbox", null, cancellationToken) { IsContainer = true };
                RemoteResult result = await RemoteShell.RunAsync(machine, text, "").ConfigureAwait(false);
                if (result.Output.Length > 0) await print(result.Output.TrimEnd('\n')).ConfigureAwait(false);
                if (result.Error.Length > 0) await printError(result.Error.TrimEnd('\n')).ConfigureAwait(false);
                if (result.Status != 0) return string.Create(CultureInfo.InvariantCulture,
                    $"Error: building at STEP \"RUN {text}\": while running runtime: exit status {result.Status}");
                break;
            case "COPY" or "ADD":
                if (CopyFiles(text, context, top) is string missing) return missing;
                break;
            case "LABEL" when text.StartsWith("walt.node.models=", StringComparison.Ordinal):
                _like = _like! with { Models = text["walt.node.models=".Length..].Trim('"').Split(',') };
                break;
        }
        _layers++;
        return null;
    }

    string? CopyFiles(string text, ImageFiles context, string top)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2) return "Error: COPY requires at least two arguments";
        string target = words[^1];
        foreach (string word in words[..^1])
        {
            string source = (top + word).Replace("/./", "/", StringComparison.Ordinal).TrimEnd('/', '.');
            string[] found = [.. context.Disk.Files.Keys.Where(f => f == source || f.StartsWith(source + "/", StringComparison.Ordinal))];
            if (found.Length == 0)
                return $"Error: building at STEP \"COPY {text}\": checking on sources: copier: stat: \"/{word}\": no such file or directory";
            foreach (string path in found)
            {
                string relative = path == source ? path[(path.LastIndexOf('/') + 1)..] : path[(source.Length + 1)..];
                bool toDirectory = target.EndsWith('/') || path != source || _files!.GetKind(target) == "d";
                _files!.Put(toDirectory ? $"{target.TrimEnd('/')}/{relative}" : target, context.Read(path),
                    (UnixFileMode)context.Modes.GetValueOrDefault(path, 0b110_100_100));
            }
        }
        return null;
    }

    /// <summary>A name without a user means the user's own image.</summary>
    string FullNameOf(string from)
    {
        string name = from.Split(' ')[0];
        return name.Contains('/', StringComparison.Ordinal)
            ? name.Contains(':', StringComparison.Ordinal) ? name
            : name + ":latest" : WaltImageStore.FullNameOf(user, name);
    }

    async Task<int> FailAsync(string? error)
    {
        if (error is not null) await printError(error).ConfigureAwait(false);
        await printError(Failed).ConfigureAwait(false);
        return 1;
    }
}
