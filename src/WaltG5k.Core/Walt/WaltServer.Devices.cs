using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Walt.Devices;
using WaltG5k.Core.Walt.Python;
using WaltG5k.Core.Walt.Rpc;
using WaltG5k.Core.Walt.Streams;

namespace WaltG5k.Core.Walt;

public sealed partial class WaltServer
{
    /// <summary>Sets of devices that WalT has words for.</summary>
    public static IReadOnlyList<string> DeviceSetWords { get; } =
        ["all-devices", "all-nodes", "all-switches", "explorable-switches", "free-nodes", "my-nodes", "server"];

    static readonly TimeSpan s_scanLimit = TimeSpan.FromMinutes(10);
    static readonly TimeSpan s_pingInterval = TimeSpan.FromSeconds(1);
    /// <summary>From a request to the news that nobody has the address.</summary>
    static readonly TimeSpan s_pingPatience = TimeSpan.FromSeconds(5);

    [GeneratedRegex(@"bytes from .*time=(?<time>[\d.]+) ms")]
    private static partial Regex PingAnswer { get; }

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9-]+$")]
    private static partial Regex DeviceName { get; }

    /// <summary>Every device of the WalT network, the server and those of unknown type among them.</summary>
    public async Task<IReadOnlyList<WaltDeviceInfo>> GetDevicesAsync(CancellationToken cancellationToken = default)
        => DeviceTexts.ReadDevices(await CallForTextAsync(new RpcCall("device_show"), cancellationToken).ConfigureAwait(false));

    /// <summary>The names of a set: a name, several with commas, or one of <see cref="DeviceSetWords"/>.</summary>
    /// <exception cref="G5kException"><c>WaltDeviceNotFound</c>.</exception>
    public async Task<IReadOnlyList<string>> GetDeviceNamesAsync(string set, CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("parse_set_of_devices", set), cancellationToken).ConfigureAwait(false);
        return result.Value.AsStrings() ?? throw DeviceNotFound(set, result);
    }

    /// <summary>The network as the last scan found it, from the main switch on, each device after the one it hangs on.</summary>
    /// <param name="all">Devices of unknown type and switches without nodes too.</param>
    /// <exception cref="G5kException"><c>TopologyUnknown</c>.</exception>
    public async Task<IReadOnlyList<WaltTreeEntry>> GetDeviceTreeAsync(bool all, CancellationToken cancellationToken = default)
    {
        string text = await CallForTextAsync(new RpcCall("device_tree", all), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<WaltTreeEntry> tree = DeviceTree.Read(text)
            ?? throw new G5kException("TopologyUnknown", ErrorKind.ObjectNotFound,
            $"The WalT server {Host} does not know its network: {string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}", Host,
                "Update-WaltDevice; a switch that is of unknown type is made one by: Set-WaltDeviceConfiguration NAME type=switch");
        Dictionary<string, WaltDeviceInfo> known = (await GetDevicesAsync(cancellationToken).ConfigureAwait(false))
            .ToDictionary(d => d.Name, StringComparer.Ordinal);
        return [.. tree.Select(e => known.TryGetValue(e.Name, out WaltDeviceInfo? device) ? e with { Type = device.Type, Ip = device.Ip } : e)];
    }

    /// <summary>Makes the server look at its network again.</summary>
    /// <param name="set">The devices that are asked for their neighbours; by default the server and the switches that may be.</param>
    /// <exception cref="G5kException"><c>WaltDeviceNotFound</c>.</exception>
    public async Task<IReadOnlyList<WaltScanResult>> ScanDevicesAsync(string set = "server,explorable-switches",
        CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("device_rescan", set) { Timeout = s_scanLimit }, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<WaltScanResult> scan = DeviceTexts.ReadScan(result.Output);
        return scan.Count == 0 && result.Errors.Count > 0 ? throw DeviceNotFound(set, result) : scan;
    }

    /// <summary>A name that a device may have: WalT's own rule.</summary>
    /// <exception cref="G5kException"><c>DeviceNameInvalid</c>.</exception>
    public static string RequireDeviceName(string name) =>
        DeviceName.IsMatch(name) ? name : throw new G5kException("DeviceNameInvalid", ErrorKind.InvalidArgument,
        $"'{name}' cannot be the name of a device: a letter, then letters, digits and dashes, at least two.", name,
        "Take another name, such as rack-12");

    /// <exception cref="G5kException"><c>DeviceNameInvalid</c>, <c>DeviceExists</c>, <c>WaltDeviceNotFound</c>.</exception>
    public async Task RenameDeviceAsync(string name, string newName, CancellationToken cancellationToken = default)
    {
        RequireDeviceName(newName);
        RpcResult result = await CallAsync(new RpcCall("rename", name, newName) { IsIdempotent = false }, cancellationToken).ConfigureAwait(false);
        if (result.Errors.Any(e => e.Contains("already exists", StringComparison.Ordinal)))
            throw new G5kException("DeviceExists", ErrorKind.ResourceExists, $"There is a device '{newName}' already.", newName, "Get-WaltDevice");
        if (result.Errors.Count > 0 || result.Value is PythonBoolean { Value: false }) throw DeviceNotFound(name, result);
    }

    /// <summary>Makes the server forget a device, its log lines included.</summary>
    /// <exception cref="G5kException"><c>WaltDeviceNotFound</c>.</exception>
    public async Task ForgetDeviceAsync(string name, CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("forget", name) { IsIdempotent = false }, cancellationToken).ConfigureAwait(false);
        if (result.Errors.Count > 0 || result.Value is PythonBoolean { Value: false }) throw DeviceNotFound(name, result);
    }

    /// <summary>Sends echo requests from the server, one a second.</summary>
    /// <exception cref="G5kException"><c>WaltDeviceNotFound</c>, <c>WaltStreamRefused</c>.</exception>
    public async Task<WaltPingResult> PingAsync(string device, int count, CancellationToken cancellationToken = default)
    {
        RpcResult address = await CallAsync(new RpcCall("get_device_ip", device), cancellationToken).ConfigureAwait(false);
        if (address.Value.AsString() is not { Length: > 0 } ip) throw DeviceNotFound(device, address);
        List<double> times = [];
        using TimeLimit limit = new(s_pingInterval * count + s_pingPatience, Time, cancellationToken);
        int told = 0;
        WaltStream stream = await OpenStreamAsync(WaltStreamRequest.DevicePing, PythonDict.Of(("device_ip", ip)), cancellationToken)
            .ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                while (told < count && await stream.ReadLineAsync(limit.Token).ConfigureAwait(false) is { } line)
                {
                    if (PingAnswer.Match(line) is { Success: true } answer)
                        times.Add(double.Parse(answer.Groups["time"].Value, CultureInfo.InvariantCulture));
                    else if (!line.Contains("icmp_seq=", StringComparison.Ordinal)) continue;
                    told++;
                }
            }
            catch (OperationCanceledException) when (limit.IsOver && !cancellationToken.IsCancellationRequested)
            {
                // No answer is an answer too.
            }
        }
        return new WaltPingResult(device, ip) { Sent = count, Received = times.Count,
            Latency = times.Count > 0 ? TimeSpan.FromMilliseconds(times.Average()) : null };
    }

    /// <param name="port">Null: all ports.</param>
    /// <exception cref="G5kException"><c>WaltDeviceNotFound</c>, <c>SwitchPortRefused</c>.</exception>
    public async Task<IReadOnlyList<WaltSwitchPort>> GetSwitchPortsAsync(string name, int? port = null, CancellationToken cancellationToken = default)
    {
        RpcResult result = await CallAsync(new RpcCall("get_port_config", name, port is { } number ? (PythonLiteral)number : PythonLiteral.None),
            cancellationToken).ConfigureAwait(false);
        if (result.Errors.Count > 0) throw PortRefused(name, result);
        return DeviceTexts.ReadPorts(name, result.Output);
    }

    /// <summary>Names a port, such as after the socket in the wall that it leads to.</summary>
    /// <exception cref="G5kException"><c>WaltDeviceNotFound</c>, <c>SwitchPortRefused</c>, <c>PortNameInvalid</c>.</exception>
    public async Task SetSwitchPortNameAsync(string name, int port, string portName, CancellationToken cancellationToken = default)
    {
        if (portName.Length == 0 || !portName.All(char.IsAsciiLetterOrDigit))
            throw new G5kException("PortNameInvalid", ErrorKind.InvalidArgument,
                $"'{portName}' cannot be the name of a port: letters and digits only.", portName, $"Set-WaltSwitchPort {name} {port} SR32C14");
        RpcResult result = await CallAsync(new RpcCall("set_port_config", name, (long)port, PythonLiteral.Strings([$"name={portName}"])),
            cancellationToken).ConfigureAwait(false);
        if (result.Errors.Count > 0) throw PortRefused(name, result);
    }

    async Task<string> CallForTextAsync(RpcCall call, CancellationToken cancellationToken)
    {
        RpcResult result = await CallAsync(call, cancellationToken).ConfigureAwait(false);
        return result.Value.AsString() ?? throw new G5kException("RpcProtocolError", ErrorKind.ProtocolError,
            $"The WalT server {Host} answered {call.Method} with {result.Value}.", Host, "Is it WalT 10?");
    }

    G5kException DeviceNotFound(string name, RpcResult result) =>
        result.Errors.Count == 0 || result.Errors.Any(e => e.Contains("No device with name", StringComparison.Ordinal))
        ? new G5kException("WaltDeviceNotFound", ErrorKind.ObjectNotFound, $"The WalT server {Host} knows no device '{name}'.", name,
        "Get-WaltDevice")
        : ServerMessages.Explain(result.Errors, name, Host);

    G5kException PortRefused(string name, RpcResult result) =>
        result.Errors.Any(e => e.Contains("No device with name", StringComparison.Ordinal)) ? DeviceNotFound(name, result)
        : new G5kException("SwitchPortRefused", ErrorKind.InvalidArgument,
        $"The WalT server {Host} refuses the port of '{name}': {string.Join(' ', result.Errors)}", name,
        "Get-WaltDevice -Type switch | Get-WaltSwitchPort");
}
