namespace WaltG5k.BootFs;

/// <summary>
/// The images of a folder, by their file names without extension: <c>*.erofs</c>, <c>*.squashfs</c> and <c>*.img</c>, links among them. The folder is
/// looked at whenever a client asks, so that an image is served from the moment on at which its file is there. A new or changed file is read once for
/// its hashes; clients that come meanwhile are asked to come again.
/// </summary>
sealed class ImageCatalog(string folder, string indexFolder, int blockSize, Action<string> log) : IDisposable
{
    static readonly string[] s_extensions = [".erofs", ".squashfs", ".img"];

    readonly Lock _lock = new();
    readonly Dictionary<string, Entry> _entries = [];
    readonly CancellationTokenSource _ending = new();

    sealed record Entry(string Path, long Size, DateTime Date, Task<ServedImage> Image);

    /// <summary>Names of images in the folder.</summary>
    public IReadOnlyList<string> Names => [.. Find().Select(f => f.Name)];

    /// <summary>Begins to read those images whose hashes are not known; gives a task that ends when all are known or have failed.</summary>
    public Task PrepareAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(Find().Select(f => Load(f.Name, f.Path)).Select(t => t.ContinueWith(_ => { }, TaskScheduler.Default)));
        }
    }

    /// <summary>
    /// An image by its name, and by its digest where one is given; the task fails with <see cref="ProtocolException"/> for what is not there.
    /// </summary>
    public async Task<ServedImage> GetAsync(string name, byte[]? digest)
    {
        Task<ServedImage> task;
        lock (_lock)
        {
            // One that was served before goes on to be served to those that boot from it, even if its file is gone or another one.
            if (digest is not null && FindServed(digest) is ServedImage served) return served;
            (string Name, string Path) found = Find().FirstOrDefault(f => f.Name == name);
            if (found.Path is null) throw new ProtocolException($"there is no image '{name}' here") { Code = FailureCode.UnknownImage };
            task = Load(name, found.Path);
        }
        if (await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(5))).ConfigureAwait(false) != task)
            throw new ProtocolException($"the image '{name}' is being read") { Code = FailureCode.NotReady };
        ServedImage image;
        try
        {
            image = await task.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProtocolException($"the image '{name}' cannot be read: {e.Message}") { Code = FailureCode.ImageUnreadable };
        }
        if (digest is not null && !image.Digest.AsSpan().SequenceEqual(digest))
            throw new ProtocolException($"the image '{name}' is now {Convert.ToHexStringLower(image.Digest)[..12]}")
                { Code = FailureCode.OtherImage };
        return image;
    }

    ServedImage? FindServed(byte[] digest) => _served.GetValueOrDefault(Convert.ToHexString(digest));

    readonly Dictionary<string, ServedImage> _served = [];

    Task<ServedImage> Load(string name, string path)
    {
        FileInfo file = new(path);
        if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
        (long size, DateTime date) = file.Exists ? (file.Length, file.LastWriteTimeUtc) : (0, default);
        if (_entries.TryGetValue(name, out Entry? entry) && entry.Path == path && entry.Size == size && entry.Date == date && !entry.Image.IsFaulted)
            return entry.Image;
        Task<ServedImage> task = Task.Run(() => ImageIndex.Open(name, path, Path.Combine(indexFolder, name + ".index"), blockSize, _ending.Token));
        _entries[name] = new Entry(path, size, date, task);
        task.ContinueWith(t =>
        {
            if (t.IsCompletedSuccessfully)
            {
                lock (_lock) _served[Convert.ToHexString(t.Result.Digest)] = t.Result;
                log($"image {name}: {t.Result.Shape.Size} bytes, {Convert.ToHexStringLower(t.Result.Digest)}");
            }
            else if (t.IsFaulted)
            {
                log($"image {name}: {t.Exception.InnerException!.Message}");
            }
        }, TaskScheduler.Default);
        return task;
    }

    IEnumerable<(string Name, string Path)> Find() => !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder)
        .Where(f => s_extensions.Contains(Path.GetExtension(f))).Select(f => (Path.GetFileNameWithoutExtension(f), f))
        .OrderBy(f => f.Item1, StringComparer.Ordinal);

    public void Dispose()
    {
        _ending.Cancel();
        foreach (ServedImage image in _served.Values) image.Dispose();
        _ending.Dispose();
    }
}
