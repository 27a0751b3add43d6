namespace WaltG5k.IntegrationTests;

/// <summary>A test against real programs of this machine; without them it is skipped, and says so.</summary>
public class RequiresProgramsFactAttribute : FactAttribute
{
    public RequiresProgramsFactAttribute(params string[] programs) => Skip = Requirements.Missing(programs);
}

/// <inheritdoc cref="RequiresProgramsFactAttribute"/>
public class RequiresProgramsTheoryAttribute : TheoryAttribute
{
    public RequiresProgramsTheoryAttribute(params string[] programs) => Skip = Requirements.Missing(programs);
}

static class Requirements
{
    /// <summary>Why a test cannot run here; null when it can.</summary>
    public static string? Missing(IEnumerable<string> programs)
    {
        string[] missing = [.. programs.Where(p => !File.Exists(p))];
        return missing.Length == 0 ? null : $"This machine has no {string.Join(", ", missing)}.";
    }
}
