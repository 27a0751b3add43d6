namespace WaltG5k.Core.Walt.Images;

/// <summary>Understands what a WalT server prints about images: it has no error codes.</summary>
static class ImageMessages
{
    /// <param name="image">What the request was about.</param>
    /// <param name="newName">The image that it would have made or changed.</param>
    public static G5kException Explain(IReadOnlyList<string> errors, string image, string newName, string host)
    {
        string text = errors.Count > 0 ? string.Join(' ', errors) : "the server gave no reason.";
        bool Says(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

        // The order counts: "Bad name: Image already exists." is no bad name.
        if (Says("No such remote image")) return Make("RemoteImageNotFound", ErrorKind.ObjectNotFound, $"There is no image at {image}.", image,
            "Find-WaltImage");
        if (Says("No such image")) return ServerMessages.ImageNotFound(image, host);
        if (Says("not allowed because it is currently"))
            return Make("ImageInUse", ErrorKind.ResourceBusy, text, newName, "Give the clone another name: -Name");
        if (Says("already exists") || Says("same name in your working set")) return Exists(newName, host);
        if (Says("is in use")) return Make("ImageInUse", ErrorKind.ResourceBusy, $"The image '{image}' is in use: {text}", image,
            "Get-WaltNode | Where-Object Image -Like '*" + image + "*'");
        if (Says("Bad name") || Says("reserved keyword"))
            return Make("ImageNameInvalid", ErrorKind.InvalidArgument, $"The WalT server {host} refuses the name '{newName}': {text}", newName,
            "Take another name, such as my-image");
        if (Says("clonable image link")) return Make("ImageLinkInvalid", ErrorKind.InvalidArgument,
            $"The WalT server {host} cannot clone '{image}': {text}", image, "Find-WaltImage shows links.");
        if (Says("does not indicate compatible node models") || Says("not compatible"))
            return Make("ImageIncompatible", ErrorKind.InvalidArgument, $"The WalT server {host} refuses the image '{image}': {text}", image,
                "Find-WaltImage shows the node models that each image supports.");
        if (Says("is already running")) return Make("ImageBusy", ErrorKind.ResourceBusy, $"The image '{image}' is being worked on: {text}", image,
            "Try again when that has ended.");
        if (Says("max number of layers")) return Make("ImageLayersExhausted", ErrorKind.LimitsExceeded,
            $"The image '{image}' has as many layers as an image can have.", image, $"Compress-WaltImage {image}");
        if (Says("No space left")) return Make("WaltServerDiskFull", ErrorKind.LimitsExceeded, $"The disk of the WalT server {host} is full: {text}",
            image, $"Remove images that nobody needs: Get-WaltImage | Where-Object IsInUse -EQ $false; or look: ssh root@{host} df -h");
        if (Says("communicat")) return Make("RegistryUnreachable", ErrorKind.ConnectionError,
            $"The WalT server {host} does not reach the registry: {text}", image,
            $"Try again; from the server: ssh root@{host} curl -I https://hub.docker.com");
        return Make("WaltRequestRefused", ErrorKind.InvalidOperation, $"The WalT server {host} refuses '{image}': {text}", image,
            $"ssh root@{host} journalctl -u walt-server -n 50");
    }

    public static G5kException Exists(string name, string host) =>
        Make("ImageExists", ErrorKind.ResourceExists, $"The WalT server {host} has an image '{name}' already.", name,
        "Take another name, or give -Force to replace the image where the command has it.");

    public static G5kException InUse(WaltImageInfo image, string why) => Make("ImageInUse", ErrorKind.ResourceBusy,
        $"The image '{image.Name}' is in use by {Count(image.Nodes)}: {string.Join(", ", image.Nodes.Take(10))}{(image.Nodes.Count > 10 ? ", …" : "")}.", image.Name,
        $"Let them boot another one first: Invoke-WaltNodeBoot {string.Join(',', image.Nodes.Take(10))} -Image default",
        new G5kException("WaltRequestRefused", ErrorKind.InvalidOperation, why));

    public static string Count(IReadOnlyList<string> nodes) => nodes.Count == 1 ? "1 node" : FormattableString.Invariant($"{nodes.Count} nodes");

    static G5kException Make(string code, ErrorKind kind, string message, object? target, string recommendation, Exception? cause = null) =>
        new(code, kind, message, target, recommendation, cause);
}
