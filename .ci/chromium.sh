# The tests look at reports in a real browser; where there is none, Debian's package has one.
# Sourced by `run`, which has `fail`.

have_chromium() { command -v chromium >/dev/null; }

install_chromium() {
    local as_root=()
    ((EUID == 0)) || as_root=(sudo -n)
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
            chromium fonts-dejavu-core >/dev/null
}

need_chromium() {
    have_chromium && return
    local remedy="install the package chromium as root, or put chromium on the PATH"
    command -v apt-get >/dev/null || fail "the tests need Chromium, and there is no apt-get to install it: $remedy"
    echo "Chromium is missing: installing Debian's package"
    install_chromium || fail "Chromium could not be installed: $remedy"
    have_chromium || fail "Chromium was installed, and is still not found: $remedy"
}
