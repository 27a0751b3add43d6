using System.Management.Automation;
using System.Net.Sockets;
using System.Text;
using WaltG5k.Core.Execution;
using WaltG5k.Core.VirtualMachines.Jobs;
using WaltG5k.Core.VirtualMachines.Reach;
using WaltG5k.Host;

namespace WaltG5k.Tests.Host;

/// <summary>Two machines in jobs, for all the tests of a class.</summary>
public sealed class VMPlatform : IDisposable
{
    readonly HostSession _session = new(new HostOptions { Variables = new Dictionary<string, object?> { ["ConfirmPreference"] = "None" } });

    public VMPlatform()
    {
        Run<object>("Connect-G5k -Testbed -Speed 0 -Force");
        Machines = Run<G5kVM>("New-G5kVM web:2x2cpu,2GB -Site nancy -Port 80,8080 -Walltime 100");
    }

    public IReadOnlyList<G5kVM> Machines { get; }

    public HostResult Invoke(string pipeline) => _session.Invoke(pipeline);

    public IReadOnlyList<T> Run<T>(string pipeline)
    {
        HostResult result = _session.Invoke(pipeline);
        Assert.True(result.Errors.Count == 0, $"{pipeline}: {string.Join("; ", result.Errors)}");
        return [.. result.Objects.Cast<T>()];
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>The cmdlets of virtual machines in real pipelines on the embedded testbed.</summary>
public sealed class VMCmdletTests(VMPlatform platform) : IClassFixture<VMPlatform>
{
    IReadOnlyList<T> Run<T>(string pipeline) => platform.Run<T>(pipeline);

    void Fail(string pipeline, string id, ErrorCategory category)
    {
        ErrorRecord error = Assert.Single(platform.Invoke(pipeline).Errors);
        Assert.StartsWith($"{id},", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.NotEmpty(error.ErrorDetails!.RecommendedAction);
    }

    [Fact]
    public void Machines_run_commands_by_name_wildcard_and_object()
    {
        Assert.Equal(["web-1", "web-2"], Run<NodeCommandResult>("Get-G5kVM web-* | Invoke-G5kVMCommand hostname").Select(r => r.Output.Trim())
            .Order());
        Assert.Equal("web-2", Assert.Single(Run<NodeCommandResult>("Invoke-G5kVMCommand hostname -Name web-2")).Output.Trim());
        Assert.Equal(2, Assert.Single(Run<NodeCommandFold>("Get-G5kVM | Invoke-G5kVMCommand 'echo same' -Fold")).Results.Count);
    }

    [Fact]
    public void Many_ports_of_machines_are_open_here_and_closed_by_object()
    {
        IReadOnlyList<G5kPortForward> forwards = Run<G5kPortForward>("Get-G5kVM web-* | New-G5kPortForward -Port 80, 22");
        Assert.Equal(4, forwards.Select(f => f.LocalPort).Distinct().Count());
        foreach (G5kPortForward web in forwards.Where(f => f.Port == 80))
            Assert.EndsWith(web.VM + "\n", Ask(web.LocalPort, "GET / HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("SSH-2.0", Ask(forwards.First(f => f.Port == 22).LocalPort, "x"), StringComparison.Ordinal);
        Assert.Equal(2, Run<G5kPortForward>("Get-G5kPortForward -Name web-1").Count);
        Run<object>("Get-G5kPortForward -Name web-1 | Remove-G5kPortForward");
        Assert.Equal(2, Run<G5kPortForward>("Get-G5kPortForward").Count);
        Run<object>("Get-G5kPortForward | Remove-G5kPortForward");
        Assert.All(forwards, f => Assert.False(f.IsOpen));
        Fail("Remove-G5kPortForward 1", "PortForwardNotFound", ErrorCategory.ObjectNotFound);
        Fail("New-G5kPortForward web-1 9999", "GuestPortUnreachable", ErrorCategory.ConnectionError);
    }

    static string Ask(int port, string text)
    {
        using var client = new TcpClient("127.0.0.1", port);
        using NetworkStream stream = client.GetStream();
        stream.ReadTimeout = 20_000;
        stream.Write(Encoding.ASCII.GetBytes(text));
        using var reader = new StreamReader(stream);
        return text == "x" ? reader.ReadLine()! : reader.ReadToEnd();
    }

    [Fact]
    public void Files_go_to_machines_and_come_back()
    {
        string folder = Directory.CreateTempSubdirectory("waltg5k-vm-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "note.txt"), "hello é\n");
            Assert.All(Run<VMCopyResult>($"Get-G5kVM web-* | Copy-G5kVMItem '{folder}/note.txt' /root/in"), r => Assert.Null(r.Error));
            Run<VMCopyResult>($"Copy-G5kVMItem /root/in/note.txt '{folder}/back' -FromVM web-*");
            foreach (string name in (string[])["web-1", "web-2"])
                Assert.Equal("hello é\n", File.ReadAllText(Path.Combine(folder, "back", name, "note.txt")));
            Fail($"Copy-G5kVMItem /root/none '{folder}' -FromVM web-1", "VMItemNotFound", ErrorCategory.ObjectNotFound);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Fact]
    public void Nothing_is_made_without_being_meant()
    {
        Assert.Empty(Run<object>("New-G5kVM big:1x1cpu,4GB -Site nancy -WhatIf"));
        Fail("New-G5kVM web:1x1cpu -Site nancy", "VMExists", ErrorCategory.ResourceExists);
        Fail("New-G5kVM a:1x1cpu -Site nancy -Image nothing", "ImageNotFound", ErrorCategory.ObjectNotFound);
        Fail("New-G5kVM a:1x1cpu -Site nancy -Strategy Snapshot -DiskSize 50", "DiskSizeFixed", ErrorCategory.InvalidArgument);
        Fail("New-G5kVM 1cpu, 2cpu -Name db -Site nancy", "NamesAndTemplates", ErrorCategory.InvalidArgument);
        Fail("New-G5kVM 1cpu -Name db -Site nancy -UserData 'runcmd: []'", "SeedInvalid", ErrorCategory.InvalidData);
        Fail("Get-G5kVM wbe-1", "VMNotFound", ErrorCategory.ObjectNotFound);
        Assert.Equal(2, Run<G5kVM>("Get-G5kVM").Count);
    }

    [Fact]
    public void A_machine_is_stopped_started_restarted_and_removed()
    {
        Run<G5kVM>("New-G5kVM 1cpu,512 -Name solo -Site nancy -Walltime 2");
        Assert.Equal(VMState.Stopped, Assert.Single(Run<G5kVM>("Get-G5kVM solo | Stop-G5kVM -PassThru")).State);
        Fail("Invoke-G5kVMCommand hostname -Name solo", "VMNotRunning", ErrorCategory.InvalidOperation);
        Assert.Equal(VMState.Running, Assert.Single(Run<G5kVM>("Start-G5kVM solo -Walltime 1")).State);
        Assert.Equal(VMState.Running, Assert.Single(Run<G5kVM>("Restart-G5kVM solo")).State);
        Run<object>("Remove-G5kVM solo");
        Assert.DoesNotContain(Run<G5kVM>("Get-G5kVM"), v => v.Name == "solo");
    }

    [Fact]
    public void Machines_of_a_deployment_are_reached_by_the_same_cmdlets()
    {
        Run<object>("New-G5kVMDeployment 2x1cpu,1GB -Site rennes -Walltime 2 -Name other | Wait-G5kVMDeployment");
        IReadOnlyList<NodeCommandResult> results = Run<NodeCommandResult>("Get-G5kVMDeployment | Invoke-G5kVMCommand hostname");
        Assert.Equal(2, results.Select(r => r.Output.Trim()).Distinct().Count());
        Run<object>("Get-G5kVMDeployment | Remove-G5kVMDeployment");
    }
}
