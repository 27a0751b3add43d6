#!/usr/bin/env bash
# What the tests of the boot lab need of Debian: QEMU, iPXE, dnsmasq, nfs-ganesha and what images are made with.
#   bootlab.sh install   install the packages that are missing; no daemon is started
#   bootlab.sh check     status 0 when the lab can run here, else one line that says why not
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in common packages; do . "$here/../Lab/lib/$part.sh"; done
# kexec-tools is a node's: it goes into the image.
PACKAGES=(qemu-system-x86 ipxe-qemu dnsmasq-base nfs-ganesha nfs-ganesha-vfs rpcbind mmdebstrap squashfs-tools iproute2 openssh-client util-linux)
EXTRAS=()

why_no_lab() {
    if [ "$EUID" -ne 0 ]; then echo "only root can make the lab's namespaces"; return; fi
    if ! command -v dpkg-query >/dev/null; then echo "this is no Debian: its packages are not to be had"; return; fi
    local missing
    mapfile -t missing < <(missing_packages "${PACKAGES[@]}")
    if [ ${#missing[@]} -gt 0 ]; then echo "packages are missing (run tests/integration/BootLab/bootlab.sh install): ${missing[*]}"; return; fi
    if [ ! -c /dev/net/tun ]; then echo "there is no /dev/net/tun"; return; fi
    if ! unshare --net --mount --pid --fork --mount-proc true 2>/dev/null; then echo "namespaces cannot be made here (CAP_SYS_ADMIN is missing)"; return; fi
    return 1
}

case ${1:-} in
    install) install_packages ;;
    check) if why_no_lab; then exit 1; fi ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
