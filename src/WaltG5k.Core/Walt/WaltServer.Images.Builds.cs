using System.Text;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;
using WaltG5k.Core.Walt.Streams;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    static readonly TimeSpan s_buildTimeout = TimeSpan.FromHours(3);
    static readonly TimeSpan s_buildSilence = TimeSpan.FromMinutes(60);

    /// <summary>Builds an image by the Dockerfile (or ContainerFile) of a git repository, which the server clones.</summary>
    /// <param name="directory">Within the repository; null: its top.</param>
    /// <param name="overwrites">Replace an image of that name; nodes that boot it are rebooted.</param>
    /// <param name="onLine">Gets each line of the build's output.</param>
    /// <exception cref="G5kException"><c>ImageNameInvalid</c>, <c>ImageExists</c>, <c>BuildSourceInvalid</c>, <c>ImageBuildFailed</c>,
    /// <c>WaltServerDiskFull</c>.</exception>
    public Task<WaltImageInfo> BuildImageAsync(
        string name, string url, string? directory, bool overwrites, Action<string>? onLine = null, CancellationToken cancellationToken = default)
    {
        string inside = (directory ?? "").Replace('\\', '/').Trim('/');
        // The server puts both into a command line as they are.
        if (url.Length == 0 || url[0] == '-' || url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '"' or '\'' or '\\'))
            throw BuildSource(url, "it is no URL of a git repository");
        if (inside.Any(c => char.IsControl(c) || c is '"' or '\\') || inside.Split('/').Contains(".."))
            throw BuildSource(inside, "it is no directory within a repository");
        PythonDict request = PythonDict.Of(("mode", "url"), ("image_name", WaltImageName.Require(name)), ("url", url), ("subdir", inside));
        return BuildAsync(name, request, overwrites, onLine, async (session, id, _, output, token) =>
        {
            RpcResult result = await session.CallAsync(
                new RpcCall("run_image_build_from_url", id) { Timeout = s_buildTimeout, IsIdempotent = false }, token).ConfigureAwait(false);
            if (output.Count == 0) output.AddRange([.. result.Output, .. result.Errors]);
            return result.Value.IsTrue;
        }, cancellationToken);
    }

    /// <summary>Builds an image by the Dockerfile (or ContainerFile) of a directory of this machine, all of which is sent to the server.</summary>
    /// <inheritdoc cref="BuildImageAsync(string, string, string?, bool, Action{string}?, CancellationToken)"/>
    public Task<WaltImageInfo> BuildImageAsync(string name, DirectoryInfo directory, bool overwrites, Action<string>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        directory = directory.ResolveLinkTarget(returnFinalTarget: true) as DirectoryInfo ?? directory;
        if (!directory.Exists) throw BuildSource(directory.FullName, "there is no such directory");
        if (!File.Exists(Path.Combine(directory.FullName, "Dockerfile")) && !File.Exists(Path.Combine(directory.FullName, "ContainerFile")))
            throw BuildSource(directory.FullName, "it holds neither a Dockerfile nor a ContainerFile");
        PythonDict request = PythonDict.Of(("mode", "dir"), ("image_name", WaltImageName.Require(name)), ("src_dir", directory.FullName));
        return BuildAsync(name, request, overwrites, onLine, (_, _, info, output, token) => SendBuildAsync(directory, info, output, onLine, token),
            cancellationToken);
    }

    async Task<WaltImageInfo> BuildAsync(string name, PythonDict request, bool overwrites, Action<string>? onLine,
        Func<RpcSession, PythonLiteral, PythonDict, List<string>, CancellationToken, Task<bool>> run, CancellationToken cancellationToken)
    {
        name = WaltImageName.Require(name);
        List<string> output = [];
        bool building = false;
        RpcSession session = await OpenSessionAsync(RpcApi.Client, new RpcCallbacks(User, Reporter)
        {
            HardReboot = HardReboot is null ? null : (macs, token) => HardRebootMacsAsync(macs, new(StringComparer.Ordinal), token),
            OnText = text =>
            {
                if (!building) return;
                foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Note(output, onLine, line);
            },
        }, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            RpcResult made = await session.CallAsync(new RpcCall("create_image_build_session") { Keywords = request, IsIdempotent = false },
                cancellationToken).ConfigureAwait(false);
            if (made.Value is not PythonDict info || info["session_id"] is not PythonInteger id
                || info["image_overwrite"] is not PythonBoolean exists)
                throw made.Value is PythonNone ? ImageMessages.Explain(made.Errors, name, name, Host)
                    : Unexpected("create_image_build_session", made.Value);
            if (exists.Value && !overwrites) throw ImageMessages.Exists(name, Host);
            building = true;
            if (!await run(session, id, info, output, cancellationToken).ConfigureAwait(false)) throw BuildFailed(name, output);
            building = false;
            RpcResult done = await session.CallAsync(
                new RpcCall("finalize_image_build_session", id) { Timeout = s_rebootTimeout, IsIdempotent = false },
                cancellationToken).ConfigureAwait(false);
            WarnOfReboots(done);
        }
        return await GetOwnImageAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a directory and follows the build: a pickle for each piece of its output, the exit status last.</summary>
    async Task<bool> SendBuildAsync(DirectoryInfo directory, PythonDict info, List<string> output, Action<string>? onLine,
        CancellationToken cancellationToken)
    {
        if (info["username"]?.AsString() is not { } user || info["image_fullname"]?.AsString() is not { } fullName)
            throw Unexpected("create_image_build_session", info);
        WaltStream stream = await OpenStreamAsync(WaltStreamRequest.TarForImageBuild,
            PythonDict.Of(("username", user), ("image_fullname", fullName), ("mode", "dir")), cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            stream.IdleTimeout = s_buildSilence;
            Task<bool> following = FollowBuildAsync(stream, output, onLine, cancellationToken);
            try
            {
                ImageArchive archive = new(stream, Reporter);
                await using (archive.ConfigureAwait(false)) await archive.AddAsync(directory, "", cancellationToken).ConfigureAwait(false);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                stream.CloseOutput();
            }
            catch (IOException) when (following.IsCompleted)
            {
                // The build has ended before it had read all.
            }
            return await following.ConfigureAwait(false);
        }
    }

    static async Task<bool> FollowBuildAsync(WaltStream stream, List<string> output, Action<string>? onLine, CancellationToken cancellationToken)
    {
        PickleStreamReader reader = new(stream);
        try
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } message)
            {
                if (message is not PythonTuple { Items: [PythonString { Value: var tag }, var value] }) continue;
                if (tag == "retcode") return value is PythonInteger { Value.IsZero: true };
                string text = value is PythonBytes bytes ? Encoding.UTF8.GetString(bytes.Value.Span) : value.AsString() ?? "";
                foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Note(output, onLine, line);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Note(output, onLine, $"The output of the build broke off: {e.Message}");
        }
        return false;
    }

    static void Note(List<string> output, Action<string>? onLine, string line)
    {
        line = line.TrimEnd();
        if (line.Length == 0) return;
        lock (output) output.Add(line);
        onLine?.Invoke(line);
    }

    G5kException BuildFailed(string name, List<string> output)
    {
        string last = string.Join(" | ", output.TakeLast(5));
        return last.Contains("No space left", StringComparison.Ordinal) ? ImageMessages.Explain([last], name, name, Host)
            : new G5kException("ImageBuildFailed", ErrorKind.InvalidOperation,
            $"The image '{name}' was not built: {(last.Length > 0 ? last : "the server gave no reason.")}", name,
                "See all of the build's output: add -Verbose");
    }

    static G5kException BuildSource(string source, string why) =>
        new("BuildSourceInvalid", ErrorKind.InvalidArgument, $"No image can be built from '{source}': {why}.", source,
        "Give the URL of a git repository with a Dockerfile, or a directory that holds one.");
}
