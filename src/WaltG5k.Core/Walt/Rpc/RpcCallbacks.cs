using WaltG5k.Core.Walt.Python;

namespace WaltG5k.Core.Walt.Rpc;

/// <summary>Answers what a WalT server asks its client during a call.</summary>
/// <param name="user">Answered to <c>get_username</c>: the owner of what is done.</param>
public sealed class RpcCallbacks(string user, IReporter reporter)
{
    /// <summary>Hard-reboots nodes by MAC address and gives the reason of each that failed. Null: the server is told that this client cannot.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyDictionary<string, string>>>? HardReboot { get; init; }

    internal async Task<PythonLiteral> AnswerAsync(string path, IReadOnlyList<PythonLiteral> arguments, RpcOutput output, CancellationToken cancellationToken)
    {
        string? text = arguments.Count > 0 ? arguments[0].AsString() : null;
        switch (path)
        {
            case "get_username": return user;
            case "is_alive": return true;
            case "get_client_type": return "api";
            case "stdout.write":
                output.WriteOutput(text ?? "");
                Tell(text);
                return PythonLiteral.None;
            case "stderr.write":
                output.WriteError(text ?? "");
                Tell(text);
                return PythonLiteral.None;
            case "set_busy_label":
                Tell(text);
                return PythonLiteral.None;
            case "stdout.get_encoding" or "stderr.get_encoding": return "UTF-8";
            case "stdout.isatty" or "stderr.isatty": return false;
            case "get_win_size": return new PythonDict([new("cols", 80), new("rows", 25)]);
            case "has_hook": return text == "client_hard_reboot" && HardReboot is not null;
            case "get_hard_reboot_method_name": return "kareboot3";
            case "hard_reboot_nodes" when HardReboot is not null && arguments is [PythonSequence macs] && macs.AsStrings() is { } list:
                return await HardRebootAsync(HardReboot, list, cancellationToken).ConfigureAwait(false);
            default: return PythonLiteral.None;     // flush, set_default_busy_label, and what a later server may ask
        }
    }

    void Tell(string? text)
    {
        if (!string.IsNullOrWhiteSpace(text)) reporter.Verbose($"WalT server: {text.TrimEnd()}");
    }

    static async Task<PythonLiteral> HardRebootAsync(
        Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyDictionary<string, string>>> hardReboot, IReadOnlyList<string> macs, CancellationToken cancellationToken)
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

/// <summary>What the server prints during one call, put together to lines.</summary>
sealed class RpcOutput
{
    readonly System.Text.StringBuilder _output = new();
    readonly System.Text.StringBuilder _errors = new();

    public void WriteOutput(string text) => _output.Append(text);
    public void WriteError(string text) => _errors.Append(text);
    public IReadOnlyList<string> OutputLines => Lines(_output);
    public IReadOnlyList<string> ErrorLines => Lines(_errors);

    static string[] Lines(System.Text.StringBuilder text) => text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
