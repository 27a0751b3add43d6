using System.Collections.ObjectModel;
using System.Globalization;
using System.Security;

namespace System.Management.Automation.Host;

/// <summary>The program that runs the pipeline.</summary>
public abstract class PSHost
{
    public abstract string Name { get; }
    public abstract Version Version { get; }
    public abstract Guid InstanceId { get; }
    public abstract PSHostUserInterface UI { get; }
    public abstract CultureInfo CurrentCulture { get; }
    public abstract CultureInfo CurrentUICulture { get; }
    public abstract void SetShouldExit(int exitCode);
}

/// <summary>Where the host writes and asks.</summary>
public abstract class PSHostUserInterface
{
    public abstract PSHostRawUserInterface RawUI { get; }
    public virtual bool SupportsVirtualTerminal => false;
    public abstract string ReadLine();
    public abstract SecureString ReadLineAsSecureString();
    public abstract void Write(string value);
    public abstract void WriteLine(string value);
    public virtual void WriteLine() => WriteLine("");
    public abstract void WriteErrorLine(string value);
    public abstract void WriteDebugLine(string message);
    public abstract void WriteVerboseLine(string message);
    public abstract void WriteWarningLine(string message);
    public abstract void WriteProgress(long sourceId, ProgressRecord record);
    public virtual void WriteInformation(InformationRecord record) { }
    public abstract Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions);
    public abstract int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice);
}

/// <summary>The terminal itself.</summary>
public abstract class PSHostRawUserInterface
{
    public abstract Size WindowSize { get; set; }
    public abstract Size BufferSize { get; set; }
    public abstract bool KeyAvailable { get; }
}

/// <summary>Columns and rows.</summary>
public struct Size(int width, int height)
{
    public int Width { get; set; } = width;
    public int Height { get; set; } = height;
    public override readonly bool Equals(object? obj) => obj is Size other && Width == other.Width && Height == other.Height;
    public override readonly int GetHashCode() => HashCode.Combine(Width, Height);
    public override readonly string ToString() => $"{Width},{Height}";
    public static bool operator ==(Size first, Size second) => first.Equals(second);
    public static bool operator !=(Size first, Size second) => !first.Equals(second);
}

/// <summary>One answer of a question; the character after an ampersand is its key.</summary>
public sealed class ChoiceDescription(string label, string helpMessage)
{
    public ChoiceDescription(string label) : this(label, "") { }
    public string Label { get; } = label;
    public string HelpMessage { get; set; } = helpMessage;
}

/// <summary>One field that <see cref="PSHostUserInterface.Prompt"/> asks for.</summary>
public class FieldDescription(string name)
{
    public string Name { get; } = name;
    public string Label { get; set; } = name;
    public string HelpMessage { get; set; } = "";
    public bool IsMandatory { get; set; } = true;
    public PSObject? DefaultValue { get; set; }
}

/// <summary>The host cannot do what was asked of it.</summary>
public class HostException : RuntimeException
{
    public HostException() { }
    public HostException(string message) : base(message) { }
    public HostException(string message, Exception? innerException) : base(message, innerException) { }

    public HostException(string message, Exception? innerException, string errorId, ErrorCategory errorCategory)
        : base(message, innerException, new ErrorRecord(innerException ?? new InvalidOperationException(message), errorId, errorCategory, null)) { }
}

/// <summary>A question could not be asked: nobody is there to answer.</summary>
public class PromptingException : HostException
{
    public PromptingException() { }
    public PromptingException(string message) : base(message) { }
    public PromptingException(string message, Exception? innerException) : base(message, innerException) { }
    public PromptingException(string message, Exception? innerException, string errorId, ErrorCategory errorCategory)
        : base(message, innerException, errorId, errorCategory) { }
}
