namespace WaltG5k.Core.Kadeploy;

/// <summary>Descriptions for other versions of Kadeploy than today's.</summary>
public static class DescriptionForms
{
    /// <summary>The form of version 3.3, without what came later: alias, architecture, variables, kexec.</summary>
    /// <exception cref="G5kException"><c>DescriptionTooNew</c>: it needs what 3.3 has not.</exception>
    public static EnvironmentDescription ToOld(EnvironmentDescription description)
    {
        if (description.Image?.Compression == "zstd" || description.Postinstalls.Any(p => p.Compression == "zstd"))
        {
            throw new G5kException("DescriptionTooNew", ErrorKind.InvalidData,
                $"{description.Name} is packed with zstd, which Kadeploy 3.3 cannot unpack.", description.Name,
                "Pack the image anew with gzip, and say so: Edit-G5kEnvironment -ImageFile NAME.tar.gz");
        }
        return description with { Alias = null, Architecture = null, AllowsKexec = null, CustomVariables = new Dictionary<string, string>() };
    }
}
