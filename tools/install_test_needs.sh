#!/usr/bin/env bash
# Check that the servers and the browser of the tests are installed, and the programs named as
# arguments. As root on Debian, install what is missing; elsewhere print a line for each, and fail.
set -euo pipefail

has_program() { command -v "$1" >/dev/null; }
has_postgres() { has_program initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

missing=()
has_program xgettext || missing+=(gettext)  # for the tests of the translations
has_program redis-server || missing+=(redis-server)
has_postgres || missing+=(postgresql)
has_program prometheus || missing+=(prometheus)  # and promtool, for the alerts
{ has_program nginx || [[ -x /usr/sbin/nginx ]]; } || missing+=(nginx-light)
has_program ssh-keygen || missing+=(openssh-client)  # for the key pairs, as the next two
has_program wg || missing+=(wireguard-tools)
has_program age-keygen || missing+=(age)
has_program htpasswd || missing+=(apache2-utils)  # checks a line of the format htpasswd
has_program mkpasswd || missing+=(whois)  # makes the same hash as the format shadow
has_program curl || missing+=(curl)  # and jq, for the examples of docs/automation.md
has_program jq || missing+=(jq)
has_program zbarimg || missing+=(zbar-tools)  # reads QR codes
has_program chromium || missing+=(chromium)  # which brings a font, through fontconfig
has_program firefox-esr || missing+=(firefox-esr)  # for what differs from Chromium: the clipboard
for program in "$@"; do
    has_program "$program" || missing+=("$program")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $EUID -ne 0 ]] || ! has_program apt-get; then
    for package in "${missing[@]}"; do
        echo "giropops: the tests need $package (its name in Debian), which is not installed" >&2
    done
    exit 1
fi

echo "Installing what the tests need: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# RUNLEVEL=1 keeps the packages from starting their servers: the tests start their own.
apt=(env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq -o DPkg::Lock::Timeout=300)
"${apt[@]}" update >"$log" 2>&1 &&
    "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >"$log" 2>&1 </dev/null || {
    cat "$log" >&2
    exit 1
}
