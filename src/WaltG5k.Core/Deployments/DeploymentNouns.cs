namespace WaltG5k.Core.Deployments;

/// <summary>The words of one kind of deployment: the noun of its cmdlets, the folder of its journals, the prefix of its jobs' names.</summary>
sealed record DeploymentNouns(string Noun, string Folder, string JobPrefix)
{
    public static DeploymentNouns Walt { get; } =
        new("WaltDeployment", "deployments", "walt") { Next = "Get-WaltNode", Findings = "Get-WaltFinding -Id {0}" };

    /// <summary>What is done with one that is ready.</summary>
    public string Next { get; init; } = "";
    /// <summary>What shows its findings; {0} stands for the id.</summary>
    public string Findings { get; init; } = "";

    public string New => $"New-{Noun}";
    public string Wait => $"Wait-{Noun}";
    public string Resume => $"Resume-{Noun}";
    public string Remove => $"Remove-{Noun}";
    public string Get => $"Get-{Noun}";
}
