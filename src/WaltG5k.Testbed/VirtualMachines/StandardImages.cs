namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>
/// Grid'5000's own images of virtual machines: on the front-ends, and on the nodes that mount the same share. Nobody can write there.
/// </summary>
internal static class StandardImages
{
    public const string Share = "/grid5000";
    public const string Folder = "/grid5000/virt-images";
    const long VirtualSize = 10L << 30;

    static readonly Dictionary<string, string> s_contents =
        new[] { "alpine-docker", "debian11-x64-base", "debian11-x64-nfs", "debian12-x64-base", "debian12-x64-nfs" }
        .ToDictionary(n => $"{Folder}/{n}.qcow2",
        n => new QemuImage { Format = "qcow2", VirtualSize = VirtualSize, ActualSize = 900L << 20, System = n.Split('-')[0] }.Write(),
        StringComparer.Ordinal);

    public static string? Find(string path) => s_contents.GetValueOrDefault(path);

    public static bool IsDirectory(string path) => path is Share or Folder;

    public static IEnumerable<string> List(string path) => path switch
    {
        Share => ["virt-images"],
        Folder => s_contents.Keys.Select(k => k[(Folder.Length + 1)..]).Order(StringComparer.Ordinal),
        _ => [],
    };
}
