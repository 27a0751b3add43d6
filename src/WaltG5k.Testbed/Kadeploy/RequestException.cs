namespace WaltG5k.Testbed.Kadeploy;

/// <summary>A request that Kadeploy refuses as a whole.</summary>
/// <param name="status">The client's exit status; for an error of the server that is its number.</param>
/// <param name="isServerError">True: the client adds <c>[Kadeploy Error #N]</c>.</param>
internal sealed class RequestException(int status, string message, bool isServerError) : Exception(message)
{
    public int Status => status;
    public bool IsServerError => isServerError;

    public static RequestException Client(string message) => new(1, message, false);
    public static RequestException Rights() => new(6, "You do not have sufficient rights to perform the operation on all the nodes", true);
    public static RequestException Vlan(string host) => new(9, $"Invalid VLAN -- Cannot resolv {host}", true);
    public static RequestException NodesInUse() => new(14, "No element has been modified -- All the nodes have been discarded ...", true);
    public static RequestException File(string file) => new(5, $"Invalid file -- The file {file} cannot be read", true);
    public static RequestException Option(string name, string why) => new(4, $"Invalid option in the request -- Parameter '{name}': {why}", true);
    public static RequestException Missing(string why) => new(12, "Some options are missing -- " + why, true);
    public static RequestException Destructive() => new(30, "Cannot reboot since the last deployed environment was destructive", true);
    public static RequestException WorkflowGone() => new(1, "Invalid workflow ID", true);
    public static RequestException NothingModified() => new(14, "No element has been modified", true);
    /// <param name="call">Method and path of the request.</param>
    public static RequestException Forbidden(string why, string call) => new(2, $"Forbidden -- {why}\n[HTTP Error #403 on {call}]", false);
    public static RequestException Environment() => new(1, "Resource not found /environments", false);
}
