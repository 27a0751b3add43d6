using System.Text;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy.Environments;

/// <summary>tgz-g5k on a front-end: <c>tgz-g5k -m NODE -f FILE [-z]</c> lets root of the node make an image of what runs there.</summary>
internal sealed class TgzCommand : IEmulatedCommand
{
    static readonly OptionTable s_options = new("-m --machine=", "-f --file=", "-u --user=", "-z --zstd", "-h --help");

    public IReadOnlyList<string> Names => ["tgz-g5k"];

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        try
        {
            ParsedOptions options = s_options.Parse(context.Arguments);
            if (options.Has("--help") || options.Last("--machine") is not string node || options.Last("--file") is not string file)
            {
                context.WriteLine("Usage: tgz-g5k -m NODE -f FILE [-z]");
                return options.Has("--help") ? 0 : 1;
            }
            bool asZstd = options.Has("--zstd") || file.EndsWith(".zst", StringComparison.Ordinal);
            StringBuilder image = new();
            int status = await context.World.Commands["ssh"].RunAsync("ssh", context with
            {
                Arguments = ["-o", "StrictHostKeyChecking=no", $"{options.Last("--user") ?? "root"}@{node}", asZstd ? "tgz-g5k -z" : "tgz-g5k"],
                Input = "",
                WriteText = text => image.Append(text),
                WriteLine = line => image.Append(line).Append('\n'),
            }).ConfigureAwait(false);
            if (new SiteFiles(context).Redirect(file, image.ToString(), appends: false) is { } failure)
            {
                context.WriteErrorLine($"tgz-g5k: {file}: {failure}");
                return 1;
            }
            return status;
        }
        catch (OptionException e)
        {
            context.WriteErrorLine("tgz-g5k: " + e.Message);
            return 1;
        }
    }
}
