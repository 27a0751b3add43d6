using System.Management.Automation;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Storage;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>
/// Edit-G5kEnvironment: a description with other properties, or changed in an editor. Files are changed in place, objects are written anew.
/// </summary>
[Cmdlet(VerbsData.Edit, "G5kEnvironment", SupportsShouldProcess = true, DefaultParameterSetName = ObjectSet)]
[OutputType(typeof(EnvironmentDescription))]
public sealed class EditG5kEnvironmentCommand : EnvironmentPropertiesCmdlet
{
    const string ObjectSet = "Object", LiteralSet = "LiteralPath";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [EnvironmentConversion]
    [ArgumentCompleter(typeof(EnvironmentCompleter))]
    public EnvironmentRef[] Environment { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = LiteralSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    [ValidatePattern(@"^[A-Za-z0-9][\w.+-]*$")]
    public string? NewName { get; set; }

    [Parameter(ParameterSetName = ObjectSet)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string[] Site { get; set; } = [];

    [Parameter]
    public SwitchParameter Editor { get; set; }

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (ParameterSetName == LiteralSet)
        {
            string[] given = LiteralPath;
            foreach (string file in await AskAsync(() => DescriptionFiles.Resolve(this, given, isLiteral: true)).ConfigureAwait(false))
                await TryAsync(() => EditFileAsync(file, cancellationToken)).ConfigureAwait(false);
            return;
        }
        foreach (EnvironmentRef reference in Environment) await TryAsync(() => EditObjectAsync(reference, cancellationToken)).ConfigureAwait(false);
    }

    async Task TryAsync(Func<Task> edit)
    {
        try { await edit().ConfigureAwait(false); }
        catch (G5kException e) { WriteFailure(e); }
    }

    async Task EditObjectAsync(EnvironmentRef reference, CancellationToken cancellationToken)
    {
        EnvironmentDescription former = await EnvironmentAccess.DescribeAsync(this, reference, Site, cancellationToken).ConfigureAwait(false);
        EnvironmentDescription changed = Check(ApplyAll(former));
        if (Editor && await EditTextAsync(DescriptionWriter.Write(changed), former.Name, cancellationToken).ConfigureAwait(false) is { } text)
            changed = DescriptionReader.Read(text).Description! with { Owner = changed.Owner };
        if (await ConfirmAsync($"description of {former.Name}", "Change").ConfigureAwait(false)) Write(changed);
    }

    async Task EditFileAsync(string file, CancellationToken cancellationToken)
    {
        string former = DescriptionFiles.ReadText(file);
        string text = former;
        // In the editor even a file that cannot be read is mended; properties need one that can.
        if (!Editor || MyInvocation.BoundParameters.Keys.Except([nameof(LiteralPath), nameof(Editor), nameof(Connection)]).Any(IsProperty))
            text = DescriptionWriter.Write(Check(ApplyAll(DescriptionFiles.Read(this, file))));
        if (Editor) text = await EditTextAsync(text, Path.GetFileName(file), cancellationToken).ConfigureAwait(false) ?? former;
        if (text == former) return;
        if (!await ConfirmAsync(file, "Write the changed description").ConfigureAwait(false)) return;
        AtomicFile.Write(file, text);
        Write(DescriptionReader.Read(text).Description!);
    }

    static bool IsProperty(string parameter) =>
        typeof(EnvironmentPropertiesCmdlet).GetProperty(parameter)?.DeclaringType == typeof(EnvironmentPropertiesCmdlet)
        || parameter == nameof(NewName);

    EnvironmentDescription ApplyAll(EnvironmentDescription former) =>
        Apply(former) is var changed && NewName is null ? changed : changed with { Name = NewName!, Alias = Alias };

    Task<string?> EditTextAsync(string text, string name, CancellationToken cancellationToken) =>
        new DescriptionEditor(new HostDialogue(this), new DraftFolder(Grid.HomeDirectory),
        file => ExternalEditor.RunAsync(this, file, cancellationToken)).EditAsync(text, name);
}
