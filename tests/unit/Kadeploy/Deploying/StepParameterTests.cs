using System.Collections;
using System.Management.Automation;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;
using WaltG5k.Parameters;

namespace WaltG5k.Tests.Kadeploy.Deploying;

public class StepParameterTests
{
    static string Convert(object value) => string.Join(' ', (KadeployForcedStep[])new KadeployStepConversionAttribute().Transform(null!, value)!);

    [Fact]
    public void A_number_is_a_time_limit_and_two_are_retries_and_time_limit()
    {
        Assert.Equal("BootNewEnvKexec:0:300", Convert(new Hashtable { ["BootNewEnvKexec"] = 300 }));
        Assert.Equal("BroadcastEnvKascade:2:600", Convert(new Hashtable { ["BroadcastEnv"] = new object[] { 2, 600 } }));
        Assert.Equal("BroadcastEnvKascade:3:900", Convert(new Hashtable { ["broadcastenv"] = new Hashtable { ["Retries"] = 3 } }));
        Assert.Equal("BootNewEnvKexec:1:90", Convert(new Hashtable { ["BootNewEnvKexec"] = "1:90" }));
        Assert.Equal("BootNewEnvKexec:0:120", Convert(new Hashtable { ["BootNewEnvKexec"] = TimeSpan.FromMinutes(2) }));
        Assert.Equal("SetDeploymentMiniOSUntrusted:1:500 BootNewEnvKexec:0:300", Convert("SetDeploymentMiniOSUntrusted:1:500,BootNewEnvKexec:0:300"));
    }

    [Theory]
    [InlineData("Nonsense", 300, "no macro-step")]
    [InlineData("BootNewEnvKexec", "soon", "no time limit")]
    [InlineData("BootNewEnvKexec", -1, "no time limit")]
    public void What_is_no_step_is_refused_with_a_reason(string name, object value, string words) =>
        Assert.Contains(words, Assert.ThrowsAny<ArgumentTransformationMetadataException>(() => Convert(new Hashtable { [name] = value })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void What_is_left_out_is_done_as_usual()
    {
        static string Complete(params string[] steps) => KadeployForcedStep.Join(UsualSteps.Complete([.. steps.Select(KadeployForcedStep.Parse)]));
        Assert.Equal(
            "SetDeploymentMiniOS|SetDeploymentMiniOSUntrusted:1:600&BroadcastEnv|BroadcastEnvKascade:1:900&BootNewEnv|BootNewEnvKexec:0:300,BootNewEnvHardReboot:0:450", Complete("BootNewEnvKexec:0:300"));
        // Another instance than the usual ones stands alone.
        Assert.EndsWith("&BootNewEnv|BootNewEnvClassical:0:99", Complete("BootNewEnvClassical:0:99"), StringComparison.Ordinal);
        Assert.StartsWith("SetDeploymentEnv|SetDeploymentEnvUntrusted:1:1&", Complete("SetDeploymentEnvUntrusted:1:1"), StringComparison.Ordinal);
        Assert.Empty(UsualSteps.Complete([]));
    }
}
