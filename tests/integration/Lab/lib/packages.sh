# Debian's packages, and whether this machine can hold a laboratory at all.

# oar-user does not ask for libjson-perl, but its -J does. oar-node brings the configuration of the sshd for jobs.
PACKAGES=(oar-server oar-server-pgsql oar-user oar-user-pgsql oar-node oar-restful-api libjson-perl
    postgresql openssh-server openssh-client nginx-light util-linux procps tzdata)
# Without these the tests of carrying commands by TakTuk are skipped.
EXTRAS=(taktuk)

missing_packages() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || echo "$package"
    done
}

install_packages() {
    local missing log guard=/usr/sbin/policy-rc.d ours=no status=0
    [ "$EUID" -eq 0 ] || die "packages can only be installed by root"
    command -v apt-get >/dev/null || die "this is no Debian: there is no apt-get"
    mapfile -t missing < <(missing_packages "${PACKAGES[@]}" "${EXTRAS[@]}")
    [ ${#missing[@]} -gt 0 ] || return 0
    # While this file is there, packages do not start their daemons: sshds on the ports 22 and 6667, a web server, a database.
    if [ ! -e $guard ]; then
        printf '#!/bin/sh\nexit 101\n' >$guard
        chmod 755 $guard
        ours=yes
    fi
    log=$(mktemp)
    {
        apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 update &&
            DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"
    } >"$log" 2>&1 </dev/null || status=$?
    if [ $ours = yes ]; then rm -f $guard; fi
    if [ $status -ne 0 ]; then
        tail -n 5 "$log" >&2
        rm -f "$log"
        die "the packages ${missing[*]} could not be installed"
    fi
    rm -f "$log"
}

# Prints why no laboratory can be made here; status 1 when nothing is in the way.
why_not() {
    if [ "$EUID" -ne 0 ]; then echo "only root can make the laboratory's namespaces"; return; fi
    if ! command -v dpkg-query >/dev/null; then echo "this is no Debian: OAR's packages are not to be had"; return; fi
    local missing
    mapfile -t missing < <(missing_packages "${PACKAGES[@]}")
    if [ ${#missing[@]} -gt 0 ]; then echo "packages are missing (run tests/integration/Lab/lab.sh install): ${missing[*]}"; return; fi
    if ! unshare --mount --uts --pid --fork --mount-proc true 2>/dev/null; then echo "namespaces cannot be made here (CAP_SYS_ADMIN is missing; a container needs --privileged)"; return; fi
    return 1
}
