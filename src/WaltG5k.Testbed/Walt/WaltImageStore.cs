using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WaltG5k.Testbed.Walt.Images;

namespace WaltG5k.Testbed.Walt;

/// <summary>The images on a WalT server. Under the world's lock.</summary>
internal sealed partial class WaltImageStore
{
    readonly SortedDictionary<string, WaltImage> _images = new(StringComparer.Ordinal);
    readonly HashSet<string> _knownUsers = new(StringComparer.Ordinal);
    readonly Dictionary<string, ImageFiles> _files = new(StringComparer.Ordinal);
    int _commits;

    public IEnumerable<WaltImage> All => _images.Values;
    public WaltImage Default => _images[WaltNames.DefaultImage];
    /// <summary>Why nobody else may work on an image, by full name: <c>shell session</c>.</summary>
    public Dictionary<string, string> Tasks { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, ImageContainer> Containers { get; } = new(StringComparer.Ordinal);
    /// <summary>Files of images that are no more as they came, by id.</summary>
    public IEnumerable<KeyValuePair<string, ImageFiles>> ChangedFiles => _files.Where(f => _images.Values.Any(i => i.Id == f.Key));

    /// <summary>What a server has after its set-up: the default image, and some of the hub for the user of the deployment.</summary>
    public void AddInitial(DateTimeOffset now)
    {
        Add(WaltNames.DefaultImage, now, WaltNames.Model);
        Add(WaltNames.DeploymentUser + "/debian12:latest", now, WaltNames.Model, "pc-x86-32");
        Add(WaltNames.DeploymentUser + "/debian12-rt:latest", now, WaltNames.Model);
        Add(WaltNames.DeploymentUser + "/alpine:latest", now, WaltNames.Model, "pc-x86-32");
        Add(WaltNames.DeploymentUser + "/rpi-debian:latest", now, "rpi-4-b");
    }

    public void Add(WaltImage image) => _images[image.FullName] = image;

    public WaltImage? Find(string fullName) => _images.GetValueOrDefault(fullName);

    /// <summary>The files of an image: not to be changed, a container has its own copy.</summary>
    public ImageFiles FilesOf(WaltImage image) => _files.GetValueOrDefault(image.Id) ?? ImageFiles.CreateInitial(image.Name);

    public void Keep(string id, ImageFiles files) => _files[id] = files;

    /// <summary>Makes an image of files, or replaces one: its id is new.</summary>
    /// <param name="like">What it was made from: models and features are inherited.</param>
    public WaltImage Commit(string fullName, ImageFiles files, DateTimeOffset now, WaltImage like, int layers)
    {
        string id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{fullName} {now.UtcTicks} {++_commits}")));
        WaltImage image = like with { FullName = fullName, Id = id, Created = now, Layers = layers };
        Keep(id, files);
        Add(image);
        return image;
    }

    public void Remove(WaltImage image) => _images.Remove(image.FullName);

    /// <summary>An image as a user names it: his own, or <c>user/name</c>.</summary>
    public bool TryFind(string user, string name, [NotNullWhen(true)] out WaltImage? image)
    {
        string fullName = name.Contains('/', StringComparison.Ordinal) ? name : $"{user}/{name}";
        if (!fullName.Contains(':', StringComparison.Ordinal)) fullName += ":latest";
        return _images.TryGetValue(fullName, out image);
    }

    /// <summary>The first time that a user looks for an image he gets his own clone of the default image.</summary>
    /// <returns>Whether there was anything to clone.</returns>
    public bool WelcomeUser(string user)
    {
        if (!_knownUsers.Add(user) || user == WaltNames.PublicUser) return false;
        string fullName = $"{user}/{Default.NameAndTag}";
        if (_images.ContainsKey(fullName)) return false;
        Add(Default with { FullName = fullName });
        return true;
    }

    /// <summary>The server's own test is as loose: a tag may be empty.</summary>
    public static bool IsValidName(string name) =>
        name != "default" && name.Count(c => c == ':') <= 1 && ValidName().IsMatch(name.Replace(":", "", StringComparison.Ordinal));

    public static string FullNameOf(string user, string name) =>
        name.Contains(':', StringComparison.Ordinal) ? $"{user}/{name}" : $"{user}/{name}:latest";

    void Add(string fullName, DateTimeOffset now, params string[] models)
        => Add(new WaltImage(fullName, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("image " + fullName))), now, models)
        {
            // As of 2026 the PC images of Debian and Alpine; not what somebody built without it.
            HasNbfs = models[0] == WaltNames.Model && !fullName.Contains("-rt", StringComparison.Ordinal),
        });

    [GeneratedRegex("^[a-z0-9-]+$")]
    private static partial Regex ValidName();
}
