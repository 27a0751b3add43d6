using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>What a status other than 0 of Kadeploy's tools means. Low statuses are ambiguous: the number in brackets on the last line decides.</summary>
static partial class KadeployErrors
{
    const int InvalidRights = 6, InvalidEnvironment = 7, InvalidVlan = 9, NothingModified = 14, DestructiveEnvironment = 30;

    public static CommandFailedException Refused(string site, CommandResult result, object target)
    {
        string text = result.Error + "\n" + result.Output; // on a terminal both come together
        int? number = ApiError().Match(text) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
        bool isForbidden = text.Contains("Forbidden", StringComparison.Ordinal) || text.Contains("HTTP Error #403", StringComparison.Ordinal);
        bool isUnknown = text.Contains("Resource not found", StringComparison.Ordinal);
        (ErrorKind kind, string recommendation) = number switch
        {
            InvalidRights => (ErrorKind.PermissionDenied, "The nodes must belong to a running job of yours of the type deploy: oarstat -u"),
            InvalidEnvironment or DestructiveEnvironment => (ErrorKind.ObjectNotFound, $"List the environments on the front-end of {site}: kaenv3"),
            InvalidVlan => (ErrorKind.InvalidArgument, $"Look at the job's VLAN on the front-end of {site}: kavlan -V -j JOB"),
            NothingModified => (ErrorKind.ResourceBusy, $"The nodes are in another deployment; see it on the front-end of {site}: kanodes3 -d"),
            _ when isUnknown => (ErrorKind.ObjectNotFound, $"List the environments on the front-end of {site}: kaenv3"),
            _ when isForbidden => (ErrorKind.PermissionDenied, "The nodes must belong to a running job of yours of the type deploy: oarstat -u"),
            _ => (ErrorKind.ResourceUnavailable, $"Try it on the front-end of {site}: {result.Request}"),
        };
        return new CommandFailedException("KadeployRefused", $"Kadeploy at {site} refuses the request", result, target, recommendation, kind);
    }

    [GeneratedRegex(@"\[Kadeploy Error #([0-9]{1,5})\]", RegexOptions.CultureInvariant)]
    private static partial Regex ApiError();
}
