using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Walt.Images;

namespace WaltG5k.Commands;

/// <summary>Find-WaltImage: images that can be cloned, on the server, the hub and other registries.</summary>
[Cmdlet(VerbsCommon.Find, "WaltImage")]
[OutputType(typeof(WaltFoundImage))]
public sealed class FindWaltImageCommand : WaltCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    public string[] Keyword { get; set; } = [];

    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            foreach (string? keyword in Keyword.Length > 0 ? Keyword : new string?[] { null })
            {
                // The server knows no wildcards: it is asked for everything then.
                bool isPattern = keyword is not null && WildcardPattern.ContainsWildcardCharacters(keyword);
                NameFilter wanted = new(isPattern ? [keyword!] : []);
                foreach (WaltFoundImage image in await walt.Server.SearchImagesAsync(isPattern ? null : keyword, RegistryAccount.From(Credential),
                    cancellationToken).ConfigureAwait(false))
                {
                    if (!wanted.Matches(image.ToString(), image.Name)) continue;
                    if (image.Link is { } link) Session.ImageLinks.TryAdd(link.ToString(), image.Compatibility);
                    Write(image);
                }
            }
        }
    }
}
