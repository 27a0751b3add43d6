namespace WaltG5k.Testbed.Walt.Streams;

internal static partial class StreamRequests
{
    static StreamRequest[] ImageRequests() => [];
}
