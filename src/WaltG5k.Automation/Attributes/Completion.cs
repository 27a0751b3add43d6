using System.Collections;
using System.Management.Automation.Language;

namespace System.Management.Automation;

/// <summary>Names the class that completes the values of a parameter. The host keeps it as a fact about the parameter and never calls it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class ArgumentCompleterAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}

public interface IArgumentCompleter
{
    IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters);
}

public enum CompletionResultType
{
    Text, History, Command, ProviderItem, ProviderContainer, Property, Method,
    ParameterName, ParameterValue, Variable, Namespace, Type, Keyword, DynamicKeyword,
}

public class CompletionResult(string completionText, string listItemText, CompletionResultType resultType, string toolTip)
{
    public CompletionResult(string completionText) : this(completionText, completionText, CompletionResultType.Text, completionText) { }
    public string CompletionText { get; } = completionText;
    public string ListItemText { get; } = listItemText;
    public CompletionResultType ResultType { get; } = resultType;
    public string ToolTip { get; } = toolTip;
}
