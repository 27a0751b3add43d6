# The files of a site: configuration, homes, keys.

# Each line: name, nodes, processors, cores of a processor, adapters, adapters under KaVLAN, memory in MB, exotic.
clusters_of() {
    case $1 in
        arles) echo "('argon',8,2,2,2,1,131072,'NO'), ('ambre',4,2,4,4,3,262144,'NO'), ('aster',2,1,2,1,1,65536,'YES')" ;;
        brest) echo "('basalt',6,2,2,2,1,131072,'NO'), ('bruyere',3,2,2,4,2,65536,'NO')" ;;
    esac
}
exotic_of() { case $1 in arles) echo aster ;; esac; }

make_users() {
    local user
    ssh-keygen -q -t ed25519 -N '' -C waltg5k-lab -f "$lab/id_users"
    for user in "${USERS[@]}"; do
        id "$user" >/dev/null 2>&1 || useradd -m -s /bin/bash "$user"
        usermod -p '*' "$user"   # no password, and yet not locked: without PAM sshd refuses locked accounts
    done
}

# set_option FILE KEY VALUE; without a value the option is commented out.
set_option() {
    sed -i -E "s|^[[:space:]]*#?[[:space:]]*$2[[:space:]]*=.*||" "$1"
    if [ $# -gt 2 ]; then printf '%s="%s"\n' "$2" "$3" >>"$1"; fi
}

make_site() {
    local site=$1 folder=$lab/$1
    mkdir -p "$folder"/{home,log,run,web}
    cp -a /etc/oar "$folder/etc"
    cp -a /var/lib/oar "$folder/var"
    rm -rf "$folder/var"/{pid_of*,oarsub_conn*,[0-9]*}
    install -o oar -m 644 /dev/null "$folder/log/oar"
    chown oar "$folder/run" "$folder/web"
    configure_oar "$site" "$folder/etc/oar.conf"
    printf 'labalice\n' >"$folder/var/unlimited_reservation.users"
    # oarsub -r and -I are called back at the front-end's own name.
    printf '127.0.0.1 localhost\n127.0.0.1 f%s f%s.%s.grid5000.fr %s\n' "$site" "$site" "$site" "$(uname -n)" >"$folder/hosts"
    sed -i -E "s/^Port .*/Port $(port jobs "$site")/; s/^#?ListenAddress 0\.0\.0\.0/ListenAddress 127.0.0.1/; /^(UsePrivilegeSeparation|KeepAlive|Protocol)/d" "$folder/etc/sshd_config"
    make_homes "$folder/home"
    make_front "$site"
    fill nginx.conf FOLDER="$folder" PORT="$(port web "$site")" >"$folder/nginx.conf"
    fill_database "$site"
}

configure_oar() {
    local site=$1 file=$2 option
    cp /usr/share/oar/oar-common/oar.conf "$file"
    while IFS='=' read -r option value; do
        case $option in
            '' | \#*) ;;
            -*) set_option "$file" "${option#-}" ;;
            *) set_option "$file" "$option" "$value" ;;
        esac
    done < <(fill oar.conf SITE="$site" DATABASE="$(port database)" ALMIGHTY="$(port almighty "$site")" JOBS="$(port jobs "$site")" LOG="$lab/$site/log/oar")
    chown oar:root "$file"
    chmod 600 "$file"
}

make_homes() {
    local user
    for user in "${USERS[@]}"; do
        cp -r /etc/skel "$1/$user"
        install -d -m 700 "$1/$user/.ssh"
        install -m 600 "$lab/id_users.pub" "$1/$user/.ssh/authorized_keys"
        chown -R "$user:" "$1/$user"
        chmod 755 "$1/$user"
    done
}

make_front() {
    local site=$1 folder=$lab/$1
    ssh-keygen -q -t ed25519 -N '' -C "f$site" -f "$folder/front_key"
    fill sshd.conf FOLDER="$folder" PORT="$(port front "$site")" USERS="${USERS[*]}" >"$folder/sshd.conf"
    # One line each: written at once, so that the sites' lines do not mix.
    printf '%s %s\n' "$site" "$(<"$folder/front_key.pub")" >>"$lab/known_hosts"
    printf '%s\n' "$(fill ssh_config SITE="$site" PORT="$(port front "$site")" LAB="$lab")" >>"$lab/ssh_config"
}
