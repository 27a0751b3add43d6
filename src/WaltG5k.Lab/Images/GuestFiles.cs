namespace WaltG5k.Lab.Images;

/// <summary>The scripts that the lab puts into images; see the folder <c>Guest</c>.</summary>
static class GuestFiles
{
    public static readonly string[] Programs = ["walt-init", "walt-notify-bootup", "walt-net-service-handler", "walt-reboot"];
    public static readonly string[] Units = ["walt-net.socket", "walt-net@.service", "walt-bootup.service", "walt-reboot.service"];
    /// <summary>Where a unit is wanted.</summary>
    public static readonly (string Unit, string Target)[] Wanted =
        [("walt-net.socket", "sockets.target"), ("walt-bootup.service", "multi-user.target")];

    public static byte[] Read(string name)
    {
        using Stream stream = typeof(GuestFiles).Assembly.GetManifestResourceStream("guest/" + name)
            ?? throw new ArgumentException("no such guest file", nameof(name));
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
