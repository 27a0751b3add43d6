using System.Collections.Concurrent;
using WaltG5k.Lab;

namespace WaltG5k.Base;

/// <summary>The labs that this process runs, by folder: they end with it, whichever runspace started them.</summary>
internal static class RunningLabs
{
    static readonly ConcurrentDictionary<string, WaltLab> s_labs = new(StringComparer.Ordinal);

    public static WaltLab? Find(LabFolder folder) => s_labs.GetValueOrDefault(folder.Root);

    public static void Add(WaltLab lab) => s_labs[lab.Folder.Root] = lab;

    /// <summary>Takes a lab out, for its end.</summary>
    public static WaltLab? Take(LabFolder folder) => s_labs.TryRemove(folder.Root, out WaltLab? lab) ? lab : null;
}
