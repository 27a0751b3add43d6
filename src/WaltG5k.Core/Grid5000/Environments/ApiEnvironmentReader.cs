using System.Text.Json;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.Grid5000;

/// <summary>Environments from the API's JSON: the keys of a description.</summary>
static class ApiEnvironmentReader
{
    public static EnvironmentDescription Read(JsonElement item)
    {
        JsonElement? boot = item.GetObject("boot"), options = item.GetObject("options");
        return new EnvironmentDescription(item.GetText("name") ?? "")
        {
            Version = item.GetLong("version") ?? 1,
            Alias = item.GetText("alias"),
            Architecture = item.GetText("arch"),
            Description = item.GetText("description") ?? "",
            Author = item.GetText("author") ?? "",
            Owner = item.GetText("user"),
            Visibility = item.GetText("visibility") switch { "public" => EnvironmentVisibility.Public, "shared" => EnvironmentVisibility.Shared,
            _ => EnvironmentVisibility.Private },
            IsDestructive = item.GetFlag("destructive"),
            Os = item.GetText("os") ?? "linux",
            Image = item.GetObject("image") is { } image
                ? new EnvironmentImage(image.GetText("file") ?? "", image.GetText("kind") ?? "", image.GetText("compression") ?? "") : null,
            Preinstall = item.GetObject("preinstall") is { } preinstall ? ReadInstall(preinstall) : null,
            Postinstalls = [.. item.GetItems("postinstalls").Select(ReadInstall)],
            Boot = new EnvironmentBoot
            {
                Kernel = boot?.GetText("kernel"),
                Initrd = boot?.GetText("initrd"),
                KernelParameters = boot?.GetText("kernel_params") is { Length: > 0 } parameters ? parameters : null,
                Hypervisor = boot?.GetText("hypervisor"),
                HypervisorParameters = boot?.GetText("hypervisor_params"),
                BlockDevice = boot?.GetText("block_device"),
                Partition = (int?)boot?.GetLong("partition"),
            },
            FileSystem = item.GetText("filesystem"),
            PartitionType = (int?)item.GetLong("partition_type"),
            IsMultipart = item.GetFlag("multipart"),
            AllowsKexec = options is { } given && given.TryGetProperty("kexec", out JsonElement kexec)
            && (kexec.ValueKind is JsonValueKind.True or JsonValueKind.False)
                ? kexec.GetBoolean() : null,
            CustomVariables = item.GetObject("custom_variables") is { } variables
                ? variables.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.ToString()) : new Dictionary<string, string>(),
        };
    }

    static EnvironmentInstall ReadInstall(JsonElement install) =>
        new(install.GetText("archive") ?? "", install.GetText("compression") ?? "", install.GetText("script") ?? "");
}
