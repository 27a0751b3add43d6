using System.Globalization;

namespace WaltG5k.Core.VirtualMachines.Addresses;

/// <summary>How many subnets of which size a number of machines wants, in OAR's words: <c>slash_22=1</c>.</summary>
/// <param name="PrefixLength">16 (65 534 machines) to 22 (1 022).</param>
/// <param name="Count">Subnets of that size.</param>
public readonly record struct SubnetDemand(int PrefixLength, int Count)
{
    const int Smallest = 22, Largest = 16;

    /// <summary>The smallest single block that has an address for each, so that all are in one network; several of the largest beyond that.</summary>
    public static SubnetDemand For(int machines)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(machines);
        for (int length = Smallest; length >= Largest; length--)
        {
            if (AddressesIn(length) >= machines) return new SubnetDemand(length, 1);
        }
        return new SubnetDemand(Largest, (machines + AddressesIn(Largest) - 1) / AddressesIn(Largest));
    }

    /// <summary>All but the network's own and the broadcast address.</summary>
    public static int AddressesIn(int prefixLength) => (1 << (32 - prefixLength)) - 2;

    public int Addresses => Count * AddressesIn(PrefixLength);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"slash_{PrefixLength}={Count}");
}
