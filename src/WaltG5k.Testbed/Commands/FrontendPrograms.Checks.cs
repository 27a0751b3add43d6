using System.Globalization;
using System.Security.Cryptography;
using WaltG5k.Testbed.Kadeploy.Environments;

namespace WaltG5k.Testbed.Commands;

/// <summary>What tells of a file's bytes.</summary>
internal static partial class FrontendPrograms
{
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "The program is named after it.")]
    static int CheckSum(ProgramCall call) => ForEachFile(call, (path, bytes) =>
    {
        byte[] hash = call.Name == "md5sum" ? MD5.HashData(bytes) : SHA256.HashData(bytes);
        call.Context.WriteLine($"{Convert.ToHexString(hash).ToLower(CultureInfo.InvariantCulture)}  {path}");
        return 0;
    });

    /// <summary><c>stat -c %s FILE</c>.</summary>
    static int Status(ProgramCall call) => ForEachFile(call, (_, bytes) =>
    {
        call.Context.WriteLine(bytes.Length.ToString(CultureInfo.InvariantCulture));
        return 0;
    }, call.Operands.Skip(call.Has('c') ? 1 : 0));

    /// <summary><c>gzip -t FILE</c> and <c>zstd -t FILE</c>.</summary>
    static int TestArchive(ProgramCall call) => ForEachFile(call, (path, bytes) =>
        StoredZstd.IsZstd(bytes) == (call.Name == "zstd") && ImageContent.IsWhole(bytes) ? 0
        : call.Fail(call.Name == "zstd" ? $"{path} : unsupported format or truncated" : $"{path}: unexpected end of file"));

    /// <summary>The first bytes: <c>od -An -tx1 -N4 FILE</c>.</summary>
    static int Dump(ProgramCall call) => ForEachFile(call, (_, bytes) =>
    {
        int count = call.Options.FirstOrDefault(o => o.StartsWith("-N", StringComparison.Ordinal)) is { } option
            && int.TryParse(option[2..], CultureInfo.InvariantCulture, out int given) ? given : 16;
        call.Context.WriteLine(string.Concat(bytes.Take(count).Select(b => $" {b:x2}")));
        return 0;
    });

    static int Base64(ProgramCall call)
    {
        (List<string> texts, int status) = call.ReadOperands();
        byte[] bytes = Ssh.NodeBytes.FromText(string.Concat(texts));
        if (!call.Has('d'))
        {
            foreach (char[] line in System.Convert.ToBase64String(bytes).Chunk(76)) call.Context.WriteLine(new string(line));
            return status;
        }
        try { call.Context.Write(Ssh.NodeBytes.ToText(System.Convert.FromBase64String(System.Text.Encoding.ASCII.GetString(bytes)))); }
        catch (FormatException) { return call.Fail("invalid input"); }
        return status;
    }

    static int ForEachFile(ProgramCall call, Func<string, byte[], int> act, IEnumerable<string>? paths = null)
    {
        int status = 0;
        foreach (string path in paths ?? call.Operands)
        {
            int one = call.Files.ReadBytes(path) is { } bytes ? act(path, bytes) : call.Fail($"{path}: {NoSuchFile}");
            status = Math.Max(status, one);
        }
        return status;
    }
}
