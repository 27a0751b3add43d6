using WaltG5k.Core.Text;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Who may see a registered environment.</summary>
public enum EnvironmentVisibility
{
    /// <summary>Its owner.</summary>
    Private,
    /// <summary>Everybody who names its owner.</summary>
    Shared,
    /// <summary>Everybody. Administrators alone may make it so.</summary>
    Public,
}

/// <summary>The system of an environment.</summary>
/// <param name="File"><c>server://</c>, <c>http(s)://</c>, or a file of the client (also <c>local://</c>).</param>
/// <param name="Kind"><c>tar</c>, <c>dd</c> or <c>fsa</c>.</param>
/// <param name="Compression"><c>gzip</c>, <c>bzip2</c>, <c>xz</c> or <c>zstd</c>.</param>
public sealed record EnvironmentImage(string File, string Kind, string Compression)
{
    public override string ToString() => File;
}

/// <summary>A script that Kadeploy runs before or after the image is on the disk, with the archive that brings it.</summary>
public sealed record EnvironmentInstall(string Archive, string Compression, string Script)
{
    public override string ToString() => Script;
}

public sealed record EnvironmentBoot
{
    /// <summary>Path in the image.</summary>
    public string? Kernel { get; init; }
    public string? Initrd { get; init; }
    public string? KernelParameters { get; init; }
    public string? Hypervisor { get; init; }
    public string? HypervisorParameters { get; init; }
    /// <summary>For a <c>dd</c> image: where it boots from.</summary>
    public string? BlockDevice { get; init; }
    public int? Partition { get; init; }
}

/// <summary>
/// What Kadeploy installs: the description that <c>kaenv3 -a</c> registers and <c>kadeploy3 -a</c> deploys at once. Forms: version 3.3 (YAML) and
/// that of 3.8 and later, which adds alias, architecture, zstd, custom variables and options.
/// </summary>
public sealed record EnvironmentDescription(string Name)
{
    public long Version { get; init; } = 1;
    public string? Alias { get; init; }
    /// <summary><c>x86_64</c>, <c>aarch64</c> or <c>ppc64le</c>; null in descriptions older than 3.8.</summary>
    public string? Architecture { get; init; }
    public string Description { get; init; } = "";
    public string Author { get; init; } = "";
    /// <summary>The user who registered it; null for a description that is in a file only.</summary>
    public string? Owner { get; init; }
    public EnvironmentVisibility Visibility { get; init; }
    /// <summary>Its deployment harms what is on the node beyond its partition.</summary>
    public bool IsDestructive { get; init; }
    /// <summary><c>linux</c>, <c>xen</c> or <c>other</c>.</summary>
    public string Os { get; init; } = "linux";
    public EnvironmentImage? Image { get; init; }
    public EnvironmentInstall? Preinstall { get; init; }
    public IReadOnlyList<EnvironmentInstall> Postinstalls { get; init => field = value.AsArray(); } = [];
    public EnvironmentBoot Boot { get; init; } = new();
    public string? FileSystem { get; init; }
    /// <summary>131 (0x83) is Linux.</summary>
    public int? PartitionType { get; init; }
    public bool IsMultipart { get; init; }
    /// <summary>May be rebooted into by kexec; null: as the cluster does it.</summary>
    public bool? AllowsKexec { get; init; }
    public IReadOnlyDictionary<string, string> CustomVariables { get; init; } = new Dictionary<string, string>();
    /// <summary>Keys that are not known here, as YAML: kept, and written back as they were.</summary>
    public IReadOnlyDictionary<string, string> Others { get; init; } = new Dictionary<string, string>();
    public override string ToString() => Name;
}

public enum DescriptionSeverity
{
    Warning,
    Error,
}

/// <summary>Something to say about a description.</summary>
/// <param name="Line">From 1; 0 where no line is to blame.</param>
/// <param name="Key">Its dotted path: <c>image.kind</c>.</param>
public sealed record DescriptionFinding(DescriptionSeverity Severity, string Code, int Line, string Key, string Message)
{
    public override string ToString() => Line > 0 ? $"line {Line}: {Message}" : Message;
}

/// <summary>A description that was read, with all that is to be said about it. Null when it cannot be read at all.</summary>
public sealed record DescriptionReading(EnvironmentDescription? Description, IReadOnlyList<DescriptionFinding> Findings)
{
    public bool IsValid => Description is not null && Findings.All(f => f.Severity != DescriptionSeverity.Error);
}
