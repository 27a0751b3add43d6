namespace WaltG5k.Host;

/// <summary>The exit statuses of the host.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>An error was written.</summary>
    public const int Error = 1;

    /// <summary>The text is no pipeline, or the arguments do not fit a command's parameters.</summary>
    public const int Usage = 2;

    /// <summary>Stopped with Ctrl-C or a signal.</summary>
    public const int Interrupted = 130;

    /// <summary>The reader of our output has gone; what a process killed by SIGPIPE has.</summary>
    public const int BrokenPipe = 141;
}
