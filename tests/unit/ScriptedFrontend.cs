using WaltG5k.Core.Frontends;

namespace WaltG5k.Tests;

/// <summary>
/// A front-end that answers as the test says. It is strict: a command that no expectation is left for fails the test, and so does
/// <see cref="Dispose"/> when an expectation was never met.
/// </summary>
sealed class ScriptedFrontend(string site = "nancy") : IFrontend, IDisposable
{
    readonly Lock _lock = new();
    readonly List<Expectation> _expected = [];
    readonly List<string> _unexpected = [];

    public string Site => site;
    public string Name => "f" + site;

    /// <summary>Every request in its order.</summary>
    public List<CommandRequest> Requests { get; } = [];
    public IEnumerable<string> CommandLines => Requests.Select(r => r.ToString());

    /// <summary>Expects a command, given as a shell line would hold it.</summary>
    public Expectation Expect(string commandLine)
    {
        var expectation = new Expectation(commandLine);
        _expected.Add(expectation);
        return expectation;
    }

    public async Task<CommandResult> RunAsync(CommandRequest request, Action<OutputLine>? onLine = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Expectation? match;
        lock (_lock)
        {
            Requests.Add(request);
            match = _expected.FirstOrDefault(e => e.CommandLine == request.ToString());
            if (match is null) _unexpected.Add(request.ToString());
            else if (!match.IsRepeated) _expected.Remove(match);
        }
        if (match is null) throw new InvalidOperationException($"Unexpected command: {request}");
        match.WasMet = true;
        return await match.RunAsync(this, request, onLine, cancellationToken);
    }

    public Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException($"Unexpected channel to {host}:{port}");

    public void Dispose()
    {
        Assert.True(_unexpected.Count == 0, "Unexpected commands:\n" + string.Join('\n', _unexpected));
        Assert.All(_expected, e => Assert.True(e.WasMet, "Never run: " + e.CommandLine));
    }

    internal sealed class Expectation(string commandLine)
    {
        RecordedCommand _answer = new("", "", 0);
        Func<CancellationToken, Task>? _end;

        public string CommandLine => commandLine;
        public bool IsRepeated { get; private set; }
        public bool WasMet { get; set; }

        public Expectation Returns(string output, string error = "", int status = 0) => Returns(new RecordedCommand(output, error, status));

        public Expectation ReturnsRecorded(string sample) => Returns(RecordedCommand.Read(sample));

        /// <summary>Ends by this exception after its output has been read.</summary>
        public Expectation Throws(Exception exception, string output = "")
        {
            _answer = new RecordedCommand(output, "", 0);
            _end = _ => Task.FromException(exception);
            return this;
        }

        /// <summary>Prints, then runs until it is cancelled.</summary>
        public Expectation Hangs(string output = "")
        {
            _answer = new RecordedCommand(output, "", 0);
            _end = token => Task.Delay(Timeout.Infinite, token);
            return this;
        }

        /// <summary>Answers every further run of this command too.</summary>
        public Expectation Always()
        {
            IsRepeated = true;
            return this;
        }

        public async Task<CommandResult> RunAsync(IFrontend frontend, CommandRequest request, Action<OutputLine>? onLine,
            CancellationToken cancellationToken)
        {
            foreach (string line in Lines(_answer.Output)) onLine?.Invoke(new OutputLine(line, false));
            foreach (string line in Lines(_answer.Error)) onLine?.Invoke(new OutputLine(line, true));
            if (_end is not null) await _end(cancellationToken);
            return new CommandResult(frontend.Name, request, _answer.ExitStatus, _answer.Output, _answer.Error, TimeSpan.FromSeconds(1));
        }

        Expectation Returns(RecordedCommand answer)
        {
            _answer = answer;
            return this;
        }

        static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
    }
}
