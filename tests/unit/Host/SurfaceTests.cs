using System.Management.Automation;
using System.Xml.Linq;
using WaltG5k.Host;
using WaltG5k.Host.Formatting;

namespace WaltG5k.Tests.Host;

/// <summary>
/// The bundled System.Management.Automation stands in for PowerShell's: same identity, nothing missing, nothing of our own invention.
/// </summary>
public sealed class SurfaceTests : IDisposable
{
    const string Name = "System.Management.Automation";

    readonly AssemblySurface _ours = new(typeof(PSObject).Assembly.Location);
    readonly AssemblySurface _reference = new(Path.Combine(AppContext.BaseDirectory, "reference", Name + ".dll"));

    public void Dispose()
    {
        _ours.Dispose();
        _reference.Dispose();
    }

    [Fact]
    public void Has_the_identity_of_the_reference()
    {
        Assert.Equal(_reference.Definition.Name, _ours.Definition.Name);
        Assert.Equal(_reference.Definition.Version, _ours.Definition.Version);
        Assert.Equal(_reference.Definition.GetPublicKey(), _ours.Definition.GetPublicKey());
        Assert.Equal("31bf3856ad364e35", Convert.ToHexStringLower(_ours.Definition.GetPublicKeyToken()!));
    }

    [Fact]
    public void Has_everything_that_the_cmdlets_use()
    {
        using var cmdlets = new AssemblySurface(Path.Combine(AppContext.BaseDirectory, "WaltG5k.Cmdlets.dll"));
        string[] asked = [.. cmdlets.Asked(Name).Distinct()];
        Assert.Contains("System.Management.Automation.PSCmdlet", asked);
        Assert.Equal("", string.Join('\n', asked.Except(_ours.Offered())));
    }

    [Fact]
    public void Has_nothing_under_PowerShells_names_that_PowerShell_does_not_have() =>
        Assert.Equal("", string.Join('\n', _ours.Offered(type => type.StartsWith(Name, StringComparison.Ordinal)).Except(_reference.Offered())));

    [Fact]
    public void Every_cmdlet_of_the_module_can_be_described()
    {
        using var session = new HostSession();
        string[] names = [.. session.Commands.Names];
        Assert.Contains("Connect-G5k", names);
        Assert.All(names, name => Assert.NotEmpty(session.Commands.Describe(name).Parameters));
    }

    [Fact]
    public void Every_script_block_of_the_module_views_can_be_evaluated()
    {
        IEnumerable<XDocument> views = Directory.GetFiles(AppContext.BaseDirectory, "*.format.ps1xml").Select(file => XDocument.Load(file));
        string[] scripts = [.. views.Descendants("ScriptBlock").Select(s => s.Value).Distinct()];
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => ValueSource.Script(script).Of(new object()));
    }

    [Fact]
    public void Runs_the_module_on_the_embedded_testbed()
    {
        using var session = new HostSession();
        HostResult result = session.Invoke("Connect-G5k -Testbed | Out-Null; Get-G5kSite nancy,rennes | Select-Object -ExpandProperty Name");
        Assert.Empty(result.Errors);
        Assert.Equal(["nancy", "rennes"], result.Objects);
    }
}
