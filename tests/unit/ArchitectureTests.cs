using System.Reflection;

namespace WaltG5k.Tests;

public class ArchitectureTests
{
    [Theory]
    [InlineData("WaltG5k.Core")]
    [InlineData("WaltG5k.Testbed")]
    [InlineData("WaltG5k.Lab")]
    public void Has_no_reference_to_PowerShell(string assembly) =>
        Assert.DoesNotContain(Assembly.Load(assembly).GetReferencedAssemblies(), a => a.Name!.Contains("Automation", StringComparison.Ordinal));

    [Fact]
    public void The_core_does_not_know_the_testbed() =>
        Assert.DoesNotContain(Assembly.Load("WaltG5k.Core").GetReferencedAssemblies(), a => a.Name == "WaltG5k.Testbed");
}
