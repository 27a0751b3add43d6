using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed.Oar.Commands;

/// <summary>A program of OAR: starts up as slowly as the real ones, then asks the server of its site.</summary>
abstract class OarCommand(OarPart part) : IEmulatedCommand
{
    /// <summary>After which a program that waits for the database tries again.</summary>
    internal static readonly TimeSpan DatabaseRetry = TimeSpan.FromSeconds(30);
    /// <summary>What the programs take to start.</summary>
    static readonly TimeSpan s_startUp = TimeSpan.FromMilliseconds(100);

    public abstract IReadOnlyList<string> Names { get; }

    public async Task<int> RunAsync(string name, CommandContext context)
    {
        if (part.FindServer(context.Site) is not { } server)
        {
            context.WriteErrorLine("DB connection error, exiting.");
            return 25;
        }
        bool waits = false;
        try
        {
            await Task.Delay(s_startUp, context.World.Time, context.Interrupted).ConfigureAwait(false);
            waits = WaitsForDatabase;
            if (NeedsDatabase && !await WaitForDatabaseAsync(context).ConfigureAwait(false))
            {
                context.WriteErrorLine("DB connection error, exiting.");
                return 25;
            }
            waits = false;
            return await RunAsync(name, context, server).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Interrupted.IsCancellationRequested)
        {
            const int interrupted = 130;
            if (waits) _ = GoOnAsync(name, context.Abandon(), server);
            return interrupted;
        }
    }

    /// <summary>sudo runs these programs as another user: whoever started one cannot end it, and it does in the end what it was told.</summary>
    async Task GoOnAsync(string name, CommandContext context, OarServer server)
    {
        await Task.Delay(DatabaseRetry, context.World.Time).ConfigureAwait(false);
        await WaitForDatabaseAsync(context).ConfigureAwait(false);
        await RunAsync(name, context, server).ConfigureAwait(false);
    }

    protected abstract Task<int> RunAsync(string name, CommandContext context, OarServer server);

    protected virtual bool NeedsDatabase => true;
    /// <summary>Programs that only read give up at once; the others try again for ever, without a word.</summary>
    protected virtual bool WaitsForDatabase => true;

    /// <returns>False: it is down, and the program does not wait.</returns>
    async Task<bool> WaitForDatabaseAsync(CommandContext context)
    {
        while (context.World.Faults.Strikes(Faults.FaultNames.OarDatabaseDown, context.Site))
        {
            if (!WaitsForDatabase) return false;
            await Task.Delay(DatabaseRetry, context.World.Time, context.Interrupted).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>Whether the server of the site can be told anything now.</summary>
    protected static bool ServerAnswers(CommandContext context) => !context.World.Faults.Strikes(Faults.FaultNames.OarServerDown, context.Site);

    protected static bool TryParseId(string text, out long id) => TryReadId(text, out id);

    internal static bool TryReadId(string text, out long id) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out id);
}
