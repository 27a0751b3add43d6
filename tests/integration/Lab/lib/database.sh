# PostgreSQL for all sites, in the laboratory's folder, without a password and without care for a power cut.

postgres_program() { printf '%s\n' /usr/lib/postgresql/*/bin/"$1" | sort -V | tail -n 1; }
as_postgres() { (cd / && runuser -u postgres -- "$@"); }
sql() { psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$(port database)" -U "$1" -d "$2" "${@:3}"; }

make_database() {
    install -d -o postgres -g postgres -m 700 "$lab/database"
    as_postgres "$(postgres_program initdb)" -D "$lab/database" -A trust -E UTF8 --locale=C --no-sync >/dev/null
    cat >>"$lab/database/postgresql.conf" <<TEXT
port = $(port database)
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = off
full_page_writes = off
synchronous_commit = off
TEXT
    start_database
}

database_runs() { as_postgres "$(postgres_program pg_ctl)" -D "$lab/database" status >/dev/null 2>&1; }

start_database() {
    database_runs && return
    as_postgres "$(postgres_program pg_ctl)" -s -w -D "$lab/database" -l "$lab/database/log" start >/dev/null || die "the database did not start, see $lab/database/log"
}

stop_database() {
    if database_runs; then as_postgres "$(postgres_program pg_ctl)" -s -w -m fast -D "$lab/database" stop >/dev/null; fi
}

# The tables of a site: OAR's own, then the resources and the rules of this laboratory.
fill_database() {
    local site=$1 clusters exotic number
    clusters=$(clusters_of "$site")
    exotic=$(exotic_of "$site")
    case $site in arles) number=1 ;; *) number=2 ;; esac
    oar-database --create --conf="$lab/$site/etc/oar.conf" --db-admin-user=postgres --db-admin-pass=none >"$lab/$site/log/database" 2>&1 ||
        die "oar-database failed, see $lab/$site/log/database"
    {
        fill resources.sql SITE="$site" NUMBER=$number CLUSTERS="$clusters"
        fill rules.sql EXOTIC="$exotic"
        echo "ALTER SEQUENCE jobs_job_id_seq RESTART WITH ${number}00001;"   # the sites' ids can be told apart
    } | sql postgres "oar_$site" 2>"$lab/$site/log/sql" >/dev/null || die "the tables of $site could not be filled, see $lab/$site/log/sql"
}
