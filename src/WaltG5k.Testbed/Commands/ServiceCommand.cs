using System.Text;
using WaltG5k.Testbed.Time;

namespace WaltG5k.Testbed.Commands;

/// <summary>A program that a service of the testbed runs in a user's name: its interfaces do what the commands do.</summary>
static class ServiceCommand
{
    /// <summary>Its exit status, and all that it printed.</summary>
    /// <param name="directory">Where it runs; null: the user's home.</param>
    public static async Task<(int Status, string Output)> RunAsync(
        TestbedWorld world, string site, string user, string program, IReadOnlyList<string> arguments, string? directory, CancellationToken ended)
    {
        var output = new StringBuilder();
        CommandContext context = CreateContext(world, site, user, arguments, directory, line =>
        {
            lock (output) output.Append(line).Append('\n');
        }, ended);
        // The time of a clock that jumps passes for the command, not for the way of the request.
        using IDisposable? passing = (world.Time as VirtualClock)?.Await();
        int status = await world.Commands[program].RunAsync(program, context).ConfigureAwait(false);
        return (status, output.ToString());
    }

    public static CommandContext CreateContext(
        TestbedWorld world, string site, string user, IReadOnlyList<string> arguments, string? directory, Action<string> write,
        CancellationToken ended) => new()
    {
        World = world, Site = site, User = user, Arguments = arguments, Input = "", Terminal = false,
        Environment = directory is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["PWD"] = directory },
        WriteLine = write, WriteErrorLine = write, Interrupted = ended,
    };
}
