namespace WaltG5k.Core.Deployments;

/// <summary>The WalT network of a Grid'5000 deployment: 192.168.204.0/22, as <c>walt g5k</c> has it.</summary>
static class WaltNetwork
{
    public const string Server = "192.168.204.1";
    public const int PrefixLength = 22;
    /// <summary>Addresses .204.2 to .207.253: the gateway host of kavlan-1 owns 192.168.207.254.</summary>
    public const int Capacity = 4 * 256 - 4;

    /// <param name="index">From 0.</param>
    public static string NodeAddress(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Capacity);
        int host = index + 2;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"192.168.{204 + host / 256}.{host % 256}");
    }
}
