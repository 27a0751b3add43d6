using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using WaltG5k.Automation;

namespace WaltG5k.Host.Engine;

enum Answer { Yes, YesToAll, No, NoToAll }

/// <summary>The questions of one command. "To all" holds for the rest of the command.</summary>
sealed class Confirmation(CmdletContext context, Preferences preferences, ConfirmImpact impact)
{
    Answer? _standing;

    /// <summary>Whether an action of this command must be confirmed.</summary>
    public bool IsNeeded => preferences.Confirm != ConfirmImpact.None && impact != ConfirmImpact.None && impact >= preferences.Confirm;

    public bool ShouldProcess(string description, string caption)
    {
        if (_standing is null)
        {
            Answer answer = Ask("Are you sure you want to perform this action?" + Environment.NewLine + description, caption, Answer.Yes);
            if (answer is Answer.Yes or Answer.No) return answer == Answer.Yes;
            _standing = answer;
        }
        return _standing == Answer.YesToAll;
    }

    public Answer Ask(string query, string caption, Answer preselected) =>
        (Answer)context.Host.UI.PromptForChoice(caption, query,
            new Collection<ChoiceDescription>
            {
                new("&Yes", "Continue with only the next step of the operation."),
                new("Yes to &All", "Continue with all the steps of the operation."),
                new("&No", "Skip this operation and proceed with the next operation."),
                new("No to A&ll", "Skip this operation and all subsequent operations."),
            },
            (int)preselected);

    /// <summary>For a stream whose action preference is Inquire.</summary>
    public bool GoOn(string message) => Ask(message, "Continue?", Answer.Yes) is Answer.Yes or Answer.YesToAll;
}
