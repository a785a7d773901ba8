# A test parts a network of its own by `ip`; where that is missing, Debian's package has it.
# Sourced by `run`, which has `fail`.

have_ip() { command -v ip >/dev/null; }

install_ip() {
    local as_root=()
    ((EUID == 0)) || as_root=(sudo -n)
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
            iproute2 >/dev/null
}

need_ip() {
    have_ip && return
    local remedy="install the package iproute2 as root, or put ip on the PATH"
    command -v apt-get >/dev/null || fail "a test needs ip, and there is no apt-get to install it: $remedy"
    echo "ip is missing: installing Debian's package iproute2"
    install_ip || fail "iproute2 could not be installed: $remedy"
    have_ip || fail "iproute2 was installed, and ip is still not found: $remedy"
}
