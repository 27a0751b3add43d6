namespace WaltG5k.Core.Kadeploy;

/// <summary>An image that is there as a draft: whole, but not yet under its name.</summary>
sealed record ImageDraft(string Path, ImageCompression Compression, long Length, string Sha256);

/// <summary>Where an image and its description are put.</summary>
interface IImageStore
{
    /// <exception cref="G5kException"><c>ImageFileExists</c>: there are files of that name, and they may not be replaced.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Fetches the image into a draft and looks whether it is whole. A failure leaves nothing behind.</summary>
    Task<ImageDraft> FetchAsync(Action<NodeImageProgress> onProgress, CancellationToken cancellationToken);

    /// <summary>The path that the draft will have.</summary>
    string PathOf(ImageDraft draft);

    /// <summary>Gives the draft its name and puts the description beside it.</summary>
    /// <returns>The path of the description.</returns>
    Task<string> KeepAsync(ImageDraft draft, string description, CancellationToken cancellationToken);

    /// <summary>Removes a draft that is not wanted any more.</summary>
    Task DropAsync();
}
