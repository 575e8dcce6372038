#!/usr/bin/env bash
# Builds and tests all of FuncChat, from a fresh clone on. When a part fails, nothing that depends on it starts. The last line of its output is for machines:
# "N passed, N failed", with ", N skipped" after it if there are any. Logs and test results: artifacts/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
exec </dev/null
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1
# The tests start many short processes, and these take less of the processor without either.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

logs=$PWD/artifacts
rm -rf "$logs"
mkdir -p "$logs"
build=FuncChat.Local.slnf
shown= # logs of background parts

main() {
  require dotnet 'the .NET 10 SDK, from https://dot.net'
  require node 'Node.js ^20.19 or >=22.12, from https://nodejs.org'
  require npm 'npm, which comes with Node.js'
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)' ||
    { echo "Node.js $(node --version) can't build the page: install Node.js ^20.19 or >=22.12, from https://nodejs.org."; exit 1; }

  # No part keeps all cores busy. The page is installed, tested and built while .NET builds; the browser tests run while the other tests wait.
  page >"$logs/page.log" 2>&1 &
  local page=$!
  choose_build
  # NU1603, a package that is there in a newer version only, is an error in every project of ours; the Worker SDK restores one of its own making.
  part build        "Build $build"     build_all
  api >"$logs/api.log" 2>&1 &
  local api=$!
  functions >"$logs/functions.log" 2>&1 &
  local functions=$!
  part format       'C# format'        check_format
  finished "$page" page
  find_browser || part browser-install 'Install Chromium (none found)' install_browser
  part browser      'Browser tests'    dotnet_tests browser FuncChat.Tests 'Category=Browser' xUnit.MaxParallelThreads=3
  finished "$api" api
  finished "$functions" functions
}

# finished <process> <log>: waits for parts that run in the background, and shows their lines.
finished() {
  local status=0
  wait "$1" || status=1
  cat "$logs/$2.log"
  shown+=" $2"
  return $status
}

api() { part tests '.NET tests' dotnet_tests tests FuncChat.Tests 'Category!=Browser' xUnit.MaxParallelThreads=6; }

functions() { [[ $build != FuncChat.sln ]] || part host-tests 'Functions tests' dotnet_tests host-tests FuncChat.Host.Tests 'Category!=Browser'; }

page() {
  part page-install 'Page packages'    install_page
  part page-lint    'Page lint, types' in_page npm run lint
  part page-tests   'Page tests'       in_page npm test -- --reporter=default --reporter=json --outputFile.json="$logs/page-tests.json"
  part page-build   'Page build'       locked node_modules/.bin/vite build # npm run build checks the types again
  [[ -z ${INSTALL_HEADLESS_SHELL:-} ]] || find_headless_shell || part headless-shell 'Headless shell' try_install_headless_shell
}

# part <log> <headline> <command…>: one line for the part, and the end of its log where it failed.
part() {
  local log=$logs/$1.log headline=$2 start=$SECONDS
  shift 2
  printf '%-32s' "$headline"
  if "$@" >"$log" 2>&1; then
    printf 'ok     %3d s\n' $((SECONDS - start))
  else
    printf 'FAILED %3d s\n\n' $((SECONDS - start))
    tail -n 60 "$log"
    printf '\n%s failed. All of its output: %s\n' "$headline" "artifacts/${log##*/}"
    exit 1
  fi
}

require() {
  command -v "$1" >/dev/null || { echo "$1 is missing: install $2."; exit 1; }
}

# Some registries lack the Functions packages. Then everything except the Functions host is built; any other restore error fails.
choose_build() {
  local log=$logs/functions-packages.log functions='Microsoft\.(Azure\.Functions|DurableTask)\.'
  if dotnet restore FuncChat/FuncChat.csproj >"$log" 2>&1; then
    build=FuncChat.sln
  elif grep -qE "error NU110[123]: .*package $functions" "$log" &&
    ! grep -E 'error [A-Z]+[0-9]+:|error :' "$log" |
    grep -vE "error NU110[123]: .*package $functions|error NU1102: +- Found |error NU1603: .* depends on $functions" | grep -q .; then
    echo 'FuncChat was not built: the package registry does not hold the Azure Functions packages. All else is built and tested.'
  else
    part functions-packages 'Restore FuncChat' dotnet restore FuncChat/FuncChat.csproj
  fi
}

# One compiler server for all projects: half of the time. It ends with the build.
build_all() {
  local status=0
  dotnet build "$build" -p:UseSharedCompilation=true -warnaserror -warnnotaserror:NU1603 -v minimal || status=$?
  dotnet build-server shutdown --vbcscompiler || true
  return $status
}

# Of the folder: the projects' own settings change nothing about whitespace, and take as long again to evaluate. By name: tests install packages in subfolders meanwhile.
check_format() { dotnet format whitespace . --folder --verify-no-changes --include $(git ls-files --cached --others --exclude-standard '*.cs'); }

# dotnet_tests <results> <project> <filter> [<run setting>]
dotnet_tests() {
  # The assembly, not the project, so that a run does not evaluate the build first. Theories are enumerated when they run: to list each of their rows
  # before takes longer than many of the tests.
  dotnet test "$2/bin/Debug/net10.0/$2.dll" --filter "$3" --results-directory "$logs" --logger "trx;LogFileName=$1.trx" \
    --blame-hang-timeout 5min --blame-hang-dump-type none -- xUnit.PreEnumerateTheories=false ${4:+"$4"} &&
    grep -q '<UnitTestResult ' "$logs/$1.trx" # no test at all is no success
}

in_page() { (cd staticwebapp && "$@"); }

install_page() {
  # From npm's cache where it has the versions, without asking the registry for newer ones.
  [[ staticwebapp/node_modules/.package-lock.json -nt staticwebapp/package-lock.json ]] || locked npm ci --prefer-offline || locked npm ci
}

# Not while FuncChat.Local runs npm in the same folder.
locked() {
  if command -v flock >/dev/null; then
    in_page flock .build.lock "$@"
  else
    in_page "$@"
  fi
}

find_browser() {
  local candidate
  for candidate in "${CHROME_PATH:-}" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable \
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'; do
    if CHROME_PATH=$(command -v "$candidate"); then
      export CHROME_PATH
      return
    fi
  done
  return 1
}

install_browser() {
  if ! as_root apt-get --version; then
    echo 'The browser tests need Chrome or Chromium: install one, or set CHROME_PATH to where it is.'
    return 1
  fi
  as_root apt-get update && { install_package chromium-headless-shell || install_package chromium; } && find_browser
}

find_headless_shell() { [[ -n ${CHROME_PATH:-} ]] || command -v chromium-headless-shell >/dev/null; }

# Debian's package halves the processor time of the browser tests. Without it they run in the browser that is found.
try_install_headless_shell() { as_root apt-get update && install_package chromium-headless-shell || true; }

install_package() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1"; }

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

# Sums the results of all test runs, and prints the last line. A part that failed without a failed test counts as one.
finish() {
  local status=$? passed=0 failed=0 skipped=0 counts log
  trap - EXIT
  wait # for parts in the background: one that failed as well is shown
  for log in page api functions; do
    [[ $shown == *" $log"* || ! -f $logs/$log.log ]] || cat "$logs/$log.log"
  done
  while read -r -a counts; do
    ((passed += counts[0], failed += counts[1], skipped += counts[2])) || true
  done < <(count_results)
  ((status == 0 || failed > 0)) || failed=1
  ((status != 0 || failed == 0)) || status=1
  printf '\n%d passed, %d failed' "$passed" "$failed"
  ((skipped == 0)) || printf ', %d skipped' "$skipped"
  printf '\n'
  exit "$status"
}

# A line "passed failed skipped" for each run.
count_results() {
  local file
  for file in "$logs"/*.trx; do
    [[ -f $file ]] || continue
    sed -nE 's/.*<Counters total="([0-9]+)" executed="([0-9]+)" passed="([0-9]+)".*/\1 \2 \3/p' "$file" |
      while read -r total executed good; do echo "$good $((executed - good)) $((total - executed))"; done
  done
  if [[ -f $logs/page-tests.json ]]; then
    node -p 'const run = JSON.parse(fs.readFileSync(process.argv[1], "utf8"));
      `${run.numPassedTests} ${run.numFailedTests} ${run.numPendingTests + run.numTodoTests}`' "$logs/page-tests.json"
  fi
}

trap finish EXIT
trap 'exit 130' INT # an interrupted run is a failed one
main
