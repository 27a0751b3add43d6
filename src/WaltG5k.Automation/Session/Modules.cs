namespace System.Management.Automation;

/// <summary>Called when the module's assembly has been loaded.</summary>
public interface IModuleAssemblyInitializer
{
    void OnImport();
}

/// <summary>Called when the module goes.</summary>
public interface IModuleAssemblyCleanup
{
    void OnRemove(PSModuleInfo psModuleInfo);
}

public sealed class PSModuleInfo
{
    internal PSModuleInfo(Reflection.Assembly assembly) => ImplementingAssembly = assembly;
    public Reflection.Assembly ImplementingAssembly { get; }
    public string Name => ImplementingAssembly.GetName().Name ?? "";
    public Version? Version => ImplementingAssembly.GetName().Version;
    public string Path => ImplementingAssembly.Location;
    public string ModuleBase => IO.Path.GetDirectoryName(Path) ?? "";
    public override string ToString() => Name;
}
