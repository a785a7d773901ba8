# The tests start a PostgreSQL of their own; where its binaries are missing, Debian's package has them.
# Sourced by `run`, which has `fail`.

POSTGRES_FOLDERS=${POSTGRES_FOLDERS:-/usr/lib/postgresql} # where Debian keeps them, by version
POSTGRES_SETTINGS=${POSTGRES_SETTINGS:-/etc/postgresql-common/createcluster.conf}

have_postgres() {
    local folder folders
    IFS=: read -ra folders <<<"$PATH"
    for folder in "$POSTGRES_FOLDERS"/*/bin "${folders[@]}"; do
        [[ -x "$folder/initdb" && -x "$folder/postgres" ]] && return 0
    done
    return 1
}

# Without a server of its own: nothing but the tests is to start one.
install_postgres() {
    local as_root=()
    ((EUID == 0)) || as_root=(sudo -n)
    "${as_root[@]}" mkdir -p "${POSTGRES_SETTINGS%/*}" &&
        { [[ -e "$POSTGRES_SETTINGS" ]] ||
            echo 'create_main_cluster = false' | "${as_root[@]}" tee "$POSTGRES_SETTINGS" >/dev/null; } &&
        "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
            -o Dpkg::Options::=--force-confold postgresql >/dev/null
}

need_postgres() {
    have_postgres && return
    local remedy="install the package postgresql as root, or put initdb and postgres on the PATH"
    command -v apt-get >/dev/null || fail "the tests need PostgreSQL, and there is no apt-get to install it: $remedy"
    echo "PostgreSQL is missing: installing Debian's package, without a server of its own"
    install_postgres || fail "PostgreSQL could not be installed: $remedy"
    have_postgres || fail "PostgreSQL was installed, and initdb and postgres are still not found: $remedy"
}
