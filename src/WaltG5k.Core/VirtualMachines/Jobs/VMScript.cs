using System.Globalization;
using System.Text;
using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.VirtualMachines.Jobs;

/// <summary>What a machine's script is told.</summary>
sealed record VMScriptSettings
{
    public string Name { get; init; } = "";
    /// <summary>On the front-end and on the nodes, which share the home.</summary>
    public string Folder { get; init; } = "";
    public int Cpu { get; init; } = 1;
    /// <summary>In MiB.</summary>
    public int Memory { get; init; } = 1024;
    /// <summary>QEMU's accelerator: <c>kvm</c>; <c>tcg</c> emulates the processor.</summary>
    public string Accelerator { get; init; } = "kvm";
    /// <summary>The value of <c>-drive</c>.</summary>
    public string Drive { get; init; } = "";
    /// <summary>Path of the seed; empty: none.</summary>
    public string Seed { get; init; } = "";
    /// <summary>Empty: behind the node.</summary>
    public string BridgeMac { get; init; } = "";
    /// <summary>Ports of the guest that the node opens.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];
    /// <summary>A shell line that makes the disk on the node, and the file it makes; empty: it is made already.</summary>
    public string Prepare { get; init; } = "";
    public string Scratch { get; init; } = "";
    /// <summary>The folder that the guest may mount; empty: none.</summary>
    public string Share { get; init; } = "";
    /// <summary>Further words for QEMU, quoted.</summary>
    public string Extra { get; init; } = "";
    /// <summary>How long the guest may take to switch itself off, in seconds: less than the checkpoint before the walltime.</summary>
    public int Grace { get; init; } = 45;
}

/// <summary>
/// The script that a machine's job runs on its node: a few assignments, then what is the same for all. It starts QEMU, writes where it stands into
/// the file <c>state</c> of the machine's folder, and at SIGUSR2 (the checkpoint, a stop) presses the power button and waits until the guest has
/// switched itself off; at SIGUSR1 the guest starts again afterwards.
/// </summary>
static class VMScript
{
    public const string FileName = "run.sh", StateFile = "state", SeedFile = "seed.iso", DiskFile = "disk.qcow2", ConsoleFile = "console.log",
        LogFile = "qemu.log", RecordFile = "vm.json";
    /// <summary>What ends the machine in good order, and what lets it start again; by number for oarsub, by name for oardel.</summary>
    public const int StopSignal = 12;
    public const string RestartSignalName = "SIGUSR1", StopSignalName = "SIGUSR2";
    public static readonly TimeSpan Checkpoint = TimeSpan.FromSeconds(60);

    public static string Render(VMScriptSettings settings)
    {
        var text = new StringBuilder("#!/bin/sh\n# Runs one virtual machine as a job of OAR. Written by WaltG5k at each start.\n");
        void Set(string name, string value) => text.Append(name).Append('=').Append(PosixShell.Quote(value)).Append('\n');
        Set("name", settings.Name);
        Set("folder", settings.Folder);
        Set("cpu", Text(settings.Cpu));
        Set("memory", Text(settings.Memory));
        Set("accel", settings.Accelerator);
        Set("drive", settings.Drive);
        Set("seed", settings.Seed);
        Set("mac", settings.BridgeMac);
        Set("guest_ports", string.Join(' ', settings.Ports.Select(Text)));
        Set("prepare", settings.Prepare);
        Set("scratch", settings.Scratch);
        Set("share", settings.Share);
        Set("extra", settings.Extra);
        Set("grace", Text(settings.Grace));
        return text.Append(Body.ReplaceLineEndings("\n")).ToString();
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    const string Body =
        """
        # ---
        umask 077
        export TMPDIR=/tmp
        ports= reason= qemu= stopping= again= first=$((20000 + ${OAR_JOB_ID:-$$} * 37 % 30000)) tries=0 tap= boots=0
        work=$(mktemp -d /tmp/walt-g5k-vm.XXXXXX) || exit 70

        # Readers see the old state or the new one.
        tell() {
            printf 'vm=%s\nphase=%s\njob=%s\nboots=%s\nports=%s\nreason=%s\n' "$name" "$1" "${OAR_JOB_ID:-}" "$boots" "$ports" "${2:-}" >"$folder/state.new" &&
                mv -f "$folder/state.new" "$folder/state"
        }

        clean() {
            rm -rf "$work"
            if [ -n "$scratch" ]; then rm -f "$scratch"; fi
        }

        fail() {
            ports=
            tell failed "$1"
            clean
            exit 1
        }

        # Presses the power button until the guest is off: one that still boots does not listen. One that never listens loses its power.
        press() {
            trap '' USR1 USR2 TERM INT HUP
            left=$grace
            while [ "$left" -gt 0 ] && kill -0 "$qemu" 2>/dev/null; do
                if [ $((left % 5)) -eq 0 ]; then echo system_powerdown 1<>"$work/control.in"; fi
                sleep 1
                left=$((left - 1))
            done
            kill -0 "$qemu" 2>/dev/null || return 0
            : >"$work/forced"
            kill -TERM "$qemu" 2>/dev/null
            sleep 2
            kill -KILL "$qemu" 2>/dev/null
        }

        power_down() {
            if [ "$1" = again ] && [ -z "$stopping" ]; then again=yes; else again=; fi
            if [ -n "$stopping" ]; then return 0; fi
            stopping=yes
            tell stopping
            if [ -n "$qemu" ]; then press & fi
        }
        trap 'power_down stop' USR2 TERM INT HUP
        trap 'power_down again' USR1

        # Ports of this node that nobody listens on, one for each of the guest's.
        choose_ports() {
            ports= forwards= port=$first
            for guest in $guest_ports; do
                while [ -n "$(ss -Hltn "sport = :$port" 2>/dev/null)" ]; do port=$((port + 1)); done
                ports="$ports${ports:+ }$guest:$port"
                forwards="$forwards,hostfwd=tcp::$port-:$guest"
                port=$((port + 1))
            done
        }

        launch() {
            rm -f "$work/control.in" "$work/control.out" "$work/forced"
            mkfifo "$work/control.in" "$work/control.out" || fail no-space
            set -- -name "$name" -accel "$accel" -m "$memory" -smp "cores=$cpu,threads=1,sockets=1" -rtc base=localtime -display none \
                -serial "file:$folder/console.log" -monitor "unix:$work/monitor,server=on,wait=off" \
                -chardev "pipe,id=control,path=$work/control" -mon chardev=control,mode=readline -drive "$drive"
            if [ "$accel" = kvm ]; then set -- "$@" -cpu host; fi
            if [ -n "$seed" ]; then set -- "$@" -drive "file=$seed,format=raw,if=virtio,readonly=on"; fi
            if [ -n "$mac" ]; then
                set -- "$@" -netdev "tap,id=net0,ifname=$tap,script=no,downscript=no" -device "virtio-net-pci,netdev=net0,mac=$mac"
            else
                set -- "$@" -netdev "user,id=net0$forwards" -device virtio-net-pci,netdev=net0
            fi
            if [ -n "$share" ]; then
                set -- "$@" -fsdev "local,id=fsdev0,security_model=none,path=$share" -device virtio-9p-pci,fsdev=fsdev0,mount_tag=hostshare
            fi
            eval "set -- \"\$@\" $extra"
            cat "$work/control.out" >/dev/null 2>&1 &
            drain=$!
            # What is sent to the whole job is meant for this script.
            (
                trap '' USR1 USR2
                exec "$program" "$@"
            ) >"$folder/qemu.log" 2>&1 </dev/null &
            qemu=$!
        }

        # A wait that a signal interrupts says nothing of QEMU.
        await() {
            while :; do
                wait "$qemu"
                code=$?
                kill -0 "$qemu" 2>/dev/null || break
            done
            kill "$drain" 2>/dev/null
        }

        program=$(command -v kvm || command -v qemu-system-x86_64) || fail no-qemu
        if [ "$accel" = kvm ]; then
            [ -w /dev/kvm ] || fail no-kvm
        else
            program=$(command -v qemu-system-x86_64) || fail no-qemu
        fi
        free=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo)
        if [ "${free:-$((memory * 1024))}" -lt $((memory * 1024)) ]; then fail no-memory; fi
        tell starting
        if [ -n "$prepare" ]; then eval "$prepare" >"$folder/qemu.log" 2>&1 || fail no-disk; fi
        if [ -n "$mac" ]; then tap=$(sudo create_tap) || fail no-tap; fi

        while :; do
            choose_ports
            if [ -z "$stopping" ]; then
                launch
                sleep 0.3
                if kill -0 "$qemu" 2>/dev/null && [ -z "$stopping" ]; then
                    boots=$((boots + 1))
                    tell running
                fi
                await
            fi
            if [ -n "$again" ]; then
                again= stopping= tries=0
            elif [ -z "$stopping" ] && [ "$tries" -lt 5 ] && grep -q 'host forwarding rule' "$folder/qemu.log"; then
                tries=$((tries + 1)) first=$((first + 101))
            else
                break
            fi
        done

        ports=
        if [ -n "$stopping" ]; then
            if [ -e "$work/forced" ]; then tell off forced; else tell off; fi
        elif [ "$code" -eq 0 ]; then
            tell off guest
        else
            fail "qemu: $(tail -n 1 "$folder/qemu.log")"
        fi
        clean
        exit 0

        """;
}
