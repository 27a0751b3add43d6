using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WaltG5k.Core.Text;

namespace WaltG5k.Core.VirtualMachines.Seeds;

/// <summary>
/// What a guest is told at its first boot: its name, whose keys open it, who its neighbours are. cloud-init reads it from a disk with the label
/// <c>cidata</c> (its data source NoCloud). Public keys only: no private key ever enters a guest.
/// </summary>
/// <param name="HostName">Short, or with a domain.</param>
public sealed record CloudInitSeed(string HostName)
{
    public const string VolumeLabel = "cidata";
    const string Boundary = "==walt-g5k-seed==";
    static readonly string[] s_kinds = ["#cloud-config", "#!", "#include", "#cloud-boothook", "## template: jinja"];

    /// <summary>Lines of an <c>authorized_keys</c> file, for root and for the image's own user.</summary>
    public IReadOnlyList<string> AuthorizedKeys { get; init => field = value.AsArray(); } = [];
    /// <summary>Lines for <c>/etc/hosts</c>: address and names.</summary>
    public IReadOnlyList<(string Address, string Name)> Hosts { get; init => field = value.AsArray(); } = [];
    /// <summary>
    /// The user's own part, in one of cloud-init's forms (<c>#cloud-config</c>, <c>#!/bin/sh</c>, …); it has the last word. Null: none.
    /// </summary>
    public string? ExtraUserData { get; init; }
    /// <summary>Null: by DHCP.</summary>
    public SeedNetwork? Network { get; init; }

    /// <summary>Changes with what the seed says, so that a guest takes a changed seed for a new one.</summary>
    public string InstanceId => $"{HostName}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(UserData + Network?.ToYaml())))[..12]}";

    public string MetaData => $"instance-id: {SeedYaml.Quote(InstanceId)}\nlocal-hostname: {SeedYaml.Quote(HostName)}\n";

    public string? NetworkConfig => Network?.ToYaml();

    /// <summary>Our own part alone, or both parts, which cloud-init merges: lists of both are joined.</summary>
    public string UserData
    {
        get
        {
            string own = WriteOwn();
            if (string.IsNullOrWhiteSpace(ExtraUserData)) return own;
            string extra = ExtraUserData.ReplaceLineEndings("\n");
            var text = new StringBuilder($"Content-Type: multipart/mixed; boundary=\"{Boundary}\"\nMIME-Version: 1.0\n\n");
            AppendPart(text, "cloud-config", own);
            AppendPart(text, KindOf(extra), extra);
            return text.Append($"--{Boundary}--\n").ToString();
        }
    }

    /// <summary>The disk as bytes: the same seed gives the same bytes.</summary>
    /// <exception cref="G5kException"><c>SeedInvalid</c>: a key of several lines or a private one, or user data that cloud-init would not know what
    /// to do with.</exception>
    public byte[] ToImage()
    {
        Check();
        List<(string, byte[])> files = [("meta-data", Encoding.UTF8.GetBytes(MetaData)), ("user-data", Encoding.UTF8.GetBytes(UserData))];
        if (NetworkConfig is { } network) files.Add(("network-config", Encoding.UTF8.GetBytes(network)));
        return Iso9660Image.Write(VolumeLabel, files);
    }

    string WriteOwn()
    {
        var text = new StringBuilder("#cloud-config\n");
        text.Append("hostname: ").Append(SeedYaml.Quote(HostName.Split('.')[0])).Append('\n');
        if (HostName.Contains('.', StringComparison.Ordinal)) text.Append("fqdn: ").Append(SeedYaml.Quote(HostName)).Append('\n');
        text.Append("disable_root: false\nssh_pwauth: false\n");
        if (AuthorizedKeys.Count > 0) text.Append("ssh_authorized_keys: ").Append(SeedYaml.List(AuthorizedKeys)).Append('\n');
        if (Hosts.Count > 0)
        {
            string lines = string.Concat(Hosts.Select(h => $"{h.Address} {h.Name}\n"));
            text.Append("write_files:\n- path: /etc/hosts\n  append: true\n  content: ").Append(SeedYaml.Quote("\n" + lines)).Append('\n');
        }
        return text.ToString();
    }

    static void AppendPart(StringBuilder text, string kind, string content)
    {
        text.Append(CultureInfo.InvariantCulture,
            $"--{Boundary}\nContent-Type: text/{kind}; charset=\"utf-8\"\nMerge-Type: list(append)+dict(recurse_array)+str()\n\n").Append(content);
        if (!content.EndsWith('\n')) text.Append('\n');
    }

    static string KindOf(string data) => s_kinds.FirstOrDefault(k => data.StartsWith(k, StringComparison.Ordinal)) switch
    {
        "#!" => "x-shellscript",
        "#include" => "x-include-url",
        "#cloud-boothook" => "cloud-boothook",
        "## template: jinja" => "jinja2",
        _ => "cloud-config",
    };

    void Check()
    {
        foreach (string key in AuthorizedKeys)
        {
            if (key.Contains("PRIVATE KEY", StringComparison.Ordinal))
                throw Invalid("a private key was given where a public one belongs", "Give the file that ends in .pub.");
            if (key.Trim().Length == 0 || key.AsSpan().ContainsAny('\n', '\r', '\0'))
                throw Invalid("a public key is one line, as in authorized_keys", "Give each key by itself.");
        }
        if (Hosts.Any(h => (h.Address + h.Name).AsSpan().ContainsAny('\n', '\r')))
            throw Invalid("a line for /etc/hosts has a line break in it", "Give each host by itself.");
        if (ExtraUserData?.Contains($"--{Boundary}", StringComparison.Ordinal) == true)
            throw Invalid("the user data holds the line that ends it", "Leave out that line.");
        if (!string.IsNullOrWhiteSpace(ExtraUserData) && !s_kinds.Any(k => ExtraUserData.StartsWith(k, StringComparison.Ordinal)))
            throw Invalid("cloud-init knows no user data that begins like this", "Begin it with the line #cloud-config, or #!/bin/sh for a script.");
    }

    G5kException Invalid(string why, string advice) =>
        new("SeedInvalid", ErrorKind.InvalidData, $"No seed can be made for {HostName}: {why}.", HostName, advice);
}
