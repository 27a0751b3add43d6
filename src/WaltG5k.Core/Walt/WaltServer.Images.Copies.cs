using System.Text;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;
using WaltG5k.Core.Walt.Streams;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    const string CopyPurpose = "file transfer";

    /// <summary>The client's operand where the real one is none of the server's business, or would confuse it.</summary>
    const string NeutralOperand = "item";

    static readonly TimeSpan s_copySilence = TimeSpan.FromMinutes(5);

    /// <param name="Directory">Where the archive is unpacked or made.</param>
    /// <param name="Name">What the item is called in the archive.</param>
    sealed record CopyPlan(string Directory, string Name, string Source, bool Reboots);

    /// <summary>
    /// Copies files and directories into an image, and saves it: one new layer, however many there are. Nodes that boot it are rebooted.
    /// </summary>
    /// <param name="destination">A directory of the image; for one item also the name that it gets, or the file that it replaces.</param>
    /// <param name="mayReboot">Whether nodes that boot the image may be rebooted; otherwise <c>ImageInUse</c>.</param>
    /// <exception cref="G5kException">
    /// <c>ImageNotFound</c>, <c>ImageNotOwned</c>, <c>ImageBusy</c>, <c>ImageInUse</c>, <c>ImageLayersExhausted</c>, <c>ImagePathNotFound</c>,
    /// <c>ImagePathInvalid</c>,
    /// <c>ImageCopyFailed</c>, <c>WaltServerDiskFull</c>.
    /// </exception>
    public async Task<WaltImageInfo> CopyToImageAsync(
        string image, IReadOnlyList<FileSystemInfo> items, string destination, bool mayReboot, CancellationToken cancellationToken = default)
    {
        string name = RequireOwn(image), target = ImagePath.Require(destination);
        (FileSystemInfo Item, string Operand)[] operands =
            [.. items.Select(i => (i, i.Name.Contains(':', StringComparison.Ordinal) ? NeutralOperand : i.Name))];
        Dictionary<string, string> types = new(StringComparer.Ordinal);
        foreach ((FileSystemInfo item, string operand) in operands) types["./" + operand] = item is DirectoryInfo ? "d" : "f";
        RpcSession rpc = await OpenWorkSessionAsync(null, new CopiedItems(types), cancellationToken).ConfigureAwait(false);
        List<(FileSystemInfo Item, string Name)> members = [];
        CopyPlan? plan = null;
        try
        {
            foreach ((FileSystemInfo item, string operand) in operands)
            {
                plan = await CheckCopyAsync(rpc, operand, $"{name}:{target}", name, target, cancellationToken).ConfigureAwait(false);
                if (plan.Reboots && !mayReboot) throw ImageMessages.InUse(await GetOwnImageAsync(name, cancellationToken).ConfigureAwait(false),
                    "nodes would be rebooted");
                members.Add((item, plan.Name == operand ? item.Name : plan.Name));
            }
        }
        catch
        {
            await rpc.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        if (members.Select(m => m.Name).Distinct(StringComparer.Ordinal).Count() < members.Count)
        {
            await rpc.DisposeAsync().ConfigureAwait(false);
            throw new G5kException("ImagePathNotFound", ErrorKind.ObjectNotFound,
                $"{target} is no directory of the image '{name}': only one item can be copied there.", target,
                $"Make it first: Edit-WaltImage {name} -Command 'mkdir -p {target}'");
        }
        WaltImageSession session = await OpenImageSessionAsync(name, CopyPurpose, rpc, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await SendAsync(session, plan!, members, cancellationToken).ConfigureAwait(false);
            if (!await HasRunAsync(session, cancellationToken).ConfigureAwait(false))
                throw CopyFailed(name, target, "the server ended the copy before it began.");
            session.MarkRun();
            await session.SaveAsync(name, confirmed: true, cancellationToken).ConfigureAwait(false);
        }
        return await GetOwnImageAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Copies a file or a directory out of an image.</summary>
    /// <param name="directory">A directory of this machine, which exists.</param>
    /// <param name="newName">What it is called there; null: as in the image.</param>
    /// <returns>The paths of what was copied.</returns>
    /// <exception cref="G5kException">
    /// <c>ImageNotFound</c>, <c>ImageNotOwned</c>, <c>ImageBusy</c>, <c>ImageLayersExhausted</c>, <c>ImagePathNotFound</c>, <c>ImagePathInvalid</c>,
    /// <c>ImageCopyFailed</c>,
    /// <c>ImageArchiveUnsafe</c>, <c>FileExists</c>.
    /// </exception>
    public async Task<IReadOnlyList<string>> CopyFromImageAsync(
        string image, string source, string directory, string? newName, bool overwrites, CancellationToken cancellationToken = default)
    {
        string name = RequireOwn(image), path = ImagePath.Require(source);
        RpcSession rpc = await OpenWorkSessionAsync(null, new CopiedItems(new Dictionary<string, string> { ["./" + NeutralOperand] = "d" }),
            cancellationToken).ConfigureAwait(false);
        CopyPlan plan;
        try
        {
            plan = await CheckCopyAsync(rpc, $"{name}:{path}", NeutralOperand, name, path, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await rpc.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        WaltImageSession session = await OpenImageSessionAsync(name, CopyPurpose, rpc, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            WaltStream stream = await OpenStreamAsync(WaltStreamRequest.TarFromImage, GetParameters(session, plan, 1), cancellationToken)
                .ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                stream.IdleTimeout = s_copySilence;
                using HeadStream head = new(stream);
                ImageExtraction extraction = new(directory, overwrites, Reporter);
                string top = plan.Name;
                string Rename(string entry)
                {
                    string trimmed = entry.StartsWith("./", StringComparison.Ordinal) ? entry[2..] : entry;
                    if (newName is null) return trimmed;
                    return trimmed == top ? newName : trimmed.StartsWith(top + "/", StringComparison.Ordinal)
                        ? newName + trimmed[top.Length..]
                        : trimmed;
                }
                try
                {
                    IReadOnlyList<string> copied = await extraction.ExtractAsync(head, Rename, cancellationToken).ConfigureAwait(false);
                    return copied.Count > 0 ? copied : throw CopyFailed(name, path, head.Text);
                }
                catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
                {
                    throw CopyFailed(name, path, head.Text.Length > 0 ? head.Text : e.Message);
                }
            }
        }
    }

    async Task<CopyPlan> CheckCopyAsync(RpcSession rpc, string source, string destination, string image, string path,
        CancellationToken cancellationToken)
    {
        RpcResult result = await rpc.CallAsync(new RpcCall("validate_image_cp", source, destination), cancellationToken).ConfigureAwait(false);
        if (result.Value is not PythonDict info || info["status"]?.AsString() is not { } status) throw Unexpected("validate_image_cp", result.Value);
        if (status != "FAILED" && info["dst_dir"]?.AsString() is { } directory && info["dst_name"]?.AsString() is { } name
            && info["src_path"]?.AsString() is { } sourcePath)
            return new CopyPlan(directory, name, sourcePath, status == "NEEDS_CONFIRM");
        string text = string.Join(' ', result.Errors);
        if (text.Contains("No such file or directory", StringComparison.Ordinal))
            throw new G5kException("ImagePathNotFound", ErrorKind.ObjectNotFound,
                $"The image '{image}' has no {path}, and no directory to put it in.", path, $"Look into it: Enter-WaltImage {image}");
        if (text.Contains("Overwriting regular file", StringComparison.Ordinal))
            throw new G5kException("ImagePathInvalid", ErrorKind.InvalidArgument,
                $"{path} is a file of the image '{image}': a directory cannot replace it.", path, "Copy to a directory of the image.");
        throw ImageMessages.Explain(result.Errors, image, image, Host);
    }

    async Task SendAsync(WaltImageSession session, CopyPlan plan, IReadOnlyList<(FileSystemInfo Item, string Name)> members,
        CancellationToken cancellationToken)
    {
        WaltStream stream = await OpenStreamAsync(WaltStreamRequest.TarToImage, GetParameters(session, plan, 0), cancellationToken)
            .ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            stream.IdleTimeout = s_copySilence;
            StringBuilder answer = new();
            // What the other end says comes while we write; unread, it would stop both.
            Task reading = ReadTextAsync(stream, answer, cancellationToken);
            try
            {
                ImageArchive archive = new(stream, Reporter);
                await using (archive.ConfigureAwait(false))
                    foreach ((FileSystemInfo item, string name) in members)
                        await archive.AddAsync(item, name, cancellationToken).ConfigureAwait(false);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                stream.CloseOutput();
            }
            catch (IOException) when (reading.IsCompleted)
            {
                // It has given up; why is in what it said.
            }
            await reading.ConfigureAwait(false);
            string complaint = string.Join(' ', answer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(l => !l.Contains("time stamp", StringComparison.Ordinal)));      // a clock that is behind ours is no failure
            if (complaint.Length > 0) throw CopyFailed(session.Name, plan.Directory, complaint);
        }
    }

    /// <summary>
    /// Whether the container of a copy is there and ends within some seconds; asked because a save of one that never ran would stop the whole server.
    /// Where its shell cannot be asked the end of the stream has to do, as it does for WalT's own client.
    /// </summary>
    async Task<bool> HasRunAsync(WaltImageSession session, CancellationToken cancellationToken)
    {
        try
        {
            for (int attempt = 1; !await session.HasEndedAsync(cancellationToken).ConfigureAwait(false); attempt++)
            {
                if (attempt == 5) return false;
                await Task.Delay(TimeSpan.FromSeconds(2), Time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (G5kException e) when (e.Code is "WaltServerUnreachable" or "CommandTimeout")
        {
            Reporter.Verbose($"WalT server {Host}: nobody can be asked whether the copy has run: {e.Message}");
        }
        return true;
    }

    static async Task ReadTextAsync(WaltStream stream, StringBuilder text, CancellationToken cancellationToken)
    {
        const int most = 64 << 10;
        byte[] buffer = new byte[4096];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                if (text.Length < most) text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        catch (IOException e)
        {
            text.Append("the connection was lost: ").Append(e.Message);
        }
    }

    static PythonDict GetParameters(WaltImageSession session, CopyPlan plan, long clientOperand) => PythonDict.Of(
        ("dst_dir", ImagePath.Quote(plan.Directory)), ("dst_name", ImagePath.Quote(plan.Name)), ("src_path", ImagePath.Quote(plan.Source)),
        ("client_operand_index", clientOperand),
        ("image_name", session.Name), ("image_fullname", session.FullName), ("container_name", session.Container));

    G5kException CopyFailed(string image, string path, string why) => why.Contains("No space left", StringComparison.Ordinal)
        ? ImageMessages.Explain([why], image, image, Host)
        : new G5kException("ImageCopyFailed", ErrorKind.InvalidOperation,
        $"The copy between {path} of the image '{image}' and here failed: {why.Trim()}", path, $"Look into the image: Enter-WaltImage {image}");
}
