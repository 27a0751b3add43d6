using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core;

namespace WaltG5k.Commands;

/// <summary>A cmdlet that takes descriptions as objects or as files of this machine.</summary>
public abstract class EnvironmentFileCmdlet : G5kCmdlet
{
    internal const string ObjectSet = "Object", PathSet = "Path", LiteralSet = "LiteralPath";

    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, Position = 0, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <param name="site">Where the object is from; null for one of nowhere.</param>
    /// <param name="path">The file that holds it; null: it is an object.</param>
    internal abstract Task ActAsync(EnvironmentDescription description, string? site, string? path, CancellationToken cancellationToken);

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (ParameterSetName == ObjectSet)
        {
            await TryAsync(() => (ToDescription(InputObject, out string? site), site), null, cancellationToken).ConfigureAwait(false);
            return;
        }
        string[] given = ParameterSetName == PathSet ? Path : LiteralPath;
        foreach (string file in await AskAsync(() => DescriptionFiles.Resolve(this, given, ParameterSetName == LiteralSet)).ConfigureAwait(false))
            await TryAsync(() => (DescriptionFiles.Read(this, file), null), file, cancellationToken).ConfigureAwait(false);
    }

    async Task TryAsync(Func<(EnvironmentDescription, string?)> read, string? path, CancellationToken cancellationToken)
    {
        try
        {
            (EnvironmentDescription description, string? site) = read();
            await ActAsync(description, site, path, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e) { WriteFailure(e); }
    }

    static EnvironmentDescription ToDescription(object? input, out string? site)
    {
        object? value = input is PSObject wrapped ? wrapped.BaseObject : input;
        site = value switch { EnvironmentInfo environment => environment.Site, NodeImage image => image.Site, _ => null };
        return value switch
        {
            EnvironmentDescription description => description,
            EnvironmentInfo environment => environment.Definition,
            NodeImage image => image.Definition,
            _ => throw Failures.NoDescription(value),
        };
    }
}
