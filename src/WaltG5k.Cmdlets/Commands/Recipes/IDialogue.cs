namespace WaltG5k.Commands;

/// <summary>A person who answers questions.</summary>
internal interface IDialogue
{
    /// <returns>The index of the choice.</returns>
    Task<int> ChooseAsync(string caption, string message, IReadOnlyList<string> choices, int defaultChoice);
    Task<string> AskAsync(string question);
}
