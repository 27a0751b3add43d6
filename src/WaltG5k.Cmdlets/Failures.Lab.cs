using WaltG5k.Core;

namespace WaltG5k;

internal static partial class Failures
{
    public static G5kException LabOnTestbed() => new(nameof(LabOnTestbed), ErrorKind.InvalidOperation,
        "This session is connected to the embedded testbed, whose clock is not the real one.", "lab",
        "Disconnect-G5k, then Start-WaltLab   (or start the lab in another session)");
}
