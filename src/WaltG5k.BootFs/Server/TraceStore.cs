namespace WaltG5k.BootFs;

/// <summary>
/// The traces of all images, one file for each digest in a folder. A trace that cannot be used is as if there were none, and is written anew.
/// </summary>
sealed class TraceStore(string folder, long limit, Action<string> log)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, (BlockTrace? Trace, bool IsUnusable)> _traces = [];

    public string PathOf(byte[] digest) => Path.Combine(folder, Convert.ToHexStringLower(digest) + ".trace");

    /// <summary>The runs of blocks to push; empty where there is no usable trace.</summary>
    public (IReadOnlyList<BlockRange> Ranges, long Bytes, TraceState State) Get(ServedImage image)
    {
        lock (_lock)
        {
            (BlockTrace? trace, bool isUnusable) = Load(image);
            return trace is { Bytes: > 0 } ? (trace.Ranges.ToArray(), trace.Bytes, TraceState.Pushed)
                : ([], 0, isUnusable ? TraceState.Unusable : TraceState.None);
        }
    }

    /// <summary>Adds what a boot asked for, in its order, and writes the file; gives the number of blocks that are new.</summary>
    public int Contribute(ServedImage image, IEnumerable<uint> blocks)
    {
        lock (_lock)
        {
            BlockTrace trace = Load(image).Trace ?? new BlockTrace(image.Shape, image.Digest);
            int added = blocks.Count(b => trace.Add(b, limit));
            if (added == 0) return 0;
            _traces[Convert.ToHexString(image.Digest)] = (trace, false);
            string path = PathOf(image.Digest);
            try
            {
                Directory.CreateDirectory(folder);
                File.WriteAllText(path + ".new", trace.Write());
                File.Move(path + ".new", path, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                log($"the trace of {image.Name} is not kept: {e.Message}");
            }
            return added;
        }
    }

    (BlockTrace? Trace, bool IsUnusable) Load(ServedImage image)
    {
        string key = Convert.ToHexString(image.Digest);
        if (_traces.TryGetValue(key, out (BlockTrace?, bool) known)) return known;
        (BlockTrace?, bool) loaded = (null, false);
        string path = PathOf(image.Digest);
        try
        {
            if (File.Exists(path)) loaded = (BlockTrace.Read(File.ReadAllText(path), image.Shape, image.Digest), false);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            log($"the trace {path} is not used: {e.Message}");
            loaded = (null, true);
        }
        return _traces[key] = loaded;
    }
}
