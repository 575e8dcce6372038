using System.Globalization;
using System.Text.RegularExpressions;
using FuncChat.Engine.Files;
using FuncChat.Tests.Support;
using FuncChat.Web;

namespace FuncChat.Tests.Architecture;

/// <summary>The Functions host refuses a body above its limit with an empty 500, so that limit is above those of the app, which explains what it refuses.</summary>
public sealed partial class HostBodyLimitTests
{
    // The boundaries, headers and other fields of a form, and enough for the app to see that a body is too large.
    private const int Room = 512 * 1024;

    // A request takes about ten times its size of the host's memory.
    private const int MostBytes = 32 * 1024 * 1024;

    [Theory]
    [InlineData("local.settings.sample.json")]
    [InlineData("infra", "modules", "settings.bicep")]
    public void Limit_of_the_host_has_room_for_the_largest_file_and_request(params string[] path)
    {
        var limit = int.Parse(Limit().Match(File.ReadAllText(Repository.PathOf(path))).Groups["bytes"].Value, CultureInfo.InvariantCulture);

        Assert.InRange(limit, new FileLimits().MaxFileBytes + Room, MostBytes);
        Assert.InRange(limit, new HttpApiOptions().MaxBodyBytes + Room, MostBytes);
    }

    [GeneratedRegex("""FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"?: ["'](?<bytes>[0-9]+)["']""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Limit();
}
