using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Walt;

/// <summary>The images that a server has mounted for its nodes, and which of them boot by NBFS. Under the world's lock.</summary>
/// <param name="inUse">The images that nodes are given now, by id.</param>
/// <param name="activatesNbfs">Whether the server activates NBFS in an image that it mounts.</param>
internal sealed class WaltMounts(Func<IEnumerable<string>> inUse, Func<WaltImage, bool> activatesNbfs)
{
    /// <summary>An image that no node uses any more stays a while: the script by which nodes reboot lies in it.</summary>
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(70);

    readonly Dictionary<string, DateTimeOffset> _leaving = new(StringComparer.Ordinal);
    readonly HashSet<string> _mounted = new(StringComparer.Ordinal);
    readonly SortedSet<string> _nbfs = new(StringComparer.Ordinal);
    readonly SortedSet<string> _speculative = new(StringComparer.Ordinal);

    /// <summary>Ids of the images that boot by NBFS, for the server's saved state.</summary>
    public IEnumerable<string> OnNbfs => _nbfs;
    /// <summary>Those that boot with the speculative root.</summary>
    public IEnumerable<string> OnSpeculation => _speculative;

    public BootRoot RootOf(string id) => _speculative.Contains(id) ? BootRoot.Speculative : _nbfs.Contains(id) ? BootRoot.Nbfs : BootRoot.Nfs;

    public bool IsMounted(string id, DateTimeOffset now)
    {
        Release(now);
        return _mounted.Contains(id);
    }

    public IReadOnlyList<string> GetMounted(DateTimeOffset now)
    {
        Release(now);
        return [.. _mounted.Order(StringComparer.Ordinal)];
    }

    /// <summary>What an image's features come to is decided when it is mounted; a mounted one keeps its state.</summary>
    public void Mount(WaltImage image, DateTimeOffset now)
    {
        if (!IsMounted(image.Id, now) && activatesNbfs(image)) _nbfs.Add(image.Id);
        _mounted.Add(image.Id);
    }

    /// <summary>What a command in a mounted image does to its boot scripts.</summary>
    public void SetRoot(string id, BootRoot root)
    {
        _nbfs.Remove(id);
        _speculative.Remove(id);
        if (root == BootRoot.Nbfs) _nbfs.Add(id);
        if (root == BootRoot.Speculative) _speculative.Add(id);
    }

    /// <summary>Takes note of images without nodes, and unmounts those that have had none for a while.</summary>
    public void Release(DateTimeOffset now)
    {
        HashSet<string> used = [.. inUse().Where(i => i.Length > 0)];
        _mounted.UnionWith(used);
        foreach (string id in used) _leaving.Remove(id);
        foreach (string id in _mounted.Except(used)) _leaving.TryAdd(id, now);
        foreach (string id in _leaving.Where(l => now - l.Value >= s_grace).Select(l => l.Key).ToArray())
        {
            _leaving.Remove(id);
            _mounted.Remove(id);
            SetRoot(id, BootRoot.Nfs);
        }
    }
}
