namespace WaltG5k.Core.Oar;

/// <summary>
/// The status of a process as wait(2) gives it: the exit status in the second byte, the signal that ended it in the low seven bits.
/// </summary>
static class WaitStatus
{
    const int SignalMask = 0x7f;

    public static int? GetExitStatus(int? status) => status is { } s && (s & SignalMask) == 0 ? (s >> 8) & 0xff : null;

    public static int? GetSignal(int? status) => status is { } s && (s & SignalMask) is > 0 and { } signal ? signal : null;
}
