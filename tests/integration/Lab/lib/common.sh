# What all parts share: the sites, their ports, waiting, templates.

SITES=(arles brest)
USERS=(labalice labbob)

say() { printf '%s\n' "$*" >&2; }
die() { say "lab.sh: $*"; exit 1; }

# port WHAT [SITE]: the ports of a laboratory follow each other from its base.
port() {
    local n
    case ${2:-} in '' | arles) n=0 ;; brest) n=1 ;; *) die "there is no site '$2'" ;; esac
    case $1 in
        database) echo "$base" ;;
        almighty) echo $((base + 2 + n)) ;;
        jobs) echo $((base + 4 + n)) ;;
        front) echo $((base + 6 + n)) ;;
        web) echo $((base + 8 + n)) ;;
    esac
}

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# within_seconds N COMMAND…: repeats the command until it succeeds.
within_seconds() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.05
    done
}

# The end of all background jobs; one that failed fails all.
wait_all() {
    local job failed=0
    for job in $(jobs -p); do wait "$job" || failed=1; done
    [ $failed -eq 0 ] || exit 1
}

# fill TEMPLATE NAME=VALUE…: the template with each @NAME@ replaced.
fill() {
    local template=$here/templates/$1 text pair
    shift
    text=$(<"$template")
    for pair in "$@"; do text=${text//@${pair%%=*}@/${pair#*=}}; done
    printf '%s\n' "$text"
}
