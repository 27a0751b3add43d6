using WaltG5k.Core;

namespace WaltG5k.Lab.Images;

/// <summary>The modules of a kernel, in the order in which they have to be loaded.</summary>
static class KernelModules
{
    /// <summary>Files of these modules and of all that they need, relative to the modules' folder; those built into the kernel are none.</summary>
    /// <param name="dependencies">The text of <c>modules.dep</c>: <c>FILE: FILE NEEDED, …</c>, the nearest first.</param>
    /// <param name="builtIn">The text of <c>modules.builtin</c>.</param>
    /// <exception cref="G5kException"><c>LabImageIncomplete</c>.</exception>
    public static IReadOnlyList<string> Resolve(string image, string dependencies, string builtIn, IEnumerable<string> names)
    {
        Dictionary<string, (string File, string[] Needed)> modules = new(StringComparer.Ordinal);
        foreach (string line in dependencies.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(':', 2);
            modules[GetName(parts[0])] = (parts[0], parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        HashSet<string> present = [.. builtIn.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(GetName)];
        List<string> files = [];
        foreach (string name in names.Where(n => !present.Contains(n)))
        {
            if (!modules.TryGetValue(name, out (string File, string[] Needed) module)) throw LabErrors.ImageWithoutKernel(image, $"module {name}");
            foreach (string file in module.Needed.Reverse().Append(module.File))
                if (!files.Contains(file)) files.Add(file);
        }
        return files;
    }

    /// <summary><c>kernel/fs/nfs/nfsv3.ko</c> is <c>nfsv3</c>; kernels take dashes for underscores.</summary>
    static string GetName(string file) => Path.GetFileName(file.Trim()).Split('.')[0].Replace('-', '_');
}
