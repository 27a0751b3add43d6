using WaltG5k.Core.Deployments;
using WaltG5k.Lab.Images;
using WaltG5k.Lab.Network;
using WaltG5k.Lab.Processes;

namespace WaltG5k.Lab;

public sealed partial class WaltLab
{
    /// <summary>Frames between the nodes and the server so far, both ways.</summary>
    public (long ToServer, long ToNodes) FrameCount => (_network!.FromNodes.Frames, _network.ToNodes.Frames);

    public LabInfo GetInformation()
    {
        IReadOnlyList<Finding> findings = GetFindings();
        return new LabInfo(Folder.Root)
        {
            Status = findings.Any(f => f.Severity == FindingSeverity.Error) ? LabStatus.Failed : LabStatus.Running,
            Server = ServerName,
            OwnerProcessId = Environment.ProcessId,
            StartedAt = StartedAt,
            Link = Link,
            Accelerator = Accelerator,
            Bootloader = _options.Bootloader,
            Images = [.. _images.Select(i => i.Name)],
            Nodes = [.. Enumerable.Range(0, _options.NodeCount).Select(GetNode)],
            Parts = LabState.Read(Folder)?.Parts ?? [],
            Findings = findings,
        };
    }

    /// <summary>What is known of a lab that this process has not started; null where there is none.</summary>
    /// <exception cref="Core.G5kException"><c>LabStateCorrupt</c>.</exception>
    public static LabInfo? Find(LabFolder folder)
    {
        if (LabState.Read(folder) is not { } record) return null;
        bool isAlive = record.Owner.IsAlive;
        return new LabInfo(folder.Root)
        {
            Status = isAlive ? LabStatus.Elsewhere : LabStatus.Abandoned,
            Server = ServerName,
            OwnerProcessId = record.Owner.Id,
            StartedAt = record.Started,
            Images = [.. new LabImageStore(folder).GetAll().Select(i => i.Name)],
            Nodes = [.. Enumerable.Range(0, record.NodeCount).Select(i => Describe(i, record.Parts, folder))],
            Parts = record.Parts,
            Findings = isAlive ? [] : [LabFindings.OwnerGone(record.Owner.Id)],
        };
    }

    /// <summary>What is not as it should be, now.</summary>
    public IReadOnlyList<Finding> GetFindings()
    {
        List<Finding> findings = [];
        foreach (LabContainer container in new[] { _server, _site }.OfType<LabContainer>().Where(c => !c.IsAlive))
            findings.Add(LabFindings.NamespaceEnded(container.Name));
        findings.AddRange(_services.Values.Where(p => !p.IsAlive && !p.IsStopped).Select(LabFindings.ServiceEnded));
        if (_walt is { IsRunning: false }) findings.Add(LabFindings.ServerStopped());
        foreach ((int index, LabProgram program) in _nodes)
        {
            string console = Folder.GetLog(program.Name + ".console");
            if (!program.IsAlive && !program.IsStopped) findings.Add(LabFindings.NodeEnded(program, console));
            else if (program.IsAlive && _walt?.IsBooted(program.Name) == false) findings.Add(LabFindings.NodeNotBooted(program.Name, console));
        }
        return findings;
    }

    LabNodeInfo GetNode(int index)
    {
        LabNodeInfo node = Describe(index, [], Folder);
        bool isOn = _nodes.TryGetValue(index, out LabProgram? program) && program.IsAlive;
        return node with { ProcessId = isOn ? program!.Stamp?.Id : null, IsBooted = _walt?.IsBooted(node.Name) == true,
            Image = _walt?.GetImage(node.Name) ?? "" };
    }

    static LabNodeInfo Describe(int index, IReadOnlyList<LabPart> parts, LabFolder folder)
    {
        string name = LabNetwork.GetNodeName(index);
        ProcessStamp? process = parts.FirstOrDefault(p => p.Kind == "program" && p.Name == name)?.Process;
        return new LabNodeInfo(name, LabNetwork.GetIp(index), LabNetwork.GetMac(index))
        {
            ProcessId = process is { IsAlive: true } ? process.Id : null,
            Console = folder.GetLog(name + ".console"),
        };
    }
}
