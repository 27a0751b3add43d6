namespace System.Management.Automation;

/// <summary>Paths are those of the file system; there are no other drives.</summary>
public sealed class PathIntrinsics
{
    const string Qualifier = "FileSystem::";

    internal PathIntrinsics() { }

    public PathInfo CurrentLocation => new(Environment.CurrentDirectory);
    public PathInfo CurrentFileSystemLocation => CurrentLocation;

    public PathInfo CurrentProviderLocation(string providerName) =>
        string.Equals(providerName, "FileSystem", StringComparison.OrdinalIgnoreCase)
            ? CurrentLocation
            : throw new PSArgumentException($"There is no provider {providerName}: the host knows FileSystem.", nameof(providerName));

    /// <summary>The full path that <paramref name="path"/> means, whether or not anything is there.</summary>
    public string GetUnresolvedProviderPathFromPSPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        int qualifier = path.IndexOf(Qualifier, StringComparison.OrdinalIgnoreCase);
        if (qualifier >= 0) path = path[(qualifier + Qualifier.Length)..];
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
            path = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..];
        return IO.Path.GetFullPath(path, CurrentLocation.Path);
    }

    public string Combine(string parent, string child) => IO.Path.Combine(parent, child);
}

public sealed class PathInfo
{
    internal PathInfo(string path) => Path = path;
    public string Path { get; }
    public string ProviderPath => Path;
    public override string ToString() => Path;
}
