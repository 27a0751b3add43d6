#!/usr/bin/env bash
# A laboratory for the integration tests: two sites of the real OAR (Debian's packages), each with a front-end
# that ssh reaches, its REST interface, and no compute node. `lab.sh` alone prints the commands.
#
# Each site is a container of its own, made of a mount, a host name and a process namespace: there /etc/oar,
# /var/lib/oar, the homes, /etc/hosts and the time zone are the site's. OAR's set-uid commands read
# /etc/oar/oar.conf whatever their environment says, so nothing less keeps two sites apart. The first process of
# the container outlives all others; when it is killed the kernel ends the rest. One PostgreSQL serves both.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in common packages database site services; do . "$here/lib/$part.sh"; done

usage() {
    cat <<'TEXT'
lab.sh install                     install the Debian packages that are missing; no daemon is started
lab.sh check                       status 0 when a laboratory can be made here, else one line that says why not
lab.sh up FOLDER PORT              make and start a laboratory; it uses the ports PORT to PORT+9
lab.sh start FOLDER                start what does not run
lab.sh stop FOLDER SITE SERVICE    end one service of a site: almighty, jobs (sshd), front (sshd), rest, web
lab.sh signal FOLDER SITE NAME     send a signal to all processes of a site's Almighty
lab.sh database FOLDER stop|start  the database of both sites
lab.sh as FOLDER SITE USER COMMAND…  run a command on a site's front-end, as root too
lab.sh down FOLDER                 end everything and remove the folder

Users are labalice (any number of reservations) and labbob (two). ssh -F FOLDER/ssh_config labalice@arles.
All need root and CAP_SYS_ADMIN. Packages and user accounts stay after `down`.
TEXT
}

up() {
    lab=$(realpath -m -- "$1") base=$2
    local problem
    problem=$(why_not) && die "$problem"
    [ ! -e "$lab" ] || die "$lab exists"
    [ ${#lab} -le 60 ] || die "the path $lab is too long for the socket in it"
    mkdir -p "$lab"
    chmod 755 "$lab"
    printf '%s\n' "$base" >"$lab/base"
    make_users
    make_database
    local site
    for site in "${SITES[@]}"; do make_site "$site" & done
    wait_all
    start_all
}

open_lab() {
    lab=$(realpath -m -- "$1")
    [ -f "$lab/base" ] || die "there is no laboratory in $lab"
    base=$(<"$lab/base")
}

start_all() {
    start_database
    local site
    for site in "${SITES[@]}"; do start_site "$site" & done
    wait_all
}

down() {
    [ -f "$1/base" ] || return 0
    open_lab "$1"
    local site
    for site in "${SITES[@]}"; do end_container "$site"; done
    stop_database
    rm -rf --one-file-system "$lab"
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
    install) install_packages ;;
    check) if why_not; then exit 1; fi ;;
    up) [ $# -eq 2 ] || die "up needs a folder and a port"; up "$@" ;;
    start) open_lab "$1"; start_all ;;
    stop) open_lab "$1"; stop_service "$2" "$3" ;;
    signal) open_lab "$1"; inside "$2" pkill "-$3" -f Almighty ;;
    database) open_lab "$1"; "$2_database" ;;
    as) open_lab "$1"; run_as "${@:2}" ;;
    down) down "$1" ;;
    *) usage; [ -z "$command" ] || exit 2 ;;
esac
