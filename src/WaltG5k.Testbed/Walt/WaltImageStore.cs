using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace WaltG5k.Testbed.Walt;

/// <summary>The images on a WalT server. Under the world's lock.</summary>
internal sealed partial class WaltImageStore
{
    readonly SortedDictionary<string, WaltImage> _images = new(StringComparer.Ordinal);
    readonly HashSet<string> _knownUsers = new(StringComparer.Ordinal);

    public IEnumerable<WaltImage> All => _images.Values;
    public WaltImage Default => _images[WaltNames.DefaultImage];

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

    public static bool IsValidName(string name) => ValidName().IsMatch(name) && name != "default";

    void Add(string fullName, DateTimeOffset now, params string[] models)
        => Add(new WaltImage(fullName, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("image " + fullName))), now, models)
        {
            // As of 2026 the PC images of Debian and Alpine; not what somebody built without it.
            HasNbfs = models[0] == WaltNames.Model && !fullName.Contains("-rt", StringComparison.Ordinal),
        });

    [GeneratedRegex("^[a-z0-9-]+(:[a-z0-9.-]+)?$")]
    private static partial Regex ValidName();
}
