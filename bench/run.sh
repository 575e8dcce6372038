#!/usr/bin/env bash
# ./bench/run.sh [scenario…]: measures FuncChat and its peers, all scenarios in about ten minutes. Linux only (it reads /proc).
# Needs the .NET 10 SDK and Node.js (^20.19 or >=22.12). nginx is taken from the path, or unpacked from Debian's package without installing it; without either it
# is left out. So is the Functions host without `func` (Azure Functions Core Tools); its state is in Azurite, from npm. Writes bench/results/results.json,
# the tables of docs/performance.md, and its chart.
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
  part 'Publish FuncChat.Local (Release, not compiled ahead)' publish FuncChat.Local local-il
  part 'Publish the peers in .NET' publish bench/FuncChat.Bench.Peers peers
  part 'Publish the bench' publish bench/FuncChat.Bench bench
  part 'Install the AI SDK' install_npm ai-sdk bench/peers/ai-sdk
  find_nginx >>"$log" 2>&1 || echo 'nginx is missing and can not be downloaded: it is left out.'
  cp bench/peers/nginx.conf "$tools"
  if command -v func >/dev/null; then
    part 'Publish FuncChat (Release)' publish FuncChat functions
    part 'Install Azurite' install_npm azurite FuncChat.Tests/Azure/azurite
    start_azurite
  else
    rm -rf "$tools/functions"
    echo '`func` is missing: the Functions host is left out.'
  fi

  # ext4 puts each folder in one with +T far from others: where many files were deleted minutes ago, creating one takes it many times as long.
  mkdir -p "$tools/data"
  chattr +T "$tools/data" 2>/dev/null || true

  # Each slow stream takes up to four open files.
  ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
  # Of upstream and client, to take as little of the shared cores as they can.
  DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1 "$tools/bench/FuncChat.Bench" "$PWD" "$tools" "$@"
}

part() {
  printf '%s\n' "$1"
  "${@:2}" >>"$log" 2>&1 || { tail -n 40 "$log"; exit 1; }
}

# Built apart from the usual output, which a build for one kind of machine would disturb.
publish() {
  dotnet publish "$1" -c Release --use-current-runtime --self-contained false --artifacts-path "$tools/build" -o "$tools/$2" "${@:3}" -v minimal
}

# install_npm <folder of the tools> <where its package.json is>
install_npm() {
  mkdir -p "$tools/$1"
  find "$2" -maxdepth 1 -type f -exec cp {} "$tools/$1" ';'
  [[ $tools/$1/node_modules/.package-lock.json -nt $2/package-lock.json ]] || (cd "$tools/$1" && npm ci)
}

# Sets AzureWebJobsStorage, which the Functions host reads. Account and key are those that every Azurite has.
start_azurite() {
  local listening=$tools/azurite.log ports
  : >"$listening"
  node "$tools/azurite/node_modules/azurite/dist/src/azurite.js" --inMemoryPersistence --disableTelemetry --skipApiVersionCheck \
    --blobHost 127.0.0.1 --blobPort 0 --queueHost 127.0.0.1 --queuePort 0 --tableHost 127.0.0.1 --tablePort 0 >"$listening" 2>&1 &
  azurite=$!
  trap 'kill "$azurite" 2>/dev/null' EXIT
  until ports=$(sed -nE 's/.* (Blob|Queue|Table) service is successfully listening at .*:([0-9]+)$/\1Endpoint=http:\/\/127.0.0.1:\2\/devstoreaccount1;/p' "$listening") &&
    [[ $(wc -l <<<"$ports") == 3 ]]; do
    kill -0 "$azurite" || { cat "$listening"; exit 1; }
    sleep 0.1
  done
  export AzureWebJobsStorage="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;${ports//$'\n'/}"
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
