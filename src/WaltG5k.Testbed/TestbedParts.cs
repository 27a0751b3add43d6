using WaltG5k.Testbed.Api;
using WaltG5k.Testbed.Kadeploy;
using WaltG5k.Testbed.Kadeploy.Environments;
using WaltG5k.Testbed.Kavlan;
using WaltG5k.Testbed.Oar;
using WaltG5k.Testbed.Oar.Rest;
using WaltG5k.Testbed.Time;
using WaltG5k.Testbed.VirtualMachines;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Testbed;

/// <summary>The composition of a testbed: the one list of its emulated services.</summary>
static class TestbedParts
{
    const int OtherUsersJobs = 3;

    /// <summary>All services of a world, in the order in which they are loaded and started; they stop in the reverse order.</summary>
    public static IEnumerable<ITestbedPart> Create(TestbedWorld world, ApiPart api, OarApiPart oarApi) =>
    [
        api,
        CreateOar(world),
        oarApi,
        new KadeployPart(world),
        new EnvironmentsPart(world),
        new KavlanPart(world),
        new GuestStates(world),
        new WaltPart(world),
    ];

    // A clock that jumps leaves a real process behind, and other people's jobs would only disturb who counts on the nodes.
    static OarPart CreateOar(TestbedWorld world)
    {
        bool jumps = world.Time is VirtualClock { Speed: 0 };
        return new OarPart(world)
        {
            JobDirectory = jumps || world.HomeDirectory.Length == 0 ? null : world.HomeDirectory,
            EmulateJobs = true,
            BackgroundJobs = jumps ? 0 : OtherUsersJobs,
        };
    }
}
