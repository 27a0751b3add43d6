using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Storage;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Images in a folder of this machine, streamed from the node.</summary>
sealed class LocalImageStore(NodeLink link, NodeImageRequest request) : IImageStore
{
    const int NotFound = 127, BufferSize = 1 << 17, NoSpace = 28, QuotaExceeded = 122;

    readonly string _base = Path.Combine(request.Folder, request.Name);
    readonly string _draft = Path.Combine(request.Folder, $".{request.Name}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.part");

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        AtomicFile.CreateFolder(request.Folder);
        if (request.Overwrites) return Task.CompletedTask;
        foreach (string extension in (string[])[ImageCompression.Zstd.Extension, ImageCompression.Gzip.Extension, ".yaml"])
            if (File.Exists(_base + extension)) throw ImageErrors.Exists(_base + extension, "this machine");
        return Task.CompletedTask;
    }

    public async Task<ImageDraft> FetchAsync(Action<NodeImageProgress> onProgress, CancellationToken cancellationToken)
    {
        onProgress(new NodeImageProgress("Packing", 0));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] start = [];
        long length = 0;
        try
        {
            PipeEnd end = await link.OpenPipe(request.Timeout).ReceiveAsync(["tgz-g5k"], ReadAsync, cancellationToken).ConfigureAwait(false);
            if (end.Status == NotFound) throw ImageErrors.ToolMissingHere(request.Node);
            if (end.Status != 0) throw link.Failed(end.Status, end.Error);
            ImageCompression compression = ImageCompression.Recognise(start) ?? throw ImageErrors.NoArchive(request.Node);
            onProgress(new NodeImageProgress("Checking", length));
            if (compression == ImageCompression.Gzip) await TestGzipAsync(cancellationToken).ConfigureAwait(false);
            return new ImageDraft(_draft, compression, length, Convert.ToHexString(hash.GetHashAndReset()).ToLower(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e.HResult is NoSpace or QuotaExceeded ? link.Failed(1, $"No space left on device ({_draft})") : AtomicFile.NotWritten(_draft, e);
        }

        async Task ReadAsync(Stream stream, CancellationToken token)
        {
            byte[] buffer = new byte[BufferSize];
            var file = new FileStream(_draft, FileMode.Create, FileAccess.Write, FileShare.Read, 1, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                for (int count; (count = await stream.ReadAsync(buffer, token).ConfigureAwait(false)) > 0;)
                {
                    if (start.Length < 4) start = [.. start, .. buffer.AsSpan(0, Math.Min(count, 4))];
                    hash.AppendData(buffer, 0, count);
                    await file.WriteAsync(buffer.AsMemory(0, count), token).ConfigureAwait(false);
                    length += count;
                    onProgress(new NodeImageProgress("Packing", length));
                }
                await file.FlushAsync(token).ConfigureAwait(false);
            }
        }
    }

    public string PathOf(ImageDraft draft) => _base + draft.Compression.Extension;

    public Task<string> KeepAsync(ImageDraft draft, string description, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        AtomicFile.Write(_base + ".yaml", description);
        try { File.Move(_draft, PathOf(draft), overwrite: true); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.NotWritten(PathOf(draft), e); }
        return Task.FromResult(_base + ".yaml");
    }

    public Task DropAsync()
    {
        AtomicFile.Delete(_draft);
        return Task.CompletedTask;
    }

    /// <summary>Unpacks it to nowhere; the last four bytes tell how much that has to be, modulo 4 GiB.</summary>
    async Task TestGzipAsync(CancellationToken cancellationToken)
    {
        uint unpacked = 0;
        byte[] buffer = new byte[BufferSize], last = new byte[4];
        var file = new FileStream(_draft, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            try
            {
                file.Seek(-4, SeekOrigin.End);
                await file.ReadExactlyAsync(last, cancellationToken).ConfigureAwait(false);
                file.Seek(0, SeekOrigin.Begin);
                using var zip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
                for (int count; (count = await zip.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
                    unpacked = unchecked(unpacked + (uint)count);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException) { throw ImageErrors.Damaged(request.Node, e.Message); }
        }
        if (BitConverter.ToUInt32(last) != unpacked) throw ImageErrors.Damaged(request.Node, "it ends in the middle");
    }
}
