using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>
/// Lets a person change a description in an editor until it is right or given up. What was typed is in a draft until it is accepted: neither a
/// mistake nor an editor that fails loses it.
/// </summary>
/// <param name="runEditor">Returns when the person has closed the editor.</param>
internal sealed class DescriptionEditor(IDialogue dialogue, DraftFolder drafts, Func<string, Task> runEditor)
{
    const int EditAgain = 0;

    static readonly string[] s_choices = ["Edit it again", "Keep the draft and leave the description as it was", "Throw the draft away"];

    /// <returns>The text as it was accepted; null: nothing was changed, or it was thrown away.</returns>
    /// <exception cref="G5kException"><c>DescriptionDraftKept</c>: it has mistakes, and is kept for another time; <c>EditorFailed</c>.</exception>
    public async Task<string?> EditAsync(string text, string name)
    {
        string draft = drafts.Create(name, text);
        while (true)
        {
            await runEditor(draft).ConfigureAwait(false);
            string edited = DescriptionFiles.ReadText(draft);
            DescriptionFinding[] errors = [.. DescriptionReader.Read(edited).Findings.Where(f => f.Severity == DescriptionSeverity.Error)];
            if (errors.Length == 0)
            {
                DraftFolder.Drop(draft);
                return edited == text ? null : edited;
            }
            string message = string.Join(Environment.NewLine, errors.Select(e => $"  {e}"));
            int choice;
            try { choice = await dialogue.ChooseAsync($"{name} cannot be accepted:", message, s_choices, EditAgain).ConfigureAwait(false); }
            catch (G5kException e) when (e.Code == "NoPrompt") { throw Failures.DraftKept(name, draft, errors); }
            if (choice == EditAgain) continue;
            if (choice == 1) throw Failures.DraftKept(name, draft, errors);
            DraftFolder.Drop(draft);
            return null;
        }
    }
}
