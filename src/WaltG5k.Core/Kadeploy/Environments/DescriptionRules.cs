using System.Text.RegularExpressions;

namespace WaltG5k.Core.Kadeploy;

/// <summary>What a description must fulfil beyond its form, so that it fails here and not ten minutes into a deployment.</summary>
static partial class DescriptionRules
{
    public static void Check(EnvironmentDescription description, DescriptionKeys keys)
    {
        if (!Name().IsMatch(description.Name)) Error("InvalidName", "name",
            $"'{description.Name}' cannot be a name: letters, digits and . _ - only, a letter or digit first.");
        if (description.Visibility == EnvironmentVisibility.Public)
            Warn("PublicNeedsAdministrator", "visibility", "Only administrators may register a public environment: choose shared.");
        if (description.Image is { } image)
        {
            CheckFile("image", image.File);
            if (ImageCompressions.OfFile(image.File) is { } compression && compression != image.Compression)
                Warn("CompressionMismatch", "image", $"The file's name tells {compression}, but 'image.compression' is {image.Compression}.");
            if (image.Compression == "zstd" && description.Architecture is null)
                Warn("MissingArchitecture", "arch", "Kadeploy 3.8 and later, which alone take zstd, want 'arch' (x86_64, aarch64 or ppc64le).");
        }
        foreach (EnvironmentInstall install in description.Postinstalls) CheckFile("postinstalls", install.Archive);
        bool isArchive = description.Image?.Kind is "tar" or "fsa";
        if (isArchive && description.Os is "linux" or "xen")
        {
            if (description.Boot.Kernel is null) Error("MissingKey", "boot", "'boot.kernel' is missing: Kadeploy starts the system by it.");
            if (description.Boot.Initrd is null) Warn("MissingInitrd", "boot", "'boot.initrd' is missing; few systems start without one.");
            if (description.FileSystem is null) Error("MissingKey", "filesystem", "'filesystem' is missing: the partition is formatted with it.");
        }
        if (description.Image?.Kind == "dd" && description.IsMultipart is false && description.Boot.Partition is null)
            Warn("MissingPartition", "boot", "A dd image brings its own partitions: 'boot.partition' says which one starts.");

        void Error(string code, string key, string message) => keys.Add(DescriptionSeverity.Error, code, keys.LineOf(key), key, message);
        void Warn(string code, string key, string message) => keys.Add(DescriptionSeverity.Warning, code, keys.LineOf(key), key, message);
        void CheckFile(string key, string file)
        {
            int colon = file.IndexOf("://", StringComparison.Ordinal);
            if (colon >= 0 && file[..colon] is not ("server" or "http" or "https" or "local"))
                Error("InvalidFile", key, $"'{file}' cannot be fetched: server://, http(s)://, local:// or a path is possible.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][\w.+-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
