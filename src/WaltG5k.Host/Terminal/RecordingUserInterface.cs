using System.Management.Automation;
using System.Management.Automation.Host;

namespace WaltG5k.Host.Terminal;

/// <summary>The user interface of a session in a program: lines go to the result, answers come from a list.</summary>
sealed class RecordingUserInterface(IEnumerable<string> answers) : LineUserInterface
{
    readonly Queue<string> _answers = new(answers);
    HostResult? _result;
    string _line = "";

    public void WriteTo(HostResult result) => _result = result;

    public override PSHostRawUserInterface RawUI { get; } = new FixedTerminal(100);
    public override void Write(string value) => _line += value;

    public override void WriteLine(string value)
    {
        _result?.AddHostLine(_line + value);
        _line = "";
    }

    public override void WriteErrorLine(string value) => WriteLine(value);
    public override void WriteDebugLine(string message) => WriteLine(message);
    public override void WriteVerboseLine(string message) => WriteLine(message);
    public override void WriteWarningLine(string message) => WriteLine(message);
    public override void WriteProgress(long sourceId, ProgressRecord record) { }

    protected override string? NextAnswer(bool secret)
    {
        if (!_answers.TryDequeue(out string? answer)) return null;
        WriteLine(secret ? "********" : answer);
        return answer;
    }
}
