using WaltG5k.Testbed.Walt;
using WaltG5k.Testbed.Walt.Images;

namespace WaltG5k.Testbed.Ssh;

/// <summary>podman on a WalT server, and WalT's own helper for shells in images.</summary>
internal static partial class RemotePrograms
{
    const int PodmanFailure = 125;

    const string ImagePrefix = "docker.io/";

    /// <summary>Options of <c>podman run</c> whose value is the next word.</summary>
    static readonly HashSet<string> s_runOptions = new(StringComparer.Ordinal) { "--name", "-h", "-w", "-v", "--entrypoint", "--systemd" };

    static async Task<int> PodmanAsync(RemoteRun run)
    {
        switch (run.Arguments)
        {
            case ["inspect", .., string name]:
                ImageContainer? known = FindContainer(run, name);
                if (known is null) return Complain(run, $"Error: no such object: \"{name}\"", PodmanFailure);
                run.Print(known.Ended.IsCompleted ? "exited" : "running");
                return 0;
            case ["run", ..]:
                return await RunContainerAsync(run).ConfigureAwait(false);
            default:
                return Complain(run, $"Error: unrecognized command `podman {string.Join(' ', run.Arguments)}`", PodmanFailure);
        }
    }

    static async Task<int> RunContainerAsync(RemoteRun run)
    {
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        int i = 1;
        for (; i < run.Arguments.Count && run.Arguments[i].StartsWith('-'); i++)
            if (s_runOptions.Contains(run.Arguments[i]) && i + 1 < run.Arguments.Count) options[run.Arguments[i]] = run.Arguments[++i];
        if (i >= run.Arguments.Count) return Complain(run, "Error: requires at least 1 arg(s)", PodmanFailure);
        string image = run.Arguments[i];
        await PassAsync(run, 1).ConfigureAwait(false);
        if (StartContainer(run, image, options.GetValueOrDefault("--name")) is not ImageContainer container)
            return Complain(run, $"Error: {image}: image not known", PodmanFailure);
        try
        {
            string[] words = [.. run.Arguments.Skip(i + 1)];
            bool hasText = words is ["-c", _, ..];
            RemoteMachine inside = Inside(run, container, options.GetValueOrDefault("-h") ?? container.Name);
            RemoteResult result = await RemoteShell.RunAsync(inside, hasText ? words[1] : run.Input, hasText ? run.Input : "", run.TellError)
                .ConfigureAwait(false);
            run.Output.Append(result.Output);
            run.Error.Append(result.Error);
            return result.Status;
        }
        finally
        {
            container.End();
        }
    }

    /// <summary>A shell in an image, on the terminal where there is one.</summary>
    static async Task<int> EnterImageAsync(RemoteRun run)
    {
        if (run.Operands is not [string fullName, string name])
            return Complain(run, "Usage: walt-image-shell-helper <image_fullname> <container_name>", 0);
        await PassAsync(run, 2).ConfigureAwait(false);
        if (StartContainer(run, fullName, name) is not ImageContainer container)
            return Complain(run, $"Error: {fullName}: image not known", PodmanFailure);
        try
        {
            RemoteMachine inside = Inside(run, container, "image-shell");
            const string note =
                "Note: this is a limited virtual environment (with just the shell process).\nRun 'walt help show shells' for more info.\n\n";
            if (run.Machine.Terminal is { } terminal)
            {
                terminal.Write(note);
                while (await terminal.ReadLineAsync("root@image-shell:~# ", run.Machine.Interrupted).ConfigureAwait(false) is string line
                    && line.Trim() is not ("exit" or "logout"))
                {
                    RemoteResult step = await RemoteShell.RunAsync(inside, line, "").ConfigureAwait(false);
                    terminal.Write(step.Output + step.Error);
                }
                return 0;
            }
            run.Output.Append(note);
            RemoteResult result = await RemoteShell.RunAsync(inside, run.Input, "").ConfigureAwait(false);
            run.Output.Append(result.Output).Append(result.Error);
            return result.Status;
        }
        finally
        {
            container.End();
        }
    }

    static RemoteMachine Inside(RemoteRun run, ImageContainer container, string hostName) =>
        run.Machine with { Files = new RemoteFiles(container.Files.Disk), HostName = hostName, IsContainer = true, Terminal = null };

    static ImageContainer? FindContainer(RemoteRun run, string name)
    {
        lock (run.Machine.World.Sync) return run.Machine.Server?.Images.Containers.GetValueOrDefault(name);
    }

    static ImageContainer? StartContainer(RemoteRun run, string image, string? name)
    {
        lock (run.Machine.World.Sync)
        {
            string fullName = image.StartsWith(ImagePrefix, StringComparison.Ordinal) ? image[ImagePrefix.Length..] : image;
            if (run.Machine.Server is not WaltHost host || host.Images.Find(fullName) is not WaltImage found) return null;
            ImageContainer container = new(name ?? Guid.NewGuid().ToString(), host.Images.FilesOf(found).Copy());
            host.Images.Containers[container.Name] = container;
            return container;
        }
    }

    static int Complain(RemoteRun run, string message, int status)
    {
        run.Error.Append(message).Append('\n');
        return status;
    }
}
