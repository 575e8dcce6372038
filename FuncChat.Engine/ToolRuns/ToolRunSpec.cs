using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using FuncChat.Engine.Store;
using FuncChat.Tools;

namespace FuncChat.Engine.ToolRuns;

/// <summary>One run of a tool, in a form that another process can run.</summary>
/// <param name="RunId">See <see cref="IdOf"/>.</param>
/// <param name="CallId">The id of the tool call.</param>
/// <param name="Tool">The tool as it was offered to the model.</param>
/// <param name="Arguments">A JSON object that matches the tool's schema.</param>
/// <param name="Model">The model that the tool may call, as `provider:name`; empty if the caller named none and the server has no default.</param>
public sealed record ToolRunSpec(string RunId, string CallId, ToolRef Tool, string Arguments, string Model)
{
    /// <summary>Whether the run must outlive the process that starts it (<see cref="ToolPolicy.LongRunning"/>).</summary>
    public bool LongRunning { get; init; }

    /// <summary>The id of the user whose turn it is.</summary>
    public string? UserId { get; init; }

    /// <summary>The user whose turn it is. Another process knows only the id: a token is never stored or sent there.</summary>
    [JsonIgnore]
    public ToolUser? User
    {
        get => field ?? (UserId is null ? null : new ToolUser(UserId));
        init => (field, UserId) = (value, value?.Id);
    }

    /// <summary>The thread that the turn belongs to, with which images of the tool are deleted. Null if it belongs to none.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The person's answers to the questions of earlier runs of the call, in order.</summary>
    public IReadOnlyList<ToolAnswer> Answers { get; init; } = [];

    /// <summary>The id of the call's first run, under which the steps of all its runs are stored. Null if this is the first.</summary>
    public string? FirstRunId { get; init; }

    /// <summary>Whether the run ends with <see cref="ToolRunOutcome.Budget"/> if a budget has no room for a model call of the tool. If not, the model call fails.</summary>
    public bool WaitsForBudget { get; init; }

    /// <summary>The number of the run's model events that the turn has already logged.</summary>
    public int ModelEventsSeen { get; init; }

    /// <summary>The number of model calls that earlier attempts of the run have made. Numbering continues after it.</summary>
    public int ModelCallsMade { get; init; }

    /// <summary>The turn's span as a W3C `traceparent`, for a run in another process; null if nothing records spans.</summary>
    public string? TraceParent { get; init; }

    [JsonIgnore]
    internal string StepsId => FirstRunId ?? RunId;

    /// <summary>The id of a tool call's run. It depends on nothing but the turn and the call, and is a valid name for a file, a blob and an orchestration.</summary>
    /// <param name="attempt">The number of requests of the call's runs that were answered: each answer is followed by another run.</param>
    public static string IdOf(TurnKey turn, string callId, int attempt = 0)
    {
        // No call's id has a question mark. The length before each part keeps the ids of different triples apart.
        var text = $"{turn.User.Length}:{turn.User}{turn.TurnId.Length}:{turn.TurnId}{callId}{(attempt == 0 ? "" : $"?{attempt}")}";
        return "run" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}

/// <summary>The person's answer to a question of a tool.</summary>
/// <param name="Content">An object that matches the question's schema; null if the person declined, or did not answer in time.</param>
public sealed record ToolAnswer(RawJson? Content);
