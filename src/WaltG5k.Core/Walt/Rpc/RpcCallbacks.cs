using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Registries;

namespace WaltG5k.Core.Walt.Rpc;

/// <summary>
/// Answers what a WalT server asks its client during a call. Nobody is ever asked anything: standard input is empty, and what is unknown here is
/// answered with None and told.
/// </summary>
/// <param name="user">Answered to <c>get_username</c>: the owner of what is done.</param>
public sealed class RpcCallbacks(string user, IReporter reporter)
{
    const int ProgressId = 0x67356b0c;

    string? _busyLabel;

    /// <summary>
    /// Hard-reboots nodes by MAC address and gives the reason of each that failed. Null: the server is told that this client cannot.
    /// </summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyDictionary<string, string>>>? HardReboot { get; init; }

    /// <summary>
    /// The account at a registry, by its label, for clones from and publications to private ones. Null, or null for a label: there is none.
    /// </summary>
    public Func<string, string?>? RegistryUser { get; init; }

    /// <summary>
    /// The account for a registry, by its label, where one can be given. Where this gives null the call ends with <c>RegistryLoginNeeded</c>: the
    /// server would stay silent. Without it the server is told that there is no password.
    /// </summary>
    public Func<string, WaltRegistryAccount?>? RegistryAccount { get; init; }

    /// <summary>The client's files, for copies and builds. Null: the server finds none.</summary>
    public IRpcFileSystem? Files { get; init; }

    /// <summary>Gets what the server prints, as it comes.</summary>
    public Action<string>? OnText { get; init; }

    internal async Task<PythonLiteral> AnswerAsync(string path, IReadOnlyList<PythonLiteral> arguments, RpcOutput output,
        CancellationToken cancellationToken)
    {
        string? text = arguments.Count > 0 ? arguments[0].AsString() : null;
        switch (path)
        {
            case "get_username": return user;
            case "is_alive": return true;
            case "get_client_type": return "api";
            case "stdout.write":
                output.WriteOutput(text ?? "");
                Print(text);
                return PythonLiteral.None;
            case "stderr.write":
                output.WriteError(text ?? "");
                Print(text);
                return PythonLiteral.None;
            case "stdout.flush" or "stderr.flush" or "stdin.flush": return PythonLiteral.None;
            case "stdin.get_encoding" or "stdout.get_encoding" or "stderr.get_encoding": return "UTF-8";
            case "stdin.isatty" or "stdout.isatty" or "stderr.isatty": return false;
            case "stdin.fileno": return 0;
            case "stdout.fileno": return 1;
            case "stderr.fileno": return 2;
            case "stdin.readline": return "";       // the end of the input
            case "get_win_size": return new PythonDict([new("cols", 80), new("rows", 25)]);
            case "set_busy_label":
                ShowBusy(text);
                return PythonLiteral.None;
            case "set_default_busy_label":
                EndCall();
                return PythonLiteral.None;
            case "has_hook": return text == "client_hard_reboot" && HardReboot is not null;
            case "get_hard_reboot_method_name": return "kareboot3";
            case "hard_reboot_nodes" when HardReboot is not null && arguments is [PythonSequence macs] && macs.AsStrings() is { } list:
                return await HardRebootAsync(HardReboot, list, cancellationToken).ConfigureAwait(false);
            case "get_registry_username" or "prompt_missing_registry_credentials"
                when RegistryAccount is not null && text is not null: return RequireAccount(text).UserName;
            case "get_registry_encrypted_credentials" when RegistryAccount is not null && text is not null && arguments is [_, PythonInteger key]:
                return RequireAccount(text).Encrypt(key.Value);
            case "get_registry_username" when text is not null: return RegistryUser?.Invoke(text) is { } name ? name : PythonLiteral.None;
            case "prompt_missing_registry_credentials" or "get_registry_encrypted_credentials":
                reporter.Warning(
                $"The WalT server asks for the password of the registry '{text}', which this client does not send. Log in on the server: podman login");
                return PythonLiteral.None;
            case "filesystem.get_file_type" when Files is not null && text is not null:
                return await Files.GetFileTypeAsync(text, cancellationToken).ConfigureAwait(false) is { } type ? type : PythonLiteral.None;
            case "filesystem.get_completions" when Files is not null && text is not null:
                return PythonLiteral.Strings(await Files.GetCompletionsAsync(text, cancellationToken).ConfigureAwait(false));
            default:
                reporter.Verbose($"The WalT server asks its client for something unknown, '{path}': answered with None.");
                return PythonLiteral.None;
        }
    }

    /// <summary>The call is over, and so is what the server said it was busy with.</summary>
    internal void EndCall()
    {
        if (Interlocked.Exchange(ref _busyLabel, null) is { } label)
            reporter.Progress(new ProgressUpdate(ProgressId, "WalT server", label) { Completed = true });
    }

    void ShowBusy(string? text)
    {
        Tell(text);
        if (string.IsNullOrWhiteSpace(text)) return;
        _busyLabel = text;
        reporter.Progress(new ProgressUpdate(ProgressId, "WalT server", text));
    }

    void Print(string? text)
    {
        if (text is not null) OnText?.Invoke(text);
        Tell(text);
    }

    void Tell(string? text)
    {
        if (!string.IsNullOrWhiteSpace(text)) reporter.Verbose($"WalT server: {text.TrimEnd()}");
    }

    WaltRegistryAccount RequireAccount(string registry) =>
        RegistryAccount!(registry) ?? throw new G5kException("RegistryLoginNeeded", ErrorKind.PermissionDenied,
        $"The WalT server needs an account at the registry '{registry}' for this, and none was given.", registry,
        "Give one: -Credential (Get-Credential)");

    static async Task<PythonLiteral> HardRebootAsync(
        Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyDictionary<string, string>>> hardReboot, IReadOnlyList<string> macs,
        CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> failures;
        try
        {
            failures = await hardReboot(macs, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e)
        {
            failures = macs.ToDictionary(m => m, _ => e.Message);
        }
        return PythonLiteral.Tuple(PythonLiteral.Strings(macs.Where(m => !failures.ContainsKey(m))), PythonDict.Of(failures));
    }
}

/// <summary>The client's files, as a WalT server asks for them.</summary>
public interface IRpcFileSystem
{
    /// <summary><c>f</c> for a file, <c>d</c> for a directory, <c>o</c> for anything else; null where there is nothing.</summary>
    Task<string?> GetFileTypeAsync(string path, CancellationToken cancellationToken);

    /// <summary>The paths that begin so; directories end in a slash.</summary>
    Task<IReadOnlyList<string>> GetCompletionsAsync(string partialPath, CancellationToken cancellationToken);
}
