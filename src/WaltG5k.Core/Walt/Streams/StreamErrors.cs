namespace WaltG5k.Core.Walt.Streams;

/// <summary>Failures of the stream port.</summary>
static class StreamErrors
{
    public static G5kException TimedOut(string host, string what) => new("WaltStreamTimeout", ErrorKind.OperationTimeout,
        $"The WalT server {host} {what} on its stream port ({WaltServer.StreamPort}).", host, Advice(host));

    public static G5kException Refused(string host, WaltStreamRequest request, string why, Exception? cause = null) =>
        new("WaltStreamRefused", ErrorKind.ConnectionError,
        $"The WalT server {host} did not open the stream {request}: {why}", host, Advice(host), cause);

    static string Advice(string host) => $"Look for the cause in the server's log: ssh root@{host} journalctl -u walt-server -n 50";
}
