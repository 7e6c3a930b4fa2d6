# Shared by tests/newer-gtk and flatpak/try, which source it after common.sh: a Debian trixie of its
# own in build-trixie/tree, with everything that the product needs to be built and tested. POSIX sh.
# shellcheck shell=sh

trixie=$PWD/build-trixie
tree=$trixie/tree

# trixie_packages: what goes into it, separated by commas: the sets build and test, except for what
# only some systems have; a font for Japanese; and a locale (below).
trixie_packages () {
  awk '$1 ~ /^(build|test)$/ && $2 !~ /^\?/ { printf "%s,", $2 }' build-aux/packages
  say fonts-noto-cjk,locales
}

# trixie_tree: makes it, or brings it up to date with the list of packages.
trixie_tree () {
  need trixie
  packages=$(trixie_packages)
  [ "$packages" != "$(cat "$trixie/packages" 2>/dev/null)" ] || return 0
  rm -rf "$tree" "$trixie/packages"
  mkdir -p "$trixie"
  # shellcheck disable=SC2016 # the hooks' own $1 is the tree
  logged "Making a Debian trixie in $tree (some minutes)" mmdebstrap --variant=apt \
    --aptopt='APT::Install-Recommends "false"' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' --customize-hook='mkdir "$1/mimamori"' \
    --customize-hook='chroot "$1" localedef -i en_US -f UTF-8 en_US.UTF-8' \
    --include="$packages" trixie "$tree"
  say "$packages" >"$trixie/packages"
}

# Newer C libraries let LANGUAGE choose the language in real locales only, not in C.UTF-8.
trixie_locale=en_US.UTF-8

# in_trixie COMMAND…: runs it there; the checkout is /mimamori, and the rest cannot be written to.
in_trixie () {
  bwrap --ro-bind "$tree" / --dev /dev --proc /proc --tmpfs /tmp --tmpfs /run --tmpfs /var/tmp \
    --bind "$PWD" /mimamori --chdir /mimamori --die-with-parent --unshare-pid --unshare-ipc \
    --unshare-net --clearenv --setenv PATH /usr/bin:/bin:/usr/sbin:/sbin --setenv HOME /tmp \
    --setenv LANG $trixie_locale --setenv PYTHONDONTWRITEBYTECODE 1 "$@"
}
