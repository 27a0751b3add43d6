using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using WaltG5k.Lab;
using WaltG5k.Lab.Images;

namespace WaltG5k.Completers;

/// <summary>Images of the lab in -Path, or of the default one.</summary>
public sealed class LabImageCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        string path = fakeBoundParameters?["Path"]?.ToString()
            ?? LabFolder.GetDefault(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        return new LabImageStore(new LabFolder(path)).GetAll().Where(i => i.Name.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase))
            .Select(i => new CompletionResult(i.Name, i.Name, CompletionResultType.ParameterValue, $"Debian {i.Suite}, kernel {i.Kernel}"));
    }
}
