using WaltG5k.BootFs;

namespace WaltG5k.Tests.BootFs;

/// <summary>An image of random bytes in a folder of its own, with what a server has around it; blocks of 4 KiB.</summary>
sealed class TestImage : IDisposable
{
    public const int BlockSize = 4096;
    public const string Name = "debian";

    readonly List<string> _log = [];

    public TestImage(int length, int seed = 1, TimeProvider? time = null) : this(Random(length, seed), time)
    {
    }

    public TestImage(byte[] bytes, TimeProvider? time = null)
    {
        Folder = Directory.CreateTempSubdirectory("bootfs").FullName;
        Bytes = bytes;
        Directory.CreateDirectory(Path.Combine(Folder, "images"));
        File.WriteAllBytes(ImagePath, Bytes);
        Options = new ServerOptions
        {
            Images = Path.Combine(Folder, "images"),
            State = Path.Combine(Folder, "state"),
            BlockSize = BlockSize,
            Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0),
        };
        time ??= new ManualTime();
        Key = ServerKey.Open(Options.KeyFile);
        Image = ImageIndex.Open(Name, ImagePath, Path.Combine(Options.IndexFolder, Name + ".index"), BlockSize, CancellationToken.None);
        Parts = new ServerParts(new ImageCatalog(Options.Images, Options.IndexFolder, BlockSize, Note),
            new TraceStore(Options.TraceFolder, Options.TraceLimit, Note), new BootBook(time, Options.Recording), Key, time, Note);
    }

    static byte[] Random(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new System.Random(seed).NextBytes(bytes);
        return bytes;
    }

    public string Folder { get; }
    public string ImagePath => Path.Combine(Folder, "images", Name + ".img");
    public byte[] Bytes { get; }
    public ServerOptions Options { get; }
    public ServerKey Key { get; }
    public ServedImage Image { get; }
    public ServerParts Parts { get; }

    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log) return [.. _log];
        }
    }

    public void Note(string line)
    {
        lock (_log) _log.Add(line);
    }

    public void AddTrace(IEnumerable<uint> blocks) => Parts.Traces.Contribute(Image, blocks);

    public RootClientOptions ClientOptions(int seed = 7) => new()
    {
        Image = Name,
        ServerKey = Key.PublicKey,
        Boot = BitConverter.GetBytes((long)seed).Concat(new byte[8]).ToArray(),
        Randomize = new System.Random(seed).NextBytes,
        Log = Note,
    };

    public void Dispose()
    {
        Image.Dispose();
        Parts.Images.Dispose();
        Key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
