namespace WaltG5k.HelpBuilder;

/// <summary>The help page of a cmdlet. Texts are lists of paragraphs.</summary>
public sealed record CmdletPage(string Name)
{
    public string Synopsis { get; init; } = "";
    public IReadOnlyList<string> Description { get; init; } = [];
    /// <summary>Parameter sets in their order; one without a name stands for a cmdlet that has no sets.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];
    public IReadOnlyList<HelpExample> Examples { get; init; } = [];
    public IReadOnlyList<HelpParameter> Parameters { get; init; } = [];
    public IReadOnlyList<HelpType> Inputs { get; init; } = [];
    public IReadOnlyList<HelpType> Outputs { get; init; } = [];
    public IReadOnlyList<string> Notes { get; init; } = [];
    public IReadOnlyList<(string Text, string Address)> Links { get; init; } = [];
}

public sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);

public sealed record HelpType(string Name, IReadOnlyList<string> Description);

public sealed record HelpParameter(string Name)
{
    public IReadOnlyList<string> Description { get; init; } = [];
    public string Type { get; init; } = "";
    /// <summary>Empty: all.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];
    public IReadOnlyList<string> Aliases { get; init; } = [];
    public IReadOnlyList<string> AcceptedValues { get; init; } = [];
    public bool IsRequired { get; init; }
    /// <summary>A number, or <c>named</c>.</summary>
    public string Position { get; init; } = "named";
    public string DefaultValue { get; init; } = "None";
    /// <summary>As MAML says it: <c>false</c>, <c>true (ByValue)</c>, …</summary>
    public string PipelineInput { get; init; } = "false";
    public bool AcceptsWildcards { get; init; }
    public bool IsSwitch => Type == "SwitchParameter";
    public bool IsIn(string set) => Sets.Count == 0 || Sets.Contains(set);
}
