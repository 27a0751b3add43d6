using System.Net.Sockets;

namespace WaltG5k.Testbed.Walt;

/// <summary>Real nodes behind an emulated WalT server: where its ports are, what its nodes are given, how one is spoken to.</summary>
internal interface IWaltMachines
{
    /// <summary>Listens on a port of the server in the WalT network.</summary>
    TcpListener Listen(int port);

    /// <summary>Gives a node the boot files of an image from now on. Called under the world's lock.</summary>
    void Route(WaltDevice device, string imageId);

    /// <summary>A file under <c>/boot</c> as the node of that address gets it, or null.</summary>
    byte[]? GetBootFile(string ip, string path);

    /// <summary>An order to the service of a node: null when it obeyed, else the reason as WalT words it.</summary>
    Task<string?> OrderAsync(string ip, string order);

    /// <summary>A node has fetched a boot file over HTTP.</summary>
    void NotifyServed(string ip, string path, int size, TimeSpan duration);
}
