using WaltG5k.Host;

namespace WaltG5k.Tests.Host;

public class BindingTests
{
    [Theory]
    // by name, alias, prefix, colon, case
    [InlineData("Test-Binding -Name a", "ByName|Name=['a']")]
    [InlineData("test-binding -name a", "ByName|Name=['a']")]
    [InlineData("tb -Name a", "ByName|Name=['a']")]
    [InlineData("Test-Binding -ComputerName a", "ByName|Name=['a']")]
    [InlineData("Test-Binding -Na a", "ByName|Name=['a']")]
    [InlineData("Test-Binding -Name:a", "ByName|Name=['a']")]
    [InlineData("Test-Binding -Force", "ByName|Force=True")]
    [InlineData("Test-Binding -Force:$false", "ByName|Force=False")]
    [InlineData("Test-Binding -Force a", "ByName|Force=True|Name=['a']")]
    // by position
    [InlineData("Test-Binding a b", "ByName|Name=['a']|Value='b'")]
    [InlineData("Test-Binding a,b", "ByName|Name=['a','b']")]
    [InlineData("Test-Binding @(a, b)", "ByName|Name=['a','b']")]
    [InlineData("Test-Binding -Name a b", "ByName|Name=['a']|Value='b'")]
    // the set whose type fits without conversion wins over the default set
    [InlineData("Test-Binding 7", "ById|Id=[7:Int32]")]
    [InlineData("Test-Binding '7'", "ByName|Name=['7']")]
    [InlineData("Test-Binding -Id 7", "ById|Id=[7:Int32]")]
    // conversions
    [InlineData("Test-Binding -Number 5", "ByName|Number=5:Int32")]
    [InlineData("Test-Binding -Number '5'", "ByName|Number=5:Int32")]
    [InlineData("Test-Binding -Number 0x10", "ByName|Number=16:Int32")]
    [InlineData("Test-Binding -Number 2kb", "ByName|Number=2048:Int32")]
    [InlineData("Test-Binding -Number 2.5", "ByName|Number=2:Int32")]
    [InlineData("Test-Binding -Number -3", "ByName|Number=-3:Int32")]
    [InlineData("Test-Binding -Ratio 1.5", "ByName|Ratio=1.5:Double")]
    [InlineData("Test-Binding -Ratio 1e3", "ByName|Ratio=1000:Double")]
    [InlineData("Test-Binding -Text 007", "ByName|Text='007'")]
    [InlineData("Test-Binding -Text 1.10", "ByName|Text='1.10'")]
    [InlineData("Test-Binding -Timeout 1:00", "ByName|Timeout=01:00:00:TimeSpan")]
    [InlineData("Test-Binding -Start 2026-12-01T19:00:00+01:00", "ByName|Start=2026-12-01T19:00:00.0000000+01:00")]
    [InlineData("Test-Binding -Colour gREEN", "ByName|Colour=Green:Colour")]
    [InlineData("Test-Binding -Colour g", "ByName|Colour=Green:Colour")]
    [InlineData("Test-Binding -Colour 2", "ByName|Colour=Blue:Colour")]
    [InlineData("Test-Binding -Address http://x/y", "ByName|Address=http://x/y:Uri")]
    [InlineData("Test-Binding -Machine a,b", "ByName|Machine=[string:a,string:b]")]
    [InlineData("Test-Binding -Table @{ b = 'x'; a = 1 }", "ByName|Table={a:1:Int32,b:'x'}")]
    [InlineData("Test-Binding -Value 5", "ByName|Value=5:Int32")]
    [InlineData("Test-Binding -Value $null", "ByName|Value=null")]
    [InlineData("Test-Binding -Value $true", "ByName|Value=True")]
    [InlineData("Test-Binding -Twice 4", "ByName|Twice=8:Int32")]
    // validation that passes
    [InlineData("Test-Binding -Small 10", "ByName|Small=10:Int32")]
    [InlineData("Test-Binding -Protocol UDP", "ByName|Protocol='UDP'")]
    [InlineData("Test-Binding -Pair a,b", "ByName|Pair=['a','b']")]
    public void Binds_as_PowerShell_does(string pipeline, string expected)
    {
        HostResult result = TestSession.Run(pipeline);
        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join('|', result.Objects));
        Assert.Equal(ExitCode.Success, result.ExitCode);
    }

    [Theory]
    [InlineData("Test-Binding -Nonsense 1", "NamedParameterNotFound", "Nonsense")]
    [InlineData("Test-Binding -T 1", "AmbiguousParameter", "-Text")]
    [InlineData("Test-Binding -Number", "MissingArgument", "Number")]
    [InlineData("Test-Binding -Number -Force", "MissingArgument", "Number")]
    [InlineData("Test-Binding -Number 1 -Number 2", "ParameterAlreadyBound", "Number")]
    [InlineData("Test-Binding -Number x", "CannotConvertArgumentNoMessage", "Number")]
    [InlineData("Test-Binding -Number 99999999999", "CannotConvertArgumentNoMessage", "too large")]
    [InlineData("Test-Binding -Number $null", "ParameterBindingFailed", "null")]
    [InlineData("Test-Binding -Colour purple", "CannotConvertArgumentNoMessage", "Red, Green, Blue, Black")]
    [InlineData("Test-Binding -Colour b", "CannotConvertArgumentNoMessage", "Blue, Black")]
    [InlineData("Test-Binding -Timeout soon", "CannotConvertArgumentNoMessage", "soon")]
    [InlineData("Test-Binding -Force:maybe", "CannotConvertArgument", "maybe")]
    [InlineData("Test-Binding -Text a,b", "CannotConvertArgument", "Text")]
    [InlineData("Test-Binding -Counts @{ nancy = 2 }", "CannotConvertArgumentNoMessage", "Counts")]
    [InlineData("Test-Binding a b c", "PositionalParameterNotFound", "'c'")]
    [InlineData("Test-Binding -Name a -Id 1", "AmbiguousParameterSet", "Parameter set")]
    [InlineData("Test-Binding -Small 11", "ParameterArgumentValidationError", "greater than the maximum")]
    [InlineData("Test-Binding -Small 0", "ParameterArgumentValidationError", "less than the minimum")]
    [InlineData("Test-Binding -Protocol sctp", "ParameterArgumentValidationError", "tcp,udp")]
    [InlineData("Test-Binding -Word A1", "ParameterArgumentValidationError", "[a-z]+")]
    [InlineData("Test-Binding -Pair a,b,c", "ParameterArgumentValidationError", "1 to 2")]
    [InlineData("Test-Binding -Filled ''", "ParameterArgumentValidationError", "empty")]
    [InlineData("Test-Binding -Twice x", "ParameterArgumentTransformationError", "whole numbers")]
    [InlineData("Test-Binding -OutVariable x", "NamedParameterNotFound", "OutVariable")]
    [InlineData("Test-Binding -WhatIf", "NamedParameterNotFound", "WhatIf")]
    [InlineData("Test-Mandatory m1", "MissingMandatoryParameter", "Image")]
    [InlineData("Test-Mandatory", "MissingMandatoryParameter", "Machine Image")]
    [InlineData("Get-TestMachine 1 | Test-Mandatory", "MissingMandatoryParameter", "Image")]
    [InlineData("Test-Mandatory m1 ''", "ParameterArgumentValidationErrorEmptyStringNotAllowed", "Image")]
    [InlineData("Test-Mandatory @() x", "ParameterArgumentValidationErrorEmptyArrayNotAllowed", "Machine")]
    public void Refuses_with_the_id_that_PowerShell_uses(string pipeline, string id, string named)
    {
        HostResult result = TestSession.Run(pipeline);
        var error = Assert.Single(result.Errors);
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId);
        Assert.Contains(named, error.ToString());
        Assert.Empty(result.Objects);
        Assert.Equal(ExitCode.Usage, result.ExitCode);
    }

    [Theory]
    // by value as it is, and the properties by name
    [InlineData("Get-TestMachine 2 | Test-Input", "m1/m1/1|m2/m2/2")]
    // what one object bound is gone for the next, what was typed stays
    [InlineData("Get-TestMachine 2 | Select-Object Name | Test-Input -Cores 9", "-/m1/9|-/m2/9")]
    [InlineData("Get-TestMachine 2 | Select-Object Cores | Test-Input", "-/-/1|-/-/2")]
    [InlineData("Get-TestMachine 1 | Test-Mandatory -Image deb", "[machine:m1]deb")]
    [InlineData("Get-TestMachine 1 | Select-Object -ExpandProperty Name | Test-Mandatory -Image deb", "[string:m1]deb")]
    [InlineData("Get-TestMachine 0 | Test-Input -Mark", "end")]
    public void Binds_the_pipeline(string pipeline, string expected)
    {
        HostResult result = TestSession.Run(pipeline);
        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join('|', result.Objects));
    }

    [Fact]
    public void An_object_that_does_not_fit_is_an_error_and_the_next_goes_on()
    {
        HostResult result = TestSession.Run("Test-Binding x -Number 3 | Test-Input");
        Assert.All(result.Errors, e => Assert.StartsWith("InputObjectNotBound,", e.FullyQualifiedErrorId));
        Assert.Equal(3, result.Errors.Count);
        Assert.Equal(ExitCode.Error, result.ExitCode);
    }
}
