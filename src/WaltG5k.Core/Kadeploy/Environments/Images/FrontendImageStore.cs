using System.Globalization;
using System.Security.Cryptography;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Images on the site's front-end, to which the node sends them without a detour.</summary>
sealed class FrontendImageStore(IFrontend frontend, NodeLink link, NodeImageRequest request, string user, TimeProvider time) : IImageStore
{
    const int NotFound = 127;
    static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <summary>Absolute, as descriptions need it.</summary>
    readonly string _base = $"{Absolute(request.Folder, user)}/{request.Name}";
    readonly string _draft = $"{Absolute(request.Folder, user)}/.{request.Name}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.part";

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await frontend.CreateFolderAsync(Absolute(request.Folder, user), cancellationToken).ConfigureAwait(false);
        if (request.Overwrites) return;
        foreach (string extension in (string[])[ImageCompression.Zstd.Extension, ImageCompression.Gzip.Extension, ".yaml"])
            if (await frontend.FileExistsAsync(_base + extension, cancellationToken).ConfigureAwait(false))
                throw ImageErrors.Exists(_base + extension, frontend.Name);
    }

    public async Task<ImageDraft> FetchAsync(Action<NodeImageProgress> onProgress, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watch = WatchAsync(onProgress, done.Token);
        try
        {
            await PackAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await done.CancelAsync().ConfigureAwait(false);
            await watch.ConfigureAwait(false);
        }
        return await CheckAsync(onProgress, cancellationToken).ConfigureAwait(false);
    }

    public string PathOf(ImageDraft draft) => _base + draft.Compression.Extension;

    public async Task<string> KeepAsync(ImageDraft draft, string description, CancellationToken cancellationToken)
    {
        await frontend.WriteFileAsync(_base + ".yaml", description, cancellationToken).ConfigureAwait(false);
        CommandResult moved = await RunAsync(CommandEffect.Change, cancellationToken, "mv", "--", _draft, PathOf(draft)).ConfigureAwait(false);
        if (moved.ExitStatus != 0) throw link.Failed(moved);
        return _base + ".yaml";
    }

    public Task DropAsync() => frontend.DeleteFileAsync(_draft, CancellationToken.None);

    /// <summary>The node packs and sends; where it has no tgz-g5k of its own, that of the front-end does it.</summary>
    async Task PackAsync(CancellationToken cancellationToken)
    {
        string line = $"{PosixShell.Join(link.OnFrontend("tgz-g5k"))} > {PosixShell.Quote(_draft)}";
        CommandResult result = await RunLongAsync(["sh", "-c", line], cancellationToken).ConfigureAwait(false);
        if (result.ExitStatus == NotFound) result = await RunLongAsync(["tgz-g5k", "-m", request.Node, "-f", _draft], cancellationToken)
            .ConfigureAwait(false);
        if (result.ExitStatus == NotFound) throw ImageErrors.ToolMissing(request.Node, frontend.Name);
        if (result.ExitStatus != 0) throw link.Failed(result);
    }

    async Task<ImageDraft> CheckAsync(Action<NodeImageProgress> onProgress, CancellationToken cancellationToken)
    {
        long length = await GetLengthAsync(cancellationToken).ConfigureAwait(false) ?? 0;
        onProgress(new NodeImageProgress("Checking", length));
        CommandResult start = await RunAsync(CommandEffect.Read, cancellationToken, "od", "-An", "-tx1", "-N4", "--", _draft).ConfigureAwait(false);
        ImageCompression compression = ImageCompression.Recognise(Convert.FromHexString(string.Concat(start.Output.Where(char.IsAsciiHexDigit))))
            ?? throw ImageErrors.NoArchive(request.Node);
        CommandResult whole = await RunLongAsync([compression.Tester, "-t", "--", _draft], cancellationToken).ConfigureAwait(false);
        if (whole.ExitStatus is not (0 or NotFound)) throw ImageErrors.Damaged(request.Node, whole.LastLines(1));
        CommandResult sum = await RunLongAsync(["sha256sum", "--", _draft], cancellationToken).ConfigureAwait(false);
        if (sum.ExitStatus != 0) throw link.Failed(sum);
        return new ImageDraft(_draft, compression, length, sum.Output.Split(' ')[0].TrimStart('\\'));
    }

    async Task WatchAsync(Action<NodeImageProgress> onProgress, CancellationToken cancellationToken)
    {
        try
        {
            onProgress(new NodeImageProgress("Packing", 0));
            while (true)
            {
                await Task.Delay(s_look, time, cancellationToken).ConfigureAwait(false);
                if (await GetLengthAsync(cancellationToken).ConfigureAwait(false) is { } length) onProgress(new NodeImageProgress("Packing", length));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or G5kException) { /* the image goes on without a bar, or has ended */ }
    }

    async Task<long?> GetLengthAsync(CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync(CommandEffect.Read, cancellationToken, "stat", "-c", "%s", "--", _draft).ConfigureAwait(false);
        return long.TryParse(result.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : null;
    }

    Task<CommandResult> RunLongAsync(string[] words, CancellationToken cancellationToken) =>
        frontend.RunAsync(new CommandRequest(words) { Effect = CommandEffect.Change, Timeout = request.Timeout }, null, cancellationToken);

    Task<CommandResult> RunAsync(CommandEffect effect, CancellationToken cancellationToken, params string[] words) =>
        frontend.RunAsync(new CommandRequest(words) { Effect = effect }, null, cancellationToken);

    static string Absolute(string folder, string user)
    {
        string path = folder.StartsWith("~/", StringComparison.Ordinal) ? folder[2..] : folder;
        return (path.StartsWith('/') ? path : $"/home/{user}/{path}").TrimEnd('/');
    }
}
