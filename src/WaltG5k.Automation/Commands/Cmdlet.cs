using System.Management.Automation.Internal;
using WaltG5k.Automation;

namespace System.Management.Automation.Internal
{
    /// <summary>What the engine knows of every command.</summary>
    public abstract class InternalCommand
    {
        internal InternalCommand() { }

        /// <summary>Set by the host before the command runs.</summary>
        internal CmdletContext? Context { get; set; }

        internal bool IsStopping { get; set; }

        internal virtual void DoBegin() { }
        internal virtual void DoProcess() { }
        internal virtual void DoEnd() { }
        internal virtual void DoStop() { }
    }
}

namespace System.Management.Automation
{
    /// <summary>A command that needs nothing of the session; see <see cref="PSCmdlet"/> for one that does.</summary>
    public abstract class Cmdlet : InternalCommand
    {
        public ICommandRuntime CommandRuntime
        {
            get => field ?? throw new PSInvalidOperationException("The cmdlet runs outside a pipeline: it has no command runtime.");
            set;
        }

        /// <summary>True once the pipeline is being stopped.</summary>
        public bool Stopping => IsStopping;

        protected virtual void BeginProcessing() { }
        protected virtual void ProcessRecord() { }
        protected virtual void EndProcessing() { }

        /// <summary>Called on another thread while the pipeline thread is inside the cmdlet.</summary>
        protected virtual void StopProcessing() { }

        internal sealed override void DoBegin() => BeginProcessing();
        internal sealed override void DoProcess() => ProcessRecord();
        internal sealed override void DoEnd() => EndProcessing();
        internal sealed override void DoStop() => StopProcessing();

        public void WriteObject(object? sendToPipeline) => CommandRuntime.WriteObject(sendToPipeline);
        public void WriteObject(object? sendToPipeline, bool enumerateCollection) => CommandRuntime.WriteObject(sendToPipeline, enumerateCollection);
        public void WriteError(ErrorRecord errorRecord) => CommandRuntime.WriteError(errorRecord);
        public void WriteVerbose(string text) => CommandRuntime.WriteVerbose(text);
        public void WriteWarning(string text) => CommandRuntime.WriteWarning(text);
        public void WriteDebug(string text) => CommandRuntime.WriteDebug(text);
        public void WriteCommandDetail(string text) => CommandRuntime.WriteCommandDetail(text);
        public void WriteProgress(ProgressRecord progressRecord) => CommandRuntime.WriteProgress(progressRecord);

        public void WriteInformation(InformationRecord informationRecord)
        {
            if (CommandRuntime is ICommandRuntime2 runtime) runtime.WriteInformation(informationRecord);
        }

        public void WriteInformation(object messageData, string[] tags)
        {
            var record = new InformationRecord(messageData, Context?.Invocation.MyCommand.Name ?? GetType().Name);
            record.Tags.AddRange(tags ?? []);
            WriteInformation(record);
        }

        public bool ShouldProcess(string target) => CommandRuntime.ShouldProcess(target);
        public bool ShouldProcess(string target, string action) => CommandRuntime.ShouldProcess(target, action);

        public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption) =>
            CommandRuntime.ShouldProcess(verboseDescription, verboseWarning, caption);

        public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption, out ShouldProcessReason shouldProcessReason) =>
            CommandRuntime.ShouldProcess(verboseDescription, verboseWarning, caption, out shouldProcessReason);

        public bool ShouldContinue(string query, string caption) => CommandRuntime.ShouldContinue(query, caption);

        public bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll) =>
            CommandRuntime.ShouldContinue(query, caption, ref yesToAll, ref noToAll);

        public bool ShouldContinue(string query, string caption, bool hasSecurityImpact, ref bool yesToAll, ref bool noToAll) =>
            CommandRuntime is ICommandRuntime2 runtime
                ? runtime.ShouldContinue(query, caption, hasSecurityImpact, ref yesToAll, ref noToAll)
                : CommandRuntime.ShouldContinue(query, caption, ref yesToAll, ref noToAll);

        /// <summary>Ends the cmdlet with <paramref name="errorRecord"/>; never returns.</summary>
        [System.Diagnostics.CodeAnalysis.DoesNotReturn]
        public void ThrowTerminatingError(ErrorRecord errorRecord)
        {
            CommandRuntime.ThrowTerminatingError(errorRecord);
            throw new PipelineStoppedException();
        }
    }
}
