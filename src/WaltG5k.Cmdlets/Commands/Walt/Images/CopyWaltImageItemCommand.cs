using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Walt;
using WaltG5k.Parameters;

namespace WaltG5k.Commands;

/// <summary>Copy-WaltImageItem: files and directories into an image, or out of one.</summary>
[Cmdlet(VerbsCommon.Copy, "WaltImageItem", SupportsShouldProcess = true, DefaultParameterSetName = ToSet)]
[OutputType(typeof(WaltImageInfo), ParameterSetName = [ToSet])]
[OutputType(typeof(FileSystemInfo), ParameterSetName = [FromSet])]
public sealed class CopyWaltImageItemCommand : WaltCmdlet
{
    const string ToSet = "ToImage", FromSet = "FromImage";
    readonly List<string> _paths = [];
    string _target = "";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ToSet)]
    [ImageNameConversion(IsSingle = true)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string ToImage { get; set; } = "";

    [Parameter(Mandatory = true, ParameterSetName = FromSet)]
    [ImageNameConversion(IsSingle = true)]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string FromImage { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void Prepare()
    {
        base.Prepare();
        if (ParameterSetName == FromSet) _target = GetUnresolvedProviderPathFromPSPath(Destination ?? ".");
    }

    protected override void ProcessRecord() => _paths.AddRange(ParameterSetName == ToSet ? Path.Select(GetUnresolvedProviderPathFromPSPath) : Path);

    protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_paths.Count == 0) return;
        WaltAccess walt = OpenWalt();
        await using (walt.ConfigureAwait(false))
        {
            if (ParameterSetName == ToSet) await SendAsync(walt, cancellationToken).ConfigureAwait(false);
            else foreach (string path in _paths) await FetchAsync(walt, path, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>All at once, so that the image grows by one layer and its nodes are rebooted once.</summary>
    async Task SendAsync(WaltAccess walt, CancellationToken cancellationToken)
    {
        List<FileSystemInfo> items = [];
        foreach (string path in _paths)
        {
            if (Directory.Exists(path)) items.Add(new DirectoryInfo(path));
            else if (File.Exists(path)) items.Add(new FileInfo(path));
            else WriteFailure(Failures.PathNotFound(path));
        }
        if (items.Count == 0) return;
        try
        {
            string destination = Destination ?? "/root";
            WaltImageInfo image = await walt.Server.GetOwnImageAsync(ToImage, cancellationToken).ConfigureAwait(false);
            if (!await ConfirmAsync($"{image.Name}:{destination}", $"Copy {string.Join(", ", items.Select(i => i.Name))}").ConfigureAwait(false))
                return;
            if (!await ImageQuestions.MayRebootAsync(this, image, Force).ConfigureAwait(false)) return;
            image = await walt.Server.CopyToImageAsync(image.Name, items, destination, mayReboot: true, cancellationToken).ConfigureAwait(false);
            if (PassThru) Write(image);
        }
        catch (G5kException e) { WriteFailure(e); }
    }

    /// <summary>Into a directory that is there; otherwise the last part of the destination is the new name.</summary>
    async Task FetchAsync(WaltAccess walt, string path, CancellationToken cancellationToken)
    {
        try
        {
            bool isDirectory = Directory.Exists(_target);
            string directory = isDirectory ? _target : System.IO.Path.GetDirectoryName(_target) ?? "/";
            if (!Directory.Exists(directory)) throw Failures.PathNotFound(directory);
            if (!await ConfirmAsync(_target, $"Copy {path} of the image {FromImage}").ConfigureAwait(false)) return;
            IReadOnlyList<string> copied = await walt.Server.CopyFromImageAsync(FromImage, path, directory,
                isDirectory ? null : System.IO.Path.GetFileName(_target), Force, cancellationToken).ConfigureAwait(false);
            if (!PassThru) return;
            foreach (string item in copied) Write(Directory.Exists(item) ? new DirectoryInfo(item) : new FileInfo(item));
        }
        catch (G5kException e) { WriteFailure(e); }
    }
}
