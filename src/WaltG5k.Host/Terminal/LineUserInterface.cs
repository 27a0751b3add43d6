using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace WaltG5k.Host.Terminal;

/// <summary>Questions and answers as lines of text. A question without an answer is a <see cref="PromptingException"/>.</summary>
abstract class LineUserInterface : PSHostUserInterface
{
    /// <summary>Null when nobody answers.</summary>
    protected abstract string? NextAnswer(bool secret);

    public override string ReadLine() => Answer(secret: false);

    public override SecureString ReadLineAsSecureString()
    {
        var secure = new SecureString();
        foreach (char c in Answer(secret: true)) secure.AppendChar(c);
        secure.MakeReadOnly();
        return secure;
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        Introduce(caption, message);
        var answers = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (FieldDescription field in descriptions)
        {
            Write($"{field.Label.Replace("&", "", StringComparison.Ordinal)}: ");
            string answer = Answer(secret: false);
            answers[field.Name] = answer.Length == 0 && field.DefaultValue is { } value ? value : PSObject.AsPSObject(answer);
        }
        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Introduce(caption, message);
        string[] labels = [.. choices.Select(c => c.Label.Replace("&", "", StringComparison.Ordinal))];
        string[] keys = [.. choices.Select((c, i) => KeyOf(c.Label, i))];
        while (true)
        {
            string offer = string.Join("  ", labels.Zip(keys, (label, key) => $"[{key}] {label}"));
            Write(defaultChoice >= 0 ? $"{offer}  (default is \"{keys[defaultChoice]}\"): " : $"{offer}: ");
            string answer = Answer(secret: false).Trim();
            if (answer.Length == 0 && defaultChoice >= 0) return defaultChoice;
            int chosen = Array.FindIndex(keys, k => string.Equals(k, answer, StringComparison.OrdinalIgnoreCase));
            if (chosen < 0) chosen = Array.FindIndex(labels, l => string.Equals(l, answer, StringComparison.OrdinalIgnoreCase));
            if (chosen >= 0) return chosen;
        }
    }

    void Introduce(string caption, string message)
    {
        if (!string.IsNullOrEmpty(caption)) WriteLine(caption);
        if (!string.IsNullOrEmpty(message)) WriteLine(message);
    }

    string Answer(bool secret) =>
        NextAnswer(secret) ?? throw new PromptingException("A command asks a question and there is nobody to answer: the input is not a terminal.");

    /// <summary>The letter after the ampersand, else the choice's number.</summary>
    static string KeyOf(string label, int index)
    {
        int mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length
            ? char.ToUpperInvariant(label[mark + 1]).ToString()
            : (index + 1).ToString(CultureInfo.InvariantCulture);
    }
}
