namespace WaltG5k.Core.Kadeploy;

static class ImageErrors
{
    public static G5kException Exists(string path, string where) =>
        new("ImageFileExists", ErrorKind.ResourceExists, $"{path} is on {where} already.", path, "Add -Force to replace it, or give another -Name.");

    public static G5kException ToolMissing(string node, string frontend) =>
        new("ImageToolMissing", ErrorKind.NotInstalled, $"Neither {node} nor {frontend} has tgz-g5k.", node,
        $"Install it on the node: ssh root@{node} apt-get install -y tgz-g5k");

    public static G5kException ToolMissingHere(string node) =>
        new("ImageToolMissing", ErrorKind.NotInstalled, $"{node} has no tgz-g5k of its own.", node,
        "Let the front-end make the image: leave out -LiteralPath.");

    public static G5kException NoArchive(string node) =>
        new("ImageDamaged", ErrorKind.InvalidData, $"What {node} has sent is no archive that Kadeploy takes.", node,
        $"Look at it: ssh root@{node} tgz-g5k | head -c 200");

    public static G5kException Damaged(string node, string why) =>
        new("ImageDamaged", ErrorKind.InvalidData, $"The image of {node} has not come whole: {why}", node, "Nothing of it was kept. Try again.");

    public static G5kException KernelMissing(string node, string release) => new("KernelMissing", ErrorKind.ObjectNotFound,
        $"{node} has no kernel where one is looked for: neither /vmlinuz nor /boot/vmlinuz-{release}. Kadeploy could not boot its image.", node,
        "Make a link to it on the node: ln -s boot/NAME /vmlinuz");
}
