using System.Net;
using System.Net.Sockets;
using WaltG5k.Core;
using WaltG5k.Core.Frontends;
using WaltG5k.Lab.Images;
using WaltG5k.Lab.Network;
using WaltG5k.Lab.Processes;
using WaltG5k.Lab.Services;
using WaltG5k.Lab.Walt;

namespace WaltG5k.Lab;

public sealed partial class WaltLab
{
    const int ProgressId = 0x6c616253;
    const string Activity = "Starting the lab";

    /// <summary>
    /// The server's own /run and /var/lib, so that its daemons meet none of this machine's and leave nothing behind. <c>$1</c>: what becomes
    /// /var/lib/walt; <c>$2</c>: root's key for nodes; <c>$3</c>: the journal of the HTTP service; <c>$4</c>: what answers as walt-bootfs.
    /// </summary>
    const string ServerScript = """
        mount -t tmpfs -o mode=755 run /run
        mount -t tmpfs -o mode=755 lib /var/lib
        mkdir -p /run/lab/bin /run/ganesha /run/rpcbind /run/sendsigs.omit.d /var/lib/walt /var/lib/nfs/ganesha
        mount --bind "$1" /var/lib/walt
        cp "$2" /run/lab/key
        chmod 600 /run/lab/key
        printf '#!/bin/sh\nexec /usr/bin/ssh -i /run/lab/key "$@"\n' >/run/lab/bin/ssh
        printf '#!/bin/sh\n# The journal of the HTTP service, whatever is asked for.\nexec cat %s\n' "'$3'" >/run/lab/bin/journalctl
        printf '#!/bin/sh\n# The lab has one service that is asked for.\n[ "$1" != is-active ] || test -e /run/lab/bootfs\n' >/run/lab/bin/systemctl
        chmod 755 /run/lab/bin/*
        mount -t tmpfs -o mode=755 opt /opt
        mkdir -p /opt/waltg5k-bootfs
        cp "$4" /opt/waltg5k-bootfs/walt-bootfs
        chmod 755 /opt/waltg5k-bootfs/walt-bootfs
        ip link set lo up
        """;

    const string NodesScript = """
        mount -t tmpfs -o mode=755 run /run
        ip link set lo up
        """;

    static readonly TimeSpan s_serviceLimit = TimeSpan.FromSeconds(30);

    async Task StartAsync(CancellationToken cancellationToken)
    {
        LabFolder folder = Folder;
        try
        {
            Step("choosing how nodes run", 5);
            Accelerator = await AcceleratorProbe.ChooseAsync(_options.Accelerator, _images[0].KernelFile, _reporter, cancellationToken)
                .ConfigureAwait(false);
            string kernelArguments = QemuCommand.GetKernelArguments(Accelerator, QemuCommand.ReadClockKHz());
            string? bootFs = BootFsPrograms.FindServer();
            Directory.CreateDirectory(folder.BootFs);
            string? key = bootFs is null ? null : await BootFsPrograms.GetKeyAsync(bootFs, folder.BootFs, cancellationToken).ConfigureAwait(false);
            BootFolders files = new(folder, _images, _options.Bootloader, kernelArguments, key);
            files.Create();
            await WriteKnownHostsAsync(cancellationToken).ConfigureAwait(false);

            Step("namespaces and network", 10);
            string requests = folder.GetLog("httpd");
            await File.WriteAllTextAsync(requests, "", cancellationToken).ConfigureAwait(false);
            string control = Path.Combine(folder.Run, "walt-bootfs");
            await File.WriteAllTextAsync(control, BootFsPrograms.GetControlScript(bootFs, files.SpeculativeImages, folder.BootFs), cancellationToken)
                .ConfigureAwait(false);
            _server = await LabContainer.StartAsync("server", ServerScript, [folder.Walt, folder.NodeKey, requests, control],
                s => Record("server", s), cancellationToken).ConfigureAwait(false);
            _site = await LabContainer.StartAsync("nodes", NodesScript, [], s => Record("nodes", s), cancellationToken).ConfigureAwait(false);
            foreach (string tap in Enumerable.Range(0, _options.NodeCount).Select(LabNetwork.GetTap).Append(LabNetwork.ServerAdapter))
                _state.Add(new LabPart("tap", tap, null));
            _network = await LabNetwork.CreateAsync(_site, _server, _options.NodeCount, _options.Link, cancellationToken).ConfigureAwait(false);
            Frontend = new LabFrontend(_server, ServerName);

            Step("WalT server", 30);
            _walt = new LabServer(_images, _options.NodeCount, files, new LabMachines(_server.Network, files, requests));
            Step("DHCP and TFTP", 40);
            await StartServiceAsync("dhcp", DhcpCommand.GetWords(_options.NodeCount, files.Tftp), null, cancellationToken).ConfigureAwait(false);
            Step("NFS", 50);
            await StartNfsAsync(cancellationToken).ConfigureAwait(false);
            if (bootFs is not null)
            {
                Step("speculative root", 80);
                await StartServiceAsync("bootfs", BootFsPrograms.GetWords(bootFs, files.SpeculativeImages, folder.BootFs),
                    () => Answers(BootFsPrograms.Port), cancellationToken).ConfigureAwait(false);
                await File.WriteAllTextAsync(_server.GetPath("/run/lab/bootfs"), "", cancellationToken).ConfigureAwait(false);
            }
            Step("nodes", 90);
            for (int i = 0; i < _options.NodeCount && _options.PowerOn; i++)
                if (await SwitchOnAsync(i, reset: false, cancellationToken).ConfigureAwait(false) is { } why)
                    throw LabErrors.ServiceFailed(LabNetwork.GetNodeName(i), QemuCommand.Program, why);
        }
        finally
        {
            _reporter.Progress(new ProgressUpdate(ProgressId, Activity, "Done") { Completed = true });
        }
    }

    void Step(string text, int percent) => _reporter.Progress(new ProgressUpdate(ProgressId, Activity, text) { Percent = percent });

    void Record(string name, ProcessStamp stamp) => _state.Add(new LabPart("namespace", name, stamp));

    async Task WriteKnownHostsAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(Folder.Walt, "ssh");
        Directory.CreateDirectory(path);
        await File.WriteAllTextAsync(Path.Combine(path, "known_hosts.nodes"), LabKeys.GetKnownHosts(Folder), cancellationToken).ConfigureAwait(false);
    }

    async Task StartNfsAsync(CancellationToken cancellationToken)
    {
        string file = Path.Combine(Folder.Run, "ganesha.conf");
        await File.WriteAllTextAsync(file, NfsConfiguration.GetText(_images), cancellationToken).ConfigureAwait(false);
        await StartServiceAsync("rpcbind", ["rpcbind", "-f", "-w"], () => File.Exists(_server!.GetPath("/run/rpcbind.sock")), cancellationToken)
            .ConfigureAwait(false);
        await StartServiceAsync("nfs", NfsConfiguration.GetWords(file), () => Answers(NfsConfiguration.Port), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <param name="isReady">Tells when it serves; null: as soon as it runs.</param>
    async Task StartServiceAsync(string name, IReadOnlyList<string> words, Func<bool>? isReady, CancellationToken cancellationToken)
    {
        LabProgram program = await LabProgram.StartAsync(_server!, name, words, Folder.GetLog(name), cancellationToken).ConfigureAwait(false);
        _services[name] = program;
        _state.Add(new LabPart("program", name, program.Stamp));
        if (isReady is not null && !await program.WaitAsync(isReady, s_serviceLimit, cancellationToken).ConfigureAwait(false))
            throw LabErrors.ServiceFailed(name, words[0], program.ReadTail());
    }

    bool Answers(int port)
    {
        using Socket socket = _server!.Network.CreateSocket();
        try
        {
            socket.Connect(new IPEndPoint(LabNetwork.Server, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Starts a node's machine, or resets one that runs; null, or why it could not.</summary>
    async Task<string?> SwitchOnAsync(int index, bool reset, CancellationToken cancellationToken)
    {
        await _power.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            string name = LabNetwork.GetNodeName(index), socket = $"/run/{name}.qmp";
            if (_nodes.TryGetValue(index, out LabProgram? running) && running.IsAlive)
                return reset ? await QemuControl.ResetAsync(_site!.GetPath(socket), cancellationToken).ConfigureAwait(false) : null;
            IReadOnlyList<string> words = QemuCommand.GetWords(index, _options.MemoryMiB, Accelerator, Folder.GetLog(name + ".console"), socket);
            LabProgram program = await LabProgram.StartAsync(_site!, name, words, Folder.GetLog(name), cancellationToken).ConfigureAwait(false);
            _nodes[index] = program;
            _state.Add(new LabPart("program", name, program.Stamp));
            return await program.WaitAsync(() => File.Exists(_site!.GetPath(socket)), s_serviceLimit, cancellationToken).ConfigureAwait(false)
                ? null
                : program.ReadTail();
        }
        catch (G5kException e)
        {
            return e.Message;
        }
        finally
        {
            _power.Release();
        }
    }
}
