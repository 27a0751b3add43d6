using System.Collections.Concurrent;
using WaltG5k.Core.VirtualMachines.Disks;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>
/// Puts images on hosts, once on each. A host that has an image gives it to others: each copy is a new source, so that the number of copies doubles
/// with every round, and the front-end's link carries a few only. A source that dies is dropped; who was reading from it takes another one.
/// </summary>
sealed class ImageSpreads(VMDeploymentContext context)
{
    readonly ConcurrentDictionary<(string Site, string Path), ImageSpread> _spreads = new();

    /// <summary>Where an image lies on the hosts: two images of one name do not meet.</summary>
    public string PathOf(string site, VMImage image) => $"{context.WorkFolder}/{SumOf(site, image)[..12]}-{NameOf(image.Path)}";

    /// <summary>Brings an image to a host, unless it is there whole.</summary>
    /// <exception cref="G5kException"><c>ImageNotSpread</c>, <c>HostDiskFull</c>, and what <see cref="HostShell"/> throws.</exception>
    public Task EnsureAsync(DeployedHost host, VMImage image, CancellationToken cancellationToken) =>
        _spreads.GetOrAdd((host.Site, image.Path),
        key => new ImageSpread(context, key.Site, image.Path, SumOf(key.Site, image), PathOf(key.Site, image))).EnsureAsync(host, cancellationToken);

    /// <summary>The images that disks on a host begin as.</summary>
    public IReadOnlyList<VMImage> For(DeployedHost host)
    {
        IEnumerable<Topologies.VirtualMachine> machines = context.Request.DiskPlace == DiskPlace.All
            ? context.Facts.Topology!.Machines
            : context.MachinesOn(host.Name);
        return [.. machines.SelectMany(HostDisks.ImagesOf(context.Request)).Distinct(StringComparer.Ordinal).Select(i => context.Facts.Images[i])
            .DistinctBy(i => i.Path)];
    }

    /// <summary>What the image is, as it lies on a host.</summary>
    public (FileLocation Location, DiskImageInfo Info) OnHost(string site, VMImage image) =>
        (new FileLocation(PathOf(site, image)), image.Info with { Name = image.Path });

    static string SumOf(string site, VMImage image) => image.Sums[site];

    static string NameOf(string path) => string.Concat(path[(path.LastIndexOf('/') + 1)..]
        .Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
}
