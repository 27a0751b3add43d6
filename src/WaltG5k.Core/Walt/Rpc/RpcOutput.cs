using System.Text;

namespace WaltG5k.Core.Walt.Rpc;

/// <summary>What the server prints during one call, put together to lines. Beyond a few million characters the rest is dropped.</summary>
sealed class RpcOutput
{
    const int Maximum = 4 << 20;

    readonly StringBuilder _output = new();
    readonly StringBuilder _errors = new();

    public void WriteOutput(string text) => Append(_output, text);
    public void WriteError(string text) => Append(_errors, text);
    public IReadOnlyList<string> OutputLines => Lines(_output);
    public IReadOnlyList<string> ErrorLines => Lines(_errors);

    static void Append(StringBuilder target, string text) => target.Append(text.AsSpan(0, Math.Min(text.Length, Maximum - target.Length)));

    static string[] Lines(StringBuilder text) => text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
