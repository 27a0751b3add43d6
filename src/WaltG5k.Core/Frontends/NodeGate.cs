namespace WaltG5k.Core.Frontends;

/// <summary>Where ssh to a node is run, and its first words: options, a destination and a command are appended by the caller.</summary>
/// <param name="Runner">Runs the ssh client: the front-end itself, or this machine where the way leads through a shared connection to the
/// front-end.</param>
/// <param name="Ssh"><c>ssh</c> and the options that lead through the gateway.</param>
public sealed record NodeGate(IFrontend Runner, IReadOnlyList<string> Ssh)
{
    /// <summary>The first words of ssh where the front-end itself runs it, from which no gateway is in the way.</summary>
    public IReadOnlyList<string> SshOnFrontend { get; init; } = ["ssh"];
}
