using System.Text;

namespace WaltG5k.BootFs;

/// <summary>The program <c>waltg5k-bootfs-client</c>. Ends with 0, 1 for a failure, 2 for a wrong command line.</summary>
static unsafe class ClientProgram
{
    const string Usage = """
        waltg5k-bootfs-client nbd  OPTIONS [--device /dev/nbd0]   serves the image as a block device; returns when it is there, and goes on in the background
        waltg5k-bootfs-client fuse OPTIONS --mount FOLDER         serves it as the file FOLDER/image, for kernels without nbd
        waltg5k-bootfs-client read OPTIONS [OFFSET:LENGTH...]     writes these bytes, or all, to the standard output
        waltg5k-bootfs-client --version

          --server ADDRESS[:PORT]  IPv4; port 5960
          --image NAME             as the server names it
          --key HEX                the server's public key, as waltg5k-bootfs key prints it
          --digest HEX             take no other image than this one
          --memory MIB             blocks held at a time (64)
          --no-push                ask for everything, have nothing sent ahead
          --timeout SECONDS        nbd, fuse: how long to wait for the server at first (180)
          --foreground             nbd, fuse: stay
          --verbose                read: say at the end how the reads went
        """;

    public static int Run(string[] arguments)
    {
        try
        {
            CommandWords words = CommandWords.Parse(arguments);
            switch (words.Command)
            {
                case "--version":
                    Libc.WriteAll(1, Encoding.UTF8.GetBytes($"waltg5k-bootfs-client (protocol {Limits.MajorVersion}.{Limits.MinorVersion})\n"));
                    return 0;
                case "--help":
                    Libc.WriteAll(1, Encoding.UTF8.GetBytes(Usage + "\n"));
                    return 0;
                case "read":
                    return Read(words);
                case "nbd" or "fuse":
                    return words.TakeSwitch("--foreground")
                    ? Serve(words)
                    : Daemon.Start(arguments, (int)words.TakeNumber("--timeout", 180, 1, 86_400));
                default:
                    throw new UsageException($"'{words.Command}' is no command");
            }
        }
        catch (UsageException e)
        {
            Log($"{e.Message}\n{Usage}");
            return 2;
        }
        catch (IOException e)
        {
            Log(e.Message);
            return 1;
        }
    }

    static int Read(CommandWords words)
    {
        bool isVerbose = words.TakeSwitch("--verbose");
        (RootClient client, ServerSocket server) = Prepare(words);
        using FileFront front = new(FileFront.Parse(words.TakeOperands()));
        words.Finish();
        using (client)
        using (server)
        {
            int status = new ClientLoop(client, server, front, Log).Run();
            string digest = client.Digest is byte[] known ? Convert.ToHexStringLower(known) : "no image";
            if (isVerbose) Log($"{digest}, trace {client.Trace}, {client.Counts}");
            return front.HasFailed ? 1 : status;
        }
    }

    static int Serve(CommandWords words)
    {
        int ready = (int)words.TakeNumber("--ready", 0, 0, 1024);
        words.TakeOptional("--timeout");
        (RootClient client, ServerSocket server) = Prepare(words);
        using IFront front = words.Command == "nbd"
            ? new NbdFront(words.TakeOptional("--device") ?? "/dev/nbd0")
            : new FuseFront(words.Take("--mount"));
        words.Finish();
        Daemon.Protect(Log);
        using (client)
        using (server)
        {
            return new ClientLoop(client, server, front, Log) { Ready = () => Daemon.SayReady(ready) }.Run();
        }
    }

    static (RootClient, ServerSocket) Prepare(CommandWords words)
    {
        byte[] boot = new byte[16];
        Randomize(boot);
        RootClientOptions options = new()
        {
            Image = words.Take("--image"),
            ServerKey = Hex(words.Take("--key"), "--key", Limits.PublicKey),
            Digest = words.TakeOptional("--digest") is string digest ? Hex(digest, "--digest", Limits.Hash) : null,
            Memory = words.TakeNumber("--memory", 64, 1, 64 * 1024) << 20,
            Speculates = !words.TakeSwitch("--no-push"),
            Boot = boot,
            Randomize = Randomize,
            Log = Log,
        };
        if (Encoding.UTF8.GetByteCount(options.Image) > Limits.ImageName) throw new UsageException("the image's name is too long");
        if (!P256.IsPublicKey(options.ServerKey)) throw new UsageException("--key is no public key");
        return (new RootClient(options), new ServerSocket(words.Take("--server")));
    }

    static byte[] Hex(string text, string option, int length)
    {
        if (text.Length != 2 * length || !text.All(char.IsAsciiHexDigit)) throw new UsageException($"{option} has {2 * length} hexadecimal digits");
        return Convert.FromHexString(text);
    }

    static void Randomize(byte[] target)
    {
        fixed (byte* start = target)
        {
            if (Libc.GetRandom(start, target.Length, 0) != target.Length) throw Libc.Failure("getrandom");
        }
    }

    /// <summary>To the standard error; a client in an initramfs has the kernel's console there.</summary>
    static void Log(string line)
    {
        try
        {
            Libc.WriteAll(2, Encoding.UTF8.GetBytes($"waltg5k-bootfs: {line}\n"));
        }
        catch (IOException)
        {
            // A console that is gone must not end the root.
        }
    }
}
