using System.Globalization;
using System.Text.Json.Nodes;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>The environments that Grid'5000's staff keeps, the same at every site.</summary>
internal static class ReferenceEnvironments
{
    public const string Owner = "deploy";
    const long Newest = 2026031109, Former = 2025111814;

    static readonly string[] s_minAndNfs = ["min", "nfs"];

    public static IReadOnlyList<EnvironmentRecord> Create() =>
    [
        .. Family("debian11", "debian 11 (bullseye)", "debian", "x86_64", ["base", "big", "min", "nfs", "std", "xen"]),
        .. Family("debian12", "debian 12 (bookworm)", "debian", "x86_64", ["big", "min", "nfs"]),
        .. Family("debian13", "debian 13 (trixie)", "debian", "x86_64", ["big", "min", "nfs", "std"]),
        .. Family("debiantesting", "debian testing", "debian", "x86_64", ["min"]),
        .. Family("ubuntu2004", "Ubuntu 20.04 (focal)", "netplan", "x86_64", s_minAndNfs),
        .. Family("ubuntu2204", "Ubuntu 22.04 (jammy)", "netplan", "x86_64", [.. s_minAndNfs, "rocm"]),
        .. Family("ubuntu2404", "Ubuntu 24.04 (noble)", "netplan", "x86_64", [.. s_minAndNfs, "rocm"]),
        .. RedHats("x86_64"),
        .. Family("debian11", "debian 11 (bullseye)", "debian", "aarch64", ["base", "big", "min", "nfs", "std"]),
        .. Family("debian12", "debian 12 (bookworm)", "debian", "aarch64", ["big", "min", "nfs"]),
        .. Family("debian13", "debian 13 (trixie)", "debian", "aarch64", ["big", "min", "nfs", "std"]),
        .. Family("debiantesting", "debian testing", "debian", "aarch64", ["min"]),
        .. Family("ubuntu2004", "Ubuntu 20.04 (focal)", "netplan", "aarch64", s_minAndNfs),
        .. Family("ubuntu2204", "Ubuntu 22.04 (jammy)", "netplan", "aarch64", [.. s_minAndNfs, "l4t"]),
        .. Family("ubuntu2404", "Ubuntu 24.04 (noble)", "netplan", "aarch64", [.. s_minAndNfs, "gh"]),
        .. RedHats("aarch64"),
        .. Family("debian11", "debian 11 (bullseye)", "debian", "ppc64le", ["base", "big", "min", "nfs"]),
        .. Family("debian12", "debian 12 (bookworm)", "debian", "ppc64le", ["big", "min", "nfs"]),
        .. Family("ubuntu2004", "Ubuntu 20.04 (focal)", "netplan", "ppc64le", s_minAndNfs),
        .. Family("ubuntu2204", "Ubuntu 22.04 (jammy)", "netplan", "ppc64le", s_minAndNfs),
        .. Family("debian12", "debian 12 (bookworm)", "debian", "x86_64", ["big", "min", "nfs"], Former),
    ];

    static IEnumerable<EnvironmentRecord> RedHats(string arch) =>
    [
        .. Family("centosstream8", "CentOS Stream 8", "redhat", arch, s_minAndNfs),
        .. Family("centosstream9", "CentOS Stream 9", "redhat", arch, s_minAndNfs),
        .. Family("rocky8", "Rocky Linux 8", "redhat", arch, s_minAndNfs), .. Family("rocky9", "Rocky Linux 9", "redhat", arch, s_minAndNfs),
        .. Family("almalinux9", "AlmaLinux 9", "redhat", arch, s_minAndNfs),
    ];

    static IEnumerable<EnvironmentRecord> Family(string family, string title, string net, string arch, string[] variants, long version = Newest)
    {
        string shortArch = arch switch { "x86_64" => "x64", "aarch64" => "arm64", _ => "ppc64" };
        return variants.Select(variant => Create($"{family}-{variant}", $"{family}-{shortArch}-{variant}", $"{title} for {shortArch} - {variant}",
            net, arch, version, variant == "xen" ? "xen" : "linux"));
    }

    static EnvironmentRecord Create(string name, string alias, string description, string net, string arch, long version, string os)
    {
        var record = new EnvironmentRecord(new JsonObject
        {
            ["name"] = name, ["version"] = version, ["arch"] = arch, ["alias"] = alias, ["description"] = description,
                ["author"] = "support-staff@lists.grid5000.fr",
            ["visibility"] = "public", ["destructive"] = false, ["os"] = os,
            ["image"] = new JsonObject { ["file"] =
            string.Create(CultureInfo.InvariantCulture, $"server:///grid5000/images/{alias}-{version}.tar.zst"), ["kind"] = "tar",
            ["compression"] = "zstd" },
            ["postinstalls"] = new JsonArray(new JsonObject { ["archive"] = "server:///grid5000/postinstalls/g5k-postinstall.tgz",
            ["compression"] = "gzip", ["script"] = $"g5k-postinstall --net {net}" }),
            ["boot"] = Boot(os), ["filesystem"] = "ext4", ["partition_type"] = 131, ["multipart"] = false,
        }, Owner);
        return record;
    }

    static JsonObject Boot(string os)
    {
        JsonObject boot = new() { ["kernel"] = "/vmlinuz", ["initrd"] = "/initrd.img" };
        if (os == "xen") boot["hypervisor"] = "/hypervisor";
        return boot;
    }
}
