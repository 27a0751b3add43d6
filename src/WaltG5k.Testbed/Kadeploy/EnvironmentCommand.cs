using System.Globalization;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>kaenv3: lists and prints the registered environments.</summary>
internal sealed class EnvironmentCommand : IEmulatedCommand
{
    static readonly OptionTable s_options = new("-l --list?", "-p --print=", "-u --env-user=", "--env-version=", "-s --all-versions", "--env-arch=", "-h --help");

    public IReadOnlyList<string> Names => ["kaenv3"];

    public Task<int> RunAsync(string name, CommandContext context)
    {
        try
        {
            ParsedOptions options = s_options.Parse(context.Arguments);
            string? wanted = options.Last("--print") ?? options.Positional.FirstOrDefault();
            return Task.FromResult(wanted is null ? List(context, options.Last("--list")) : Print(context, wanted, options));
        }
        catch (OptionException e)
        {
            context.WriteErrorLine("Option parsing error: " + e.Message);
            return Task.FromResult(1);
        }
    }

    static int List(CommandContext context, string? pattern)
    {
        context.WriteLine(Row("Name", "Version", "User", "Description"));
        context.WriteLine(Row("####", "#######", "####", "###########"));
        foreach (DeployEnvironment environment in EnvironmentCatalog.All.Where(e => Matches(e.Name, pattern)))
        {
            string description = environment.Description.Length > 38 ? environment.Description[..35] + "..." : environment.Description;
            context.WriteLine(Row(environment.Name, environment.Version.ToString(CultureInfo.InvariantCulture), environment.User, description));
        }
        return 0;
    }

    static int Print(CommandContext context, string wanted, ParsedOptions options)
    {
        if (EnvironmentCatalog.Find(wanted, options.Last("--env-user"), options.Last("--env-version")) is not DeployEnvironment environment)
        {
            context.WriteErrorLine("Resource not found /environments");
            return 1;
        }
        context.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            ---
            name: {environment.Name}
            version: {environment.Version}
            arch: x86_64
            alias: {environment.Name.Replace("-", "-x64-", StringComparison.Ordinal)}
            description: {environment.Description}
            author: support-staff@lists.grid5000.fr
            visibility: public
            destructive: false
            os: linux
            image:
              file: server:///grid5000/images/{environment.Name}-{environment.Version}.tar.zst
              kind: tar
              compression: zstd
            postinstalls:
            - archive: server:///grid5000/postinstalls/g5k-postinstall.tgz
              compression: gzip
              script: g5k-postinstall --net {environment.Distribution}
            boot:
              kernel: "/vmlinuz"
              initrd: "/initrd.img"
            filesystem: ext4
            partition_type: 131
            multipart: false
            """));
        return 0;
    }

    static string Row(string name, string version, string user, string description) => $"{name,-21} {version,-7} {user,-11} {description}";

    static bool Matches(string name, string? pattern)
    {
        if (string.IsNullOrEmpty(pattern)) return true;
        string[] parts = pattern.Split('%');
        return parts.Length == 1 ? name == pattern
            : name.StartsWith(parts[0], StringComparison.Ordinal) && name.EndsWith(parts[^1], StringComparison.Ordinal)
              && parts.All(p => name.Contains(p, StringComparison.Ordinal));
    }
}
