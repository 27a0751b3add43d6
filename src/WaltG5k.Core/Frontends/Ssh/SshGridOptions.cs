using System.Net;

namespace WaltG5k.Core.Frontends;

/// <summary>How Grid'5000 is reached from outside, or from any machine that is no front-end.</summary>
public sealed record SshGridOptions
{
    /// <summary>The sites to use; empty: any, as they are asked for.</summary>
    public IReadOnlyList<string> Sites { get; init; } = [];
    /// <summary>The Grid'5000 login; null: as the ssh configuration says.</summary>
    public string? UserName { get; init; }
    /// <summary>The host to go through, such as <c>access.grid5000.fr</c>; null: as the ssh configuration says.</summary>
    public string? Gateway { get; init; }
    /// <summary>A configuration file for ssh in place of the user's own.</summary>
    public string? SshConfig { get; init; }
    /// <summary>
    /// Site → ssh destination (<c>host</c>, <c>host:port</c>, or a name of the ssh configuration) where it is not the site's own name.
    /// </summary>
    public IReadOnlyDictionary<string, string> Destinations { get; init; } = new Dictionary<string, string>();
    /// <summary>The version root of the reference API; null: that of Grid'5000, through the first front-end.</summary>
    public Uri? Api { get; init; }
    /// <summary>
    /// The login at the API from outside, sent with each request to it and to nobody else; the API is then asked directly. Null: none, as through a
    /// front-end. Its ToString does not tell the password.
    /// </summary>
    public NetworkCredential? ApiCredential { get; init; }
    /// <summary>Site → OAR's REST interface, where the user knows one that can be reached from here.</summary>
    public IReadOnlyDictionary<string, Uri> OarApis { get; init; } = new Dictionary<string, Uri>();
    /// <summary>Where <c>~/.walt</c> and <c>~/.walt-g5k</c> lie on this machine; null: the user's home.</summary>
    public string? HomeDirectory { get; init; }
}
