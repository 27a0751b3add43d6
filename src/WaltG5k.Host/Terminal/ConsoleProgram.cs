using System.Text;
using Microsoft.Win32.SafeHandles;
using WaltG5k.Host.Engine;
using WaltG5k.Host.Formatting;

namespace WaltG5k.Host.Terminal;

/// <summary>The executable: reads the command line, runs the pipeline, writes what comes.</summary>
sealed class ConsoleProgram : IDisposable
{
    const int WidthWithoutTerminal = 120;
    const string ConnectVariable = "WALTG5K_CONNECT", ConnectCommand = "Connect-G5k";

    readonly TextWriter _error = Console.Error;
    readonly TextWriter _out = new StreamWriter(OpenOutput(), new UTF8Encoding(false), 16384) { NewLine = "\n" };

    public int Run(string[] arguments)
    {
        try
        {
            Options options = Options.Parse(arguments);
            int code = Run(options);
            _out.Flush();
            return code;
        }
        catch (FormatException e)
        {
            _error.WriteLine($"waltg5k: {e.Message} Run 'waltg5k --help' for help.");
            return ExitCode.Usage;
        }
        catch (IOException e)
        {
            _error.WriteLine($"waltg5k: {e.Message}");
            return ExitCode.Error;
        }
    }

    public void Dispose()
    {
        try { _out.Dispose(); }
        catch (IOException) { /* the reader has gone, and was told so by the exit status */ }
    }

    int Run(Options options) => options.Request switch
    {
        Request.Version => Print($"waltg5k {typeof(ConsoleProgram).Assembly.GetName().Version?.ToString(3)}"),
        Request.Help => Help(options.Text),
        Request.RunFile => Execute(options, options.Text == "-" ? Console.In.ReadToEnd() : File.ReadAllText(options.Text)),
        _ => Execute(options, options.Text),
    };

    int Execute(Options options, string text)
    {
        using var interrupt = new Interrupt();
        bool isData = options.Format is OutputFormat.Json or OutputFormat.Csv;
        int width = Console.IsOutputRedirected ? WidthWithoutTerminal : TerminalWidth();
        var progress = new ProgressWriter(_error, !Console.IsErrorRedirected, TerminalWidth, TimeProvider.System);
        var streams = new ConsoleStreams(Format(options.Format, width), _out, _error, progress, Colours(Console.IsErrorRedirected));
        using var session = new HostSession(new HostOptions(), new ConsoleUserInterface(isData ? _error : _out, _error, width));
        int code = Connect(session, streams, text, interrupt.Token);
        if (code == ExitCode.Success) code = session.Run(text, streams, interrupt.Token);
        streams.End();
        int waited = code == ExitCode.Interrupted ? code : OpenDeployments.WaitForAll(session, streams, interrupt.Token);
        if (code == ExitCode.Success) code = waited;
        return streams.ReaderHasGone ? ExitCode.BrokenPipe : code;
    }

    /// <summary>What the environment says to do first. Its objects are nobody's business, its errors are.</summary>
    static int Connect(HostSession session, ConsoleStreams streams, string text, CancellationToken ct)
    {
        if (Environment.GetEnvironmentVariable(ConnectVariable) is not { Length: > 0 } first) return ExitCode.Success;
        return text.Contains(ConnectCommand, StringComparison.OrdinalIgnoreCase)
            ? ExitCode.Success
            : session.Run(first, new WithoutOutput(streams), ct);
    }

    IOutputFormat Format(OutputFormat format, int width) => format switch
    {
        OutputFormat.Json => new JsonOutput(_out),
        OutputFormat.Csv => new CsvOutput(_out),
        _ => new TextOutput(_out, new ViewTable(new FormatFiles(FormatPaths())), width, Colours(Console.IsOutputRedirected),
        format == OutputFormat.List ? true : null, TimeProvider.System),
    };

    /// <summary>A terminal that does not know its width says 0.</summary>
    static int TerminalWidth() => Console.WindowWidth is > 0 and int width ? width : WidthWithoutTerminal;

    static bool Colours(bool isRedirected) => !isRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>The console's own stream says nothing when the reader of a pipe has gone; a plain stream does, and we can stop.</summary>
    static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        var plain = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return plain.CanSeek ? Console.OpenStandardOutput() : plain; // in a file the position is shared with whoever else writes to it
    }

    static string[] FormatPaths() => Directory.GetFiles(AppContext.BaseDirectory, "*.format.ps1xml");

    int Help(string name)
    {
        using var session = new HostSession();
        if (name.Length == 0) return Print([.. HelpText.Overview(session.Commands)]);
        if (session.Commands.Contains(name))
        {
            var command = session.Commands.Describe(name);
            return Print([.. HelpText.Of(command, HelpPages.Find(command.Name))]);
        }
        _error.WriteLine(session.Commands.NotFound(name).Message);
        return ExitCode.Usage;
    }

    int Print(params string[] lines)
    {
        foreach (string line in lines) _out.WriteLine(line);
        return ExitCode.Success;
    }
}
