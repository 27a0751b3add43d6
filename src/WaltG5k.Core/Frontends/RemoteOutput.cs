using System.Globalization;
using System.Text;
using WaltG5k.Core.Frontends.Processes;

namespace WaltG5k.Core.Frontends;

/// <summary>Takes the marks of a <see cref="RemoteCommand"/> out of what ssh prints, and what came before the command began.</summary>
/// <param name="terminal">All comes on standard output.</param>
sealed class RemoteOutput(string mark, bool terminal) : ILineFilter
{
    /// <summary>Characters kept of what start-up files and ssh print.</summary>
    const int PreambleLimit = 64 << 10;

    readonly StringBuilder _preamble = new();
    bool _outputIsStarted, _errorIsStarted;

    /// <summary>The command has begun: what ssh says from now on is about a connection that was there.</summary>
    public bool IsStarted => _outputIsStarted || _errorIsStarted;

    /// <summary>The command's own exit status; null when it was not told.</summary>
    public int? Status { get; private set; }

    /// <summary>What was printed before the command began: the words of ssh when it failed.</summary>
    public string Preamble => _preamble.ToString();

    public bool Pass(ref string text, ref bool endsLine, bool isError)
    {
        ref bool isStarted = ref isError ? ref _errorIsStarted : ref _outputIsStarted;
        if (!isStarted)
        {
            isStarted = text.EndsWith(mark, StringComparison.Ordinal); // what a start-up file printed may lack its newline
            if (!isStarted && _preamble.Length < PreambleLimit) _preamble.Append(text).Append('\n');
            return false;
        }
        int end = isError || terminal ? text.LastIndexOf(mark, StringComparison.Ordinal) : -1;
        if (end < 0 || !int.TryParse(text.AsSpan(end + mark.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int status))
            return true;
        Status = status;
        text = text[..end];
        endsLine = false;
        return text.Length > 0;
    }
}
