namespace WaltG5k.Core.Execution;

/// <summary>How a command is spread over its targets.</summary>
public sealed record NodeExecutionOptions
{
    /// <summary>Which way the command takes.</summary>
    public NodeSpread Spread { get; init; }
    /// <summary>Targets at a time. Fewer are used while the gateway drops connections; more only in place of those that do not answer.</summary>
    public int ThrottleLimit { get; init; } = 48;
    /// <summary>Until a target has let us in.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>For the command on one target, from its start on.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
    /// <summary>For everything; what has not been started by then is skipped.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromHours(1);
    /// <summary>
    /// Further attempts where no connection was made; a command that may have begun is never repeated. A gateway that drops connections is tried
    /// again in any case.
    /// </summary>
    public int ConnectRetries { get; init; }
    /// <summary>After so many targets that did not succeed no further one is started; null: all are.</summary>
    public int? StopAfterFailures { get; init; }
    /// <summary>Bytes kept of each of the two outputs of a target.</summary>
    public int OutputLimit { get; init; } = 1 << 20;
    /// <summary>
    /// Whether host keys must be known. Deployed nodes get new ones at each deployment, so that a known key would only ever be wrong.
    /// </summary>
    public bool ChecksHostKeys { get; init; }
    /// <summary>
    /// Whether targets are taken site by site in turn instead of in their order: no site's gateway then gets all connections at once.
    /// </summary>
    public bool SpreadsOverSites { get; init; } = true;
}
