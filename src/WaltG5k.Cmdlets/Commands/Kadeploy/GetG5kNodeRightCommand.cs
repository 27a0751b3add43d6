using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Completers;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Commands;

/// <summary>Get-G5kNodeRight: who may deploy on which nodes now.</summary>
[Cmdlet(VerbsCommon.Get, "G5kNodeRight")]
[OutputType(typeof(KadeployRight))]
public sealed class GetG5kNodeRightCommand : G5kNodeQueryCmdlet
{
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string[] User { get; set; } = [];

    internal override async Task AskAsync(NodeControl control, IReadOnlyList<string> nodes, CancellationToken cancellationToken)
    {
        var users = new NameFilter(User.Select(u => u == "me" ? Grid.User : u));
        foreach (KadeployRight right in await control.GetRightsAsync(nodes, cancellationToken).ConfigureAwait(false))
            if (users.Matches(right.User)) Write(right);
    }
}
