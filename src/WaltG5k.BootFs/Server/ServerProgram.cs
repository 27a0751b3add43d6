using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace WaltG5k.BootFs;

/// <summary>
/// The program <c>waltg5k-bootfs</c>: serves, or says what a boot script has to name. Ends with 0, 1 for a failure, 2 for a wrong command line.
/// </summary>
static class ServerProgram
{
    const string Usage = """
        waltg5k-bootfs serve --images FOLDER --state FOLDER [OPTIONS]   serves each *.erofs, *.squashfs and *.img of the folder under its name
        waltg5k-bootfs key --state FOLDER                               prints the public key for clients (66 digits); makes the key where there is none
        waltg5k-bootfs digest --state FOLDER IMAGE...                   prints the digest of each file, and its name
        waltg5k-bootfs forget --state FOLDER DIGEST...                  deletes traces: the next boot is recorded anew
        waltg5k-bootfs --version

          --listen ADDRESS:PORT   where to listen (0.0.0.0:5960)
          --block-size KIB        unit of reading and checking: 4, 8, 16, 32 or 64 (16)
          --max-clients N         connections at a time (1024)
          --max-trace MIB         the longest trace, in MiB of blocks (512)
          --record SECONDS        how long a boot is recorded (180)
        """;

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        try
        {
            CommandWords words = CommandWords.Parse(arguments);
            switch (words.Command)
            {
                case "--version":
                    await output.WriteLineAsync($"waltg5k-bootfs {Version} (protocol {Limits.MajorVersion}.{Limits.MinorVersion})")
                    .ConfigureAwait(false);
                    return 0;
                case "--help":
                    await output.WriteLineAsync(Usage).ConfigureAwait(false);
                    return 0;
                case "key":
                    ServerOptions keyed = Options(words);
                    words.Finish();
                    using (ServerKey key = ServerKey.Open(keyed.KeyFile))
                        await output.WriteLineAsync(Convert.ToHexStringLower(key.PublicKey)).ConfigureAwait(false);
                    return 0;
                case "digest":
                    ServerOptions options = Options(words);
                    foreach (string path in words.TakeOperands()) await output.WriteLineAsync(Digest(options, path)).ConfigureAwait(false);
                    words.Finish();
                    return 0;
                case "forget":
                    string folder = Options(words).TraceFolder;
                    foreach (string digest in words.TakeOperands())
                    {
                        if (digest.Length != 64 || !digest.All(char.IsAsciiHexDigitLower)) throw new UsageException($"'{digest}' is no digest");
                        File.Delete(Path.Combine(folder, digest + ".trace"));
                    }
                    words.Finish();
                    return 0;
                case "serve":
                    return await ServeAsync(words, output).ConfigureAwait(false);
                default:
                    throw new UsageException($"'{words.Command}' is no command");
            }
        }
        catch (UsageException e)
        {
            await error.WriteLineAsync($"waltg5k-bootfs: {e.Message}\n{Usage}").ConfigureAwait(false);
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or CryptographicException)
        {
            await error.WriteLineAsync($"waltg5k-bootfs: {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    static string Version => typeof(ServerProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(
        '+')[0] ?? "?";

    static ServerOptions Options(CommandWords words) => new()
    {
        State = words.Take("--state"),
        Images = words.TakeOptional("--images") ?? "",
        Listen = words.TakeOptional("--listen") is not string listen ? new IPEndPoint(IPAddress.Any, Limits.Port)
            : IPEndPoint.TryParse(listen, out IPEndPoint? point) ? point : throw new UsageException($"'{listen}' is no address and port"),
        BlockSize = (int)words.TakeNumber("--block-size", Limits.DefaultBlock / 1024, 4, 64) * 1024 is int size && ImageShape.IsBlockSize(size) ? size
            : throw new UsageException("the block size is 4, 8, 16, 32 or 64"),
        Clients = (int)words.TakeNumber("--max-clients", 1024, 1, 100_000),
        TraceLimit = words.TakeNumber("--max-trace", 512, 1, 1 << 20) << 20,
        Recording = TimeSpan.FromSeconds(words.TakeNumber("--record", 180, 0, 86_400)),
    };

    static string Digest(ServerOptions options, string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        using ServedImage image = ImageIndex.Open(name, path, Path.Combine(options.IndexFolder, name + ".index"), options.BlockSize,
            CancellationToken.None);
        return $"{Convert.ToHexStringLower(image.Digest)} {name}";
    }

    static async Task<int> ServeAsync(CommandWords words, TextWriter output)
    {
        ServerOptions options = Options(words);
        words.Finish();
        if (!Directory.Exists(options.Images)) throw new UsageException($"there is no folder '{options.Images}' of images");
        TextWriter log = TextWriter.Synchronized(output);
        void Log(string line)
        {
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss.fff} {line}"));
            log.Flush();
        }

        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        BootFsServer server = new(options, TimeProvider.System, Log);
        await using (server.ConfigureAwait(false))
        {
            server.Start();
            Log($"serves {options.Images} on {server.EndPoint}, key {Convert.ToHexStringLower(server.PublicKey)}");
            await stop.Task.ConfigureAwait(false);
            Log("ends");
        }
        return 0;
    }
}
