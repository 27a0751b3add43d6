namespace WaltG5k.Testbed.Walt.Images;

/// <summary>A podman container made from an image. Under the world's lock.</summary>
internal sealed class ImageContainer(string name, ImageFiles files)
{
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;
    public ImageFiles Files => files;
    /// <summary>Done when its program has ended.</summary>
    public Task Ended => _ended.Task;

    public void End() => _ended.TrySetResult();
}

/// <summary>Somebody's work on an image, from create_image_shell_session to the end of his connection.</summary>
internal sealed class ImageShellSession : IDisposable
{
    readonly WaltHost _host;

    public ImageShellSession(WaltHost host, WaltImage image, string label)
    {
        (_host, Image) = (host, image);
        host.Images.Tasks[image.FullName] = label;
    }

    public WaltImage Image { get; }
    public string ContainerName { get; } = Guid.NewGuid().ToString();

    /// <summary>The server removes the container, whatever became of the work.</summary>
    public void Dispose()
    {
        lock (_host.World.Sync)
        {
            _host.Images.Tasks.Remove(Image.FullName);
            _host.Images.Containers.Remove(ContainerName);
        }
    }
}

/// <summary>A build, from create_image_build_session to the end of the connection.</summary>
internal sealed record ImageBuildSession(string User, string FullName, bool Overwrites, string Url, string Directory) : IDisposable
{
    /// <summary>For a build from what has changed on a node.</summary>
    public string NodeName { get; init; } = "";

    public void Dispose()
    {
        // Nothing is kept of a build but its image.
    }
}
