# The containers and what runs in them.

# The first process of the site's container, as seen from outside.
first_process() { local outer; outer=$(cat "$lab/$1/container" 2>/dev/null) && pgrep -P "$outer" 2>/dev/null | head -n 1; }
container_runs() {
    local first
    first=$(first_process "$1")
    [ -n "$first" ] && [ -f "$lab/$1/ready" ] && tr '\0' ' ' <"/proc/$first/cmdline" | grep -q "waltg5k-lab $lab/$1"
}
inside() {
    local first
    first=$(first_process "$1")
    [ -n "$first" ] || die "$1 does not run"
    nsenter --target "$first" --mount --uts --pid --root --wd -- "${@:2}"
}
run_as() {
    inside "$1" runuser -l "$2" -c "$(printf '%q ' "${@:3}")"
}

start_container() {
    local site=$1 folder=$lab/$1 user mounts
    rm -f "$folder/ready" "$folder"/run/*
    mounts=("$folder/etc" /etc/oar "$folder/var" /var/lib/oar "$folder/hosts" /etc/hosts /usr/share/zoneinfo/Europe/Paris /etc/localtime)
    for user in "${USERS[@]}"; do mounts+=("$folder/home/$user" "$(getent passwd "$user" | cut -d: -f6)"); done
    # The last word becomes the first process: it does nothing but take leave of the processes that have lost their parents.
    # shellcheck disable=SC2016
    setsid unshare --mount --uts --pid --fork --mount-proc --kill-child --propagation private bash -c '
        set -e
        folder=$1 site=$2
        shift 2
        while [ $# -gt 0 ]; do mount --bind "$1" "$2"; shift 2; done
        hostname "f$site"
        touch "$folder/ready"
        exec -a "waltg5k-lab $folder" perl -e '\''$SIG{CHLD} = "IGNORE"; sleep 1000 while 1'\'' "waltg5k-lab $folder"' \
        container "$folder" "$site" "${mounts[@]}" </dev/null >"$folder/log/container" 2>&1 &
    echo $! >"$folder/container"
    disown
    within_seconds 10 container_runs "$site" || die "the container of $site was not made: $(tail -n 2 "$folder/log/container")"
}

end_container() {
    local outer
    outer=$(cat "$lab/$1/container" 2>/dev/null) || return 0
    if container_runs "$1"; then kill -KILL "$(first_process "$1")"; fi
    within_seconds 10 eval "! kill -0 $outer 2>/dev/null" || true
    rm -f "$lab/$1/container" "$lab/$1/ready"
}

service_runs() { [ -s "$lab/$1/run/$2.pid" ] && inside "$1" kill -0 "$(<"$lab/$1/run/$2.pid")" 2>/dev/null; }

stop_service() {
    service_runs "$1" "$2" || return 0
    local pid
    pid=$(<"$lab/$1/run/$2.pid")
    inside "$1" kill -TERM "$pid"
    within_seconds 5 eval "! inside $1 kill -0 $pid 2>/dev/null" || inside "$1" kill -KILL "$pid"
    # Almighty's modules and the children of the others must not live on without it.
    case $2 in almighty) inside "$1" pkill -KILL -f 'Almighty|bipbip|MetaSched|NodeChangeState|sarko|Leon' || true ;; esac
}

# Starts a program of a site in the background, with its own number in the pid file.
start_service() {
    local site=$1 name=$2
    shift 2
    # shellcheck disable=SC2016
    inside "$site" setsid -f bash -c 'echo $$ >"$1"; cd /; shift; exec "$@"' service "$lab/$site/run/$name.pid" "$@" </dev/null >"$lab/$site/log/$name" 2>&1
}

start_site() {
    local site=$1 folder=$lab/$1
    container_runs "$site" || start_container "$site"
    mkdir -p /run/sshd
    service_runs "$site" jobs || start_service "$site" jobs /usr/sbin/sshd -D -e -f /etc/oar/sshd_config -o PidFile=none
    service_runs "$site" front || start_service "$site" front /usr/sbin/sshd -D -e -f "$folder/sshd.conf" -o PidFile=none
    service_runs "$site" almighty || start_service "$site" almighty /usr/sbin/Almighty
    service_runs "$site" web || start_service "$site" web nginx -c "$folder/nginx.conf" -e "$folder/log/nginx" -g 'daemon off;'
    if ! service_runs "$site" rest; then
        rm -f "$folder/run/rest.socket"
        start_service "$site" rest setpriv --reuid=oar --regid=oar --init-groups perl "$here/lib/fastcgi.pl" "$folder/run/rest.socket" 2 /usr/lib/cgi-bin/oarapi/oarapi.cgi
    fi
    local name
    for name in almighty front jobs web; do
        within_seconds 10 is_listening "$(port $name "$site")" || die "$name of $site did not start: $(tail -n 2 "$folder/log/$name")"
    done
    within_seconds 10 test -S "$folder/run/rest.socket" || die "the REST interface of $site did not start: $(tail -n 2 "$folder/log/rest")"
}
