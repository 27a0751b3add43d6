using System.Runtime.InteropServices;

namespace WaltG5k.BootFs;

/// <summary>The few calls of the C library that the client needs, of Linux on x86-64.</summary>
static unsafe partial class Libc
{
    public const int Interrupted = 4, Again = 11, InProgress = 115;
    public const short PollIn = 1, PollOut = 4, PollError = 8, PollHangUp = 16;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int File;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public void* Base;
        public nuint Length;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8, EntryPoint = "open")]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "read")]
    public static partial nint Read(int file, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "write")]
    public static partial nint Write(int file, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "writev")]
    public static partial nint WriteVector(int file, Vector* vectors, int count);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "ioctl")]
    public static partial int Control(int file, nuint request, nint argument);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "poll")]
    public static partial int Poll(PollEntry* entries, nuint count, int timeout);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "pipe2")]
    public static partial int Pipe(int* files, int flags);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "socket")]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "socketpair")]
    public static partial int SocketPair(int family, int type, int protocol, int* files);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "connect")]
    public static partial int Connect(int socket, byte* address, int length);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "setsockopt")]
    public static partial int SetOption(int socket, int level, int name, int* value, int length);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "getsockopt")]
    public static partial int GetOption(int socket, int level, int name, int* value, int* length);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "send")]
    public static partial nint Send(int socket, byte* buffer, nint count, int flags);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "recv")]
    public static partial nint Receive(int socket, byte* buffer, nint count, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8, EntryPoint = "mount")]
    public static partial int Mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8, EntryPoint = "umount2")]
    public static partial int Unmount(string target, int flags);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "mlockall")]
    public static partial int LockMemory(int flags);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "getrandom")]
    public static partial nint GetRandom(byte* buffer, nint count, int flags);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "signal")]
    public static partial nint Signal(int number, nint handler);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    public static partial int FillSignals(byte* set);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    public static partial int MaskSignals(int how, byte* set, byte* old);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8, EntryPoint = "chdir")]
    public static partial int ChangeFolder(string path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int InitSpawn(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetSpawnFlags(byte* attributes, short flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, EntryPoint = "posix_spawn")]
    public static partial int Spawn(int* process, string path, nint actions, byte* attributes, byte** arguments, byte** environment);

    public static int LastError => Marshal.GetLastPInvokeError();

    public static IOException Failure(string what) => new($"{what}: {Marshal.GetLastPInvokeErrorMessage()} ({LastError})");

    /// <summary>A call's result, or its failure.</summary>
    public static int Check(int result, string what) => result >= 0 ? result : throw Failure(what);

    /// <summary>Writes all of it to a file that blocks.</summary>
    public static void WriteAll(int file, ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            nint count;
            fixed (byte* start = data) count = Write(file, start, data.Length);
            if (count < 0 && LastError == Interrupted) continue;
            if (count < 0) throw Failure("write");
            data = data[(int)count..];
        }
    }
}
