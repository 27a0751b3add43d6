using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Reads a description in any of its forms and says, with line numbers, what is wrong or doubtful in it.</summary>
public static class DescriptionReader
{
    static readonly string[] s_keys =
    [
        "name", "version", "alias", "arch", "description", "author", "user", "visibility", "destructive", "os", "image", "preinstall",
            "postinstalls", "boot",
        "filesystem", "partition_type", "multipart", "options", "custom_variables",
    ];

    public static DescriptionReading Read(string text)
    {
        var findings = new List<DescriptionFinding>();
        YamlMappingNode root;
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            if (yaml.Documents is not [{ RootNode: YamlMappingNode mapping }, ..])
            {
                findings.Add(new DescriptionFinding(DescriptionSeverity.Error, "NotADescription", 1, "",
                    "This is no description of an environment: it must hold lines such as 'name: debian12-custom'."));
                return new DescriptionReading(null, findings);
            }
            root = mapping;
        }
        catch (YamlException e)
        {
            findings.Add(new DescriptionFinding(DescriptionSeverity.Error, "InvalidYaml", (int)e.Start.Line, "",
                $"This is not YAML: {e.InnerException?.Message ?? e.Message}"));
            return new DescriptionReading(null, findings);
        }
        var keys = new DescriptionKeys(root, "", findings);
        EnvironmentDescription description = LegacyDescription.Recognises(keys) ? LegacyDescription.Read(keys) : ReadCurrent(keys);
        DescriptionRules.Check(description, keys);
        return new DescriptionReading(description, [.. findings.OrderBy(f => f.Line)]);
    }

    static EnvironmentDescription ReadCurrent(DescriptionKeys keys)
    {
        DescriptionKeys? options = keys.Mapping("options");
        var description = new EnvironmentDescription(keys.Required("name", "unnamed"))
        {
            Version = keys.Number("version") ?? 1,
            Alias = keys.Text("alias"),
            Architecture = keys.Text("arch") is null ? null : keys.Choice("arch", "x86_64", "aarch64", "ppc64le"),
            Description = keys.Text("description") ?? "",
            Author = keys.Text("author") ?? "",
            Owner = keys.Text("user"),
            Visibility = keys.Choice("visibility", "private", "shared", "public") switch { "shared" => EnvironmentVisibility.Shared,
            "public" => EnvironmentVisibility.Public, _ => EnvironmentVisibility.Private },
            IsDestructive = keys.Flag("destructive") ?? false,
            Os = keys.Choice("os", "linux", "xen", "other"),
            Image = ReadImage(keys),
            Preinstall = keys.Mapping("preinstall") is { } preinstall ? ReadInstall(preinstall) : null,
            Postinstalls = [.. keys.Mappings("postinstalls").Select(ReadInstall)],
            Boot = keys.Mapping("boot") is { } boot ? ReadBoot(boot) : new EnvironmentBoot(),
            FileSystem = keys.Text("filesystem"),
            PartitionType = (int?)keys.Number("partition_type"),
            IsMultipart = keys.Flag("multipart") ?? false,
            AllowsKexec = options?.Flag("kexec"),
            CustomVariables = ReadVariables(keys),
        };
        keys.TellUnknown(s_keys);
        var others = keys.Unknown.ToDictionary(u => u.Name, u => DescriptionWriter.ToYaml(u.Value), StringComparer.Ordinal);
        foreach ((string name, YamlNode value, _) in options?.Unknown ?? []) others[$"options.{name}"] = DescriptionWriter.ToYaml(value);
        return description with { Others = others };
    }

    static EnvironmentImage? ReadImage(DescriptionKeys keys)
    {
        if (keys.Mapping("image") is not { } image)
        {
            keys.Add(DescriptionSeverity.Error, "MissingKey", keys.LineOf("image"), "image",
                "'image' is missing: it names the archive of the system.");
            return null;
        }
        var read = new EnvironmentImage(image.Required("file"), image.Choice("kind", "tar", "dd", "fsa"),
            image.Choice("compression", "gzip", "bzip2", "xz", "zstd"));
        image.TellUnknown(["file", "kind", "compression"]);
        return read;
    }

    static EnvironmentInstall ReadInstall(DescriptionKeys keys)
    {
        var install = new EnvironmentInstall(keys.Required("archive"), keys.Choice("compression", "gzip", "bzip2", "xz", "zstd"),
            keys.Required("script"));
        keys.TellUnknown(["archive", "compression", "script"]);
        return install;
    }

    static EnvironmentBoot ReadBoot(DescriptionKeys keys)
    {
        var boot = new EnvironmentBoot
        {
            Kernel = keys.Text("kernel"),
            Initrd = keys.Text("initrd"),
            KernelParameters = keys.Text("kernel_params"),
            Hypervisor = keys.Text("hypervisor"),
            HypervisorParameters = keys.Text("hypervisor_params"),
            BlockDevice = keys.Text("block_device"),
            Partition = (int?)keys.Number("partition"),
        };
        keys.TellUnknown(["kernel", "initrd", "kernel_params", "hypervisor", "hypervisor_params", "block_device", "partition"]);
        return boot;
    }

    static Dictionary<string, string> ReadVariables(DescriptionKeys keys)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (keys.Mapping("custom_variables") is { } mapping)
            foreach (string name in mapping.Names) variables[name] = mapping.Text(name) ?? "";
        return variables;
    }
}
