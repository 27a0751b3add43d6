using System.Globalization;
using System.Text;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Execution;

/// <summary>The command line and the input of one TakTuk.</summary>
static class TakTukCommand
{
    /// <summary>Bytes of script and input: the kernel takes 128 KiB as a word, in which each byte of them takes two.</summary>
    public const int LongestScript = 48 * 1024;

    /// <summary>The question whether a front-end has it.</summary>
    public static CommandRequest Probe { get; } = new("taktuk", "--version");

    /// <summary>Options are words, targets and the command are read from the input: thousands of them are too long for a command line.</summary>
    public static CommandRequest Create(IReadOnlyList<string> ssh, IReadOnlyList<NodeTarget> targets, NodeJob job, string word)
    {
        NodeExecutionOptions options = job.Options;
        NodeTarget first = targets[0];
        string[] connector =
        [
            .. ssh, .. SshOptions.For(options),
            .. first.User is { } user ? (string[])["-l", user] : [],
            .. first.Port is int port ? (string[])["-p", port.ToString(CultureInfo.InvariantCulture)] : [],
        ];
        return new CommandRequest(
        [
            // Without numbers, which a command would wait for; itself sent to the targets, which need not have it.
            "taktuk", "-n", "-s",
            .. options.Spread == NodeSpread.TakTukTree ? (string[])[] : ["-d", "-1"],
            "-w", options.ThrottleLimit.ToString(CultureInfo.InvariantCulture),
            "-c", string.Join(' ', connector),
            .. TakTukLine.Templates,
            "-F", "/dev/stdin",
        ])
        {
            Input = GetInput(targets, NodeShellScript.Single(word, job.Script, job.Input, options.Timeout)),
            Timeout = options.TotalTimeout + TimeSpan.FromSeconds(10),
            Effect = job.Effect,
        };
    }

    static string GetInput(IReadOnlyList<NodeTarget> targets, string script)
    {
        var text = new StringBuilder();
        foreach (NodeTarget target in targets) text.Append("-m ").Append(target.Host).Append('\n');
        // Its own reading of words and brackets, and the login shell's, find nothing in hexadecimal digits; where it runs there is Perl.
        return text.Append("broadcast exec [ exec /bin/sh -c \"$(perl -e 'print pack q(H*),shift' ")
            .Append(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(script))).Append(")\" ]\n").ToString();
    }
}
