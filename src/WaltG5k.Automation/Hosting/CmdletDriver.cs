using System.Management.Automation;

namespace WaltG5k.Automation;

/// <summary>The engine's side of a cmdlet: the calls that PowerShell keeps to itself and that the bundled host needs.</summary>
public static class CmdletDriver
{
    public static void Attach(Cmdlet cmdlet, CmdletContext context, ICommandRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(cmdlet);
        cmdlet.Context = context;
        cmdlet.CommandRuntime = runtime;
    }

    public static void Begin(Cmdlet cmdlet) => Checked(cmdlet).DoBegin();
    public static void Process(Cmdlet cmdlet) => Checked(cmdlet).DoProcess();
    public static void End(Cmdlet cmdlet) => Checked(cmdlet).DoEnd();

    /// <summary>Tells the cmdlet to stop; called on another thread than the pipeline's.</summary>
    public static void Stop(Cmdlet cmdlet)
    {
        Checked(cmdlet).IsStopping = true;
        cmdlet.DoStop();
    }

    public static void Validate(ValidateArgumentsAttribute attribute, object? value, EngineIntrinsics engine)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        attribute.Check(value, engine);
    }

    static Cmdlet Checked(Cmdlet cmdlet) => cmdlet ?? throw new ArgumentNullException(nameof(cmdlet));
}
