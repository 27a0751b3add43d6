using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Testbed.Ssh;

namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>
/// A script that runs one virtual machine by QEMU, as a job may have for a command. Its traps and loops are beyond the emulated shell: what it
/// assigns at its head is read, and what it does is emulated as a whole. (The script itself is tried against a real QEMU by the integration tests.)
/// </summary>
internal sealed partial class MachineScript
{
    readonly Dictionary<string, string> _values;

    MachineScript(Dictionary<string, string> values) => _values = values;

    public string Name => Value("name");
    public string Folder => Value("folder");
    public int Cpu => Number("cpu", 1);
    public int Memory => Number("memory", 1024);
    public string Drive => Value("drive");
    public string Mac => Value("mac");
    public string Prepare => Value("prepare");
    public string Scratch => Value("scratch");
    public int Grace => Number("grace", 45);
    public bool UsesKvm => Value("accel") == "kvm";
    public IReadOnlyList<int> Ports => [.. Value("guest_ports").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => int.Parse(p, CultureInfo.InvariantCulture))];

    /// <summary>The file behind the drive; null: it is none of this site's.</summary>
    public string? DiskPath => File().Match(Drive) is { Success: true } match && match.Groups["path"].Value is ['/', ..] path
        ? path.Replace(",,", ",", StringComparison.Ordinal)
        : null;
    public bool LosesWrites => Drive.Contains("snapshot=on", StringComparison.Ordinal);

    /// <summary>Null: the text is no such script.</summary>
    public static MachineScript? TryRead(string text)
    {
        if (!text.StartsWith("#!/bin/sh", StringComparison.Ordinal) || !text.Contains("command -v kvm", StringComparison.Ordinal)) return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n').TakeWhile(l => l != "# ---"))
        {
            if (line.StartsWith('#')) continue;
            try
            {
                if (ShellSyntax.Parse(line) is [{ Words: [var word] }] && word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                    values[word[..equals]] = word[(equals + 1)..];
            }
            catch (FormatException) { return null; }
        }
        return values.ContainsKey("name") && values.ContainsKey("folder") ? new MachineScript(values) : null;
    }

    string Value(string name) => _values.GetValueOrDefault(name, "");

    int Number(string name, int otherwise) => int.TryParse(Value(name), CultureInfo.InvariantCulture, out int number) ? number : otherwise;

    [GeneratedRegex("^file=(?<path>([^,]|,,)*)(,(?!,)|$)", RegexOptions.CultureInvariant)]
    private static partial Regex File();
}
