namespace WaltG5k.Testbed.Walt.Images;

/// <summary>An image that is not on the server.</summary>
internal sealed record RemoteImage(string Location, string FullName, IReadOnlyList<string> Models, int? MinimumVersion = null);

/// <summary>What the emulated world outside offers: the Docker hub, and the Docker daemon of the server.</summary>
internal static class RemoteImages
{
    public const string Hub = "hub", DockerDaemon = "docker", Server = "walt";

    public static IReadOnlyList<RemoteImage> All { get; } =
    [
        new(Hub, "waltplatform/pc-x86-64-default:latest", ["pc-x86-64"]),
        new(Hub, "waltplatform/pc-x86-32-default:latest", ["pc-x86-32"]),
        new(Hub, "waltplatform/rpi-default:latest", ["rpi-3-b", "rpi-4-b"]),
        new(Hub, "alice/debian-mpi:latest", ["pc-x86-64"]),
        new(Hub, "alice/debian-mpi:v2", ["pc-x86-64"]),
        new(Hub, "bob/Router_Lab:latest", ["pc-x86-32", "pc-x86-64"]),
        new(Hub, "bob/future:latest", ["pc-x86-64"], MinimumVersion: 99),
        new(Hub, "bob/no-models:latest", []),
        new(DockerDaemon, "carol/bench:latest", ["pc-x86-64"]),
    ];

    public static IReadOnlyList<string> Locations { get; } = [DockerDaemon, Server, Hub];

    public static RemoteImage? Find(string location, string fullName) => All.FirstOrDefault(i => i.Location == location && i.FullName == fullName);
}
