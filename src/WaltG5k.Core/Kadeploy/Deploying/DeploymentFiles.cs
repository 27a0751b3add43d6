namespace WaltG5k.Core.Kadeploy.Deploying;

/// <summary>Texts that Kadeploy reads from files of the front-end, and that are put there first.</summary>
public sealed record DeploymentFiles
{
    /// <summary>A description to deploy at once, under the name that the request gives as its environment.</summary>
    public string? Description { get; init; }
    /// <summary>Custom operations.</summary>
    public string? CustomSteps { get; init; }

    public static DeploymentFiles None { get; } = new();
}
