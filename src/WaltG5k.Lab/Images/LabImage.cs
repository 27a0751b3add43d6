using System.Text.Json;
using System.Text.Json.Serialization;

namespace WaltG5k.Lab.Images;

/// <summary>An image that the lab's nodes boot.</summary>
public sealed record LabImage(string Name)
{
    /// <summary>As WalT has it: 64 hexadecimal digits.</summary>
    public string Id { get; init; } = "";
    public DateTimeOffset Created { get; init; }
    /// <summary>The Debian release: <c>bookworm</c>.</summary>
    public string Suite { get; init; } = "";
    /// <summary>The version of its kernel, as uname tells it.</summary>
    public string Kernel { get; init; } = "";
    /// <summary>Packages beyond those that every image has.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];
    /// <summary>Bytes of kernel and initramfs, and of the compressed root file system.</summary>
    public long BootSize { get; init; }
    public long RootSize { get; init; }
    /// <summary>Whether its initramfs has the client of the speculative root.</summary>
    public bool HasSpeculativeRoot { get; init; }
    /// <summary>Where it is kept.</summary>
    [JsonIgnore]
    public string Path { get; init; } = "";

    [JsonIgnore]
    public string Tree => System.IO.Path.Combine(Path, "fs");
    /// <summary>The same tree as one file, for roots that come as blocks.</summary>
    [JsonIgnore]
    public string SquashFs => System.IO.Path.Combine(Path, "root.squashfs");
    [JsonIgnore]
    public string KernelFile => System.IO.Path.Combine(Path, "boot", "kernel");
    [JsonIgnore]
    public string InitialRamFs => System.IO.Path.Combine(Path, "boot", "initrd");

    public override string ToString() => Name;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(LabImage))]
sealed partial class LabImageJson : JsonSerializerContext;
