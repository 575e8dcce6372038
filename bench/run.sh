#!/usr/bin/env bash
# ./bench/run.sh [scenario…]: measures FuncChat and its peers, under ten minutes with all scenarios. Linux only (it reads /proc).
# Needs the .NET 10 SDK and Node.js 20 or later. nginx is taken from the path, or unpacked from Debian's package without installing it; without either it
# is left out. Writes bench/results/results.json, the tables of docs/performance.md, and its chart.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
tools=$PWD/artifacts/bench
log=$tools/build.log
[[ $(uname -s) == Linux ]] || { echo 'The bench runs on Linux only.'; exit 1; }

main() {
  mkdir -p "$tools"
  : >"$log"
  part 'Publish FuncChat.Local (Release, ReadyToRun)' publish FuncChat.Local local -p:PublishReadyToRun=true
  part 'Publish the peers in .NET' publish bench/FuncChat.Bench.Peers peers
  part 'Publish the bench' publish bench/FuncChat.Bench bench
  part 'Install the AI SDK' install_ai_sdk
  find_nginx >>"$log" 2>&1 || echo 'nginx is not here and could not be had: left out.'
  cp bench/peers/nginx.conf "$tools"

  # Each slow stream takes up to four open files.
  ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
  # Of upstream and client, to take as little of the shared cores as they can.
  DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1 exec "$tools/bench/FuncChat.Bench" "$PWD" "$tools" "$@"
}

part() {
  printf '%s\n' "$1"
  "${@:2}" >>"$log" 2>&1 || { tail -n 40 "$log"; exit 1; }
}

# Built apart from the usual output, which a build for one kind of machine would disturb.
publish() {
  dotnet publish "$1" -c Release --use-current-runtime --self-contained false --artifacts-path "$tools/build" -o "$tools/$2" "${@:3}" -v minimal
}

install_ai_sdk() {
  mkdir -p "$tools/ai-sdk"
  cp bench/peers/ai-sdk/{package.json,package-lock.json,.npmrc,server.js} "$tools/ai-sdk"
  [[ $tools/ai-sdk/node_modules/.package-lock.json -nt bench/peers/ai-sdk/package-lock.json ]] || (cd "$tools/ai-sdk" && npm ci)
}

find_nginx() {
  local found
  if found=$(command -v nginx || PATH=/usr/sbin:$PATH command -v nginx); then
    ln -sf "$found" "$tools/nginx"
  elif [[ ! -x $tools/nginx ]]; then
    (mkdir -p "$tools/nginx-package" && cd "$tools/nginx-package" &&
      { apt-get download nginx || { apt-get update && apt-get download nginx; }; } && dpkg -x nginx_*.deb .)
    ln -sf "$tools/nginx-package/usr/sbin/nginx" "$tools/nginx"
  fi
  "$tools/nginx" -v
}

main "$@"
