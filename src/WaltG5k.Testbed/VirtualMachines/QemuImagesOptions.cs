namespace WaltG5k.Testbed.VirtualMachines;

/// <summary>The options of qemu-img, as far as they are emulated.</summary>
internal sealed record QemuImagesOptions
{
    /// <summary><c>-f</c></summary>
    public string? Format { get; private set; }
    /// <summary><c>-O</c></summary>
    public string? OutputFormat { get; private set; }
    /// <summary><c>-b</c>, or backing_file of <c>-o</c></summary>
    public string? Backing { get; private set; }
    /// <summary><c>-F</c>, or backing_fmt of <c>-o</c></summary>
    public string? BackingFormat { get; private set; }
    public bool IsQuiet { get; private set; }
    public bool IsJson { get; private set; }
    public bool IsChain { get; private set; }
    public bool Shrinks { get; private set; }
    public IReadOnlyList<string> Operands { get; private set; } = [];
    /// <summary>What qemu-img says of options that it does not know.</summary>
    public string? Error { get; private set; }

    public static QemuImagesOptions Parse(string[] words)
    {
        var options = new QemuImagesOptions();
        var operands = new List<string>();
        for (int i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "--":
                    operands.AddRange(words[(i + 1)..]);
                    i = words.Length;
                    break;
                case "-f" when i + 1 < words.Length: options.Format = words[++i]; break;
                case "-O" when i + 1 < words.Length: options.OutputFormat = words[++i]; break;
                case "-b" when i + 1 < words.Length: options.Backing = words[++i]; break;
                case "-F" when i + 1 < words.Length: options.BackingFormat = words[++i]; break;
                case "-o" when i + 1 < words.Length: options.TakePairs(words[++i]); break;
                case "-q": options.IsQuiet = true; break;
                case "-U" or "--force-share" or "-p": break;
                case "--output=json": options.IsJson = true; break;
                case "--output=human": break;
                case "--backing-chain": options.IsChain = true; break;
                case "--shrink": options.Shrinks = true; break;
                case ['-', _, ..]:
                    options.Error = $"unrecognized option '{words[i]}'\nTry 'qemu-img --help' for more information";
                    break;
                default: operands.Add(words[i]); break;
            }
        }
        options.Operands = operands;
        return options;
    }

    void TakePairs(string text)
    {
        foreach (string pair in text.Split(','))
        {
            if (pair.StartsWith("backing_file=", StringComparison.Ordinal)) Backing = pair["backing_file=".Length..];
            else if (pair.StartsWith("backing_fmt=", StringComparison.Ordinal)) BackingFormat = pair["backing_fmt=".Length..];
        }
    }
}
