using WaltG5k.Core.Frontends;

namespace WaltG5k.IntegrationTests.VirtualMachines;

/// <summary>A grid that is this machine: its front-end, and the node of every job.</summary>
sealed class HereGrid(string home) : IGrid
{
    readonly LocalFrontend _frontend = new("here");

    public string Name => "here";
    public string User => Environment.UserName;
    public string? LocalSite => "here";
    public string HomeDirectory => home;
    public TimeProvider Time => TimeProvider.System;
    public HttpClient Api => throw new NotSupportedException();
    public IReadOnlyList<string> ConnectArguments => [];
    public IFrontend GetFrontend(string site) => _frontend;
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
