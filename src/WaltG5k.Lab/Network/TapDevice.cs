using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace WaltG5k.Lab.Network;

/// <summary>A virtual Ethernet adapter whose cable is this object: what the kernel sends is read here. It vanishes when this is disposed.</summary>
sealed class TapDevice : IFrameSource, IFrameSink, IDisposable
{
    public const string Device = "/dev/net/tun";
    /// <summary>An Ethernet frame of the usual size, and room for a tag.</summary>
    public const int LongestFrame = 1522;
    // From linux/if_tun.h: TUNSETIFF, and Ethernet frames without a header of the kernel's.
    const nuint SetInterface = 0x400454CA;
    const short TapWithoutHeader = 0x0002 | 0x1000;
    const int RequestSize = 40, NameSize = 16;

    int _descriptor;

    TapDevice(int descriptor, string name) => (_descriptor, Name) = (descriptor, name);

    public string Name { get; }

    /// <exception cref="Win32Exception">No /dev/net/tun, no right to it, or the name is taken.</exception>
    public static TapDevice Create(NetworkNamespace space, string name) => space.Run(() =>
    {
        int descriptor = LibC.Checked(LibC.Open(Device, LibC.OpenReadWrite | LibC.OpenNonBlocking | LibC.OpenCloseOnExec));
        byte[] request = new byte[RequestSize];
        Encoding.ASCII.GetBytes(name, request.AsSpan(0, NameSize - 1));
        BinaryPrimitives.WriteInt16LittleEndian(request.AsSpan(NameSize), TapWithoutHeader);
        if (LibC.Control(descriptor, SetInterface, request) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            _ = LibC.Close(descriptor);
            throw new Win32Exception(error);
        }
        return new TapDevice(descriptor, name);
    });

    public int Read(byte[] buffer, int milliseconds)
    {
        int descriptor = Volatile.Read(ref _descriptor);
        if (descriptor < 0) return -1;
        int length = (int)LibC.Read(descriptor, buffer, buffer.Length);
        if (length > 0 || milliseconds == 0) return Math.Max(length, 0);
        LibC.PollEntry entry = new() { Descriptor = descriptor, Events = LibC.PollIn };
        if (LibC.Poll(ref entry, 1, milliseconds) <= 0) return 0;
        return Math.Max((int)LibC.Read(descriptor, buffer, buffer.Length), 0);
    }

    public void Write(byte[] frame, int length)
    {
        // A full queue drops the frame, as a switch does.
        if (Volatile.Read(ref _descriptor) is >= 0 and int descriptor) _ = LibC.Write(descriptor, frame, length);
    }

    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0) _ = LibC.Close(descriptor);
    }
}
