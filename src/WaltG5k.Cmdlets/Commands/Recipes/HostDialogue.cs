using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using WaltG5k.Base;

namespace WaltG5k.Commands;

/// <summary>The person at PowerShell's prompt.</summary>
internal sealed class HostDialogue(G5kCmdlet cmdlet) : IDialogue
{
    const string Keys = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public Task<int> ChooseAsync(string caption, string message, IReadOnlyList<string> choices, int defaultChoice) => AnswerAsync(() =>
    {
        var labels = new Collection<ChoiceDescription>();
        for (int i = 0; i < choices.Count; i++)
            labels.Add(new ChoiceDescription(i < Keys.Length ? $"&{Keys[i]} {choices[i]}" : choices[i], choices[i]));
        return cmdlet.Host.UI.PromptForChoice(caption, message, labels, defaultChoice);
    });

    public Task<string> AskAsync(string question) => AnswerAsync(() =>
    {
        var field = new FieldDescription(question) { IsMandatory = false };
        Dictionary<string, PSObject> answers = cmdlet.Host.UI.Prompt("", "", [field]);
        return answers.GetValueOrDefault(question)?.ToString()?.Trim() ?? "";
    });

    /// <summary>Asks on the pipeline thread. A host without a person is a failure of its own, not of the pipeline.</summary>
    async Task<T> AnswerAsync<T>(Func<T> question)
    {
        (T? answer, Exception? failure) = await cmdlet.AskAsync<(T?, Exception?)>(() =>
        {
            try { return (question(), null); }
            catch (Exception e)
                when (e is PSInvalidOperationException or PSNotSupportedException or PSNotImplementedException or HostException or NotSupportedException or NotImplementedException)
            {
                return (default, e);
            }
        }).ConfigureAwait(false);
        return failure is null ? answer! : throw Failures.NoPrompt(failure);
    }
}
