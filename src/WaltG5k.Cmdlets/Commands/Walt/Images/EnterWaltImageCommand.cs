using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Enter-WaltImage: a shell in an image, to be saved afterwards.</summary>
[Cmdlet(VerbsCommon.Enter, "WaltImage", SupportsShouldProcess = true)]
[OutputType(typeof(WaltImageInfo))]
public sealed class EnterWaltImageCommand : WaltCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ImageNameConversion(IsSingle = true)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string Name { get; set; } = "";

    [Parameter(Position = 1)]
    [Alias("SaveAs")]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string? NewName { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        try
        {
            string target = WaltImageName.Require(NewName ?? Name[(Name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            if (!await ConfirmAsync(Name, $"Open a shell, and save what was changed as {target}").ConfigureAwait(false)) return;
            WaltAccess walt = OpenWalt();
            await using (walt.ConfigureAwait(false))
            {
                WaltImageInfo? existing = await walt.Server.FindOwnImageAsync(target, cancellationToken).ConfigureAwait(false);
                if (existing is { Nodes.Count: > 0 } && NewName is not null
                    && existing.FullName != WaltImageName.GetFullName(walt.Server.User, Name)) throw Failures.ImageInUse(existing);
                HostTerminal terminal = await HostTerminal.OpenAsync(this).ConfigureAwait(false);
                WaltImageSession session = await walt.Server.OpenImageSessionAsync(Name, "shell session", cancellationToken).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    int status = await session.EnterAsync(terminal, cancellationToken).ConfigureAwait(false);
                    if (!await session.HasEndedAsync(cancellationToken).ConfigureAwait(false)) throw Failures.ImageShellFailed(session.Name, status);
                    await SaveAsync(walt, session, target, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (G5kException e) { WriteFailure(e); }
    }

    async Task SaveAsync(WaltAccess walt, WaltImageSession session, string target, CancellationToken cancellationToken)
    {
        WaltImageInfo? existing = await walt.Server.FindOwnImageAsync(target, cancellationToken).ConfigureAwait(false);
        bool saves = existing is null
            ? Force || await AskAsync(() => ShouldContinue($"Save what was changed in '{session.Name}' as a new image '{target}'?", "Save the image"))
            .ConfigureAwait(false)
            : await ImageQuestions.MayReplaceAsync(this, existing, Force).ConfigureAwait(false);
        if (!saves)
        {
            Post(() => WriteWarning($"What was changed in '{session.Name}' was thrown away."));
            return;
        }
        await session.SaveReplacingAsync(target, cancellationToken).ConfigureAwait(false);
        WaltImageInfo saved = await walt.Server.GetOwnImageAsync(target, cancellationToken).ConfigureAwait(false);
        walt.Remember(saved);
        Write(saved);
    }
}
