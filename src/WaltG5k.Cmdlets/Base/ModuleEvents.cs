using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace WaltG5k.Base;

/// <summary>Lets the module's own dependencies live beside other versions of them that PowerShell or other modules have loaded.</summary>
public sealed class ModuleEvents : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    public void OnImport() => AssemblyLoadContext.Default.Resolving += DependencyContext.Resolve;
    public void OnRemove(PSModuleInfo psModuleInfo) => AssemblyLoadContext.Default.Resolving -= DependencyContext.Resolve;
}

/// <summary>Loads what lies in <c>deps/</c>, and only the dependencies named here.</summary>
internal sealed class DependencyContext : AssemblyLoadContext
{
    static readonly string s_folder = Path.Combine(Path.GetDirectoryName(typeof(DependencyContext).Assembly.Location) ?? ".", "deps");
    static readonly DependencyContext s_instance = new();

    DependencyContext() : base("WaltG5k.deps") { }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string file = Path.Combine(s_folder, $"{assemblyName.Name}.dll");
        return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }

    /// <summary>Calls Load itself: asking the context by name would come back here for ever when the file is missing.</summary>
    public static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) => name.Name is "YamlDotNet" ? s_instance.Load(name) : null;
}
