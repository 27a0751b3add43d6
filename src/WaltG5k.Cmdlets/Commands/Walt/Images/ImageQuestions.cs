using WaltG5k.Base;
using WaltG5k.Core.Walt;
using WaltG5k.Internal;

namespace WaltG5k.Commands;

/// <summary>What WalT asks "are you sure" about: nodes that boot an image are rebooted when it changes, and an image may be lost.</summary>
internal static class ImageQuestions
{
    /// <summary>Whether nodes may be rebooted; true at once where none boots the image.</summary>
    public static async Task<bool> MayRebootAsync(G5kCmdlet cmdlet, WaltImageInfo image, bool force) => force || image.Nodes.Count == 0
        || await cmdlet.AskAsync(() => cmdlet.ShouldContinue(
        $"{_Format.Nodes(image.Nodes)} boot{(image.Nodes.Count == 1 ? "s" : "")} the image '{image.Name}' and will be rebooted. Go on?",
        "Reboot nodes")).ConfigureAwait(false);

    /// <summary>Whether an image that is there may be replaced; true at once where there is none.</summary>
    public static async Task<bool> MayReplaceAsync(G5kCmdlet cmdlet, WaltImageInfo? existing, bool force)
    {
        if (existing is null || force) return true;
        string reboot = existing.Nodes.Count == 0 ? "" : $", and {_Format.Nodes(existing.Nodes)} will be rebooted";
        return await cmdlet.AskAsync(() => cmdlet.ShouldContinue($"There is an image '{existing.Name}'. It will be replaced{reboot}. Go on?",
            "Replace an image")).ConfigureAwait(false);
    }
}
