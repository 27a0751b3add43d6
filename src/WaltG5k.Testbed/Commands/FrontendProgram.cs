namespace WaltG5k.Testbed.Commands;

/// <summary>A small program of every front-end.</summary>
internal sealed class FrontendProgram(string name, Func<ProgramCall, Task<int>> run) : IEmulatedCommand
{
    public FrontendProgram(string name, Func<ProgramCall, int> run) : this(name, call => Task.FromResult(run(call)))
    {
    }

    public IReadOnlyList<string> Names { get; } = [name];

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        const int interrupted = 130;
        try
        {
            return await run(new ProgramCall(name, context)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Interrupted.IsCancellationRequested)
        {
            return interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.WriteErrorLine($"{name}: {e.Message}");
            return 1;
        }
    }
}

/// <summary>One call of such a program.</summary>
internal sealed class ProgramCall
{
    public ProgramCall(string name, CommandContext context)
    {
        Name = name;
        Context = context;
        Files = new SiteFiles(context);
        int end = context.Arguments.IndexOf("--");
        IEnumerable<string> before = end < 0 ? context.Arguments : context.Arguments.Take(end);
        Options = [.. before.Where(IsOption)];
        Operands = [.. before.Where(a => !IsOption(a)), .. end < 0 ? [] : context.Arguments.Skip(end + 1)];
    }

    public string Name { get; }
    public CommandContext Context { get; }
    public SiteFiles Files { get; }
    public IReadOnlyList<string> Options { get; }
    /// <summary>Arguments that are no options.</summary>
    public IReadOnlyList<string> Operands { get; }

    public bool Has(char letter) => Options.Any(o => o[1] != '-' && o.Contains(letter, StringComparison.Ordinal));

    /// <summary>Complains as programs do, and gives the status of a failure.</summary>
    public int Fail(string message, int status = 1)
    {
        Context.WriteErrorLine($"{Name}: {message}");
        return status;
    }

    /// <summary>The texts of the operands, or the input where there is none. Files that are not there are complained about.</summary>
    public (List<string> Texts, int Status) ReadOperands()
    {
        if (Operands.Count == 0) return ([Context.Input], 0);
        var texts = new List<string>();
        int status = 0;
        foreach (string path in Operands)
        {
            if (path == "-") texts.Add(Context.Input);
            else if (Files.Read(path) is { } text) texts.Add(text);
            else status = Fail($"{path}: {(Files.IsDirectory(path) ? "Is a directory" : FrontendPrograms.NoSuchFile)}");
        }
        return (texts, status);
    }

    static bool IsOption(string argument) => argument.Length > 1 && argument[0] == '-';
}

file static class ListSearch
{
    public static int IndexOf(this IReadOnlyList<string> list, string wanted)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] == wanted) return i;
        }
        return -1;
    }
}
