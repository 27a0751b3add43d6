using WaltG5k.Testbed.Api;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Kavlan;
using WaltG5k.Testbed.Oar;

namespace WaltG5k.Testbed;

/// <summary>The composition of a testbed: the one list of its emulated services.</summary>
static class TestbedParts
{
    /// <summary>All services of a world, in the order in which they are loaded and started; they stop in the reverse order.</summary>
    public static IEnumerable<ITestbedPart> Create(TestbedWorld world, ApiPart api) =>
    [
        api,
        new OarPart(world),
        new KadeployPart(world),
        new KavlanPart(world),
    ];
}
