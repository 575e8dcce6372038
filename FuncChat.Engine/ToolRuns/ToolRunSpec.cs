using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using FuncChat.Engine.Store;
using FuncChat.Tools;

namespace FuncChat.Engine.ToolRuns;

/// <summary>One run of a tool: all that is needed to carry it out, in this process or another.</summary>
/// <param name="RunId">See <see cref="IdOf"/>.</param>
/// <param name="CallId">The tool call that the run answers.</param>
/// <param name="Tool">The tool as it was offered to the model.</param>
/// <param name="Arguments">A JSON object that fits the tool's schema.</param>
/// <param name="Model">The model that the tool may ask, as `provider:name`.</param>
public sealed record ToolRunSpec(string RunId, string CallId, ToolRef Tool, string Arguments, string Model)
{
    /// <summary>Whether the run must outlive the process that starts it (<see cref="ToolPolicy.LongRunning"/>).</summary>
    public bool LongRunning { get; init; }

    /// <summary>The user whose turn it is. Another process does not know the user: a token is never stored or sent there.</summary>
    [JsonIgnore]
    public ToolUser? User { get; init; }

    /// <summary>How many of the run's model events the turn has logged already, where it was watched before.</summary>
    public int ModelEventsSeen { get; init; }

    /// <summary>The number of the run's last model call, where it was carried out before: the count goes on from there.</summary>
    public int ModelCallsMade { get; init; }

    /// <summary>The turn's span, as W3C's `traceparent`, for a run in another process; null where nobody listens.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The same call of the same turn always gives the same id: letters and digits, fit for a file's or an orchestration's name.</summary>
    public static string IdOf(TurnKey turn, string callId)
    {
        // A length before each part: no two different triples give the same text.
        var text = $"{turn.User.Length}:{turn.User}{turn.TurnId.Length}:{turn.TurnId}{callId}";
        return "run" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
