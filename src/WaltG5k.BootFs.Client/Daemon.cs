using System.Text;

namespace WaltG5k.BootFs;

/// <summary>
/// What keeps a root's daemon alive: a session of its own, a name that begins with <c>@</c> (systemd spares such processes when it leaves the
/// initramfs and at shutdown, see systemd.io/ROOT_STORAGE_DAEMONS), memory that is never swapped out to what it serves, no death for want of memory.
/// </summary>
static unsafe class Daemon
{
    const string Name = "@waltg5k-bootfs";
    const short SetSession = 0x80;

    /// <summary>Starts this program again in the background and waits until it serves. 0, or 1 when it ended or took too long.</summary>
    public static int Start(string[] arguments, int seconds)
    {
        int* pipe = stackalloc int[2];
        Libc.Check(Libc.Pipe(pipe, 0), "pipe");
        string[] words = [Name, .. arguments, "--foreground", "--ready", $"{pipe[1]}"];
        byte* attributes = stackalloc byte[512];
        _ = Libc.InitSpawn(attributes);
        _ = Libc.SetSpawnFlags(attributes, SetSession);
        int process;
        using (Words list = new(words))
        using (Words environment = new([]))
        {
            int error = Libc.Spawn(&process, "/proc/self/exe", 0, attributes, list.Pointer, environment.Pointer);
            if (error != 0) throw new IOException($"the program cannot be started again from /proc/self/exe: error {error}");
        }
        Libc.Close(pipe[1]);
        Libc.PollEntry entry = new() { File = pipe[0], Events = Libc.PollIn };
        long until = Environment.TickCount64 + seconds * 1000L;
        while (Environment.TickCount64 < until)
        {
            int count = Libc.Poll(&entry, 1, (int)Math.Max(1, until - Environment.TickCount64));
            if (count < 0 && Libc.LastError == Libc.Interrupted) continue;
            if (count == 0) break;
            byte answer;
            return Libc.Read(pipe[0], &answer, 1) == 1 ? 0 : 1;
        }
        Libc.Kill(process, 9);
        throw new IOException($"no image after {seconds} s");
    }

    public static void SayReady(int file)
    {
        if (file == 0) return;
        Libc.WriteAll(file, "1"u8);
        Libc.Close(file);
    }

    public static void Protect(Action<string> log)
    {
        const int now = 1, later = 2, whenTouched = 4, hangUp = 1, terminate = 15, ignore = 1;
        Libc.ChangeFolder("/");
        Libc.Signal(hangUp, ignore);
        Libc.Signal(terminate, ignore);
        if (Libc.LockMemory(now | later | whenTouched) < 0) log(Libc.Failure("its memory may be swapped out").Message);
        int file = Libc.Open("/proc/self/oom_score_adj", 1 | 0x80000, 0);
        if (file < 0) return;
        try
        {
            Libc.WriteAll(file, "-1000"u8);
        }
        catch (IOException e)
        {
            log($"it may be ended for want of memory: {e.Message}");
        }
        Libc.Close(file);
    }

    /// <summary>Words as the C library wants them.</summary>
    sealed class Words : IDisposable
    {
        readonly int _count;

        public Words(string[] words)
        {
            _count = words.Length;
            Pointer = (byte**)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)(words.Length + 1) * (nuint)sizeof(byte*));
            for (int i = 0; i < words.Length; i++)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(words[i] + '\0');
                Pointer[i] = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)bytes.Length);
                bytes.CopyTo(new Span<byte>(Pointer[i], bytes.Length));
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (int i = 0; i < _count; i++) System.Runtime.InteropServices.NativeMemory.Free(Pointer[i]);
            System.Runtime.InteropServices.NativeMemory.Free(Pointer);
        }
    }
}
