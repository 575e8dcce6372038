using System.Diagnostics;

namespace FuncChat.Local;

/// <summary>The versions of Node.js that can build the page, as in staticwebapp/package.json.</summary>
internal static class NodeVersion
{
    public const string Range = "^20.19 or >=22.12";

    /// <returns>Null if the version fits, else the reason in a sentence without its full stop.</returns>
    public static async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { UseShellExecute = false, RedirectStandardOutput = true })!;
            var version = (await node.StandardOutput.ReadToEndAsync(cancellationToken)).Trim();
            return Fits(version) ? null
                : version.Length == 0 ? $"node --version fails: install Node.js {Range} from https://nodejs.org"
                : $"Node.js {version} can't build it: install {Range} from https://nodejs.org";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"Node.js is missing: install {Range} from https://nodejs.org";
        }
    }

    /// <param name="version">As `node --version` prints it, such as `v22.12.0`.</param>
    internal static bool Fits(string version) =>
        Version.TryParse(version.TrimStart('v').Split('-')[0], out var parsed)
        && (parsed is { Major: 20, Minor: >= 19 } or { Major: 22, Minor: >= 12 } or { Major: > 22 });
}
