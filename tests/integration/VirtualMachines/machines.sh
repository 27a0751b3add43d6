#!/usr/bin/env bash
# What the tests of virtual machines need: QEMU and the programs that look into images (Debian's packages), and a guest of our own: Debian's kernel
# for clouds, taken out of its package without being installed, and a root file system in memory with busybox. `machines.sh` alone prints the commands.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../Lab/lib/common.sh"
. "$here/../Lab/lib/packages.sh"

PACKAGES=(qemu-utils qemu-system-x86 genisoimage busybox-static)
EXTRAS=()
MODULES=(virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci failover net_failover virtio_net virtio_blk button evdev cdrom isofs)

usage() {
    cat <<'TEXT'
machines.sh install        install the Debian packages that are missing
machines.sh check          status 0 when the tests can run here, else one line that says why not
machines.sh guest FOLDER   make FOLDER/vmlinuz and FOLDER/initrd.img, which serve by HTTP what the seed says
TEXT
}

why_no_machines() {
    if [ "$EUID" -ne 0 ]; then echo "only root can install what is missing and mount images"; return; fi
    if ! command -v dpkg-deb >/dev/null || ! command -v apt-get >/dev/null; then echo "this is no Debian"; return; fi
    local missing
    mapfile -t missing < <(missing_packages "${PACKAGES[@]}")
    if [ ${#missing[@]} -gt 0 ]; then echo "packages are missing (run tests/integration/VirtualMachines/machines.sh install): ${missing[*]}"; return; fi
    return 1
}

make_guest() {
    local folder kernel root module
    folder=$(realpath -m -- "$1")
    mkdir -p "$folder/root"/{bin,dev,proc,sys,seed,www,modules,etc/acpi/PWRF} "$folder/package"
    kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1)
    [ -n "$kernel" ] || die "apt knows no linux-image-cloud-amd64: run apt-get update"
    (cd "$folder/package" && apt-get -q -o Acquire::Retries=2 download "$kernel") >"$folder/log" 2>&1 || { tail -n 3 "$folder/log" >&2; die "$kernel cannot be downloaded"; }
    dpkg-deb --fsys-tarfile "$folder/package"/*.deb | tar -x -C "$folder/package" --wildcards './boot/vmlinuz-*' $(printf "*/%s.ko " "${MODULES[@]}")
    mv "$folder/package"/boot/vmlinuz-* "$folder/vmlinuz"
    root=$folder/root
    cp "$(command -v busybox)" "$root/bin/busybox"
    for module in "${MODULES[@]}"; do find "$folder/package/lib" -name "$module.ko" -exec cp {} "$root/modules/" \;; done
    printf '#!/bin/sh\npoweroff -f\n' >"$root/etc/acpi/PWRF/00000080"
    sed "s/@MODULES@/${MODULES[*]}/" "$here/init.sh" >"$root/init"
    chmod 755 "$root/init" "$root/etc/acpi/PWRF/00000080"
    (cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$folder/initrd.img"
    rm -rf "$folder/package" "$root"
}

command=${1:-}
case $command in
    install) install_packages ;;
    check) if why_no_machines; then exit 1; fi ;;
    guest) [ $# -eq 2 ] || die "guest needs a folder"; make_guest "$2" ;;
    *) usage ;;
esac
