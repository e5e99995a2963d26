# SPDX-License-Identifier: MIT
# Debian's packages and sources, as the scripts that read this in get them.

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# A package that brings a service would start it: nginx is wanted as a program, not on port 80.
keep_services_down() {
  policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] && return
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null
  as_root chmod 755 "$policy"
  trap 'as_root rm -f "$policy"' EXIT
}

# By the names that packages provide as well: ogr_fdw's own carries PostgreSQL's version.
install_missing() {
  local installed package missing=()
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' |
    sed -n 's/^installed //p' | tr -s ', ' '\n')
  for package in "$@"; do
    grep -qxF "$package" <<< "$installed" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "Installing ${missing[*]}"
  # What keeps services down goes with this shell, whatever the caller does when it ends.
  (keep_services_down
   as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
   as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
     "${missing[@]}" > /dev/null)
}

# `apt` is then the command for a release whose packages are not installed, or for its sources: in a
# folder, the system's own lists stay as they are. Debian's archive keeps its word longer than the
# clock of a machine may run.
apt_of() {
  local kind=$1 release=$2 folder=$3/$2-$1 place
  mkdir -p "$folder"/{lists/partial,cache/archives/partial}
  apt=(apt-get -qq -o Acquire::Retries=3 -o Acquire::Check-Valid-Until=false
       -o Dir::Etc::SourceList="$folder/sources.list" -o Dir::Etc::SourceParts=-
       -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder/cache" -o APT::Sandbox::User=)
  place=$(apt-cache policy libc6 | awk '/^ \*\*\*/ { found = 1 }
    found && $5 == "Packages" { print $2; exit }')
  echo "$kind [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $place $release main" \
    > "$folder/sources.list"
  "${apt[@]}" update
}
