using System.Globalization;

namespace WaltG5k.Core.VirtualMachines.Topologies;

/// <summary>Sizes as people write them. <c>GB</c> means 2^30 bytes, as everywhere in PowerShell and QEMU; so do <c>G</c> and <c>GiB</c>.</summary>
static class ByteSizes
{
    public const long Mebibyte = 1L << 20, Gibibyte = 1L << 30;

    public static string UnitName(long unit) => unit == Gibibyte ? "GiB" : "MiB";

    /// <param name="text">A number, perhaps with a unit.</param>
    /// <param name="unit">What a number without unit counts.</param>
    /// <param name="bytes">The size in bytes.</param>
    public static bool TryParse(string text, long unit, out decimal bytes)
    {
        bytes = 0;
        text = text.Trim();
        int end = text.Length;
        while (end > 0 && !char.IsAsciiDigit(text[end - 1])) end--;
        if (!decimal.TryParse(text[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || number > 1_000_000_000) return false;
        long factor = text[end..].Trim().ToUpperInvariant() switch
        {
            "" => unit,
            "K" or "KB" or "KIB" => 1L << 10,
            "M" or "MB" or "MIB" => Mebibyte,
            "G" or "GB" or "GIB" => Gibibyte,
            "T" or "TB" or "TIB" => 1L << 40,
            _ => 0,
        };
        bytes = number * factor;
        return factor > 0;
    }
}
