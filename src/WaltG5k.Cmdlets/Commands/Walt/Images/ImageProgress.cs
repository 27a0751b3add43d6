using WaltG5k.Base;
using WaltG5k.Core;

namespace WaltG5k.Commands;

/// <summary>A progress bar over images, or over the lines of something that has no known end. Completed when disposed.</summary>
internal sealed class ImageProgress(IOutput output, string activity, int count) : IDisposable
{
    const int ProgressId = 0x67356b20;
    int _begun;

    /// <summary>The next one begins.</summary>
    public void Show(string what)
    {
        output.Progress(new ProgressUpdate(ProgressId, activity, what) { Percent = count == 0 ? -1 : _begun * 100 / count });
        _begun++;
    }

    /// <summary>Something happens within the one that has begun.</summary>
    public void Tell(string what) => output.Progress(new ProgressUpdate(ProgressId, activity, what) { Percent = -1 });

    public void Dispose() => output.Progress(new ProgressUpdate(ProgressId, activity, "Done") { Completed = true });
}
