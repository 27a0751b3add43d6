using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using WaltG5k.Core;
using WaltG5k.Lab.Processes;

namespace WaltG5k.Lab.Images;

/// <summary>The images of a lab's folder. One that is being made has a name with a dot and the process that makes it, until it is whole.</summary>
public sealed partial class LabImageStore(LabFolder folder)
{
    const string Description = "image.json";

    /// <summary>What the name in progress of an image or a cached tree looks like: <c>.debian.4711.tmp</c>.</summary>
    [GeneratedRegex(@"^\..+\.(\d+)\.tmp$")]
    private static partial Regex Unfinished { get; }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]*$")]
    private static partial Regex ValidName { get; }

    public static void RequireValid(string name)
    {
        if (!ValidName.IsMatch(name) || name == "default") throw LabErrors.ImageNameInvalid(name);
    }

    /// <summary>By name; those that are whole.</summary>
    public IReadOnlyList<LabImage> GetAll() => !Directory.Exists(folder.Images) ? [] :
        [.. Directory.EnumerateDirectories(folder.Images).Where(d => !Path.GetFileName(d).StartsWith('.')).Order(StringComparer.Ordinal).Select(Read)
        .OfType<LabImage>()];

    /// <exception cref="G5kException"><c>LabImageMissing</c>, <c>LabImageNotFound</c>, <c>LabImageIncomplete</c>.</exception>
    public IReadOnlyList<LabImage> Require(IReadOnlyList<string> names)
    {
        IReadOnlyList<LabImage> all = GetAll();
        if (all.Count == 0) throw LabErrors.NoImage(folder.Root);
        LabImage[] chosen = names.Count == 0 ? [.. all]
            : [.. names.Distinct().Select(n => all.FirstOrDefault(i => i.Name == n) ?? throw LabErrors.ImageNotFound(n, all.Select(i => i.Name)))];
        foreach (LabImage image in chosen)
        {
            if (!File.Exists(image.KernelFile)) throw LabErrors.ImageWithoutKernel(image.Name, "kernel");
            if (!File.Exists(image.InitialRamFs)) throw LabErrors.ImageWithoutKernel(image.Name, "initramfs");
            if (!File.Exists(Path.Combine(image.Tree, "bin/walt-init"))) throw LabErrors.ImageWithoutKernel(image.Name, "/bin/walt-init");
        }
        return chosen;
    }

    public LabImage? Find(string name) => Read(Path.Combine(folder.Images, name));

    /// <summary>Where something is made before it gets its name by one rename.</summary>
    internal static string GetUnfinishedPath(string parent, string name) =>
        Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $".{name}.{Environment.ProcessId}.tmp"));

    internal static void WriteDescription(string path, LabImage image) =>
        File.WriteAllText(Path.Combine(path, Description), JsonSerializer.Serialize(image, LabImageJson.Default.LabImage));

    /// <summary>Gives a finished tree its name; one that has it goes.</summary>
    internal static void Publish(string unfinished, string path)
    {
        string? old = null;
        if (Directory.Exists(path))
        {
            old = GetUnfinishedPath(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".old");
            Directory.Move(path, old);
        }
        Directory.Move(unfinished, path);
        if (old is not null) Directory.Delete(old, recursive: true);
    }

    /// <summary>Removes what processes that are gone have left half made.</summary>
    internal void RemoveUnfinished()
    {
        foreach (string parent in new[] { folder.Images, folder.Cache }.Where(Directory.Exists))
        {
            foreach (string path in Directory.EnumerateDirectories(parent))
            {
                Match match = Unfinished.Match(Path.GetFileName(path));
                if (match.Success && ProcessStamp.Find(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) is null)
                    Directory.Delete(path, recursive: true);
            }
        }
    }

    static LabImage? Read(string path)
    {
        string file = Path.Combine(path, Description);
        try
        {
            return File.Exists(file) && JsonSerializer.Deserialize(File.ReadAllText(file), LabImageJson.Default.LabImage) is { } image
                ? image with { Path = path }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
