using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Images;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Edit-WaltImage: runs a command or a script in images, and saves what it changed.</summary>
[Cmdlet(VerbsData.Edit, "WaltImage", SupportsShouldProcess = true, DefaultParameterSetName = CommandSet)]
[OutputType(typeof(WaltImageEdit))]
public sealed class EditWaltImageCommand : WaltCmdlet
{
    const string CommandSet = "Command", FileSet = "File";
    string _script = "";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ImageNameConversion(IsSingle = true)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = CommandSet)]
    public string Command { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";

    [Parameter]
    [AllowEmptyString]
    public string[] ArgumentList { get; set; } = [];

    [Parameter]
    [Alias("SaveAs")]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string? NewName { get; set; }

    [Parameter]
    [DurationConversion]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Prepare()
    {
        base.Prepare();
        _script = ParameterSetName == FileSet ? File.ReadAllText(GetUnresolvedProviderPathFromPSPath(FilePath))
            .Replace("\r\n", "\n", StringComparison.Ordinal) : Command;
    }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        try
        {
            string target = WaltImageName.Require(NewName ?? Name[(Name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            string what = ParameterSetName == FileSet ? FilePath : Command;
            if (!await ConfirmAsync(Name, $"Run '{what}' in it and save it as {target}").ConfigureAwait(false)) return;
            WaltAccess walt = OpenWalt();
            await using (walt.ConfigureAwait(false)) await EditAsync(walt, target, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e) { WriteFailure(e); }
    }

    async Task EditAsync(WaltAccess walt, string target, CancellationToken cancellationToken)
    {
        // What is lost or rebooted is agreed on before anything is done.
        WaltImageInfo? existing = await walt.Server.FindOwnImageAsync(target, cancellationToken).ConfigureAwait(false);
        bool isItself = existing is not null && WaltImageName.GetFullName(walt.Server.User,
            Name[(Name.IndexOf('/', StringComparison.Ordinal) + 1)..]) == existing.FullName;
        if (existing is { Nodes.Count: > 0 } && !isItself) throw Failures.ImageInUse(existing);
        bool agreed = isItself ? await ImageQuestions.MayRebootAsync(this, existing!, Force).ConfigureAwait(false)
            : await ImageQuestions.MayReplaceAsync(this, existing, Force).ConfigureAwait(false);
        if (!agreed) return;
        using ImageProgress progress = new(this, $"Changing the image {Name}", 0);
        WaltImageSession session = await walt.Server.OpenImageSessionAsync(Name, "shell session", cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            CommandResult result = await session.RunAsync(_script, ArgumentList, Timeout, line =>
            {
                ((IReporter)this).Verbose(line.Text);
                progress.Tell(line.Text);
            }, cancellationToken).ConfigureAwait(false);
            WaltImageEdit edit = new(session.Name) { ExitStatus = result.ExitStatus, Output = result.Output.TrimEnd('\n'),
                Error = result.Error.TrimEnd('\n'), Duration = result.Duration };
            if (result.ExitStatus == 0)
            {
                progress.Tell("saving");
                await session.SaveReplacingAsync(target, cancellationToken).ConfigureAwait(false);
                walt.Remember(await walt.Server.GetOwnImageAsync(target, cancellationToken).ConfigureAwait(false));
                edit = edit with { SavedAs = target };
            }
            Write(edit);
            if (result.ExitStatus != 0) WriteFailure(Failures.ImageCommandFailed(session.Name, result));
        }
    }
}
