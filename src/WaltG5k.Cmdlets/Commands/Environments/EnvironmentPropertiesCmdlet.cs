using System.Collections;
using System.Globalization;
using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>A cmdlet whose parameters are the properties of a description.</summary>
public abstract class EnvironmentPropertiesCmdlet : G5kCmdlet
{
    [Parameter]
    public long? Version { get; set; }

    [Parameter]
    public string? Alias { get; set; }

    [Parameter]
    [Alias("Arch")]
    [ValidateSet("x86_64", "aarch64", "ppc64le")]
    public string? Architecture { get; set; }

    [Parameter]
    public string? Description { get; set; }

    [Parameter]
    public string? Author { get; set; }

    [Parameter]
    public EnvironmentVisibility? Visibility { get; set; }

    [Parameter]
    public SwitchParameter Destructive { get; set; }

    [Parameter]
    [ValidateSet("linux", "xen", "other")]
    public string? OperatingSystem { get; set; }

    [Parameter]
    public string? ImageFile { get; set; }

    [Parameter]
    [ValidateSet("tar", "dd", "fsa")]
    public string? ImageKind { get; set; }

    [Parameter]
    [ValidateSet("gzip", "bzip2", "xz", "zstd")]
    public string? Compression { get; set; }

    [Parameter]
    public string? Kernel { get; set; }

    [Parameter]
    public string? Initrd { get; set; }

    [Parameter]
    public string? KernelParameter { get; set; }

    [Parameter]
    public string? FileSystem { get; set; }

    [Parameter]
    public int? PartitionType { get; set; }

    [Parameter]
    public SwitchParameter NoKexec { get; set; }

    [Parameter]
    public string? PostinstallArchive { get; set; }

    [Parameter]
    public string? PostinstallScript { get; set; }

    [Parameter]
    public IDictionary? CustomVariable { get; set; }

    bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>The description with what was given.</summary>
    internal EnvironmentDescription Apply(EnvironmentDescription former) => former with
    {
        Version = Version ?? former.Version,
        Alias = Alias ?? former.Alias,
        Architecture = Architecture ?? former.Architecture,
        Description = Description ?? former.Description,
        Author = Author ?? former.Author,
        Visibility = Visibility ?? former.Visibility,
        IsDestructive = IsGiven(nameof(Destructive)) ? Destructive.IsPresent : former.IsDestructive,
        Os = OperatingSystem ?? former.Os,
        Image = ApplyImage(former.Image),
        Boot = former.Boot with
        {
            Kernel = Kernel ?? former.Boot.Kernel,
            Initrd = Initrd ?? former.Boot.Initrd,
            KernelParameters = KernelParameter ?? former.Boot.KernelParameters,
        },
        FileSystem = FileSystem ?? former.FileSystem,
        PartitionType = PartitionType ?? former.PartitionType,
        AllowsKexec = IsGiven(nameof(NoKexec)) ? !NoKexec.IsPresent : former.AllowsKexec,
        Postinstalls = ApplyPostinstalls(former.Postinstalls),
        CustomVariables = CustomVariable is null ? former.CustomVariables
            : CustomVariable.Cast<DictionaryEntry>()
            .ToDictionary(e => $"{e.Key}", e => Convert.ToString(e.Value is PSObject wrapped ? wrapped.BaseObject : e.Value,
            CultureInfo.InvariantCulture) ?? ""),
    };

    /// <summary>The compression follows the name of the file unless it is given.</summary>
    EnvironmentImage? ApplyImage(EnvironmentImage? former)
    {
        if (ImageFile is null && former is null) return null;
        string file = ImageFile ?? former!.File;
        string? told = ImageFile is null ? null : ImageCompressions.OfFile(file);
        return new EnvironmentImage(file, ImageKind ?? former?.Kind ?? "tar", Compression ?? told ?? former?.Compression ?? "gzip");
    }

    EnvironmentInstall[] ApplyPostinstalls(IReadOnlyList<EnvironmentInstall> former)
    {
        if (PostinstallArchive is null && PostinstallScript is null) return [.. former];
        EnvironmentInstall? first = former is [{ } install, ..] ? install : null;
        string? archive = PostinstallArchive ?? first?.Archive;
        if (archive is null) throw Failures.PostinstallArchiveMissing();
        string compression = (PostinstallArchive is null ? former[0].Compression : ImageCompressions.OfFile(archive)) ?? "gzip";
        return [new EnvironmentInstall(archive, compression, PostinstallScript ?? first?.Script ?? "none"), .. former.Skip(1)];
    }

    /// <summary>The description as it would be read back: doubts are warnings.</summary>
    /// <exception cref="G5kException"><c>DescriptionInvalid</c>.</exception>
    internal EnvironmentDescription Check(EnvironmentDescription description)
    {
        DescriptionReading reading = DescriptionReader.Read(DescriptionWriter.Write(description));
        foreach (DescriptionFinding finding in reading.Findings.Where(f => f.Severity == DescriptionSeverity.Warning))
            ((IReporter)this).Warning($"{description.Name}: {finding.Message}");
        return reading.IsValid ? description : throw Failures.DescriptionInvalid(description.Name, description,
            [.. reading.Findings.Where(f => f.Severity == DescriptionSeverity.Error).Select(f => f with { Line = 0 })]);
    }
}
