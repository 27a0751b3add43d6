using System.Security.Cryptography;
using System.Text;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Walt;

/// <summary>The speculative root beside NFS: what of it lies on the server's disk is all the state there is.</summary>
internal sealed partial class WaltHost
{
    public const string SpeculationFolder = "/opt/waltg5k-bootfs", SpeculationState = "/var/lib/waltg5k-bootfs",
        SpeculationConfiguration = "/etc/waltg5k-bootfs.conf";

    public bool IsSpeculationStopped { get; set; }
    public bool ServesSpeculation => !IsSpeculationStopped && world.NodeLife.FindDisk(node)?.Files.ContainsKey(SpeculationConfiguration) == true;

    public static string RootFileOf(string imageId) => $"{SpeculationState}/images/{imageId[..16]}.erofs";
    static string TraceFileOf(string imageId) => $"{SpeculationState}/traces/{DigestOf(imageId)}.trace";
    public static string DigestOf(string imageId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes("root of " + imageId)));
    /// <summary>Bytes; made up, of the size of compressed Debian images.</summary>
    public static long RootSizeOf(string imageId) => (200L << 20) + imageId[0] * (1L << 20);

    /// <summary>Whether an earlier boot of the image was recorded, so that this one has its blocks sent ahead.</summary>
    public bool HasTrace(string imageId) => world.NodeLife.FindDisk(node)?.Files.ContainsKey(TraceFileOf(imageId)) == true;

    public bool HasRootFile(string imageId) => world.NodeLife.FindDisk(node)?.Files.ContainsKey(RootFileOf(imageId)) == true;

    /// <summary>A boot with the speculative root is over: its reads are kept.</summary>
    void Record(BootOffer offer)
    {
        if (offer.Root == BootRoot.Speculative) world.NodeLife.DiskOf(node).Files[TraceFileOf(offer.ImageId)] = "waltg5k-bootfs trace 1\n";
    }
}
