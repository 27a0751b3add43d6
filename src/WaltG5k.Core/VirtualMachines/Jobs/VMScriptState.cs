using System.Globalization;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>What a machine's script last wrote of itself.</summary>
/// <param name="Phase"><c>starting</c>, <c>running</c>, <c>stopping</c>, <c>off</c> or <c>failed</c>.</param>
/// <param name="JobId">The job that wrote it: an older one's state says nothing of a newer one.</param>
sealed record VMScriptState(string Name, string Phase, long JobId)
{
    /// <summary>How often QEMU was started in this job.</summary>
    public int Boots { get; init; }
    public string Reason { get; init; } = "";
    public IReadOnlyDictionary<int, int> Ports { get; init; } = new Dictionary<int, int>();

    /// <summary>Reads the states of several machines, one file after the other. What is no state is left out.</summary>
    public static IEnumerable<VMScriptState> ReadAll(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n').Append("vm="))
        {
            if (line.Split('=', 2) is not [var key, var value]) continue;
            if (key == "vm")
            {
                if (ToState(fields) is { } state) yield return state;
                fields.Clear();
            }
            fields[key] = value.Trim();
        }
    }

    static VMScriptState? ToState(Dictionary<string, string> fields)
    {
        if (!fields.TryGetValue("vm", out string? name) || name.Length == 0 || !fields.TryGetValue("phase", out string? phase)) return null;
        _ = long.TryParse(fields.GetValueOrDefault("job"), NumberStyles.None, CultureInfo.InvariantCulture, out long job);
        var ports = new Dictionary<int, int>();
        foreach (string pair in fields.GetValueOrDefault("ports", "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split(':') is [var guest, var host] && int.TryParse(guest, CultureInfo.InvariantCulture, out int inner)
                && int.TryParse(host, CultureInfo.InvariantCulture, out int outer)) ports[inner] = outer;
        }
        _ = int.TryParse(fields.GetValueOrDefault("boots"), NumberStyles.None, CultureInfo.InvariantCulture, out int boots);
        return new VMScriptState(name, phase, job) { Boots = boots, Reason = fields.GetValueOrDefault("reason", ""), Ports = ports };
    }

    /// <summary>The reason in words; null: none was written.</summary>
    public string? Explain() => Reason switch
    {
        "" => null,
        "no-kvm" => "the node has no hardware virtualisation that may be used (/dev/kvm)",
        "no-qemu" => "the node has no QEMU",
        "no-memory" => "the node had less memory free than the machine wants",
        "no-disk" => "the disk could not be made on the node; see its qemu.log",
        "no-tap" => "the node gave no network adapter (sudo create_tap)",
        "no-space" => "the node has no space left in /tmp",
        "forced" => "the guest did not switch itself off in time and lost its power",
        "guest" => "the guest switched itself off",
        _ => Reason,
    };
}
