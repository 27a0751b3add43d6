using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Writes a description as Kadeploy takes it.</summary>
public static class DescriptionWriter
{
    /// <summary>The whole text, with <c>---</c> in front. What was never said is left out, so that older versions of Kadeploy take it too.</summary>
    public static string Write(EnvironmentDescription description)
    {
        var root = new YamlMappingNode();
        Add(root, "name", description.Name);
        root.Add("version", Number(description.Version));
        Add(root, "alias", description.Alias);
        Add(root, "arch", description.Architecture);
        Add(root, "description", description.Description);
        Add(root, "author", description.Author);
        Add(root, "visibility", description.Visibility switch { EnvironmentVisibility.Private => "private", EnvironmentVisibility.Shared => "shared",
            _ => "public" });
        root.Add("destructive", Flag(description.IsDestructive));
        Add(root, "os", description.Os);
        if (description.Image is { } image) root.Add("image",
            new YamlMappingNode { { "file", Text(image.File) }, { "kind", image.Kind }, { "compression", image.Compression } });
        if (description.Preinstall is { } preinstall) root.Add("preinstall", Install(preinstall));
        if (description.Postinstalls.Count > 0) root.Add("postinstalls", new YamlSequenceNode(description.Postinstalls.Select(Install)));
        if (Boot(description.Boot) is { Children.Count: > 0 } boot) root.Add("boot", boot);
        Add(root, "filesystem", description.FileSystem);
        if (description.PartitionType is { } type) root.Add("partition_type", Number(type));
        root.Add("multipart", Flag(description.IsMultipart));
        var options = new YamlMappingNode();
        if (description.AllowsKexec is { } kexec) options.Add("kexec", Flag(kexec));
        foreach ((string name, string yaml) in description.Others)
        {
            if (name.StartsWith("options.", StringComparison.Ordinal)) options.Add(name["options.".Length..], FromYaml(yaml));
            else root.Add(name, FromYaml(yaml));
        }
        if (options.Children.Count > 0) root.Add("options", options);
        if (description.CustomVariables.Count > 0)
            root.Add("custom_variables", new YamlMappingNode(description.CustomVariables.OrderBy(v => v.Key, StringComparer.Ordinal)
                .Select(v => KeyValuePair.Create<YamlNode, YamlNode>(v.Key, Text(v.Value)))));
        return "---\n" + ToYaml(root) + "\n";
    }

    internal static string ToYaml(YamlNode node)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(node)).Save(text, assignAnchors: false);
        string yaml = text.ToString().TrimEnd('\n');
        return yaml.EndsWith("\n...", StringComparison.Ordinal) ? yaml[..^4] : yaml;
    }

    static YamlNode FromYaml(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents[0].RootNode;
    }

    static YamlMappingNode Install(EnvironmentInstall install) =>
        new() { { "archive", Text(install.Archive) }, { "compression", install.Compression }, { "script", Text(install.Script) } };

    static YamlMappingNode Boot(EnvironmentBoot boot)
    {
        var node = new YamlMappingNode();
        Add(node, "kernel", boot.Kernel);
        Add(node, "initrd", boot.Initrd);
        if (boot.KernelParameters is { } parameters) node.Add("kernel_params", Text(parameters));
        Add(node, "hypervisor", boot.Hypervisor);
        Add(node, "hypervisor_params", boot.HypervisorParameters);
        Add(node, "block_device", boot.BlockDevice);
        if (boot.Partition is { } partition) node.Add("partition", Number(partition));
        return node;
    }

    static void Add(YamlMappingNode node, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) node.Add(name, Text(value));
    }

    /// <summary>A text that another reader might take for a number, a date or a truth value is quoted.</summary>
    static YamlScalarNode Text(string value) => new(value) { Style = NeedsQuotes(value) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any };

    static bool NeedsQuotes(string value) =>
        value.Length == 0 || double.TryParse(value, NumberStyles.Any, CultureInfo.InvariantCulture, out _) || value[0] is '~' or '/'
        || value.ToLowerInvariant() is "true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n"
        || DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    static YamlScalarNode Number(long value) => new(value.ToString(CultureInfo.InvariantCulture));

    static YamlScalarNode Flag(bool value) => new(value ? "true" : "false");
}
