using System.Net;

namespace WaltG5k.Core.Frontends;

/// <summary>What can be wrong with the options of a grid over ssh before anything is connected to.</summary>
static class SshGridErrors
{
    /// <exception cref="G5kException">See <see cref="SshGrid.OpenAsync"/>.</exception>
    public static void Check(SshGridOptions options)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new G5kException("PlatformNotSupported", ErrorKind.InvalidOperation, "The ssh of Windows cannot share connections.", null,
                "Run this in the Windows Subsystem for Linux, or on a front-end.");
        }
        if (options.SshConfig is { } config && !File.Exists(config))
            throw new G5kException("SshConfigNotFound", ErrorKind.ObjectNotFound, $"There is no ssh configuration {config}.", config,
                "Give the path of a file as ~/.ssh/config is one.");
        foreach (string site in options.Sites.Concat(options.Destinations.Keys).Concat(options.OarApis.Keys)) CheckSite(site);
        foreach (string destination in options.Destinations.Values) SshTarget.Parse(destination);
        foreach (string name in new[] { options.UserName, options.Gateway }.OfType<string>()) CheckWord(name);
        foreach (Uri address in options.OarApis.Values.Append(options.Api).OfType<Uri>())
        {
            if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
                throw new G5kException("AddressNotValid", ErrorKind.InvalidArgument, $"'{address}' is no address of an API.", address,
                    "Write it whole, such as https://api.grid5000.fr/stable/");
        }
        if (options.ApiCredential is { } credential) CheckLogin(credential, options.Api);
    }

    static void CheckLogin(NetworkCredential credential, Uri? address)
    {
        if (credential.UserName.Length == 0 || credential.UserName.Contains(':', StringComparison.Ordinal))
            throw new G5kException("CredentialNotValid", ErrorKind.InvalidArgument, $"'{credential.UserName}' is no login of Grid'5000.",
                credential.UserName, "Give your login without a domain: -Credential (Get-Credential jdoe)");
        if (address is { Scheme: "http", IsLoopback: false })
            throw new G5kException("AddressNotSecure", ErrorKind.PermissionDenied, $"A password is not sent to {address} without encryption.",
                address, "Use an address that begins with https://");
    }

    /// <summary>The name, if a site may have it: it becomes an argument of ssh.</summary>
    /// <exception cref="G5kException"><c>SiteNameNotValid</c>.</exception>
    public static string CheckSite(string site) =>
        site.Length > 0 && char.IsAsciiLetterLower(site[0]) && site.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        ? site
        : throw new G5kException("SiteNameNotValid", ErrorKind.InvalidArgument, $"'{site}' is no name of a site.", site,
        "Sites are called nancy, rennes, lyon, …: https://www.grid5000.fr/w/Hardware");

    public static G5kException NoHome(string home) =>
        new("NoHomeDirectory", ErrorKind.ObjectNotFound, $"The home directory '{home}' of {Environment.UserName} is not there.", home,
        "Set HOME to a folder that can be written.");

    static void CheckWord(string word)
    {
        if (word.Length == 0 || word[0] == '-' || word.Any(char.IsWhiteSpace))
            throw new G5kException("DestinationNotValid", ErrorKind.InvalidArgument, $"'{word}' is no name that ssh takes.", word,
                "Write a login or a host name: -UserName jdoe -Gateway access.grid5000.fr");
    }
}
