using System.Management.Automation;
using System.Management.Automation.Host;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Base;

/// <summary>The person at PowerShell's prompt, for a command that talks.</summary>
internal sealed class HostTerminal : ITerminal
{
    readonly G5kCmdlet _cmdlet;

    HostTerminal(G5kCmdlet cmdlet, bool isInteractive)
    {
        _cmdlet = cmdlet;
        IsInteractive = isInteractive;
    }

    public bool IsInteractive { get; }

    public static async Task<HostTerminal> OpenAsync(G5kCmdlet cmdlet) =>
        new(cmdlet, await cmdlet.AskAsync(() => HasKeyboard(cmdlet.Host)).ConfigureAwait(false));

    public async Task<string?> ReadLineAsync(string prompt, CancellationToken cancellationToken) => await _cmdlet.AskAsync(() =>
    {
        try
        {
            if (prompt.Length > 0) _cmdlet.Host.UI.Write(prompt);
            return _cmdlet.Host.UI.ReadLine();
        }
        catch (Exception e) when (IsNobodyThere(e)) { return null; }
    }).WaitAsync(cancellationToken).ConfigureAwait(false);

    public void Write(string text) => _cmdlet.OnHost(ui => ui.Write(text));

    /// <summary>A host without a keyboard refuses to look at it.</summary>
    static bool HasKeyboard(PSHost host)
    {
        try
        {
            _ = host.UI.RawUI.KeyAvailable;
            return true;
        }
        catch (Exception e) when (IsNobodyThere(e)) { return false; }
    }

    static bool IsNobodyThere(Exception e) =>
        e is InvalidOperationException or PSNotSupportedException or PSNotImplementedException or HostException or NotSupportedException or NotImplementedException or IOException
        && e is not PipelineStoppedException;
}
