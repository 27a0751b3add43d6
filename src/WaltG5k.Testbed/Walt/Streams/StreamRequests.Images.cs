using System.Text;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Ssh;
using WaltG5k.Testbed.Walt.Images;

namespace WaltG5k.Testbed.Walt.Streams;

/// <summary>
/// Files into and out of images: each in a container of the session that the client has opened over RPC. What programs print comes back on the
/// stream.
/// </summary>
internal static partial class StreamRequests
{
    static readonly TimeSpan s_containerStart = TimeSpan.FromSeconds(1);

    static StreamRequest[] ImageRequests() =>
    [
        new(6, "TAR_FROM_IMAGE", StreamOpening.Ready, SendFromImageAsync),
        new(7, "TAR_TO_IMAGE", StreamOpening.Ready, ReceiveIntoImageAsync),
        new(16, "TAR_FOR_IMAGE_BUILD", StreamOpening.Ready, BuildAsync),
    ];

    static async Task SendFromImageAsync(StreamCall call)
    {
        (string[] words, ImageContainer? container) =
            await StartContainerAsync(call, $"walt-tar-send {call.Text("src_path")} {call.Text("dst_name")}").ConfigureAwait(false);
        if (container is null) return;
        string path = words[1].StartsWith("./", StringComparison.Ordinal)
            ? "/root/" + words[1][2..]
            : words[1].StartsWith('/') ? words[1] : "/root/" + words[1];
        using MemoryStream archive = new();
        if (words.Length == 3 && container.Files.GetKind(path) is not null)
            await container.Files.WriteArchiveAsync(archive, path, words[2], call.Stopped).ConfigureAwait(false);
        else archive.Write(Encoding.UTF8.GetBytes($"realpath: {path}: No such file or directory\n"));
        container.End();
        await call.Connection.WriteAsync(archive.ToArray(), call.Stopped).ConfigureAwait(false);
    }

    static async Task ReceiveIntoImageAsync(StreamCall call)
    {
        (string[] words, ImageContainer? container) = await StartContainerAsync(call, $"cd {call.Text("dst_dir")} && tar x").ConfigureAwait(false);
        if (container is null) return;
        try
        {
            string? complaint = words.Length != 2 ? "/bin/sh: cd: too many arguments" : container.Files.GetKind(words[1]) != "d"
                ? $"/bin/sh: cd: {words[1]}: No such file or directory"
                : null;
            ConnectionStream archive = new(call.Connection);
            if (complaint is null && call.Host.World.Faults.Strikes(FaultNames.WaltDiskFull))
                complaint = "tar: Cannot write: No space left on device";
            if (complaint is null)
            {
                try
                {
                    await container.Files.ReadArchiveAsync(archive, words[1], call.Stopped).ConfigureAwait(false);
                }
                catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
                {
                    complaint = "tar: Unexpected EOF in archive";
                }
            }
            if (complaint is not null) await call.WriteLineAsync(complaint).ConfigureAwait(false);
            // A connection that is closed with data unread is reset, and what was written would be lost.
            byte[] rest = new byte[4096];
            while (await call.Connection.ReadAsync(rest, call.Stopped).ConfigureAwait(false) > 0)
            {
            }
        }
        finally
        {
            container.End();
        }
    }

    /// <summary>The server makes a command of the parameters as they are, between double quotes; a shell then takes it apart.</summary>
    static async Task<(string[] Words, ImageContainer? Container)> StartContainerAsync(StreamCall call, string commandLine)
    {
        string name = call.Text("container_name"), fullName = call.Text("image_fullname");
        await call.Host.World.PassAsync(s_containerStart, call.Stopped).ConfigureAwait(false);
        ImageContainer? container = null;
        lock (call.Host.World.Sync)
        {
            if (call.Host.Images.Find(fullName) is WaltImage image)
            {
                container = new ImageContainer(name, call.Host.Images.FilesOf(image).Copy());
                call.Host.Images.Containers[name] = container;
            }
        }
        if (container is null) await call.WriteLineAsync($"Error: {fullName}: image not known").ConfigureAwait(false);
        string text = commandLine.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        return ([.. ShellSyntax.Parse(text)[0].Words], container);
    }

    static async Task BuildAsync(StreamCall call)
    {
        // Callers wait for each other: a pickle is written whole.
        Task Tell(string tag, object value) => call.Connection.WriteAsync(MessagePickle.Write(tag, value), call.Stopped);
        ImageBuild build = new(call.Host, call.Text("username"), call.Text("image_fullname"), line => Tell("stdout", line + "\n"),
            line => Tell("stderr", line + "\n"));
        ConnectionStream archive = new(call.Connection);
        int status = await build.RunFromArchiveAsync(archive, call.Stopped).ConfigureAwait(false);
        await Tell("retcode", status).ConfigureAwait(false);
    }
}
