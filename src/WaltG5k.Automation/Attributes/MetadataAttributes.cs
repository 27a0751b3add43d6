namespace System.Management.Automation.Internal
{
    /// <summary>The root of every attribute that describes a cmdlet or a parameter.</summary>
    public abstract class CmdletMetadataAttribute : Attribute
    {
        internal CmdletMetadataAttribute() { }
    }

    public abstract class ParsingBaseAttribute : CmdletMetadataAttribute
    {
        internal ParsingBaseAttribute() { }
    }
}

namespace System.Management.Automation
{
    using System.Management.Automation.Internal;

    [AttributeUsage(AttributeTargets.Class)]
    public abstract class CmdletCommonMetadataAttribute : CmdletMetadataAttribute
    {
        public string? DefaultParameterSetName { get; set; }
        public bool SupportsShouldProcess { get; set; }
        public bool SupportsPaging { get; set; }
        public bool SupportsTransactions { get; set; }
        public ConfirmImpact ConfirmImpact { get; set; } = ConfirmImpact.Medium;
        public string HelpUri { get; set; } = "";
        public RemotingCapability RemotingCapability { get; set; } = RemotingCapability.PowerShell;
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CmdletAttribute(string verbName, string nounName) : CmdletCommonMetadataAttribute
    {
        public string VerbName { get; } = verbName;
        public string NounName { get; } = nounName;
    }

    public enum ConfirmImpact { None, Low, Medium, High }

    public enum RemotingCapability { None, PowerShell, SupportedByCommand, OwnedByCommand }

    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = true)]
    public sealed class ParameterAttribute : ParsingBaseAttribute
    {
        public const string AllParameterSets = "__AllParameterSets";

        public string ParameterSetName
        {
            get;
            set => field = string.IsNullOrEmpty(value) ? AllParameterSets : value;
        } = AllParameterSets;

        /// <summary>The place among the positional arguments; int.MinValue when the parameter has none.</summary>
        public int Position { get; set; } = int.MinValue;
        public bool Mandatory { get; set; }
        public bool ValueFromPipeline { get; set; }
        public bool ValueFromPipelineByPropertyName { get; set; }
        public bool ValueFromRemainingArguments { get; set; }
        public bool DontShow { get; set; }
        public string? HelpMessage { get; set; }
        public string? HelpMessageBaseName { get; set; }
        public string? HelpMessageResourceId { get; set; }
    }

    [AttributeUsage(AttributeTargets.All)]
    public sealed class AliasAttribute(params string[] aliasNames) : ParsingBaseAttribute
    {
        public IList<string> AliasNames { get; } = aliasNames;
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class OutputTypeAttribute : CmdletMetadataAttribute
    {
        public OutputTypeAttribute(params Type[] type) => Type = Array.ConvertAll(type, t => new PSTypeName(t));
        public OutputTypeAttribute(params string[] type) => Type = Array.ConvertAll(type, t => new PSTypeName(t));
        public PSTypeName[] Type { get; }
        public string? ProviderCmdlet { get; set; }
        public string[] ParameterSetName { get; set; } = [ParameterAttribute.AllParameterSets];
    }

    public class PSTypeName
    {
        public PSTypeName(Type type) => (Type, Name) = (type, type.FullName ?? type.Name);
        public PSTypeName(string name) => Name = name;
        public string Name { get; }
        public Type? Type { get; }
        public override string ToString() => Name;
    }

    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public sealed class SupportsWildcardsAttribute : ParsingBaseAttribute;

    [AttributeUsage(AttributeTargets.All)]
    public sealed class HiddenAttribute : ParsingBaseAttribute;

    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public sealed class PSDefaultValueAttribute : ParsingBaseAttribute
    {
        public object? Value { get; set; }
        public string? Help { get; set; }
    }

    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public sealed class AllowNullAttribute : CmdletMetadataAttribute;

    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public sealed class AllowEmptyStringAttribute : CmdletMetadataAttribute;

    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public sealed class AllowEmptyCollectionAttribute : CmdletMetadataAttribute;
}
