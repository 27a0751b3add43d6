namespace WaltG5k.Core.Kadeploy;

/// <summary>
/// The descriptions of Kadeploy 3.1, from the days of the first tutorials: flat lines, files as <c>URL|tgz</c>, scripts behind a second bar. Read so
/// that they can be written in today's form.
/// </summary>
static class LegacyDescription
{
    static readonly string[] s_keys =
    [
        "name", "version", "description", "author", "tarball", "preinstall", "postinstall", "kernel", "initrd", "kernel_params", "hypervisor",
            "hypervisor_params",
        "fdisktype", "filesystem", "environment_kind", "visibility", "demolishing_env",
    ];

    public static bool Recognises(DescriptionKeys keys) => keys.Has("tarball") && !keys.Has("image");

    public static EnvironmentDescription Read(DescriptionKeys keys)
    {
        keys.Add(DescriptionSeverity.Warning, "OldForm", keys.LineOf("tarball"), "tarball",
            "This is the form of Kadeploy 3.1, which today's Kadeploy does not take: write it anew with Export-G5kEnvironment.");
        string[] image = Split(keys.Text("tarball"));
        var description = new EnvironmentDescription(keys.Required("name", "unnamed"))
        {
            Version = keys.Number("version") ?? 1,
            Description = keys.Text("description") ?? "",
            Author = keys.Text("author") ?? "",
            Visibility = keys.Choice("visibility", "private", "shared", "public") switch { "shared" => EnvironmentVisibility.Shared,
            "public" => EnvironmentVisibility.Public, _ => EnvironmentVisibility.Private },
            IsDestructive = keys.Text("demolishing_env") is { } mark && mark is not ("0" or "false"),
            Os = keys.Choice("environment_kind", "linux", "xen", "other"),
            Image = new EnvironmentImage(image[0], image.ElementAtOrDefault(1) is { } kind && kind.StartsWith("dd", StringComparison.Ordinal)
            ? "dd"
            : "tar", Compression(image.ElementAtOrDefault(1))),
            Preinstall = ReadInstalls(keys.Text("preinstall")).FirstOrDefault(),
            Postinstalls = ReadInstalls(keys.Text("postinstall")),
            Boot = new EnvironmentBoot
            {
                Kernel = keys.Text("kernel"),
                Initrd = keys.Text("initrd"),
                KernelParameters = keys.Text("kernel_params"),
                Hypervisor = keys.Text("hypervisor"),
                HypervisorParameters = keys.Text("hypervisor_params"),
            },
            FileSystem = keys.Text("filesystem"),
            // Written in hexadecimal without a mark: 83 is 131.
            PartitionType = keys.Text("fdisktype") is { } type
                && int.TryParse(type, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out int number)
                ? number
                : null,
        };
        keys.TellUnknown(s_keys);
        return description;
    }

    /// <summary>Several installs are separated by commas: <c>URL|tgz|script,URL|tgz|script</c>.</summary>
    static EnvironmentInstall[] ReadInstalls(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Split)
        .Select(p => new EnvironmentInstall(p[0], Compression(p.ElementAtOrDefault(1)), p.ElementAtOrDefault(2) ?? ""))];

    static string[] Split(string? text) => (text ?? "").Split('|', StringSplitOptions.TrimEntries);

    static string Compression(string? kind) => kind switch
    {
        "tbz2" or "ddbz2" => "bzip2",
        "txz" or "ddxz" => "xz",
        _ => "gzip",
    };
}
