using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kadeploy;

/// <summary>Why Kadeploy does not carry out a request at all. Nothing has been done to any node then.</summary>
public enum KadeployRefusal
{
    Other,
    /// <summary>No right on some of the nodes, or on their partition.</summary>
    Rights,
    /// <summary>All the nodes are in other operations.</summary>
    NodesInUse,
    /// <summary>Nodes that the site's Kadeploy does not know.</summary>
    UnknownNodes,
    UnknownEnvironment,
    /// <summary>The description of the environment cannot be read, or is wrong.</summary>
    InvalidDescription,
    /// <summary>A file of the environment is another one than when it was registered.</summary>
    ChecksumChanged,
    /// <summary>The environment on the disk may not be booted again.</summary>
    DestructiveEnvironment,
    InvalidVlan,
    KeyMissing,
    UnknownBreakpoint,
    InvalidCustomSteps,
    /// <summary>Options that the tool does not know, or that exclude each other.</summary>
    InvalidOption,
    /// <summary>Kadeploy itself has failed.</summary>
    ServerFailed,
}

/// <summary>Kadeploy refuses a request as a whole.</summary>
public sealed partial class KadeployRefusedException : G5kException
{
    KadeployRefusedException(KadeployRefusal refusal, string site, string said, object target, Advice advice, Exception? inner)
        : base(advice.Code, advice.Kind, $"Kadeploy at {site} refuses the request: {said}", target, advice.Recommendation, inner)
    {
        (Refusal, Site) = (refusal, site);
        Nodes = refusal == KadeployRefusal.UnknownNodes ? [.. NodeName().Matches(said).Select(m => m.Value)] : [];
        Data[nameof(Refusal)] = refusal.ToString();
    }

    public KadeployRefusal Refusal { get; }
    public string Site { get; }

    /// <summary>The nodes that the refusal names; none when it is about all of them.</summary>
    public IReadOnlyList<string> Nodes { get; }

    /// <summary>What the ended command of a front-end tells. Low statuses are ambiguous: the number in brackets on the last line decides.</summary>
    /// <param name="target">What the request was about: the environment, or the nodes.</param>
    public static KadeployRefusedException From(string site, CommandResult result, object target)
    {
        ArgumentNullException.ThrowIfNull(result);
        string text = result.Error + "\n" + result.Output; // on a terminal both come together
        int? number = ApiError().Match(text) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
        KadeployRefusal refusal = Classify(number, text);
        var cause = new CommandFailedException("KadeployRefused", $"Kadeploy at {site} refuses the request", result, target);
        return new KadeployRefusedException(refusal, site, Said(result), target, GetAdvice(refusal, site, result.Request.ToString()), cause);
    }

    /// <summary>What the REST API tells.</summary>
    /// <param name="said">Its words, such as <c>Cannot launch deployment: Invalid VLAN -- …</c>.</param>
    public static KadeployRefusedException From(string site, string said, object target, Exception? inner = null)
    {
        ArgumentNullException.ThrowIfNull(said);
        int? number = HashNumber().Match(said) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
        KadeployRefusal refusal = Classify(number, said);
        return new KadeployRefusedException(refusal, site, said.Trim(), target, GetAdvice(refusal, site, "Get-G5kNodeState"), inner);
    }

    /// <summary>
    /// By the numbers of Kadeploy's errors (6 rights, 7 environment, 8 custom operations, 9 VLAN, 14 nothing to do …), then by its words.
    /// </summary>
    static KadeployRefusal Classify(int? number, string text)
    {
        bool Says(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
        if (Says("does not belongs to any server") || Says("does not exist") && Says("node")) return KadeployRefusal.UnknownNodes;
        if (Says("breakpoint")) return KadeployRefusal.UnknownBreakpoint;
        if (Says("checksum")) return KadeployRefusal.ChecksumChanged;
        if (Says("authorized_keys") || Says("ssh key") || Says("key file") || Says("'ssh_authorized_keys'")) return KadeployRefusal.KeyMissing;
        switch (number)
        {
            case 6: return KadeployRefusal.Rights;
            case 7: return Says("does not exist") ? KadeployRefusal.UnknownEnvironment : KadeployRefusal.InvalidDescription;
            case 5: return KadeployRefusal.InvalidDescription;
            case 8: return KadeployRefusal.InvalidCustomSteps;
            case 9: return KadeployRefusal.InvalidVlan;
            case 14: return KadeployRefusal.NodesInUse;
            case 30: return KadeployRefusal.DestructiveEnvironment;
            case 4 or 12 or 13: return KadeployRefusal.InvalidOption;
            case 15 or 20 or 21 or 22: return KadeployRefusal.ServerFailed;
        }
        if (Says("Resource not found") || Says("Invalid environment specification")) return KadeployRefusal.UnknownEnvironment;
        if (Says("Invalid VLAN") || Says("kavlan") && Says("resolv")) return KadeployRefusal.InvalidVlan;
        if (Says("Forbidden") || Says("HTTP Error #403") || Says("sufficient rights")) return KadeployRefusal.Rights;
        if (Says("have been discarded")) return KadeployRefusal.NodesInUse;
        if (Says("Invalid file") || Says("environment description") || Says("Invalid environment")) return KadeployRefusal.InvalidDescription;
        if (Says("Option parsing error")) return KadeployRefusal.InvalidOption;
        return Says("HTTP Error #5") || Says("Internal Server Error") ? KadeployRefusal.ServerFailed : KadeployRefusal.Other;
    }

    static Advice GetAdvice(KadeployRefusal refusal, string site, string command) => refusal switch
    {
        KadeployRefusal.Rights => new("NodeRightsMissing", ErrorKind.PermissionDenied,
            $"The nodes must belong to a running job of yours of the type deploy: Get-OarJob -Site {site}"),
        KadeployRefusal.NodesInUse => new("NodesInUse", ErrorKind.ResourceBusy,
            $"The nodes are in another operation; wait for its end, or look at it: Get-KadeployWorkflow -Site {site}"),
        KadeployRefusal.UnknownNodes => new("NodeNotFound", ErrorKind.ObjectNotFound, $"Look for the right name: Get-G5kNode -Site {site}"),
        KadeployRefusal.UnknownEnvironment => new("EnvironmentNotFound", ErrorKind.ObjectNotFound,
            $"Look for the right name, or for its owner and version (NAME@USER:VERSION): Get-G5kEnvironment -Site {site}"),
        KadeployRefusal.InvalidDescription => new("DescriptionInvalid", ErrorKind.InvalidData,
            "Correct the description of the environment and the paths of the files in it; one of another environment shows how: Export-G5kEnvironment debian12-min"),
        KadeployRefusal.ChecksumChanged => new("ImageChanged", ErrorKind.InvalidData,
            "The image is another one than when it was registered. If it was you who changed it, let Kadeploy take note of it: kaenv3 --update-image-checksum NAME"),
        KadeployRefusal.DestructiveEnvironment => new("EnvironmentDestructive", ErrorKind.InvalidOperation,
            "What is on the disks may not be booted again: deploy another environment."),
        KadeployRefusal.InvalidVlan => new("VlanInvalid", ErrorKind.InvalidArgument,
        $"The VLAN must be one of a running job of yours: Get-G5kVlan -Site {site}"),
        KadeployRefusal.KeyMissing => new("KeyNotFound", ErrorKind.ObjectNotFound,
            $"Kadeploy gives the nodes the public keys of a file on the front-end of {site}, ~/.ssh/authorized_keys by default: write one there, or name another with -Key."),
        KadeployRefusal.UnknownBreakpoint => new("BreakpointUnknown", ErrorKind.InvalidArgument,
            "A breakpoint is MACROSTEP or MACROSTEP:microstep with the names that the site uses: see the steps of a deployment there by Get-KadeployStep."),
        KadeployRefusal.InvalidCustomSteps => new("CustomStepInvalid", ErrorKind.InvalidData,
            "Correct the file of -CustomStep: each macro-step holds micro-steps, each with pre-ops, post-ops or substitute."),
        KadeployRefusal.InvalidOption => new("KadeployOptionInvalid", ErrorKind.InvalidArgument, $"Try it on the front-end of {site}: {command}"),
        KadeployRefusal.ServerFailed => new("KadeployUnavailable", ErrorKind.ResourceUnavailable,
            "Kadeploy's server has failed. Try again in some minutes; see https://www.grid5000.fr/status/"),
        _ => new("KadeployRefused", ErrorKind.ResourceUnavailable, $"Try it on the front-end of {site}: {command}"),
    };

    /// <summary>The words of the tool, without the bracketed line that has told its meaning already.</summary>
    static string Said(CommandResult result)
    {
        string[] lines = [.. result.LastLines(4).Split('\n').Where(l => !ApiError().IsMatch(l))];
        return lines.Length > 0 ? string.Join(' ', lines)
            : $"'{result.Request.Program}' ended with status {result.ExitStatus.ToString(CultureInfo.InvariantCulture)}.";
    }

    sealed record Advice(string Code, ErrorKind Kind, string Recommendation);

    [GeneratedRegex(@"\[Kadeploy Error #([0-9]{1,5})\]", RegexOptions.CultureInvariant)]
    private static partial Regex ApiError();

    [GeneratedRegex(@"[Ee]rror #([0-9]{1,5})", RegexOptions.CultureInvariant)]
    private static partial Regex HashNumber();

    [GeneratedRegex(@"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.grid5000\.fr", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NodeName();
}
