# Shared by ./run and ./test, which source it from the top of the checkout: progress, the system's
# packages (build-aux/packages) and building. POSIX sh.
# shellcheck shell=sh

say () { printf '%s\n' "$*"; }

fail () {
  printf '%s\n' "$0: $*" >&2
  exit 1
}

# logged WHAT COMMAND…: runs the command quietly; if it fails, shows the end of what it said.
logged () {
  what=$1
  shift
  say "$what"
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  tail -n 60 "$log" >&2
  rm -f "$log"
  fail "failed: $what"
}

present () {
  case $1 in
    cmd:*) command -v "${1#cmd:}" >/dev/null 2>&1 ;;
    pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
    py:*) /usr/bin/python3 -c "import importlib.util as u, sys; sys.exit(not u.find_spec('${1#py:}'))" 2>/dev/null ;;
    file:*) [ -e "${1#file:}" ] ;;
    lib:*)
      # Debian has a folder for each architecture below /usr/lib, others have not.
      for file in "/usr/lib/${1#lib:}" "/usr/lib64/${1#lib:}" /usr/lib/*-linux-*/"${1#lib:}"; do
        [ ! -e "$file" ] || return 0
      done
      return 1
      ;;
    *) fail "build-aux/packages: unknown proof $1" ;;
  esac
}

# missing SET…: the packages of these sets that are not there, one per line.
missing () {
  for set in "$@"; do
    while read -r of package proof; do
      [ "$of" = "$set" ] || continue
      present "$proof" || say "$package"
    done <build-aux/packages
  done
}

# need SET…: installs what is missing of these sets, or names it and stops.
need () {
  lacking=$(missing "$@")
  [ -n "$lacking" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    lacking=$(say "$lacking" | grep -v '^?' || true)
    [ -n "$lacking" ] || return 0
    say "Missing here, by the names of the Debian packages:" >&2
    say "$lacking" | sed 's/^/  /' >&2
    fail "please install these; only Debian and Ubuntu are served automatically"
  fi
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
      fail "missing: $(say "$lacking" | tr '\n' ' ')- run as root, or install sudo"
    as_root=sudo
  fi
  # shellcheck disable=SC2086 # empty for root
  logged "Reading the package lists" $as_root apt-get -q update
  wanted=
  for package in $lacking; do
    case $package in
      \?*)
        package=${package#\?}
        apt-cache show "$package" >/dev/null 2>&1 || continue
        ;;
    esac
    wanted="$wanted $package"
  done
  [ -n "$wanted" ] || return 0
  # shellcheck disable=SC2086 # words on purpose
  logged "Installing$wanted" $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q install -y --no-install-recommends $wanted
  lacking=$(missing "$@" | grep -v '^?' || true)
  [ -z "$lacking" ] || fail "still missing after the installation: $lacking"
}

# build DIR OPTION…: brings the build directory up to date with these meson options.
build () {
  dir=$1
  shift
  if [ ! -f "$dir/build.ninja" ]; then
    logged "Preparing $dir" meson setup "$dir" "$@"
  elif [ "$*" != "$(cat "$dir/.options" 2>/dev/null)" ]; then
    logged "Preparing $dir again" meson setup --reconfigure "$dir" "$@"
  fi
  say "$*" >"$dir/.options"
  logged "Building $dir" ninja -C "$dir"
}
