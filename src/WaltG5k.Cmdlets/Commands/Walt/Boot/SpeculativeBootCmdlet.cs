using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>What Enable- and Disable-WaltSpeculativeBoot have in common: which images are meant, and a pass over them.</summary>
public abstract class SpeculativeBootCmdlet : WaltWaitingCmdlet
{
    readonly List<string> _given = [];
    readonly List<WaltImageInfo> _images = [];

    /// <summary>By default those that nodes are given now.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ImageNameConversion]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string[] Image { get; set; } = [];

    internal bool IsForAll => _given.Count == 0;
    internal IReadOnlyList<WaltImageInfo> Images => _images;
    internal override string JobSubject => string.Join(", ", _images);

    protected override void ProcessRecord() => _given.AddRange(Image);

    /// <summary>Settles which images, each of them confirmed.</summary>
    internal async Task SettleImagesAsync(string action, CancellationToken cancellationToken)
    {
        FindWalt();
        WaltAccess walt = OpenWalt(this);
        await using (walt.ConfigureAwait(false))
        {
            IReadOnlyList<WaltImageInfo> known = await walt.GetImagesAsync(refresh: false, cancellationToken).ConfigureAwait(false);
            NameFilter wanted = new([.. _given]);
            foreach (string name in _given.Where(n => !WildcardPattern.ContainsWildcardCharacters(n)
                && !known.Any(i => new NameFilter([n]).Matches(i.Name, i.FullName))))
            {
                try { await walt.Server.GetOwnImageAsync(name, cancellationToken).ConfigureAwait(false); }
                catch (G5kException e) { WriteFailure(e); }
            }
            foreach (WaltImageInfo image in known.Where(i => IsForAll ? i.Nodes.Count > 0 : wanted.Matches(i.Name, i.FullName)))
                if (await ConfirmAsync(image.Name, action).ConfigureAwait(false)) _images.Add(image);
        }
    }

    internal async Task ForEachAsync(IOutput output, string activity, Func<WaltServer, WaltImageInfo, Task> work, WaltServer server)
    {
        using ImageProgress progress = new(output, activity, _images.Count);
        foreach (WaltImageInfo image in _images)
        {
            progress.Show(image.Name);
            try { await work(server, image).ConfigureAwait(false); }
            catch (G5kException e) { output.WriteError(Errors.From(e)); }
        }
    }
}
