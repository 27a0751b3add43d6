namespace WaltG5k.Core.Kavlan;

/// <summary>How KaVLAN is asked.</summary>
public enum KavlanWay
{
    /// <summary>By the API, which has a result for each address; by the command where the API cannot be reached.</summary>
    Automatic,
    Api,
    /// <summary>By kavlan on the site's front-end, within a job.</summary>
    Command,
}
