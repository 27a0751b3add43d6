using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Testbed.Oar;

/// <summary>Runs the commands of jobs as processes of this machine.</summary>
public interface IJobRunner
{
    /// <summary>Starts the command of a job; returns at once. Called outside of the world's lock.</summary>
    /// <param name="assigned">Host names, each once per core.</param>
    /// <param name="ended">Called once with its wait status, unless it was killed.</param>
    /// <returns>Null, or why it cannot start.</returns>
    string? Start(OarJob job, IReadOnlyList<string> assigned, Action<int> ended);

    /// <summary>Goes on with a command that an earlier testbed has started.</summary>
    /// <param name="elapsed">How long it has run.</param>
    /// <returns>False: it is lost.</returns>
    bool TryGoOn(OarJob job, TimeSpan elapsed, Action<int> ended) => false;

    /// <summary>Sends a signal to the command.</summary>
    void Signal(OarJob job, int number) { }

    /// <summary>Kills the command with all that it started. Nothing happens when there is none.</summary>
    void Kill(OarJob job);
}
