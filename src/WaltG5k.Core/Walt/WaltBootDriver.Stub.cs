

namespace WaltG5k.Core.Walt;

public sealed partial class WaltBootDriver
{
    public partial IAsyncEnumerable<WaltBootResult> BootAsync(WaltBootRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();
}
