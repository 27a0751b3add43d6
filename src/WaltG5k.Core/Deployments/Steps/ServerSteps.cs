using System.Text.Json;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Core.Deployments.Steps;

/// <summary>The server: its system, its WalT software, its configuration.</summary>
static class ServerSteps
{
    /// <summary>Where WalT's authors publish the environment of each version.</summary>
    public const string DefaultEnvironment = "http://public.grenoble.grid5000.fr/~eduble/walt-server-10.0.yaml";
    /// <summary>What the second way starts from.</summary>
    public const string DefaultSystem = "debian12-min";
    const string PackagesFolder = "/opt/walt-10.0";

    public static string EnvironmentOf(DeploymentRequest request) =>
        request.ServerEnvironment ?? (request.Installation == ServerInstallation.Packages ? DefaultSystem : DefaultEnvironment);

    /// <summary>A file or URL is a description for <c>kadeploy3 -a</c>; anything else is a registered name.</summary>
    static bool IsDescription(string environment) =>
        environment.Contains("://", StringComparison.Ordinal) || environment.StartsWith('/')
        || environment.EndsWith(".yaml", StringComparison.Ordinal) || environment.EndsWith(".dsc", StringComparison.Ordinal);

    public static DeploymentStep Deploy(string site) =>
        new("server.deploy", "Deploy the server's system with Kadeploy", async (context, cancellationToken) =>
    {
        string environment = EnvironmentOf(context.Request);
        var request = new KadeployRequest { Nodes = [context.Facts.Server!], Environment = environment, IsDescription = IsDescription(environment) };
        KadeployRun run = await context.Kadeploy(site).DeployAsync(request, happened =>
        {
            // The boot loader is the last thing to be installed; what is left is the boot itself.
            bool boots = happened is MicroStepStarted { MicroStep: "install_bootloader" }
                || (happened is MacroStepStarted macro && macro.MacroStep.StartsWith("BootNewEnv", StringComparison.Ordinal));
            if (boots) context.SignalServerBoots();
        }, cancellationToken).ConfigureAwait(false);
        KadeployResult node = run.Results[0];
        if (node.IsOk) return $"{environment} on {context.Facts.Server}";
        throw new G5kException("KadeployServerFailed", ErrorKind.ResourceUnavailable,
            $"Kadeploy did not install {context.Facts.Server}: {node.Reason ?? "no reason given"}{(node.Step is null ? "" : $" (step {node.Step})")}.", context.Facts.Server,
            $"Look at its console: kaconsole3 -m {context.Facts.Server} (on f{site}); then Resume-WaltDeployment, or deploy on other nodes.");
    })
    { Needs = [$"resources.{site}"], Attempts = 2, Timeout = TimeSpan.FromMinutes(30), Expected = TimeSpan.FromMinutes(5) };

    /// <summary>The moment from which the nodes may be rebooted: their firmware takes longer than what is then left to do on the server.</summary>
    public static DeploymentStep Booting() => new("server.boot", "Wait until the server boots its new system", async (context, cancellationToken) =>
    {
        await context.ServerBoots(cancellationToken).ConfigureAwait(false);
        return "nodes may reboot";
    })
    { Needs = [], Expected = TimeSpan.FromMinutes(4), Timeout = TimeSpan.FromMinutes(65) };

    /// <summary>The second way: WalT from Python packages on a plain Debian.</summary>
    public static DeploymentStep Install() => new("server.install", "Install WalT on the server from packages", async (context, cancellationToken) =>
    {
        string[][] commands =
        [
            ["apt-get", "update"],
            ["apt-get", "install", "-y", "gcc", "python3-venv", "python3-dev", "libsmi2-dev"],
            ["python3", "-m", "venv", PackagesFolder],
            [$"{PackagesFolder}/bin/pip", "install", "walt-server", "walt-client"],
        ];
        foreach (string[] command in commands)
            (await context.ServerShell.RunAsync(command, TimeSpan.FromMinutes(10), cancellationToken).ConfigureAwait(false))
                .EnsureSuccess("WaltNotInstalled", $"WalT could not be installed on {context.Facts.Server}", context.Facts.Server,
                    "The server needs the internet for Debian and Python packages; try again, or use the ready environment (without -Installation Packages).");
        return "walt-server and walt-client";
    })
    { Needs = ["server.deploy"], Attempts = 2, Timeout = TimeSpan.FromMinutes(30), Expected = TimeSpan.FromMinutes(3) };

    public static DeploymentStep Configure(bool installed) =>
        new("server.configure", "Configure WalT on the server", async (context, cancellationToken) =>
    {
        NodeShell shell = context.ServerShell;
        string setup = context.Request.Installation == ServerInstallation.Packages ? $"{PackagesFolder}/bin/walt-server-setup" : "walt-server-setup";
        (await shell.RunAsync(["mkdir", "-p", "/etc/walt"], TimeSpan.FromSeconds(60), cancellationToken).ConfigureAwait(false))
            .EnsureSuccess("ServerNotConfigured", $"{context.Facts.Server} does not take commands", context.Facts.Server,
            $"Look at it: ssh root@{context.Facts.Server}");
        await shell.WriteFileAsync("/etc/walt/server.conf", ServerConfiguration(context.Facts.ServerNic!), cancellationToken).ConfigureAwait(false);
        (await shell.RunAsync([setup], TimeSpan.FromMinutes(10), cancellationToken).ConfigureAwait(false))
            .EnsureSuccess("ServerNotConfigured", $"walt-server-setup failed on {context.Facts.Server}", context.Facts.Server,
                $"Look at 'journalctl -u walt-server' there (ssh root@{context.Facts.Server}); then Resume-WaltDeployment.");
        await WaitAnswerAsync(context, cancellationToken).ConfigureAwait(false);
        return $"WalT answers on {context.Facts.Server}";
    })
    { Needs = [installed ? "server.install" : "server.deploy", "vlan.server", "vlan.dhcp"], Attempts = 2, Timeout = TimeSpan.FromMinutes(15),
        Expected = TimeSpan.FromSeconds(60) };

    public static string ServerConfiguration(string nic) =>
        $"{{\"network\": {{\"walt-net\": {{\"raw-device\": {JsonSerializer.Serialize(nic)}, \"ip\": \"{WaltNetwork.Server}/{WaltNetwork.PrefixLength}\"}}}}}}\n";

    static async Task WaitAnswerAsync(DeploymentContext context, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                await context.Server.GetNodesAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (G5kException) when (tries < 20)   // its services start one after the other
            {
                await Task.Delay(TimeSpan.FromSeconds(3), context.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public static DeploymentStep ClientConfiguration() => new("client.conf", "Point the walt command at the server", (context, _) =>
    {
        WaltClientConfiguration.Write(Path.Combine(context.Grid.HomeDirectory, ".walt", "config"), context.Facts.Server!, DeploymentContext.WaltUser);
        return Task.FromResult("~/.walt/config");
    })
    { Needs = ["server.configure"], Expected = TimeSpan.Zero };
}
