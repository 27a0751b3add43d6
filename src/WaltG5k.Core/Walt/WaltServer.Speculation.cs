namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>The port of speculative roots unless another is given.</summary>
    public const int SpeculationPort = SpeculativeServer.DefaultPort;

    SpeculativeServer Speculation => new(this);

    /// <summary>Puts the service of speculative roots on the server, beside its NFS, and starts it; may be repeated.</summary>
    /// <param name="programFolder">Where its programs are on this machine; null: beside the module.</param>
    /// <exception cref="G5kException"><c>SpeculativeProgramsMissing</c>, <c>ServerNotConfigured</c>, <c>WaltServerUnreachable</c>.</exception>
    public Task InstallSpeculationAsync(int port = SpeculationPort, string? programFolder = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        return Speculation.InstallAsync(port, programFolder, cancellationToken);
    }

    /// <summary>Makes the root of an image that the server has mounted, and has its boot scripts ask for it.</summary>
    /// <exception cref="G5kException"><c>ImageNotMounted</c>, <c>ImageNotPreparable</c>, <c>ServerNotConfigured</c>.</exception>
    public Task<WaltSpeculativeImage> EnableSpeculationAsync(WaltImageInfo image, CancellationToken cancellationToken = default) =>
        Speculation.EnableAsync(image, cancellationToken);

    /// <summary>Has an image's boot scripts ask for NFS again. Nodes that run on its speculative root go on.</summary>
    /// <exception cref="G5kException"><c>ServerNotConfigured</c>.</exception>
    public Task DisableSpeculationAsync(WaltImageInfo image, CancellationToken cancellationToken = default) =>
        Speculation.DisableAsync(image, cancellationToken);

    /// <summary>Undoes all of it on the server, the service included: nodes that run on a speculative root lose it.</summary>
    /// <exception cref="G5kException"><c>ServerNotConfigured</c>.</exception>
    public Task RemoveSpeculationAsync(CancellationToken cancellationToken = default) => Speculation.RemoveAsync(cancellationToken);
}
