namespace WaltG5k.IntegrationTests.Lab;

/// <summary>A test in the laboratory. Where none can be made it is skipped, and says why.</summary>
public sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute() => Skip = LabPresence.WhyNot;
}

/// <inheritdoc cref="LabFactAttribute"/>
public sealed class LabTheoryAttribute : TheoryAttribute
{
    public LabTheoryAttribute() => Skip = LabPresence.WhyNot;
}

static class LabPresence
{
    static readonly Lazy<string?> s_whyNot = new(Find);

    /// <summary>Why there can be no laboratory on this machine; null where there can.</summary>
    public static string? WhyNot => s_whyNot.Value;

    static string? Find()
    {
        if (!OperatingSystem.IsLinux()) return "OAR's packages are for Debian.";
        (int status, string output, string error) = Task.Run(() => LabScript.TryAsync("check")).GetAwaiter().GetResult();
        return status == 0 ? null : $"No laboratory of the real OAR: {(output + error).Trim()}";
    }
}
