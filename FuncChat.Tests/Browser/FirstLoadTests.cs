using System.IO.Compression;
using System.Text.RegularExpressions;

namespace FuncChat.Tests.Browser;

/// <summary>What a browser loads before the page can be used.</summary>
[Trait("Category", "Browser")]
public sealed partial class FirstLoadTests(DemoServer server) : IClassFixture<DemoServer>
{
    private const int MostBytes = 142_000;

    [Fact]
    public async Task First_load_has_at_most_142_KB_of_JavaScript_compressed()
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var scripts = Script().Matches(await http.GetStringAsync("")).Select(match => match.Groups["path"].Value).Distinct().ToList();
        Assert.Contains(scripts, script => script.StartsWith("/assets/", StringComparison.Ordinal));

        var bytes = 0L;
        foreach (var script in scripts)
            bytes += SizeOf(await http.GetByteArrayAsync(script));

        Assert.InRange(bytes, 1, MostBytes);
    }

    private static long SizeOf(byte[] script)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(script);
        return compressed.Length;
    }

    [GeneratedRegex("""(?:src|href)="(?<path>[^"]+\.js)["?]""", RegexOptions.NonBacktracking)]
    private static partial Regex Script();
}
