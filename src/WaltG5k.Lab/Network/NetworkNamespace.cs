using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace WaltG5k.Lab.Network;

/// <summary>The network namespace of another process. A socket or tap made in it stays in it, whichever thread uses it later.</summary>
/// <param name="path">Such as <c>/proc/4711/ns/net</c>.</param>
sealed class NetworkNamespace(string path)
{
    const int Backlog = 128;

    public string Path => path;

    /// <summary>
    /// Runs something short on a thread of its own that has entered the namespace and ends with it. It must not start asynchronous work: a thread of
    /// the pool that were created there would stay in that namespace.
    /// </summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The namespace is gone, or may not be entered.</exception>
    public T Run<T>(Func<T> body)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                int space = LibC.Checked(LibC.Open(path, LibC.OpenReadOnly | LibC.OpenCloseOnExec));
                try
                {
                    LibC.Checked(LibC.SetNamespace(space, LibC.NewNetwork));
                }
                finally
                {
                    _ = LibC.Close(space);
                }
                result = body();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }) { IsBackground = true, Name = "lab namespace" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>Listens on an address of the namespace.</summary>
    /// <exception cref="SocketException">Somebody else does already.</exception>
    public TcpListener Listen(IPEndPoint endpoint) => Run(() =>
    {
        // Nothing about reuse: that would let two servers listen on one port.
        TcpListener listener = new(endpoint);
        listener.Start(Backlog);
        return listener;
    });

    /// <summary>A socket that will connect from within the namespace.</summary>
    public Socket CreateSocket() => Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
}
