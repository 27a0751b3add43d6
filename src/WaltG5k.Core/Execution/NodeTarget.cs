namespace WaltG5k.Core.Execution;

/// <summary>Where a command is to run.</summary>
/// <param name="Name">How results name it.</param>
/// <param name="Site">The site whose front-end it is reached through.</param>
public sealed record NodeTarget(string Name, string Site)
{
    /// <summary>The name or address for ssh where it is not <see cref="Name"/>: a node in a VLAN has another name there.</summary>
    public string? Address { get; init; }
    /// <summary>The login; null: as the ssh configuration says.</summary>
    public string? User { get; init; }
    public int? Port { get; init; }

    public string Host => Address ?? Name;

    public override string ToString() => Name;
}
