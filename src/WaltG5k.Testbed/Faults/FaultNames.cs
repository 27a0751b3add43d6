namespace WaltG5k.Testbed.Faults;

/// <summary>Every fault that the testbed knows.</summary>
public static class FaultNames
{
    public const string OarRefuses = "oar-refuses";                    // :site — oarsub answers that nothing is available
    public const string OarStartsLate = "oar-starts-late";             // :site=seconds — the reservation starts late and its walltime is cut
    public const string OarKillsWaiting = "oar-kills-waiting";         // :site — a waiting job is deleted by an administrator
    public const string OarKillsRunning = "oar-kills-running";         // :site=seconds after its start
    public const string OarServerDown = "oar-server-down";             // :site — a program cannot tell OAR anything: it only notes its request
    public const string OarDatabaseDown = "oar-database-down";         // :site — reading programs end with 25, the others hang
    public const string OarRestDown = "oar-rest-down";                 // :site — OAR's own interface answers 502
    public const string ApiDown = "api-down";                          // :site, status or vlans — the reference API answers 503 there
    public const string ApiSilent = "api-silent";                      // :site, status or vlans — the reference API never answers there
    public const string ApiFails = "api-fails";                        // :site, GET, POST, deployments, vlans … — the API answers 500 there, and does nothing
    public const string ApiAnswerLost = "api-answer-lost";             // :site, POST, deployments … — the API does what it was asked, and answers 502
    public const string ApiWantsLogin = "api-wants-login";             // =password — the API as from outside: 401 without basic authentication
    public const string ApiDeploymentStuck = "api-deployment-stuck";   // :site — a deployment of the API stays in processing for ever
    public const string OarSlowValidation = "oar-slow-validation";     // :site=seconds until a reservation is answered
    public const string OarLosesNodes = "oar-loses-nodes";             // :site=count — reserved nodes are Absent at the start of a reservation
    public const string OarWalltimeDisabled = "oar-walltime-disabled"; // :site — walltimes cannot be changed
    public const string OarQuota = "oar-quota";                        // :site=jobs of one user at a time; a further one waits without a prediction or a reason
    public const string OarPrologueFails = "oar-prologue-fails";       // :site — a job ends in error as it is launched, and is submitted again
    public const string OarsubKilled = "oarsub-killed";                // :site — oarsub dies before a reservation is answered, which stays unacknowledged
    public const string OarsubDisconnected = "oarsub-disconnected";    // :site — its connection is lost before a reservation is answered, which is deleted
    public const string NodeStandby = "node-standby";                  // :node, cluster or site — switched off to save energy until a job needs it
    public const string KadeployFails = "kadeploy-fails";              // :node — the node fails its deployment; exit status 0 all the same
    public const string KadeployOld = "kadeploy-old";                  // :site — the site has version 3.3 of Kadeploy
    public const string KadeployStepFails = "kadeploy-step-fails";     // :node=STEP — the node is KO there: wait_reboot, BroadcastEnvKascade-sync, or a macro-step
    public const string KadeployStepHangs = "kadeploy-step-hangs";     // :node=STEP — the step lasts until its macro-step's time is over
    public const string KadeployNeverEnds = "kadeploy-never-ends";     // :cluster or site — all nodes are through, and the operation goes on all the same
    public const string KadeploySilent = "kadeploy-silent";            // :cluster or site — of failed nodes only the list at the end tells
    public const string KadeployVlanUnknown = "kadeploy-vlan-unknown"; // :node — its name in the VLAN does not resolve
    public const string NodeCut = "node-cut";                          // :node — a connection to it breaks in the middle of what a command prints
    public const string FrontendDiskFull = "frontend-disk-full";       // :site — what programs write into files there ends in the middle
    public const string KavlanNoRights = "kavlan-no-rights";           // :site[=seconds] — the user's right does not reach that site (for a while)
    public const string KavlanNotSet = "kavlan-not-set";               // :node or site — kavlan says done, the node stays where it was
    public const string KavlanOld = "kavlan-old";                      // :site — an old version: -g tells the gateway, and nothing where a node is
    public const string WaltSetupFails = "walt-setup-fails";           // the server's set-up command fails
    public const string WaltSilent = "walt-silent";                    // :method — the RPC call is never answered
    public const string WaltDrops = "walt-drops";                      // :method — the connection is closed in the middle of the call
    public const string WaltSlowMount = "walt-slow-mount";             // =seconds until set_image takes effect
    public const string WaltCloneFails = "walt-clone-fails";           // :link — the registry breaks the transfer off
    public const string WaltBuildFails = "walt-build-fails";           // :image — a command of the Dockerfile fails
    public const string WaltDiskFull = "walt-disk-full";               // clones, builds and copies into images find no space on the server
    public const string NodeNeverBoots = "node-never-boots";           // :node
    public const string NodeBootsAtHardReboot = "node-needs-hard-reboots"; // :node=n — only the n-th hard reboot brings it up
    public const string NodeKexecFails = "node-kexec-fails";           // :node — a kexec reboot does not bring the node back
    public const string NbfsMountFails = "nbfs-mount-fails";           // :node — its root file system does not come by NBFS
    public const string SpeculationFails = "speculative-root-fails";   // :node — its speculative root does not come
    public const string WaltTftpOnly = "walt-tftp-only";               // the boot scripts fetch by TFTP alone
    public const string SiteFar = "site-far";                          // :site=milliseconds — the round trip between it and the other sites
    public const string SiteDead = "site-dead";                        // :site — no node of the site boots
    public const string NodeBusy = "node-busy";                        // :node — its sshd drops connections before it says who it is
    public const string NodeHangs = "node-hangs";                      // :node — its sshd accepts connections and then says nothing
    public const string NodeSlow = "node-slow";                        // :node=seconds until its sshd lets anybody in
    public const string NodePowerFails = "node-power-fails";           // :node, cluster, site or level — its management controller does nothing
    public const string WaltNoHypervisor = "walt-no-hypervisor";       // the server's processor has no virtual machines
    public const string NodeDies = "node-dies";                        // :node=PROGRAM — it dies for good when that program is run on it
    public const string NodeDiskFull = "node-disk-full";               // :node — what programs write into images there finds no space
    public const string NodeCommandFails = "node-command-fails";       // :node=PROGRAM — the program fails there with a status of 1 and a message
    public const string GuestSilent = "guest-silent";                  // :machine, host, cluster or site — it runs, and its sshd never answers
    public const string GuestDeaf = "guest-deaf";                      // :machine, host, cluster or site — it does not listen to its power button
    public const string NodeNoKvm = "node-no-kvm";                     // :node, cluster or site — its processor's virtualisation may not be used
    public const string PortTaken = "port-taken";                      // :node, cluster or site — somebody listens on the port that was found free
    public const string CommandFails = "command-fails";                // :program — ends with a status of 1 and a message
    public const string FrontendSlow = "frontend-slow";                // :site=seconds added to each command
    public const string FrontendLost = "frontend-lost";                // :site or program=seconds into a command, until its connection breaks; it goes on there
    public const string ClockJumps = "clock-jumps";                    // =seconds, once, at the first wait

    /// <summary>All of them, for messages and completion.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        OarRefuses, OarStartsLate, OarKillsWaiting, OarKillsRunning, OarServerDown, OarDatabaseDown, OarRestDown, ApiDown, ApiSilent,
        ApiFails, ApiAnswerLost, ApiWantsLogin, ApiDeploymentStuck, OarSlowValidation, OarLosesNodes, OarWalltimeDisabled, OarQuota,
        OarPrologueFails, OarsubKilled, OarsubDisconnected, NodeStandby, KadeployFails, KadeployOld, KadeployStepFails, KadeployStepHangs,
        KadeployNeverEnds, KadeploySilent, KadeployVlanUnknown, NodeCut, FrontendDiskFull, KavlanNoRights, KavlanNotSet, KavlanOld, WaltSetupFails,
        WaltSilent, WaltDrops, WaltSlowMount, WaltCloneFails, WaltBuildFails, WaltDiskFull, NodeNeverBoots, NodeBootsAtHardReboot,
        NodeKexecFails, NbfsMountFails, SpeculationFails, WaltTftpOnly, SiteFar, SiteDead, NodeBusy, NodeHangs, NodeSlow, NodePowerFails, WaltNoHypervisor,
        NodeDies, NodeDiskFull, NodeCommandFails, GuestSilent, GuestDeaf, NodeNoKvm, PortTaken, CommandFails, FrontendSlow, FrontendLost, ClockJumps,
    ];

    /// <summary>Whether the fault says nothing without a number behind <c>=</c>.</summary>
    internal static bool NeedsNumber(string name) =>
        name is OarStartsLate or OarKillsRunning or OarSlowValidation or OarLosesNodes or OarQuota or WaltSlowMount or NodeBootsAtHardReboot or SiteFar
            or NodeSlow or FrontendSlow or FrontendLost or ClockJumps;
}
